"""Coded vouchers (*bons*): issue, use, refill, cancel. Their balance moves only here (spec G7)."""

from collections.abc import Mapping
from datetime import date

from django.db.models import F
from moneyed import Money

from contacts.models import User
from institution_settings.models import PaymentMode
from institution_settings.money import to_minor
from journal.services import Draft, Op
from payments.choices import ApprovalReason, VoucherMove, VoucherState
from payments.codes import canonical_code, make_code
from payments.errors import VoucherUnknown, VoucherUnusable
from payments.models import Approval, Payment, Voucher, VoucherMovement, VoucherType
from payments.services.approvals import ask_supervisor
from sales.models import OrderLine
from tills.selectors import Desk


def issue(
    *,
    op: Op,
    desk: Desk,
    mode: PaymentMode,
    value: Money,
    type_: VoucherType | None = None,
    sold_on: OrderLine | None = None,
    non_refundable: bool = False,
    expires_on: date | None = None,
) -> Voucher:
    """Issue a voucher of a type, or of none. Without ``sold_on`` it is free.

    Free, of a type that is not refundable, or bought with what may be spent but never paid out
    (``non_refundable``), neither can its rest ever be paid out (C6b). Without a day of its own
    it is valid as long as its type says, from today in the venue.
    """
    free = sold_on is None
    if type_ is not None:
        non_refundable = non_refundable or not type_.refundable
        expires_on = expires_on or type_.last_day(issued=desk.venue_date(op.at))
    voucher = Voucher.objects.create(
        code=make_code(),
        mode=mode,
        type=type_,
        currency=value.currency.code,
        value_minor=to_minor(value),
        free=free,
        non_refundable=free or non_refundable,
        expires_on=expires_on,
        sold_on=sold_on,
        operation_id=op.id,
        created_at=op.at,
    )
    move(op=op, desk=desk, voucher=voucher, kind=VoucherMove.ISSUE, change_minor=to_minor(value))
    return voucher


def lock_vouchers(*, op: Op, desk: Desk, codes: Mapping[int, str]) -> dict[int, Voucher]:
    """Lock the vouchers of some typed codes, by id, and check that each may be spent.

    ``codes`` are the typed codes by position among the tenders; so is what is returned. A voucher
    is valid through ``expires_on`` at the venue's midnight. Raises ``VoucherUnknown`` (also for a
    blank code: cases.md B46) and ``VoucherUnusable`` with its reason, and the position.
    """
    canonical = {position: canonical_code(typed) for position, typed in codes.items()}
    # Of the voucher alone: rows of modes locked besides would be waited for in another order.
    rows = Voucher.objects.select_for_update(no_key=True, of=("self",))
    rows = rows.select_related("mode", "type")
    known = {code for code in canonical.values() if code}
    found = {voucher.code: voucher for voucher in rows.filter(code__in=known).order_by("pk")}
    for position, code in canonical.items():
        if code not in found:
            raise VoucherUnknown(code=codes[position].strip(), position=position)
        _check_usable(found[code], desk, desk.venue_date(op.at), position)
    return {position: found[code] for position, code in canonical.items()}


def _check_usable(voucher: Voucher, desk: Desk, today: date, position: int) -> None:
    reason = ""
    if voucher.state != VoucherState.ACTIVE:
        reason = "cancelled"
    elif voucher.currency != desk.currency:
        reason = "currency"
    elif voucher.expires_on and today > voucher.expires_on:
        reason = "expired"
    elif voucher.balance_minor <= 0:
        reason = "spent"
    elif voucher.balance_minor - voucher.held_minor <= 0:
        reason = "held"
    if reason:
        raise VoucherUnusable(
            voucher=voucher.code, reason=reason, expires_on=voucher.expires_on, position=position
        )


def move(
    *,
    op: Op,
    desk: Desk,
    voucher: Voucher,
    kind: VoucherMove,
    change_minor: int,
    payment: Payment | None = None,
    reason: str = "",
) -> VoucherMovement:
    """Change a locked voucher's balance and write the line that says why; drafts its entry."""
    voucher.balance_minor += change_minor
    voucher.position += 1
    Voucher.objects.filter(pk=voucher.pk).update(
        balance_minor=F("balance_minor") + change_minor, position=F("position") + 1
    )
    line = VoucherMovement.objects.create(
        voucher=voucher,
        position=voucher.position,
        kind=kind,
        currency=voucher.currency,
        change_minor=change_minor,
        balance_after_minor=voucher.balance_minor,
        payment=payment,
        operator_id=desk.operator_id,
        reason=reason,
        operation_id=op.id,
        at=op.at,
    )
    facts = line.sealed_facts(till=desk.till_code, operator=desk.operator_code or None)
    op.drafts.append(Draft("BON", "voucher_movement", line.pk, facts))
    return line


def cancel(
    *, op: Op, desk: Desk, voucher: Voucher, approver: User | None = None, reason: str = ""
) -> int:
    """Cancel a locked voucher; returns what it was still worth, in minor units.

    Raises ``VoucherUnusable`` when nothing is left of it, part of it is held, or it was cancelled
    before: then there is nothing to take back. One that was sold as not refundable, or whose time
    is over, is taken back by a supervisor (``approver``): ``ApprovalNeeded``.
    """
    refused = ""
    if voucher.state != VoucherState.ACTIVE:
        refused = "cancelled"
    elif voucher.held_minor:
        refused = "held"
    elif not voucher.balance_minor:
        refused = "spent"
    if refused:
        raise VoucherUnusable(voucher=voucher.code, reason=refused)
    if not voucher.free and voucher.is_final(desk.venue_date(op.at)):
        _ask_for_final(op, desk, approver)
    rest = voucher.balance_minor
    move(
        op=op,
        desk=desk,
        voucher=voucher,
        kind=VoucherMove.CANCEL,
        change_minor=-rest,
        reason=reason,
    )
    voucher.state = VoucherState.CANCELLED
    voucher.save(update_fields=["state"])
    return rest


def _ask_for_final(op: Op, desk: Desk, approver: User | None) -> None:
    """Ask once for all vouchers of one operation."""
    reason = ApprovalReason.FINAL_VOUCHER
    if not Approval.objects.filter(operation_id=op.id, reason=reason).exists():
        ask_supervisor(op=op, desk=desk, approver=approver, reason=reason)
