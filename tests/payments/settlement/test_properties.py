"""Settling and giving back whatever is typed: nothing is lost, nothing is made."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from institution_settings.choices import ModeKind
from institution_settings.money import cash_step, round_cash_minor
from payments.choices import RefundChoice
from payments.errors import NotSettled, PaymentsError, RefundExceeds, RefundNotPayable
from payments.settlement import (
    Paid,
    SettledTender,
    Settlement,
    Situation,
    Tender,
    plan,
    settle,
    split_refund,
)
from tests.payments.settlement.words import (
    CARD,
    CASH,
    CHEQUE,
    CREDIT,
    EXACT_CASH,
    PAPER,
    PAPER_CHANGE,
    VOUCHER,
    after,
)

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
