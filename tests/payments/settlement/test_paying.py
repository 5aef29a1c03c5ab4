"""Settling an order: what becomes of each tender."""

from dataclasses import replace

import pytest

from payments.errors import CashLimit
from payments.settlement import SettledTender, Settlement, plan, settle
from tests.payments.settlement.words import (
    CARD,
    CASH,
    CREDIT,
    PAPER,
    PAPER_CHANGE,
    due,
    eur,
    m,
    refusal,
    tender,
    voucher,
)


def test_an_order_is_paid_by_card() -> None:
    settlement = settle(due("21.10"), [tender(CARD, "21.10")])
    assert [payment.applied_minor for payment in settlement.payments] == [m("21.10")]
    assert (settlement.change_minor, settlement.left_minor) == (0, 0)


def test_cash_gives_change() -> None:
    settlement = settle(due("41.60"), [tender(CASH, "50.00")])
    payment = settlement.payments[0]
    assert (payment.applied_minor, payment.change_minor) == (m("41.60"), m("8.40"))
    assert (payment.tendered_minor, settlement.cash_kept_minor) == (m("50.00"), m("41.60"))


def test_the_screen_of_the_counter() -> None:
    """84.00: a voucher of 30.00, 12.40 of credit, a 50 € note; 8.40 back (look.md)."""
    situation = due("84.00", credit_available_minor=m("12.40"))
    tenders = [tender(CASH, "50.00"), tender(CREDIT, "12.40"), voucher("30.00")]
    settlement = settle(situation, tenders)
    paid = [(p.tender.mode.code, p.applied_minor) for p in settlement.payments]
    assert paid == [("BON", m("30.00")), ("AVOIR", m("12.40")), ("ESP", m("41.60"))]
    assert settlement.change_minor == m("8.40")
    assert [payment.position for payment in settlement.payments] == [2, 1, 0]


def test_nothing_due_is_settled_without_payment() -> None:
    assert settle(due("0.00"), []) == Settlement(due_minor=0, left_minor=0, payments=())


def test_e5_a_voucher_of_30_pays_21_10_and_8_90_goes_to_credit() -> None:
    settlement = settle(due("21.10"), [voucher("30.00")])
    assert settlement.payments == (
        SettledTender(
            position=0, tender=voucher("30.00"), applied_minor=m("21.10"), surplus_minor=m("8.90")
        ),
    )
    assert settlement.surplus_to_credit_minor == m("8.90")
    assert settlement.surplus_non_refundable_minor == 0
    assert settlement.change_minor == 0


def test_e6_credit_of_8_90_and_12_20_by_card() -> None:
    situation = due("21.10", credit_available_minor=m("8.90"))
    settlement = settle(situation, [tender(CREDIT, "8.90"), tender(CARD, "12.20")])
    assert [payment.applied_minor for payment in settlement.payments] == [m("8.90"), m("12.20")]
    assert settlement.credit_used_minor == m("8.90")


def test_b36_25_69_of_27_00_leaves_1_31() -> None:
    situation = due("25.69", credit_available_minor=m("27.00"))
    settlement = settle(situation, [tender(CREDIT, "25.69")])
    assert situation.credit_available_minor - settlement.credit_used_minor == m("1.31")


def test_b38_a_reduced_order_empties_the_voucher() -> None:
    settlement = settle(due("65.00"), [voucher("65.00")])
    assert settlement.payments[0].applied_minor == m("65.00")
    assert settlement.payments[0].tendered_minor == m("65.00")
    assert (settlement.kept_minor, settlement.surplus_to_credit_minor) == (0, 0)


def test_b40_more_credit_than_the_order_asks_for_no_other_mode() -> None:
    situation = due("55.00", credit_available_minor=m("187.00"))
    settlement = settle(situation, [tender(CREDIT, "55.00")])
    assert situation.credit_available_minor - settlement.credit_used_minor == m("132.00")


def test_b62_sums_of_cents_are_exact() -> None:
    lines = m("43.20") + m("19.20")
    assert settle(due("62.40"), [tender(CARD, "62.40")]).due_minor == lines


def test_the_surplus_of_a_free_voucher_is_never_paid_out() -> None:
    settlement = settle(due("21.10"), [voucher("30.00", free=True)])
    assert settlement.surplus_to_credit_minor == m("8.90")
    assert settlement.surplus_non_refundable_minor == m("8.90")


def test_the_surplus_of_a_paper_voucher_is_never_paid_out() -> None:
    settlement = settle(due("21.10"), [tender(PAPER, "30.00")])
    assert settlement.surplus_non_refundable_minor == m("8.90")


@pytest.mark.parametrize("facts", [{"has_purchaser": False}, {"credit_mode": ""}])
def test_a_coded_voucher_keeps_the_rest_where_credit_cannot_take_it(
    facts: dict[str, object],
) -> None:
    settlement = settle(due("21.10", **facts), [voucher("30.00")])
    payment = settlement.payments[0]
    assert (payment.kept_minor, payment.tendered_minor) == (m("8.90"), m("21.10"))
    assert settlement.surplus_to_credit_minor == 0


def test_part_of_a_coded_voucher_may_be_used() -> None:
    settlement = settle(due("21.10"), [voucher("21.10", balance="30.00")])
    assert (settlement.kept_minor, settlement.surplus_to_credit_minor) == (0, 0)


@pytest.mark.parametrize("facts", [{"has_purchaser": False}, {"credit_mode": ""}])
def test_a_customer_may_give_the_rest_of_a_paper_voucher_up(facts: dict[str, object]) -> None:
    settlement = settle(due("21.10", confirms_loss=True, **facts), [tender(PAPER, "30.00")])
    assert settlement.given_up_minor == m("8.90")


def test_nothing_is_given_up_where_credit_can_take_it() -> None:
    settlement = settle(due("21.10", confirms_loss=True), [tender(PAPER, "30.00")])
    assert (settlement.given_up_minor, settlement.surplus_to_credit_minor) == (0, m("8.90"))


def test_a_voucher_that_gives_change_gives_cash() -> None:
    settlement = settle(due("21.10"), [tender(PAPER_CHANGE, "30.00")])
    assert (settlement.change_minor, settlement.surplus_to_credit_minor) == (m("8.90"), 0)
    assert settlement.cash_kept_minor == 0


def test_the_paper_voucher_is_used_up_before_the_coded_one() -> None:
    tenders = [voucher("30.00"), voucher("10.00", code="FREE", free=True), tender(PAPER, "20.00")]
    settlement = settle(due("40.00", credit_mode=""), tenders)
    used = [(payment.position, payment.applied_minor) for payment in settlement.payments]
    assert used == [(2, m("20.00")), (1, m("10.00")), (0, m("10.00"))]
    assert settlement.kept_minor == m("20.00")


def test_the_panel_shows_what_is_left() -> None:
    settlement = plan(due("84.00"), [voucher("30.00")])
    assert (settlement.entered_minor, settlement.left_minor) == (m("30.00"), m("54.00"))
    assert plan(due("84.00"), []).left_minor == m("84.00")


def test_mon_03_a_thousand_euros_in_cash_and_not_a_cent_more() -> None:
    situation = due("1000.00", cash_limit_minor=m("1000.00"))
    assert settle(situation, [tender(CASH, "1050.00")]).cash_kept_minor == m("1000.00")
    dearer = replace(situation, due_minor=m("1000.01"))
    assert refusal(CashLimit, dearer, tender(CASH, "1000.01")) == {"limit": eur("1000.00")}
    tenders = [tender(CASH, "600.00"), tender(CASH, "400.01")]
    assert refusal(CashLimit, dearer, *tenders) == {"limit": eur("1000.00")}


# Swiss cash (FMT-02)


@pytest.mark.parametrize(
    ("asked", "coins"),
    [("12.41", "12.40"), ("12.42", "12.40"), ("12.43", "12.45"), ("12.48", "12.50")],
)
def test_swiss_cash_pays_the_rounded_amount(asked: str, coins: str) -> None:
    settlement = settle(due(asked, currency="CHF"), [tender(CASH, coins)])
    assert settlement.rounding_minor == m(coins) - m(asked)
    assert settlement.cash_kept_minor == m(coins)
    assert settlement.payments[0].applied_minor == m(asked)


def test_swiss_cash_rounds_what_is_left_for_cash_only() -> None:
    situation = due("32.43", currency="CHF", credit_available_minor=m("10.02"))
    tenders = [tender(CASH, "50.00"), tender(CREDIT, "10.02"), tender(CARD, "10.00")]
    settlement = settle(situation, tenders)
    assert [p.applied_minor for p in settlement.payments] == [m("10.02"), m("10.00"), m("12.41")]
    assert (settlement.change_minor, settlement.rounding_minor) == (m("37.60"), -1)


def test_swiss_cash_in_two_notes_is_rounded_once() -> None:
    situation = due("12.43", currency="CHF")
    settlement = settle(situation, [tender(CASH, "10.00"), tender(CASH, "2.45")])
    assert [payment.rounding_minor for payment in settlement.payments] == [0, 2]
    assert settlement.cash_kept_minor == m("12.45")


def test_two_centimes_are_nothing_in_swiss_cash() -> None:
    settlement = settle(due("0.02", currency="CHF"), [tender(CASH, "0.05")])
    assert (settlement.change_minor, settlement.rounding_minor) == (5, -2)


def test_swiss_change_on_a_paper_voucher_is_in_coins() -> None:
    settlement = settle(due("18.98", currency="CHF"), [tender(PAPER_CHANGE, "20.00")])
    assert (settlement.change_minor, settlement.rounding_minor) == (m("1.00"), 2)


def test_swiss_cards_are_exact() -> None:
    settlement = settle(due("12.43", currency="CHF"), [tender(CARD, "12.43")])
    assert settlement.rounding_minor == 0
