"""Deposits and payouts at the counter (spec G5)."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from contacts.models import Contact
from institution_settings.models import ModeAuthorisation
from payments.models import Payment
from payments.services import give_credit
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.guichet.credit.account import balance, text_of, typed
from tests.venue import PIN, Venue, build_venue

pytestmark = pytest.mark.django_db


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


def test_cash_is_paid_back_to_who_shows_an_identity_document(
    venue: Venue, lea: Person, rich: Contact
) -> None:
    answer = lea.post("payout", rich.pk, **typed(venue, "20", identity=""))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["identity"])
    answer = lea.post("payout", rich.pk, **typed(venue, "20", identity="library card"))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["identity"])
    assert balance(venue, rich) == "500.00"
    for typed_in in (
        typed(venue, "20", identity="passport"),
        typed(venue, "5", "VIREMENT", identity=""),
    ):
        assert lea.post("payout", rich.pk, **typed_in).status_code == 302
    shown = Payment.objects.filter(purpose="payout").order_by("id")
    assert list(shown.values_list("identity", flat=True)) == ["passport", ""]


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
