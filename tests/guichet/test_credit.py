"""The menu "Solde avoir" on screen: history, deposits, payouts, corrections, papers (G5)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.urls import reverse
from pypdf import PdfReader

from contacts.models import Contact
from credit.selectors import get_standing
from credit.services import hold
from institution_settings.choices import Role
from institution_settings.models import ModeAuthorisation
from journal.services import perform
from payments.models import Payment
from payments.services import give_credit
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.venue import PIN, Venue, build_venue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_typed_a_wrong_pin() -> None:
    cache.clear()


@pytest.fixture
def zoe(venue: Venue) -> Contact:
    """Zoé, a customer."""
    return venue.contact()


@pytest.fixture
def counter(venue: Venue) -> Counter:
    """What was done before, through the services."""
    return Counter(venue)


def balance(venue: Venue, contact: Contact) -> str:
    return str(get_standing(contact_id=contact.pk, currency=venue.currency).balance.amount)


def typed(venue: Venue, amount: str, mode: str = "ESPECES", **more: str) -> dict[str, Any]:
    return {"amount": amount, "mode": venue.modes[mode].pk, **more}


def text_of(answer: Any) -> str:
    assert answer["Content-Type"] == "application/pdf"
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)


# The history


def test_the_history_shows_the_figures_and_a_running_balance(
    venue: Venue, lea: Person, zoe: Contact, counter: Counter
) -> None:
    counter.deposit(zoe, "50.00", "CB")
    counter.sell(["21.10"], ("AVOIR", "21.10"), contact=zoe)
    shown = lea.get("credit", zoe.pk).context
    standing = shown["standing"]
    assert (standing.balance, standing.held, standing.available) == (
        venue.money("28.90"),
        venue.money("0"),
        venue.money("28.90"),
    )
    rows = [
        (line.history.movement.kind, line.debit, line.credit, line.history.movement.balance_after)
        for line in shown["lines"]
    ]
    assert rows == [
        ("PAIEMENT", venue.money("21.10"), None, venue.money("28.90")),
        ("DEPOT", None, venue.money("50.00"), venue.money("50.00")),
    ]
    assert [line.mode_label for line in shown["lines"]] == ["Avoir", "Cb"]
    paid, deposited = shown["lines"]
    assert (paid.order.number, paid.receipt, deposited.order) == (
        paid.history.movement.reference,
        None,
        None,
    )


def test_what_is_held_says_for_which_order_and_until_when(
    venue: Venue, lea: Person, zoe: Contact, counter: Counter
) -> None:
    counter.deposit(zoe, "20.00")
    account = venue.account(zoe)
    perform(
        claim=venue.claim(),
        kind="test.hold",
        content={},
        register=counter.desk.register,
        write=lambda op: hold(
            op=op,
            desk=counter.desk,
            account_id=account.pk,
            amount=venue.money("7.50"),
            mode=venue.modes["AVOIR"],
            reference="2026-001042",
            expires_at=datetime.now(UTC) + timedelta(minutes=35),
        ),
        found=lambda _operation: None,
    )
    shown = lea.get("credit", zoe.pk).context
    assert [(one.reference, one.amount) for one in shown["holds"]] == [
        ("2026-001042", venue.money("7.50"))
    ]
    assert shown["standing"].available == venue.money("12.50")


def test_the_history_is_filtered_by_period_and_kind(
    venue: Venue, lea: Person, zoe: Contact, counter: Counter
) -> None:
    counter.deposit(zoe, "50.00")
    counter.payout(zoe, "5.00")
    today = counter.desk.business_date
    before = (today - timedelta(days=1)).isoformat()

    def kinds(**query: str) -> list[str]:
        lines = lea.get("credit", zoe.pk, **query).context["lines"]
        return [line.history.movement.kind for line in lines]

    assert kinds() == ["RESTITUTION", "DEPOT"]
    assert kinds(kind="DEPOT") == ["DEPOT"]
    assert kinds(since=today.isoformat()) == ["RESTITUTION", "DEPOT"]
    assert kinds(until=before) == []
    assert kinds(since=today.strftime("%d/%m/%Y"), kind="RESTITUTION") == ["RESTITUTION"]


@pytest.mark.parametrize(
    "query",
    [
        {"since": "hier"},
        {"until": "2026-02-31"},
        {"kind": "VOL"},
        {"before": "x"},
        {"before": "9" * 40},
        {"recu": "-1"},
        {"recu": "9" * 40},
        {"since": "\x00"},
        {"kind": "DEPOT\x00"},
    ],
)
def test_what_cannot_be_read_filters_nothing(
    lea: Person, zoe: Contact, counter: Counter, query: dict[str, str]
) -> None:
    counter.deposit(zoe, "50.00")
    answer = lea.get("credit", zoe.pk, **query)
    assert answer.status_code == 200
    assert len(answer.context["lines"]) == 1
    assert answer.context["done"] is None


def test_a_long_history_goes_page_by_page_with_its_filters(
    lea: Person, zoe: Contact, counter: Counter
) -> None:
    for _number in range(51):
        counter.deposit(zoe, "1.00")
    first = lea.get("credit", zoe.pk, kind="DEPOT")
    assert [len(first.context["lines"]), first.context["next_before"]] == [50, 2]
    assert "?kind=DEPOT&amp;before=2" in first.content.decode()
    second = lea.get("credit", zoe.pk, kind="DEPOT", before=2)
    assert [line.history.movement.position for line in second.context["lines"]] == [1]
    assert second.context["next_before"] is None


def test_three_movements_cost_what_one_costs(lea: Person, zoe: Contact, counter: Counter) -> None:
    counter.deposit(zoe, "50.00")
    counter.sell(["21.10"], ("AVOIR", "21.10"), contact=zoe)
    twice = lea.count_queries("credit", zoe.pk)
    for _number in range(3):
        counter.deposit(zoe, "50.00")
        counter.sell(["21.10"], ("AVOIR", "21.10"), contact=zoe)
    assert lea.count_queries("credit", zoe.pk) == twice <= 12
    assert lea.count_queries("deposit", zoe.pk) <= 12
    assert lea.count_queries("payout", zoe.pk) <= 12


def test_a_contact_without_an_account_has_an_empty_history(
    venue: Venue, lea: Person, zoe: Contact
) -> None:
    shown = lea.get("credit", zoe.pk).context
    assert (shown["lines"], shown["standing"].balance) == ([], venue.money("0"))


# Deposits


def test_a_deposit_raises_the_balance_and_offers_its_receipt(
    venue: Venue, lea: Person, zoe: Contact
) -> None:
    answer = lea.post("deposit", zoe.pk, **typed(venue, "20,00 €", "CB"))
    payment = Payment.objects.get()
    assert answer["Location"] == f"{reverse('guichet:credit', args=[zoe.pk])}?recu={payment.pk}"
    assert balance(venue, zoe) == "20.00"
    shown = lea.get("credit", zoe.pk, recu=payment.pk)
    assert shown.context["done"] == payment
    assert reverse("guichet:receipt_pdf", args=[payment.pk]) in shown.content.decode()


def test_a_double_click_deposits_once(venue: Venue, lea: Person, zoe: Contact) -> None:
    key = str(uuid4())
    addresses = {
        lea.post("deposit", zoe.pk, key=key, **typed(venue, "20"))["Location"]
        for _click in range(2)
    }
    assert (len(addresses), Payment.objects.count(), balance(venue, zoe)) == (1, 1, "20.00")


def test_a_form_sent_again_with_another_amount_is_refused(
    venue: Venue, lea: Person, zoe: Contact
) -> None:
    key = str(uuid4())
    lea.post("deposit", zoe.pk, key=key, **typed(venue, "20"))
    answer = lea.post("deposit", zoe.pk, key=key, **typed(venue, "30"))
    assert (answer.status_code, balance(venue, zoe)) == (409, "20.00")


def test_a_cheque_is_noted(venue: Venue, lea: Person, zoe: Contact) -> None:
    marks = {"cheque_bank": "BNP", "cheque_number": "0042", "cheque_drawer": "Z. Lefèvre"}
    lea.post("deposit", zoe.pk, **typed(venue, "30", "CHEQUE", **marks))
    lea.post("deposit", zoe.pk, **typed(venue, "10", "CB", **marks))
    noted = Payment.objects.order_by("id").values_list("cheque_bank", "cheque_number")
    assert list(noted) == [("BNP", "0042"), ("", "")]


BAD_AMOUNTS = ["", "0", "-5", "NaN", "Infinity", "1e3", "12.345", "1.234,50", "١٢", "douze"]


@pytest.mark.parametrize("amount", BAD_AMOUNTS)
@pytest.mark.parametrize("page", ["deposit", "payout"])
def test_what_is_no_amount_is_said_beside_the_field(
    venue: Venue, lea: Person, zoe: Contact, page: str, amount: str
) -> None:
    answer = lea.post(page, zoe.pk, **typed(venue, amount, "CB"))
    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == ["amount"]
    assert (form["amount"].value(), form.chosen_mode) == (amount, venue.modes["CB"].pk)
    assert Payment.objects.count() == 0


@pytest.mark.parametrize("mode", ["", "x", "0", "9" * 40, "-1"])
@pytest.mark.parametrize("page", ["deposit", "payout"])
def test_a_mode_that_is_none_is_said_beside_the_modes(
    lea: Person, zoe: Contact, page: str, mode: str
) -> None:
    answer = lea.post(page, zoe.pk, amount="20", mode=mode)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["mode"]
    assert Payment.objects.count() == 0


def forbid(venue: Venue, mode: str, use: str) -> None:
    ModeAuthorisation.objects.filter(point_of_sale=venue.counter, mode=venue.modes[mode]).update(
        **{use: False}
    )


@pytest.mark.parametrize(("page", "use"), [("deposit", "payment"), ("payout", "refund")])
def test_a_mode_that_is_not_authorised_is_not_offered_and_refused_when_forged(
    venue: Venue, lea: Person, zoe: Contact, counter: Counter, page: str, use: str
) -> None:
    counter.deposit(zoe, "50.00")
    forbid(venue, "CB", use)
    offered = [mode.code for mode in lea.get(page, zoe.pk).context["form"].modes]
    assert offered == ["ESPECES", "CHEQUE", "VIREMENT"]
    for forged in ("CB", "BON", "CHQVAC", "AVOIR"):
        answer = lea.post(page, zoe.pk, **typed(venue, "10", forged))
        assert answer.status_code == 422
        (sentence,) = answer.context["form"].errors["mode"]
        assert venue.modes[forged].label in sentence
    assert balance(venue, zoe) == "50.00"


@pytest.mark.parametrize(("page", "use"), [("deposit", "refund"), ("payout", "payment")])
def test_without_credit_authorised_nothing_is_offered_and_a_forged_form_is_refused(
    venue: Venue, lea: Person, zoe: Contact, counter: Counter, page: str, use: str
) -> None:
    counter.deposit(zoe, "50.00")
    forbid(venue, "AVOIR", use)
    assert '<form method="post" class="stack narrow"' not in lea.get(page, zoe.pk).content.decode()
    answer = lea.post(page, zoe.pk, **typed(venue, "10"))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["__all__"]
    assert balance(venue, zoe) == "50.00"


def test_cash_above_the_legal_limit_is_refused(venue: Venue, lea: Person, zoe: Contact) -> None:
    answer = lea.post("deposit", zoe.pk, **typed(venue, "1000,01"))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["amount"])
    assert lea.post("deposit", zoe.pk, **typed(venue, "1000,00")).status_code == 302


def test_when_the_day_is_over_the_form_stays_as_it_was(venue: Venue, zoe: Contact) -> None:
    venue.open("G1", at=datetime.now(UTC) - timedelta(days=1))
    lea = Person(venue, venue.operator).stand_at("G1")
    answer = lea.post("deposit", zoe.pk, **typed(venue, "20"))
    assert answer.status_code == 409
    assert answer.context["form"]["amount"].value() == "20"
    assert Payment.objects.count() == 0


# Payouts


def test_a_payout_lowers_the_balance(
    venue: Venue, lea: Person, zoe: Contact, counter: Counter
) -> None:
    counter.deposit(zoe, "20.00")
    answer = lea.post("payout", zoe.pk, **typed(venue, "5"))
    assert (answer.status_code, balance(venue, zoe)) == (302, "15.00")


def test_a_payout_takes_no_more_than_may_be_paid_back(
    venue: Venue, lea: Person, zoe: Contact, counter: Counter
) -> None:
    counter.deposit(zoe, "20.00")
    give_credit(
        claim=venue.claim(),
        desk=counter.desk,
        contact_id=zoe.pk,
        amount=venue.money("10.00"),
        reason="complaint",
        approved_by=venue.supervisor,
    )
    assert lea.get("payout", zoe.pk).context["standing"].refundable == venue.money("20.00")
    for amount in ("20,01", "30,01"):
        answer = lea.post("payout", zoe.pk, **typed(venue, amount))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["amount"])
    assert balance(venue, zoe) == "30.00"


@pytest.fixture
def rich(venue: Venue, zoe: Contact, counter: Counter) -> Contact:
    """Zoé with 500 €: more than an operator pays back alone."""
    counter.deposit(zoe, "500.00")
    return zoe


def test_a_supervisor_approves_above_the_limit_and_nothing_typed_is_lost(
    venue: Venue, lea: Person, rich: Contact
) -> None:
    sent = {**typed(venue, "150,01"), "key": str(uuid4())}
    asked = lea.post("payout", rich.pk, **sent)
    assert asked.status_code == 422
    assert "approval" in asked.context
    assert asked.context["form"]["amount"].value() == "150,01"
    assert asked.context["key"] == sent["key"]
    answer = lea.post("payout", rich.pk, **sent, approver_code="marc", approver_pin=PIN)
    assert (answer.status_code, balance(venue, rich)) == (302, "349.99")
    payment = Payment.objects.order_by("id").last()
    assert payment is not None
    assert (payment.operator, payment.approved_by) == (venue.operator, venue.supervisor)


@pytest.mark.parametrize(
    "approval",
    [
        {"approver_code": "marc", "approver_pin": "0000"},
        {"approver_code": "nobody", "approver_pin": PIN},
        {"approver_code": "lea", "approver_pin": PIN},
        {"approver_code": "marc", "approver_pin": ""},
        {"approver_code": "", "approver_pin": PIN},
        {"approver_code": "m" * 200, "approver_pin": "1" * 200},
    ],
)
def test_an_approval_that_does_not_hold_pays_nothing_and_shows_no_pin(
    venue: Venue, lea: Person, rich: Contact, approval: dict[str, str]
) -> None:
    answer = lea.post("payout", rich.pk, **typed(venue, "200"), **approval)
    assert answer.status_code == 422
    assert answer.context["approval"].errors
    assert f'value="{approval["approver_pin"] or "none"}"' not in answer.content.decode()
    assert balance(venue, rich) == "500.00"


def test_a_smaller_amount_needs_no_approval_any_more(
    venue: Venue, lea: Person, rich: Contact
) -> None:
    sent = typed(venue, "150")
    answer = lea.post("payout", rich.pk, **sent, approver_code="", approver_pin="")
    assert (answer.status_code, balance(venue, rich)) == (302, "350.00")


def test_cash_soon_after_a_card_deposit_needs_a_supervisor(
    venue: Venue, lea: Person, zoe: Contact, counter: Counter
) -> None:
    counter.deposit(zoe, "50.00", "CB")
    assert "approval" in lea.post("payout", zoe.pk, **typed(venue, "10")).context
    assert lea.post("payout", zoe.pk, **typed(venue, "10", "CB")).status_code == 302


def test_a_supervisor_at_the_till_approves_by_being_there(
    venue: Venue, marc: Person, rich: Contact
) -> None:
    answer = marc.stand_at("G1").post("payout", rich.pk, **typed(venue, "200"))
    assert (answer.status_code, balance(venue, rich)) == (302, "300.00")


# Corrections


def test_a_deposit_of_the_own_session_is_taken_back_once(
    venue: Venue, lea: Person, zoe: Contact, counter: Counter
) -> None:
    payment = counter.deposit(zoe, "20.00", "CB")
    assert lea.post("correct", payment.pk, reason="typing").status_code == 302
    assert balance(venue, zoe) == "0.00"
    again = lea.post("correct", payment.pk, reason="typing")
    assert (again.status_code, list(again.context["form"].errors)) == (422, ["__all__"])
    undoing, undone = lea.get("credit", zoe.pk).context["lines"]
    assert (undoing.reverses, undone.reversed_by) == (undone.number, undoing.number)
    assert (undoing.is_correctable, undone.is_correctable) == (False, False)
    assert lea.get("correct", undoing.receipt.pk).status_code == 404


def test_a_double_click_takes_back_once(
    venue: Venue, lea: Person, zoe: Contact, counter: Counter
) -> None:
    payment, key = counter.deposit(zoe, "20.00"), str(uuid4())
    addresses = {
        lea.post("correct", payment.pk, key=key, reason="typing")["Location"] for _click in range(2)
    }
    assert (len(addresses), Payment.objects.count()) == (1, 2)


@pytest.mark.parametrize("reason", ["", "prescription", "x"])
def test_a_correction_has_one_of_its_reasons(
    lea: Person, zoe: Contact, counter: Counter, reason: str
) -> None:
    answer = lea.post("correct", counter.deposit(zoe, "20.00").pk, reason=reason)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["reason"])


def test_a_deposit_that_was_spent_is_not_taken_back(
    venue: Venue, lea: Person, zoe: Contact, counter: Counter
) -> None:
    payment = counter.deposit(zoe, "20.00")
    counter.payout(zoe, "15.00")
    answer = lea.post("correct", payment.pk, reason="typing")
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["__all__"])
    assert balance(venue, zoe) == "5.00"


def test_what_another_session_recorded_is_taken_back_with_a_supervisor(
    venue: Venue, zoe: Contact, counter: Counter
) -> None:
    payment = counter.deposit(zoe, "20.00")
    lea = Person(venue, venue.operator).stand_at("G2")
    asked = lea.post("correct", payment.pk, reason="typing")
    assert asked.status_code == 422
    assert "approval" in asked.context
    sent = {"reason": "typing", "approver_code": "marc", "approver_pin": PIN}
    assert lea.post("correct", payment.pk, **sent).status_code == 302
    undoing = Payment.objects.get(reverses=payment)
    assert (undoing.session.till.code, undoing.approved_by) == ("G2", venue.supervisor)


# Papers


def test_the_receipt_of_a_deposit_names_number_amount_and_balance(
    venue: Venue, lea: Person, zoe: Contact, counter: Counter
) -> None:
    counter.deposit(zoe, "5.00")
    text = text_of(lea.get("receipt_pdf", counter.deposit(zoe, "20.00", "CB").pk))
    for expected in ("G1-000005", "Zoé Lefèvre", zoe.number or "", "20,00", "25,00", "Cb", "Léa"):
        assert expected in text


def test_the_receipt_of_a_payout_is_signed_and_names_who_approved(
    venue: Venue, lea: Person, rich: Contact, counter: Counter
) -> None:
    payment = counter.payout(rich, "200.00", approved_by=venue.supervisor)
    text = text_of(lea.get("receipt_pdf", payment.pk))
    assert text.count("☐") == 3
    assert "Marc" in text


def test_a_receipt_of_anything_else_does_not_exist(
    lea: Person, zoe: Contact, counter: Counter
) -> None:
    sale = counter.sell(["21.10"], ("ESPECES", "21.10"), contact=zoe).payments[0]
    for page in ("receipt_pdf", "correct"):
        assert [lea.get(page, wanted).status_code for wanted in (sale.pk, 0, 10**30)] == [404] * 3


def test_the_statement_adds_up_over_its_period(
    venue: Venue, lea: Person, zoe: Contact, counter: Counter
) -> None:
    counter.deposit(zoe, "50.00")
    counter.payout(zoe, "5.00")
    text = text_of(lea.get("statement_pdf", zoe.pk))
    for expected in ("Zoé Lefèvre", "50,00", "5,00", "45,00"):
        assert expected in text
    tomorrow = (counter.desk.business_date + timedelta(days=1)).isoformat()
    after = text_of(lea.get("statement_pdf", zoe.pk, since=tomorrow))
    assert after.count("45,00") >= 2
    assert "50,00" not in after


def test_the_statement_of_nothing_is_a_statement(lea: Person, zoe: Contact) -> None:
    assert "0,00" in text_of(lea.get("statement_pdf", zoe.pk, since="hier"))


# Who is let in


@pytest.mark.parametrize("page", ["credit", "deposit", "payout"])
def test_credit_is_for_the_counter(zoe: Contact, ladder: Callable[..., None], page: str) -> None:
    ladder(page, zoe.pk)


def test_a_correction_is_for_the_counter(
    zoe: Contact, counter: Counter, ladder: Callable[..., None]
) -> None:
    ladder("correct", counter.deposit(zoe, "20.00").pk)


def test_papers_are_for_staff(zoe: Contact, counter: Counter, ladder: Callable[..., None]) -> None:
    ladder("statement_pdf", zoe.pk, desk=False)


def test_a_receipt_is_for_staff(
    zoe: Contact, counter: Counter, ladder: Callable[..., None]
) -> None:
    ladder("receipt_pdf", counter.deposit(zoe, "20.00").pk, desk=False)


def test_an_accountant_does_not_move_money(
    venue: Venue, zoe: Contact, somebody: Callable[..., Person]
) -> None:
    accountant = somebody(Role.ACCOUNTANT).stand_at("G1")
    for page in ("credit", "deposit", "payout"):
        assert accountant.get(page, zoe.pk).status_code == 403


@pytest.mark.parametrize("page", ["deposit", "payout"])
def test_an_erased_or_merged_contact_has_no_form(
    venue: Venue, lea: Person, zoe: Contact, page: str
) -> None:
    Contact.objects.filter(pk=zoe.pk).update(erased_at=datetime.now(UTC))
    assert lea.get(page, zoe.pk).status_code == 404
    assert lea.post(page, zoe.pk, **typed(venue, "5")).status_code == 404


def test_francs_are_handed_over_in_coins(db: None) -> None:
    """10.02 CHF pays 10.00 in cash; a deposit of 10.02 in cash is refused (FMT-02)."""
    swiss = build_venue(currency="CHF")
    zoe, counter = swiss.contact(), Counter(swiss)
    counter.deposit(zoe, "20.00")
    lea = Person(swiss, swiss.operator).stand_at("G1")
    refused = lea.post("deposit", zoe.pk, **typed(swiss, "10.02"))
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["amount"])
    answer = lea.post("payout", zoe.pk, **typed(swiss, "10.02"))
    assert (answer.status_code, balance(swiss, zoe)) == (302, "9.98")
    payment = Payment.objects.order_by("id").last()
    assert payment is not None
    assert "CHF\u00a010.00" in lea.client.get(answer["Location"]).content.decode()
    assert "CHF 10.00" in text_of(lea.get("receipt_pdf", payment.pk))
