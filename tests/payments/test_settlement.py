"""Settling an order and giving its money back: stories first, then refusals, then properties.

Amounts are written as people say them and counted in minor units; ``m("12.20")`` is 1220.
"""

import pickle
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from institution_settings.choices import ModeKind
from institution_settings.money import cash_step, from_minor, round_cash_minor
from payments.choices import RefundChoice
from payments.errors import (
    CashLimit,
    CashStep,
    CreditShort,
    ModeNotAuthorised,
    NothingLeft,
    NotSettled,
    PaymentsError,
    PurchaserNeeded,
    RefundExceeds,
    RefundNotPayable,
    RefundNotPositive,
    SurplusNeedsConsent,
    SurplusNeedsContact,
    TenderExceeds,
    TenderNotPositive,
    VoucherShort,
    VoucherTwice,
)
from payments.settlement import (
    ModeRules,
    Paid,
    SettledTender,
    Settlement,
    Situation,
    Tender,
    plan,
    settle,
    split_refund,
)

CASH = ModeRules(
    code="ESP", label="Espèces", kind=ModeKind.CASH, may_exceed=True, gives_change=True
)
EXACT_CASH = ModeRules(code="ESP0", label="Appoint", kind=ModeKind.CASH)
CARD = ModeRules(code="CB", label="Carte", kind=ModeKind.CARD)
CHEQUE = ModeRules(code="CHQ", label="Chèque", kind=ModeKind.CHEQUE)
CREDIT = ModeRules(code="AVOIR", label="Avoir", kind=ModeKind.CREDIT)
VOUCHER = ModeRules(code="BON", label="Bon", kind=ModeKind.VOUCHER, may_exceed=True)
PAPER = ModeRules(
    code="ANCV", label="Chèque-vacances", kind=ModeKind.PAPER_VOUCHER, may_exceed=True
)
PAPER_CHANGE = ModeRules(
    code="CADEAU", label="Chèque cadeau", kind="paper_voucher", may_exceed=True, gives_change=True
)


def m(amount: str) -> int:
    """Return cents of an amount in euros or francs."""
    return int(Decimal(amount) * 100)


def due(amount: str, **facts: object) -> Situation:
    """Return an order of Zoé's, who has the credit named in ``facts``, at a counter with credit."""
    usual = Situation(due_minor=m(amount), currency="EUR", has_purchaser=True, credit_mode="AVOIR")
    return replace(usual, **facts)  # type: ignore[arg-type]


def tender(mode: ModeRules, amount: str) -> Tender:
    return Tender(mode=mode, amount_minor=m(amount))


def voucher(
    amount: str, *, code: str = "AB12", balance: str | None = None, free: bool = False
) -> Tender:
    return Tender(
        mode=VOUCHER,
        amount_minor=m(amount),
        voucher_code=code,
        voucher_balance_minor=m(balance or amount),
        issued_free=free,
    )


def refusal(kind: type[PaymentsError], situation: Situation, *tenders: Tender) -> dict[str, object]:
    """Return the data of the refusal, whose sentence must be whole."""
    with pytest.raises(kind) as caught:
        settle(situation, tenders)
    assert type(caught.value) is kind
    assert "%(" not in str(caught.value)
    return caught.value.data


def eur(amount: str) -> object:
    return from_minor(m(amount), "EUR")


# Stories


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


# Refusals


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


# Giving back


def paid(mode: ModeRules, amount: str, **facts: int) -> Paid:
    return Paid(reference=1, mode=mode, remaining_minor=m(amount), **facts)


def returned(
    *payments: Paid, amount: str, currency: str = "EUR", choice: str = RefundChoice.ORIGIN
) -> list[tuple[str, int]]:
    """Return who hands what back."""
    shares = split_refund(payments, amount_minor=m(amount), currency=currency, choice=choice)
    return [(share.paid.mode.code, share.handed_minor) for share in shares]


def test_b23_what_one_payment_cannot_give_the_next_one_does() -> None:
    back = returned(paid(CREDIT, "30.00"), paid(CARD, "20.00"), amount="45.00")
    assert back == [("AVOIR", m("30.00")), ("CB", m("15.00"))]


def test_b17_a_cent_too_much_is_refused_in_two_steps_too() -> None:
    order = paid(CARD, "60.00")
    assert returned(order, amount="59.00") == [("CB", m("59.00"))]
    rest = replace(order, remaining_minor=m("1.00"))
    with pytest.raises(RefundExceeds) as caught:
        returned(rest, amount="60.00")
    assert caught.value.data == {"remaining": eur("1.00")}
    assert returned(rest, amount="1.00") == [("CB", m("1.00"))]


@pytest.mark.parametrize("amount", ["0.00", "-1.00"])
def test_a_refund_is_more_than_nothing(amount: str) -> None:
    with pytest.raises(RefundNotPositive):
        returned(paid(CARD, "60.00"), amount=amount)


def test_b30_an_order_paid_by_credit_goes_back_to_credit() -> None:
    order = paid(CREDIT, "10.00")
    assert returned(order, amount="10.00", choice=RefundChoice.CREDIT) == [("AVOIR", m("10.00"))]


def test_b64_the_cash_that_came_in_goes_out() -> None:
    sale = settle(due("1.98", currency="CHF"), [tender(CASH, "5.00")])
    assert (sale.change_minor, sale.cash_kept_minor) == (m("3.00"), m("2.00"))
    order = paid(CASH, "1.98", rounding_minor=sale.rounding_minor)
    assert returned(order, amount="1.98", currency="CHF") == [("ESP", m("2.00"))]


def test_b64_also_in_two_steps() -> None:
    order = paid(CASH, "11.98", rounding_minor=2)
    (first,) = split_refund([order], amount_minor=m("5.01"), currency="CHF")
    assert (first.handed_minor, first.rounding_minor) == (m("5.00"), -1)
    rest = replace(order, remaining_minor=m("6.97"), rounding_minor=2 - first.rounding_minor)
    assert returned(rest, amount="6.97", currency="CHF") == [("ESP", m("7.00"))]


def test_swiss_cash_given_back_as_credit_is_exact() -> None:
    order = paid(CASH, "1.98", rounding_minor=2)
    assert returned(order, amount="1.98", currency="CHF", choice=RefundChoice.CREDIT) == [
        ("ESP", m("1.98"))
    ]


def test_what_coins_cannot_make_up_is_rounded() -> None:
    """11.98 paid with 12.00, of which 5.01 went to credit: 6.99 is left, 7.00 is handed."""
    order = paid(CASH, "6.97", rounding_minor=2)
    assert returned(order, amount="6.97", currency="CHF") == [("ESP", m("7.00"))]


def test_many_small_refunds_never_hand_out_more_cash_than_came_in() -> None:
    payments, handed = [paid(CASH, "0.10")], []
    for cents in (3, 3, 3, 1):
        payments, cash = after(payments, cents, "CHF")
        handed.append(cash)
    assert handed == [5, 5, 0, 0]


def test_no_cash_is_asked_back_from_the_customer() -> None:
    """10.00 in cash: twice 0.03 as 0.05, then 9.93 to credit; of 0.01 nothing is left in coins."""
    order = paid(CASH, "0.01", rounding_minor=-4)
    assert returned(order, amount="0.01", currency="CHF") == [("ESP", 0)]


def test_non_refundable_credit_comes_back_first_and_as_such() -> None:
    order = [paid(CARD, "20.00"), paid(CREDIT, "15.00", non_refundable_minor=m("10.00"))]
    shares = split_refund(
        order, amount_minor=m("12.00"), currency="EUR", choice=RefundChoice.CREDIT
    )
    parts = [(s.paid.mode.code, s.amount_minor, s.non_refundable_minor) for s in shares]
    assert parts == [("CB", m("2.00"), 0), ("AVOIR", m("10.00"), m("10.00"))]


def test_non_refundable_credit_is_never_paid_out() -> None:
    order = [paid(PAPER, "20.00", non_refundable_minor=m("20.00")), paid(CARD, "15.00")]
    assert returned(*order, amount="15.00", choice=RefundChoice.MODE) == [("CB", m("15.00"))]
    with pytest.raises(RefundNotPayable) as caught:
        returned(*order, amount="15.01", choice=RefundChoice.MODE)
    assert caught.value.data == {"payable": eur("15.00")}


def test_to_origin_credit_comes_back_with_its_non_refundable_part_first() -> None:
    order = paid(CREDIT, "15.00", non_refundable_minor=m("10.00"))
    (share,) = split_refund([order], amount_minor=m("12.00"), currency="EUR")
    assert (share.amount_minor, share.non_refundable_minor) == (m("12.00"), m("10.00"))


# Properties

MODES = [CASH, EXACT_CASH, CARD, CHEQUE, CREDIT, VOUCHER, PAPER, PAPER_CHANGE]
MODES += [replace(mode, usable=False) for mode in (CASH, CARD)]
amounts = st.integers(-2, 400) | st.sampled_from([5, 10, 50, 100, 200, 500])
situations = st.builds(
    Situation,
    due_minor=st.integers(0, 600),
    currency=st.sampled_from(["EUR", "CHF", "JPY", "KWD"]),
    has_purchaser=st.booleans(),
    credit_available_minor=st.integers(0, 400),
    credit_mode=st.sampled_from(["", "AVOIR"]),
    cash_limit_minor=st.none() | st.integers(100, 600),
    confirms_loss=st.booleans(),
)
any_tender = st.builds(
    Tender,
    mode=st.sampled_from(MODES),
    amount_minor=amounts,
    voucher_code=st.sampled_from(["AB12", "CD34", "EF56"]),
    voucher_balance_minor=st.integers(0, 500),
    issued_free=st.booleans(),
)


@st.composite
def good_tenders(draw: st.DrawFn, situation: Situation) -> list[Tender]:
    """Return tenders that settle ``situation``: shares in any mode, the last one may exceed."""
    left, tenders = situation.due_minor, []
    kinds = [CARD, CHEQUE, VOUCHER, PAPER]
    if situation.has_purchaser and situation.credit_available_minor:
        kinds.append(CREDIT)
    for mode in draw(st.lists(st.sampled_from(kinds), unique_by=lambda mode: mode.code)):
        most = min(left, situation.credit_available_minor) if mode == CREDIT else left
        if most == 0:
            break
        part = draw(st.integers(1, most))
        tenders.append(Tender(mode=mode, amount_minor=part, voucher_balance_minor=part))
        left -= part
    if left:
        step = cash_step(situation.currency)
        asked = round_cash_minor(left, currency=situation.currency)
        extra = draw(st.integers(0 if asked else 1, 50)) * step
        tenders.append(Tender(mode=CASH, amount_minor=asked + extra))
    return tenders


@st.composite
def settled_orders(draw: st.DrawFn) -> tuple[Situation, list[Tender]]:
    situation = replace(draw(situations), cash_limit_minor=None)
    return situation, draw(good_tenders(situation))


def check_conservation(settlement: Settlement) -> None:
    """What comes in = what is paid + change + surplus + what stays + given up + rounding."""
    paid_minor = settlement.due_minor - settlement.left_minor
    where = (
        settlement.change_minor,
        settlement.surplus_to_credit_minor,
        settlement.kept_minor,
        settlement.given_up_minor,
        settlement.rounding_minor,
    )
    assert settlement.entered_minor == paid_minor + sum(where)


def check_payment(payment: SettledTender, situation: Situation) -> None:
    """Each payment adds up by itself, and each part goes only where it may."""
    mode, step = payment.tender.mode, cash_step(situation.currency)
    parts = [payment.applied_minor, payment.change_minor, payment.surplus_minor]
    parts += [payment.kept_minor, payment.given_up_minor]
    assert min(parts) >= 0
    assert sum(parts) + payment.rounding_minor == payment.tender.amount_minor
    assert payment.applied_minor > 0
    assert 2 * abs(payment.rounding_minor) < step or payment.rounding_minor == 0
    assert payment.change_minor % step == 0
    assert payment.change_minor == 0 or mode.gives_change
    can_credit = situation.has_purchaser and situation.credit_mode != ""
    assert payment.surplus_minor == 0 or (mode.is_voucher and can_credit)
    assert payment.kept_minor == 0 or (mode.kind == ModeKind.VOUCHER and not can_credit)
    assert payment.given_up_minor == 0 or (mode == PAPER and situation.confirms_loss)
    assert 0 <= payment.surplus_non_refundable_minor <= payment.surplus_minor
    if not mode.is_voucher and mode.kind != ModeKind.CASH:
        assert payment.applied_minor == payment.tender.amount_minor


def check(settlement: Settlement, situation: Situation) -> None:
    check_conservation(settlement)
    for payment in settlement.payments:
        check_payment(payment, situation)
    assert 0 <= settlement.left_minor <= settlement.due_minor
    assert settlement.credit_used_minor <= situation.credit_available_minor
    assert settlement.credit_used_minor == 0 or situation.has_purchaser
    if situation.cash_limit_minor is not None:
        assert settlement.cash_kept_minor <= situation.cash_limit_minor


@given(situation=situations, tenders=st.lists(any_tender, max_size=5))
def test_anything_typed_is_conserved_or_refused(
    situation: Situation, tenders: list[Tender]
) -> None:
    try:
        settlement = plan(situation, tenders)
    except PaymentsError as error:
        assert "%(" not in str(error)  # noqa: PT017 - any refusal will do, its sentence is whole
        return
    check(settlement, situation)
    assert len(settlement.payments) == len(tenders)


@given(order=settled_orders())
def test_what_settles_is_conserved(order: tuple[Situation, list[Tender]]) -> None:
    situation, tenders = order
    settlement = settle(situation, tenders)
    check(settlement, situation)
    assert settlement.left_minor == 0
    assert sum(payment.applied_minor for payment in settlement.payments) == situation.due_minor


@given(order=settled_orders(), data=st.data())
def test_the_order_typed_changes_nothing(
    order: tuple[Situation, list[Tender]], data: st.DataObject
) -> None:
    situation, tenders = order
    shuffled = data.draw(st.permutations(tenders))
    assert parts(settle(situation, shuffled)) == parts(settle(situation, tenders))


def parts(settlement: Settlement) -> dict[Tender, SettledTender]:
    """Return what becomes of each tender, wherever it was typed."""
    return {payment.tender: replace(payment, position=0) for payment in settlement.payments}


@given(situation=situations, extra=st.integers(1, 300), free=st.booleans())
def test_a_voucher_too_large_loses_nothing(situation: Situation, extra: int, free: bool) -> None:
    assume(situation.due_minor > 0)
    worth = situation.due_minor + extra
    large = Tender(mode=VOUCHER, amount_minor=worth, voucher_balance_minor=worth, issued_free=free)
    settlement = settle(situation, [large])
    check(settlement, situation)
    assert settlement.surplus_to_credit_minor + settlement.kept_minor == extra
    assert settlement.surplus_non_refundable_minor == (
        settlement.surplus_to_credit_minor if free else 0
    )


@given(order=settled_orders())
def test_a_cent_less_is_not_settled(order: tuple[Situation, list[Tender]]) -> None:
    situation, tenders = order
    dearer = replace(situation, due_minor=situation.due_minor + 700)
    with pytest.raises(NotSettled):
        settle(dearer, [t for t in tenders if t.mode != CASH])


def refunds(draw: Callable[[st.SearchStrategy[int]], int], total: int) -> list[int]:
    """Return amounts of at most nine refunds that give ``total`` back, step by step."""
    steps: list[int] = []
    while total and len(steps) < 8:
        steps.append(draw(st.integers(1, total)))
        total -= steps[-1]
    return [*steps, total] if total else steps


def after(payments: list[Paid], amount: int, currency: str) -> tuple[list[Paid], int]:
    """Return what remains of the payments after a refund to origin, and what cash was handed."""
    shares = split_refund(payments, amount_minor=amount, currency=currency)
    assert sum(share.amount_minor for share in shares) == amount
    given = {share.paid.reference: share for share in shares}
    cash = sum(s.handed_minor for s in shares if s.paid.mode.kind == ModeKind.CASH)
    rest = []
    for payment in payments:
        share = given.get(payment.reference)
        if share is None:
            rest.append(payment)
            continue
        assert 0 < share.amount_minor <= payment.remaining_minor
        assert 0 <= share.non_refundable_minor <= payment.non_refundable_minor
        assert share.handed_minor >= 0
        rest.append(
            replace(
                payment,
                remaining_minor=payment.remaining_minor - share.amount_minor,
                rounding_minor=payment.rounding_minor - share.rounding_minor,
                non_refundable_minor=payment.non_refundable_minor - share.non_refundable_minor,
            )
        )
    return rest, cash


@given(order=settled_orders(), data=st.data())
def test_refunds_to_origin_give_back_exactly_what_came_in(
    order: tuple[Situation, list[Tender]], data: st.DataObject
) -> None:
    """First in, first out; never more than remains; in the end all cash that was kept (B64)."""
    situation, tenders = order
    sale = settle(situation, tenders)
    payments = [
        Paid(
            reference=index,
            mode=payment.tender.mode,
            remaining_minor=payment.applied_minor,
            rounding_minor=payment.rounding_minor,
            non_refundable_minor=data.draw(st.integers(0, payment.applied_minor)),
        )
        for index, payment in enumerate(sale.payments)
    ]
    cash = 0
    for amount in refunds(data.draw, situation.due_minor):
        payments, handed = after(payments, amount, situation.currency)
        cash += handed
        assert handed % cash_step(situation.currency) == 0
        left = [payment.remaining_minor for payment in payments]
        first = next((i for i, minor in enumerate(left) if minor), len(left))
        untouched = [payment.applied_minor for payment in sale.payments][first + 1 :]
        assert left[first + 1 :] == untouched
    assert cash == sale.cash_kept_minor
    assert [payment.remaining_minor for payment in payments] == [0] * len(payments)
    assert [payment.rounding_minor for payment in payments] == [0] * len(payments)


@given(
    remaining=st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=4),
    choice=st.sampled_from(list(RefundChoice)),
    data=st.data(),
)
def test_no_refund_gives_more_than_remains(
    remaining: list[tuple[int, int]], choice: RefundChoice, data: st.DataObject
) -> None:
    payments = [
        Paid(
            reference=index,
            mode=CREDIT,
            remaining_minor=most,
            non_refundable_minor=min(most, part),
        )
        for index, (most, part) in enumerate(remaining)
    ]
    total = sum(payment.remaining_minor for payment in payments)
    locked = sum(payment.non_refundable_minor for payment in payments)
    most = total - locked if choice == RefundChoice.MODE else total
    with pytest.raises((RefundExceeds, RefundNotPayable)):
        split_refund(payments, amount_minor=most + 1, currency="EUR", choice=choice)
    assume(most > 0)
    amount = data.draw(st.integers(1, most))
    shares = split_refund(payments, amount_minor=amount, currency="EUR", choice=choice)
    assert sum(share.amount_minor for share in shares) == amount
    returns = sum(share.non_refundable_minor for share in shares)
    if choice == RefundChoice.CREDIT:
        assert returns == min(amount, locked)
    if choice == RefundChoice.MODE:
        assert returns == 0
    assert all(share.amount_minor <= share.paid.remaining_minor for share in shares)
