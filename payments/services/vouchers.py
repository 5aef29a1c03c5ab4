"""Coded vouchers (*bons*): issue, use, refill, cancel. Their balance moves only here (spec G7)."""

from collections.abc import Mapping
from datetime import date

from django.db.models import F
from moneyed import Money

from institution_settings.models import PaymentMode
from institution_settings.money import to_minor
from journal.services import Draft, Op
from payments.choices import VoucherMove, VoucherState
from payments.codes import canonical_code, make_code
from payments.errors import VoucherUnknown, VoucherUnusable
from payments.models import Payment, Voucher, VoucherMovement
from sales.models import OrderLine
from tills.selectors import Desk


def issue(
    *,
    op: Op,
    desk: Desk,
    mode: PaymentMode,
    value: Money,
    sold_on: OrderLine | None = None,
    non_refundable: bool = False,
    expires_on: date | None = None,
) -> Voucher:
    """Issue a voucher. Without ``sold_on`` it is free.

    Free, or bought with what may be spent but never paid out (``non_refundable``), neither can
    its rest ever be paid out (C6b).
    """
    free = sold_on is None
    voucher = Voucher.objects.create(
        code=make_code(),
        mode=mode,
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
    rows = Voucher.objects.select_for_update(no_key=True, of=("self",)).select_related("mode")
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


def is_refillable(*, voucher: Voucher, today: date) -> bool:
    """Whether what is put back on a voucher could be spent again."""
    ended = voucher.expires_on is not None and today > voucher.expires_on
    return voucher.state == VoucherState.ACTIVE and not ended


def move(
    *,
    op: Op,
    desk: Desk,
    voucher: Voucher,
    kind: VoucherMove,
    change_minor: int,
    payment: Payment | None = None,
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
        operation_id=op.id,
        at=op.at,
    )
    facts = line.sealed_facts(till=desk.till_code, operator=desk.operator_code or None)
    op.drafts.append(Draft("BON", "voucher_movement", line.pk, facts))
    return line


def cancel(*, op: Op, desk: Desk, voucher: Voucher) -> int:
    """Cancel a locked voucher; returns what it was still worth, in minor units.

    Raises ``VoucherUnusable`` when nothing is left of it, part of it is held, or it was cancelled
    before: then there is nothing to take back.
    """
    reason = ""
    if voucher.state != VoucherState.ACTIVE:
        reason = "cancelled"
    elif voucher.held_minor:
        reason = "held"
    elif not voucher.balance_minor:
        reason = "spent"
    if reason:
        raise VoucherUnusable(voucher=voucher.code, reason=reason)
    rest = voucher.balance_minor
    move(op=op, desk=desk, voucher=voucher, kind=VoucherMove.CANCEL, change_minor=-rest)
    voucher.state = VoucherState.CANCELLED
    voucher.save(update_fields=["state"])
    return rest
