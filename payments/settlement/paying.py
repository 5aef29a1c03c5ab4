"""Which tender pays what (spec S2, S3, C2, C6b, C8, G3; cash rounding FMT-02, limit MON-03)."""

from collections.abc import Sequence

from institution_settings.choices import ModeKind
from institution_settings.money import cash_step, from_minor, round_cash_minor
from payments.errors import (
    CashLimit,
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
from payments.settlement.shapes import SettledTender, Settlement, Situation, Tender


def settle(situation: Situation, tenders: Sequence[Tender]) -> Settlement:
    """Return how ``tenders`` pay the whole order, or raise why they do not.

    As ``plan``; ``NotSettled`` if something is left to pay. Nothing due and nothing tendered is
    settled (spec G2).
    """
    settlement = plan(situation, tenders)
    if settlement.left_minor:
        raise NotSettled(missing=from_minor(settlement.left_minor, situation.currency))
    return settlement


def plan(situation: Situation, tenders: Sequence[Tender]) -> Settlement:
    """Return what the tenders typed so far do, with what is left to pay (for the panel, G3).

    Vouchers pay before other modes and cash last, whatever the order typed: what a voucher is
    worth is not wasted, and change and rounding are cash. Raises the ``PaymentsError`` of the
    first tender that cannot be taken.
    """
    if situation.due_minor < 0:
        raise ValueError("What is owed to the customer is refunded, not settled")
    vouchers: set[str] = set()
    left, credit = situation.due_minor, situation.credit_available_minor
    payments: list[SettledTender] = []
    for position, tender in sorted(enumerate(tenders), key=lambda typed: _turn(typed[1])):
        _check_tender(tender, position, situation.currency, vouchers)
        if left == 0:
            raise NothingLeft(mode=tender.mode.name, position=position)
        if tender.mode.kind == ModeKind.CREDIT:
            _check_credit(tender, position, situation, credit)
            credit -= tender.amount_minor
        payment = _pay(tender, position, situation, left)
        left -= payment.applied_minor
        payments.append(payment)
    settlement = Settlement(
        due_minor=situation.due_minor, left_minor=left, payments=tuple(payments)
    )
    limit = situation.cash_limit_minor
    if limit is not None and settlement.cash_kept_minor > limit:
        raise CashLimit(limit=from_minor(limit, situation.currency))
    return settlement


def _turn(tender: Tender) -> int:
    """Return when a tender pays; tenders of one turn pay in the order typed.

    Among vouchers, first the one whose rest could be lost, then what can only be spent.
    """
    if tender.mode.kind == ModeKind.CASH:
        return 4
    if not tender.mode.is_voucher:
        return 3
    if tender.mode.kind == ModeKind.PAPER_VOUCHER and not tender.mode.gives_change:
        return 0
    return 1 if tender.is_non_refundable else 2


def _check_tender(tender: Tender, position: int, currency: str, vouchers: set[str]) -> None:
    """Refuse a tender that is wrong by itself; ``vouchers`` are the codes seen so far."""
    mode, code = tender.mode, tender.voucher_code
    if not mode.usable:
        raise ModeNotAuthorised(mode=mode.name, position=position)
    if tender.amount_minor <= 0:
        raise TenderNotPositive(mode=mode.name, position=position)
    step = cash_step(currency)
    if mode.kind == ModeKind.CASH and tender.amount_minor % step:
        raise CashStep(step=from_minor(step, currency), position=position)
    if mode.kind != ModeKind.VOUCHER:
        return
    if code in vouchers:
        raise VoucherTwice(voucher=code, position=position)
    vouchers.add(code)
    if tender.amount_minor > tender.voucher_balance_minor:
        balance = from_minor(tender.voucher_balance_minor, currency)
        raise VoucherShort(voucher=code, balance=balance, position=position)


def _check_credit(tender: Tender, position: int, situation: Situation, available: int) -> None:
    """Refuse credit of nobody, or more than ``available`` (spec C3, G2)."""
    if not situation.has_purchaser:
        raise PurchaserNeeded(position=position)
    if tender.amount_minor > available:
        raise CreditShort(available=from_minor(available, situation.currency), position=position)


def _pay(tender: Tender, position: int, situation: Situation, left: int) -> SettledTender:
    """Return what ``tender`` does with ``left`` to pay."""
    if tender.mode.kind == ModeKind.CASH:
        return _pay_cash(tender, position, situation.currency, left)
    applied = min(tender.amount_minor, left)
    rest = tender.amount_minor - applied
    if rest == 0:
        return SettledTender(position=position, tender=tender, applied_minor=applied)
    if not (tender.mode.is_voucher and tender.mode.may_exceed):
        raise _exceeds(tender, position, situation.currency, left)
    return _pay_beyond(tender, position, situation, applied)


def _pay_cash(tender: Tender, position: int, currency: str, left: int) -> SettledTender:
    """Return what cash does: what is left is rounded to coins, the excess is change (FMT-02)."""
    asked = round_cash_minor(left, currency=currency)
    change = tender.amount_minor - asked
    if change < 0:
        return SettledTender(position=position, tender=tender, applied_minor=tender.amount_minor)
    if change > 0 and not tender.mode.gives_change:
        raise _exceeds(tender, position, currency, asked)
    return SettledTender(
        position=position,
        tender=tender,
        applied_minor=left,
        change_minor=change,
        rounding_minor=asked - left,
    )


def _pay_beyond(tender: Tender, position: int, situation: Situation, applied: int) -> SettledTender:
    """Return where the rest of a voucher worth more than the order goes (spec C8)."""
    rest = tender.amount_minor - applied
    change = rounding = surplus = kept = given_up = 0
    if tender.mode.gives_change:
        change = round_cash_minor(rest, currency=situation.currency)
        rounding = rest - change
    elif situation.has_purchaser and situation.credit_mode:
        surplus = rest
    elif tender.mode.kind == ModeKind.VOUCHER:
        kept = rest
    elif situation.confirms_loss:
        given_up = rest
    else:
        error = SurplusNeedsContact if situation.credit_mode else SurplusNeedsConsent
        money = from_minor(rest, situation.currency)
        raise error(mode=tender.mode.name, rest=money, position=position)
    return SettledTender(
        position=position,
        tender=tender,
        applied_minor=applied,
        change_minor=change,
        rounding_minor=rounding,
        surplus_minor=surplus,
        kept_minor=kept,
        given_up_minor=given_up,
    )


def _exceeds(tender: Tender, position: int, currency: str, left: int) -> TenderExceeds:
    left_money = from_minor(left, currency)
    return TenderExceeds(mode=tender.mode.name, left=left_money, position=position)
