"""The page at the door (spec G11)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from contacts.models import Contact
from institution_settings.choices import Role
from payments.choices import RefundChoice
from payments.errors import ApprovalNeeded
from payments.selectors.results import CheckoutResult
from sales.choices import ScanOutcome
from sales.models import Performance, Scan
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.venue import Venue

pytestmark = pytest.mark.django_db
MOST_QUERIES = 14


@pytest.fixture
def sold(counter: Counter, venue: Venue) -> CheckoutResult:
    contact: Contact = venue.contact()
    tonight = counter.price("20.00", starts_at=timezone.now() + timedelta(hours=1))
    return counter.sell([tonight, tonight], ("CB", "40.00"), contact=contact)


@pytest.fixture
def tonight(sold: CheckoutResult) -> Performance:
    return sold.tickets[0].performance


def said(person: Person, performance: Performance, code: str) -> Any:
    return person.post("door", performance.pk, code=code)


def test_a_code_is_answered_and_people_are_counted(
    marc: Person, sold: CheckoutResult, tonight: Performance
) -> None:
    """Whoever stands at the door needs no till."""
    answer = said(marc, tonight, sold.tickets[0].token)
    assert answer.status_code == 200
    assert answer.context["scan"].outcome == ScanOutcome.ADMITTED
    assert (answer.context["attendance"].inside, answer.context["attendance"].sold) == (1, 2)
    again = said(marc, tonight, sold.tickets[0].token)
    assert again.context["scan"].outcome == ScanOutcome.ALREADY_IN
    assert again.context["seconds_ago"] in range(60)
    assert said(marc, tonight, "nothing of ours").context["scan"].outcome == ScanOutcome.UNKNOWN


def test_each_page_has_a_key_of_its_own_and_htmx_gets_the_answer_alone(
    lea: Person, sold: CheckoutResult, tonight: Performance
) -> None:
    page = lea.get("door", tonight.pk)
    assert page.content.count(b"<html") == 1
    sent = {"code": sold.tickets[0].token, "key": page.context["key"]}
    part = lea.client.post(page.request["PATH_INFO"], sent, headers={"HX-Request": "true"})
    assert part.content.count(b"<html") == 0
    assert part.context["key"] != page.context["key"]
    assert b'hx-swap-oob="true"' in part.content
    again = lea.client.post(page.request["PATH_INFO"], sent, headers={"HX-Request": "true"})
    assert again.context["scan"].outcome == ScanOutcome.ADMITTED  # the same click
    assert Scan.objects.count() == 1


def test_another_performance_is_named(
    lea: Person, counter: Counter, sold: CheckoutResult, tonight: Performance
) -> None:
    late = counter.price("12.00", starts_at=timezone.now() + timedelta(hours=4))
    other = late.category.performance
    answer = said(lea, other, sold.tickets[0].token)
    assert answer.context["scan"].outcome == ScanOutcome.ELSEWHERE
    assert tonight.event.title in answer.content.decode()


def test_an_empty_field_asks_nothing(lea: Person, tonight: Performance) -> None:
    assert said(lea, tonight, "  ").context["scan"] is None
    assert Scan.objects.count() == 0


def test_a_ticket_already_in_is_taken_back_by_a_supervisor_only(
    lea: Person, venue: Venue, counter: Counter, sold: CheckoutResult, tonight: Performance
) -> None:
    said(lea, tonight, sold.tickets[0].token)
    with pytest.raises(ApprovalNeeded):
        counter.refund(sold, sold.tickets[:1], to=RefundChoice.ORIGIN)
    done = counter.refund(
        sold, sold.tickets[:1], to=RefundChoice.ORIGIN, approved_by=venue.supervisor
    )
    assert [ticket.pk for ticket in done.tickets] == [sold.tickets[0].pk]
    assert said(lea, tonight, sold.tickets[0].token).context["scan"].outcome == (
        ScanOutcome.CANCELLED
    )


def test_the_doors_of_today_are_listed(lea: Person, counter: Counter, tonight: Performance) -> None:
    counter.price("30.00")  # the day after tomorrow
    doors = lea.get("doors").context["doors"]
    assert [door.performance for door in doors] == [tonight]
    few = lea.count_queries("doors")
    counter.price("31.00", starts_at=timezone.now() + timedelta(hours=2))
    assert lea.count_queries("doors") == few


def test_a_look_costs_few_queries(lea: Person, tonight: Performance) -> None:
    assert lea.count_queries("door", tonight.pk) <= MOST_QUERIES


def test_no_such_door(lea: Person) -> None:
    for nowhere in (0, 999, 10**30):
        assert lea.get("door", nowhere).status_code == 404
        assert lea.post("door", nowhere, code="x").status_code == 404


def test_who_stands_at_the_door(
    tonight: Performance, ladder: Callable[..., None], marc: Person
) -> None:
    ladder("door", tonight.pk, desk=False)
    assert marc.get("door", tonight.pk).status_code == 200


def test_who_chooses_a_door(ladder: Callable[..., None]) -> None:
    ladder("doors", desk=False)


def test_an_operator_of_another_point_of_sale_stands_at_the_same_door(
    venue: Venue, somebody: Callable[..., Person], tonight: Performance
) -> None:
    """The door is the house's, not a point of sale's."""
    karim = somebody(Role.OPERATOR, places=[venue.office])
    assert karim.get("door", tonight.pk).status_code == 200


def test_an_accountant_lets_nobody_in(
    somebody: Callable[..., Person], sold: CheckoutResult, tonight: Performance
) -> None:
    assert said(somebody(Role.ACCOUNTANT), tonight, sold.tickets[0].token).status_code == 403
    assert Scan.objects.count() == 0
