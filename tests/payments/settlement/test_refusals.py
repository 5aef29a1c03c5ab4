"""What settles nothing, and the sentence that says why."""

import pickle
from dataclasses import replace

import pytest

from institution_settings.money import from_minor
from payments.errors import (
    CashStep,
    CreditShort,
    ModeNotAuthorised,
    NothingLeft,
    NotSettled,
    PurchaserNeeded,
    SurplusNeedsConsent,
    SurplusNeedsContact,
    TenderExceeds,
    TenderNotPositive,
    VoucherShort,
    VoucherTwice,
)
from payments.settlement import ModeRules, settle
from tests.payments.settlement.words import (
    CARD,
    CASH,
    CHEQUE,
    CREDIT,
    EXACT_CASH,
    PAPER,
    due,
    eur,
    m,
    refusal,
    tender,
    voucher,
)


def test_an_unauthorised_mode_is_refused() -> None:
    card = replace(CARD, usable=False)
    assert refusal(ModeNotAuthorised, due("10.00"), tender(card, "10.00")) == {
        "mode": "Carte",
        "position": 0,
    }


@pytest.mark.parametrize("amount", ["0.00", "-5.00"])
@pytest.mark.parametrize("mode", [CASH, CARD, CREDIT, PAPER])
def test_a_tender_is_more_than_nothing(mode: ModeRules, amount: str) -> None:
    data = refusal(TenderNotPositive, due("10.00"), tender(CARD, "5.00"), tender(mode, amount))
    assert data == {"mode": mode.label, "position": 1}


def test_an_order_is_paid_in_full() -> None:
    assert refusal(NotSettled, due("10.00"), tender(CARD, "9.99")) == {"missing": eur("0.01")}
    assert refusal(NotSettled, due("10.00")) == {"missing": eur("10.00")}


@pytest.mark.parametrize("mode", [CARD, CHEQUE, EXACT_CASH, replace(PAPER, may_exceed=False)])
def test_what_may_not_exceed_does_not(mode: ModeRules) -> None:
    data = refusal(TenderExceeds, due("10.00"), tender(mode, "10.01"))
    assert data == {"mode": mode.label, "left": eur("10.00"), "position": 0}


def test_a_card_exceeds_neither_when_its_mode_is_set_up_wrongly() -> None:
    card = replace(CARD, may_exceed=True, gives_change=True)
    refusal(TenderExceeds, due("10.00"), tender(card, "10.01"))


def test_nothing_is_taken_when_nothing_is_left() -> None:
    data = refusal(NothingLeft, due("10.00"), tender(CASH, "5.00"), tender(CARD, "10.00"))
    assert data == {"mode": "Espèces", "position": 0}
    refusal(NothingLeft, due("0.00"), tender(CASH, "5.00"))
    refusal(NothingLeft, due("10.00"), voucher("10.00"), voucher("5.00", code="CD34"))


def test_credit_never_exceeds_what_is_left() -> None:
    situation = due("84.00", credit_available_minor=m("50.00"))
    data = refusal(TenderExceeds, situation, tender(CARD, "60.00"), tender(CREDIT, "24.01"))
    assert data == {"mode": "Avoir", "left": eur("24.00"), "position": 1}


def test_credit_never_exceeds_what_is_available() -> None:
    situation = due("84.00", credit_available_minor=m("50.00"))
    data = refusal(CreditShort, situation, tender(CREDIT, "50.01"), tender(CASH, "40.00"))
    assert data == {"available": eur("50.00"), "position": 0}


def test_two_credit_modes_draw_on_one_account() -> None:
    situation = due("84.00", credit_available_minor=m("50.00"))
    other = replace(CREDIT, code="AVOIR2")
    data = refusal(CreditShort, situation, tender(CREDIT, "40.00"), tender(other, "10.01"))
    assert data == {"available": eur("10.00"), "position": 1}


def test_credit_needs_the_purchaser() -> None:
    situation = due("10.00", has_purchaser=False, credit_available_minor=m("50.00"))
    assert refusal(PurchaserNeeded, situation, tender(CREDIT, "10.00")) == {"position": 0}


def test_a_voucher_pays_no_more_than_it_is_worth() -> None:
    data = refusal(VoucherShort, due("50.00"), voucher("30.01", balance="30.00"))
    assert data == {"voucher": "AB12", "balance": eur("30.00"), "position": 0}


def test_a_voucher_is_taken_once() -> None:
    data = refusal(VoucherTwice, due("50.00"), voucher("30.00"), voucher("20.00", balance="30.00"))
    assert data == {"voucher": "AB12", "position": 1}


def test_a_paper_voucher_waits_for_a_contact() -> None:
    data = refusal(SurplusNeedsContact, due("21.10", has_purchaser=False), tender(PAPER, "30.00"))
    assert data == {"mode": "Chèque-vacances", "rest": eur("8.90"), "position": 0}


@pytest.mark.parametrize("has_purchaser", [True, False])
def test_a_paper_voucher_waits_for_consent_where_credit_is_not_authorised(
    has_purchaser: bool,
) -> None:
    situation = due("21.10", has_purchaser=has_purchaser, credit_mode="")
    refusal(SurplusNeedsConsent, situation, tender(PAPER, "30.00"))


def test_swiss_cash_is_made_of_coins() -> None:
    data = refusal(CashStep, due("12.43", currency="CHF"), tender(CASH, "12.43"))
    assert data == {"step": from_minor(5, "CHF"), "position": 0}


def test_what_is_owed_to_the_customer_is_not_settled() -> None:
    with pytest.raises(ValueError, match="refunded"):
        settle(due("-1.00"), [])


def test_a_refusal_speaks_of_money_as_screens_do() -> None:
    error = NotSettled(missing=eur("1234.50"))
    assert "1\u202f234,50\u00a0€" in str(error)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (type(again), again.data, str(again)) == (NotSettled, error.data, str(error))
