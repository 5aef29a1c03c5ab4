"""Tills on screen: chosen, opened, read (X), counted and closed (Z)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.urls import reverse
from pypdf import PdfReader

from institution_settings.choices import Role
from journal.errors import TillClosed
from payments.services import Cheque, MoneyRequest, make_deposit
from tests.guichet.conftest import Person
from tests.venue import Venue
from tills.models import TillSession

pytestmark = pytest.mark.django_db


def deposit(venue: Venue, mode: str, amount: str, **marks: str) -> None:
    make_deposit(
        claim=venue.claim(),
        desk=venue.desk("G1"),
        request=MoneyRequest(
            contact_id=venue.contact().pk,
            mode_id=venue.modes[mode].pk,
            amount=venue.money(amount),
            cheque=Cheque(**marks),
        ),
    )


def counted(venue: Venue, **amounts: str) -> dict[str, str]:
    return {f"counted_{venue.modes[code].pk}": amount for code, amount in amounts.items()}


def test_an_operator_chooses_among_the_tills_of_the_own_points_of_sale(
    venue: Venue, somebody: Callable[..., Person]
) -> None:
    venue.open("G1")
    karim = somebody(Role.OPERATOR)
    shown = {c.till.code: (c.mine, c.takeable) for c in karim.get("tills").context["choices"]}
    assert shown == {"G1": (False, False), "G2": (False, True)}
    lea = Person(venue, venue.operator)
    shown = {c.till.code: (c.mine, c.takeable) for c in lea.get("tills").context["choices"]}
    assert shown == {"G1": (True, True), "G2": (False, True)}


def test_a_till_is_opened_with_its_float_and_the_sale_begins(venue: Venue) -> None:
    lea = Person(venue, venue.operator)
    assert lea.get("new_sale")["Location"] == reverse("guichet:tills")
    answer = lea.post("open_till", venue.tills["G1"].pk, opening_float="150,00")
    assert answer["Location"] == reverse("guichet:new_sale")
    session = TillSession.objects.get()
    assert (session.opening_float, session.opened_by) == (venue.money("150"), venue.operator)


def test_a_float_of_nothing_is_a_float(venue: Venue) -> None:
    lea = Person(venue, venue.operator)
    assert lea.post("open_till", venue.tills["G1"].pk, opening_float="0").status_code == 302
    assert TillSession.objects.get().opening_float == venue.money("0")


@pytest.mark.parametrize("typed", ["", "NaN", "-5", "1e3", "12.345", "1.234,50", "Infinity"])
def test_a_float_that_is_no_amount_opens_nothing(venue: Venue, typed: str) -> None:
    answer = Person(venue, venue.operator).post(
        "open_till", venue.tills["G1"].pk, opening_float=typed
    )
    assert answer.status_code == 422
    assert answer.context["form"]["opening_float"].value() == typed
    assert TillSession.objects.count() == 0


def test_opening_twice_by_a_double_click_opens_once(venue: Venue) -> None:
    lea, key = Person(venue, venue.operator), str(uuid4())
    for _click in range(2):
        answer = lea.post("open_till", venue.tills["G1"].pk, opening_float="10", key=key)
        assert answer.status_code == 302
    assert TillSession.objects.count() == 1


def test_a_till_somebody_opened_meanwhile_says_so(
    venue: Venue, somebody: Callable[..., Person]
) -> None:
    venue.open("G1")
    answer = somebody(Role.OPERATOR).post("open_till", venue.tills["G1"].pk, opening_float="10")
    assert answer.status_code == 409
    assert answer.context["refusal"].data == {"till": "G1", "operator": "Léa"}


def test_a_till_of_another_is_taken_over_by_a_supervisor_only(
    venue: Venue, marc: Person, somebody: Callable[..., Person]
) -> None:
    venue.open("G1")
    till = venue.tills["G1"].pk
    karim = somebody(Role.OPERATOR)
    refused = karim.post("take_till", till)
    assert refused.status_code == 409
    assert type(refused.context["refusal"]).__name__ == "TillOfAnother"
    assert karim.get("till")["Location"] == reverse("guichet:tills")
    assert marc.post("take_till", till).status_code == 302
    assert marc.get("till").context["session"].till.code == "G1"
    lea = Person(venue, venue.operator)
    assert lea.post("take_till", till).status_code == 302
    assert lea.get("till").status_code == 200


def test_a_till_closed_meanwhile_cannot_be_taken(venue: Venue, marc: Person) -> None:
    refused = marc.post("take_till", venue.tills["G1"].pk)
    assert refused.status_code == 409
    assert type(refused.context["refusal"]).__name__ == "NoOpenSession"


def test_tills_of_other_points_of_sale_and_virtual_ones_do_not_exist_here(
    venue: Venue, somebody: Callable[..., Person]
) -> None:
    karim = somebody(Role.OPERATOR, places=[venue.office])
    for till in (venue.tills["G1"].pk, venue.tills["BO"].pk, 0, 10**30):
        assert karim.post("open_till", till, opening_float="1").status_code == 404
        assert karim.post("take_till", till).status_code == 404


def test_the_x_tells_what_was_taken_and_given_by_mode(venue: Venue, lea: Person) -> None:
    deposit(venue, "CB", "20.00")
    deposit(venue, "ESPECES", "12.50")
    shown = lea.get("till").context
    report = shown["report"]
    assert {t.mode.code: str(t.expected.amount) for t in report.takings} == {
        "ESPECES": "12.50",
        "CB": "20.00",
    }
    assert [(line.mode, line.taken) for line in report.purposes] == [
        ("Especes", venue.money("12.50")),
        ("Cb", venue.money("20.00")),
    ]
    assert [payment.amount for payment, _standing in shown["payments"]] == [
        venue.money("12.50"),
        venue.money("20.00"),
    ]


def test_the_x_costs_the_same_whatever_was_paid(venue: Venue, lea: Person) -> None:
    deposit(venue, "CB", "20.00")
    once = lea.count_queries("till")
    for mode in ("CB", "CHEQUE", "ESPECES"):
        deposit(venue, mode, "20.00")
    assert lea.count_queries("till") == once <= 15
    assert lea.count_queries("close_till") <= 13


def test_a_count_that_agrees_closes_at_once(venue: Venue, lea: Person) -> None:
    deposit(venue, "ESPECES", "12.50")
    deposit(venue, "CHEQUE", "30.00", bank="Banque de France", number="0042", drawer="Z. Lefèvre")
    typed = counted(venue, ESPECES="12,50", CHEQUE="30")
    answer = lea.post("close_till", **typed)
    session = TillSession.objects.get()
    assert answer["Location"] == reverse("guichet:closing", args=[session.pk])
    assert session.closed_by == venue.operator
    shown = lea.get("closing", session.pk).context["closing"]
    assert {line.count.mode.code: line.difference for line in shown.lines} == {
        "ESPECES": venue.money("0"),
        "CHEQUE": venue.money("0"),
    }
    assert (shown.first_entry, shown.last_entry) == ("G1-000001", "G1-000006")
    assert [cheque.cheque_number for cheque in shown.cheques] == ["0042"]


def test_a_difference_is_shown_before_it_is_written(venue: Venue, lea: Person) -> None:
    deposit(venue, "ESPECES", "12.50")
    typed = counted(venue, ESPECES="10,00")
    asked = lea.post("close_till", **typed)
    assert asked.status_code == 422
    assert TillSession.objects.get().closed_at is None
    accepted = asked.context["differences"]
    assert accepted == f"{venue.modes['ESPECES'].pk}:-250"
    # Another count is another difference: it is shown again.
    assert (
        lea.post("close_till", accepted=accepted, **counted(venue, ESPECES="9")).status_code == 422
    )
    assert lea.post("close_till", accepted=accepted, **typed).status_code == 302
    session = TillSession.objects.get()
    closing = lea.get("closing", session.pk).context["closing"]
    assert (closing.expected, closing.counted, closing.difference) == (
        venue.money("12.50"),
        venue.money("10.00"),
        venue.money("-2.50"),
    )


@pytest.mark.parametrize("typed", ["", "douze", "-1", "NaN", "12.345"])
def test_cash_that_is_not_counted_closes_nothing(venue: Venue, lea: Person, typed: str) -> None:
    answer = lea.post("close_till", **counted(venue, ESPECES=typed))
    assert answer.status_code == 422
    assert TillSession.objects.get().closed_at is None


def test_a_double_click_leads_to_the_same_z(venue: Venue, lea: Person) -> None:
    typed = {**counted(venue, ESPECES="0"), "key": str(uuid4())}
    addresses = {lea.post("close_till", **typed)["Location"] for _click in range(2)}
    assert addresses == {reverse("guichet:closing", args=[TillSession.objects.get().pk])}
    assert TillSession.objects.get().counts.count() == 1


def test_whoever_closes_second_reads_who_did(venue: Venue, lea: Person, marc: Person) -> None:
    marc.stand_at("G1").post("close_till", **counted(venue, ESPECES="0"))
    late = lea.post("close_till", **counted(venue, ESPECES="0"))
    session = TillSession.objects.get()
    assert late["Location"] == reverse("guichet:closing", args=[session.pk])
    said = [str(message) for message in lea.client.get(late["Location"]).context["messages"]]
    assert said == [str(TillClosed(till="G1"))]
    assert lea.get("close_till")["Location"] == late["Location"]
    assert session.closed_by == venue.supervisor
    # Everything else begins with choosing a till.
    assert lea.get("till")["Location"] == reverse("guichet:tills")


def test_the_z_on_paper_names_numbers_counts_and_differences(venue: Venue, lea: Person) -> None:
    deposit(venue, "ESPECES", "934.50")
    typed = counted(venue, ESPECES="934,00")
    lea.post("close_till", accepted=f"{venue.modes['ESPECES'].pk}:-50", **typed)
    session = TillSession.objects.get()
    answer = lea.get("closing_pdf", session.pk)
    assert answer["Content-Type"] == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    seal = lea.get("closing", session.pk).context["closing"].seal
    assert len(seal) == 64
    for expected in ("Z-G1-0001", "934,50", "934,00", "-0,50", "G1-000001", "G1-000004", seal):
        assert expected in text


def test_a_session_of_yesterday_says_that_its_day_is_over(venue: Venue) -> None:
    venue.open("G1", at=datetime.now(UTC) - timedelta(days=1))
    lea = Person(venue, venue.operator).stand_at("G1")
    assert lea.get("till").context["day_is_over"] is True
    assert lea.post("close_till", **counted(venue, ESPECES="0")).status_code == 302


def test_a_z_of_another_point_of_sale_or_an_open_session_does_not_exist(
    venue: Venue, lea: Person, somebody: Callable[..., Person]
) -> None:
    session = venue.desk("G1").session_id
    for page in ("closing", "closing_pdf"):
        assert [lea.get(page, wanted).status_code for wanted in (session, 0, 10**30)] == [404] * 3
    lea.post("close_till", **counted(venue, ESPECES="0"))
    elsewhere = somebody(Role.OPERATOR, places=[venue.office])
    for page in ("closing", "closing_pdf"):
        assert lea.get(page, session).status_code == 200
        assert elsewhere.get(page, session).status_code == 404


def test_everybody_is_led_to_where_they_work(venue: Venue, somebody: Callable[..., Person]) -> None:
    root = Person(venue, venue.operator).client.get("/")
    assert root["Location"] == reverse("guichet:home")
    assert somebody(Role.ACCOUNTANT, places=[]).get("home")["Location"] == reverse("reports:home")
    assert somebody(Role.CUSTOMER).get("home").status_code == 403


def test_an_administrator_is_led_to_the_settings(
    venue: Venue, somebody: Callable[..., Person]
) -> None:
    admin = somebody(Role.ADMINISTRATOR, places=[])
    assert admin.get("home")["Location"] == reverse("admin:index")
    assert admin.get("tills").status_code == 403


@pytest.mark.parametrize("page", ["till", "till_report_pdf", "move_cash", "close_till"])
def test_the_till_is_for_whoever_stands_at_it(ladder: Callable[..., None], page: str) -> None:
    ladder(page)


@pytest.mark.parametrize("page", ["home", "tills"])
def test_choosing_a_till_is_for_operators(ladder: Callable[..., None], page: str) -> None:
    ladder(page, desk=False)
