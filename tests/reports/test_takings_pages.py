"""The statement of takings on screen and on paper, closed once, read by those who may (BIL-08)."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact, User
from contacts.services import create_operator
from institution_settings.choices import Role
from institution_settings.models import PointOfSale
from payments.choices import RefundChoice
from payments.models import TakingsStatement
from reports.selectors.statements import get_statement
from reports.selectors.takings import get_takings
from sales.choices import PerformanceState
from sales.models import Performance
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.papers import text_of
from tests.reports.evening import Evening, Reader
from tests.tampering import tamper
from tests.venue import PASSWORD, Venue, euros
from tests.verified import findings

pytestmark = pytest.mark.django_db


@pytest.fixture
def marc(venue: Venue) -> Reader:
    return Reader(Person(venue, venue.supervisor).client)


def test_page_and_paper_show_the_statement(
    evening: Evening, counter: Counter, venue: Venue, marc: Reader
) -> None:
    zoe: Contact = venue.contact()
    sold = counter.sell([evening.seat()] * 2, ("CB", "50.00"), contact=zoe)
    counter.refund(sold, sold.tickets[:1], to=RefundChoice.CREDIT)
    page = marc.get("takings", evening.performance.pk)
    assert page.context["takings"].total.gross_minor == 2500
    paper = marc.get("takings_pdf", evening.performance.pk)
    assert paper["Content-Type"] == "application/pdf"
    text = text_of(paper.content)
    for words in (
        "Cyrano de Bergerac",
        "Grande salle",
        "Parterre Plein 25,00 2 1 1 0 G1-000003 G1-000004 25,00 5,5 % 23,69 1,31",
        "Cb 50,00 50,00",
        "Avoir 0,00 25,00 -25,00",
        "Marc",
    ):
        assert words in text
    page_text = " ".join(page.content.decode().split())
    assert page_text.count("-25,00") == 1


def test_an_empty_statement_is_a_page(evening: Evening, marc: Reader) -> None:
    assert marc.get("takings", evening.performance.pk).status_code == 200
    assert marc.get("takings_pdf", evening.performance.pk).status_code == 200


def test_a_statement_costs_the_same_queries_for_one_ticket_and_for_many(
    evening: Evening, counter: Counter, marc: Reader
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            marc.get("takings", evening.performance.pk)
        return len(queries)

    counter.sell([evening.seat()], ("CB", "25.00"))
    few = cost()
    counter.sell([evening.seat(), evening.seat("REDUIT")] * 5, ("ESPECES", "210.00"))
    assert cost() == few


def test_performances_are_listed_on_their_days(
    evening: Evening, counter: Counter, marc: Reader
) -> None:
    day = timezone.localtime(evening.performance.starts_at).date()
    listed = marc.get("performances", first=day.isoformat(), last=(day).isoformat())
    assert [each.pk for each in listed.context["performances"]] == [evening.performance.pk]
    for first, last in (("hier", ""), ("2026-02-01", "2026-01-01"), ("0001-01-01", "9999-12-31")):
        refused = marc.get("performances", first=first, last=last)
        assert (refused.status_code, refused.context["performances"]) == (422, [])


def test_no_such_statement(marc: Reader) -> None:
    for name in ("takings", "takings_pdf"):
        for nowhere in (0, 999, 10**30):
            assert marc.get(name, nowhere).status_code == 404


def yesterday(evening: Evening) -> Performance:
    """The same performance, a day later."""
    began = timezone.now() - timedelta(hours=1)
    Performance.objects.filter(pk=evening.performance.pk).update(starts_at=began)
    evening.performance.refresh_from_db()
    return evening.performance


def test_a_closed_statement_never_changes(
    evening: Evening, counter: Counter, venue: Venue, marc: Reader
) -> None:
    zoe = venue.contact()
    seats = [evening.seat(), evening.seat("REDUIT"), evening.seat("EXO")]
    sold = counter.sell(seats, ("CB", "42.00"), contact=zoe)
    performance = yesterday(evening)
    assert marc.post("close_takings", performance.pk).status_code == 302
    before = get_statement(performance_id=performance.pk)
    assert before.takings == get_takings(performance_id=performance.pk)
    assert (str(before.closed), before.closed.closed_by) == ("RR-000001", venue.supervisor)
    counter.refund(sold, sold.tickets[:1], approved_by=venue.supervisor)
    after = get_statement(performance_id=performance.pk)
    assert after.takings == before.takings
    assert after.closed.digest == before.closed.digest
    assert (before.since, after.since) == (euros("0"), euros("-25"))
    text = text_of(marc.get("takings_pdf", performance.pk).content)
    assert "RR-000001" in text
    assert "-25,00 €" in text
    assert "42,00" in text
    assert findings() == []


def test_a_statement_is_closed_once_and_numbers_have_no_gap(
    evening: Evening, counter: Counter, venue: Venue, marc: Reader
) -> None:
    counter.sell([evening.seat()], ("CB", "25.00"))
    other = counter.price("20.00").category.performance
    key = str(uuid.uuid4())
    early = marc.post("close_takings", evening.performance.pk, key=key)
    assert (early.status_code, early.context["may_close"]) == (422, False)
    for performance in (yesterday(evening), other):
        Performance.objects.filter(pk=performance.pk).update(state=PerformanceState.CANCELLED)
    for pk in (evening.performance.pk, evening.performance.pk, other.pk):
        assert marc.post("close_takings", pk, key=key if pk != other.pk else "").status_code == 302
    assert marc.post("close_takings", other.pk).status_code == 422
    numbers = TakingsStatement.objects.order_by("id").values_list("performance_id", "number")
    assert list(numbers) == [(evening.performance.pk, 1), (other.pk, 2)]


def test_what_does_not_add_up_is_not_closed(
    evening: Evening, counter: Counter, marc: Reader
) -> None:
    counter.sell([evening.seat()], ("CB", "25.00"))
    tamper("DELETE FROM payments_paymentshare")
    performance = yesterday(evening)
    assert marc.post("close_takings", performance.pk).status_code == 422
    assert TakingsStatement.objects.count() == 0


def test_a_changed_statement_is_found(evening: Evening, counter: Counter, marc: Reader) -> None:
    counter.sell([evening.seat()], ("CB", "25.00"))
    assert marc.post("close_takings", yesterday(evening).pk).status_code == 302
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE payments_takingsstatement SET number = 9")
    tamper("UPDATE payments_takingsstatement SET content = replace(content, '2500', '2400')")
    assert [finding.where for finding in findings()] == ["CLOSINGS-000001"]


def test_only_a_supervisor_closes(venue: Venue, evening: Evening) -> None:
    address = reverse("reports:close_takings", args=[yesterday(evening).pk])
    assert Client().post(address)["Location"].startswith(reverse("account_login"))
    for user in (venue.operator, employ(Role.ACCOUNTANT, []), employ(Role.AUDITOR, [])):
        assert Person(venue, user).client.post(address).status_code == 403
    assert TakingsStatement.objects.count() == 0
    nowhere = reverse("reports:close_takings", args=[999])
    assert Person(venue, venue.supervisor).client.post(nowhere).status_code == 404


@pytest.mark.parametrize("name", ["performances", "takings", "takings_pdf"])
def test_who_reads_statements(venue: Venue, evening: Evening, name: str) -> None:
    args = () if name == "performances" else (evening.performance.pk,)
    address = reverse(f"reports:{name}", args=args)
    anonymous = Client().get(address)
    assert anonymous["Location"] == f"{reverse('account_login')}?next={address}"
    customer = User.objects.create_user("client@example.org", PASSWORD)
    elsewhere = employ(Role.OPERATOR, [venue.office])
    for user in (customer, venue.operator, elsewhere):
        assert Person(venue, user).client.get(address).status_code == 403
    for user in (venue.supervisor, employ(Role.ACCOUNTANT, []), employ(Role.AUDITOR, [])):
        assert Person(venue, user).client.get(address).status_code == 200


def employ(role: Role, places: list[PointOfSale]) -> User:
    return create_operator(
        email=f"{role}@tilleuls.example",
        password=PASSWORD,
        name="Karim",
        code=f"k-{role}",
        role=role,
        points_of_sale=places,
    )
