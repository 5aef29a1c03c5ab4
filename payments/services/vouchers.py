"""Coded vouchers (*bons*): issue, use, refill, cancel. Their balance moves only here (spec G7)."""

from datetime import date

from django.db.models import F
from moneyed import Money

from institution_settings.models import PaymentMode
from institution_settings.money import to_minor
from journal.sealing import stamp
from journal.services import Draft, Op
from payments.choices import VoucherMove, VoucherState
from payments.codes import canonical_code, make_code
from payments.errors import VoucherUnknown, VoucherUnusable
from payments.models import Payment, Voucher, VoucherMovement
from payments.services.recording import voucher_print
from sales.models import OrderLine
from tills.selectors import Desk


def issue(
    *,
    op: Op,
    desk: Desk,
    mode: PaymentMode,
    value: Money,
    sold_on: OrderLine | None = None,
    expires_on: date | None = None,
) -> Voucher:
    """Issue a voucher; without ``sold_on`` it is free, and its surplus is never paid out (C6b)."""
    voucher = Voucher.objects.create(
        code=make_code(),
        mode=mode,
        currency=value.currency.code,
        value_minor=to_minor(value),
        free=sold_on is None,
        expires_on=expires_on,
        sold_on=sold_on,
        operation_id=op.id,
        created_at=op.at,
    )
    move(op=op, desk=desk, voucher=voucher, kind=VoucherMove.ISSUE, change_minor=to_minor(value))
    return voucher


def lock_vouchers(*, op: Op, desk: Desk, codes: list[str]) -> dict[str, Voucher]:
    """Lock the vouchers of some typed codes, by id, and check that each may be spent.

    Returns them by code as typed. A voucher is valid through ``expires_on`` at the venue's
    midnight. Raises ``VoucherUnknown`` (also for a blank code: cases.md B46) and
    ``VoucherUnusable`` with its reason for the operator.
    """
    canonical = {typed: canonical_code(typed) for typed in codes}
    found = {
        voucher.code: voucher
        for voucher in Voucher.objects.select_for_update(no_key=True)
        .select_related("mode")
        .filter(code__in=[code for code in canonical.values() if code])
        .order_by("pk")
    }
    for typed, code in canonical.items():
        if code not in found:
            raise VoucherUnknown(code=typed.strip())
        _check_usable(found[code], desk, desk.venue_date(op.at))
    return {typed: found[code] for typed, code in canonical.items()}


def _check_usable(voucher: Voucher, desk: Desk, today: date) -> None:
    if voucher.state != VoucherState.ACTIVE:
        raise VoucherUnusable(voucher=voucher.code, reason="cancelled")
    if voucher.currency != desk.currency:
        raise VoucherUnusable(voucher=voucher.code, reason="currency")
    if voucher.expires_on and today > voucher.expires_on:
        raise VoucherUnusable(voucher=voucher.code, reason="expired", expires_on=voucher.expires_on)
    if voucher.balance_minor - voucher.held_minor <= 0:
        raise VoucherUnusable(voucher=voucher.code, reason="spent")


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
        operation_id=op.id,
        at=op.at,
    )
    op.drafts.append(_draft(desk, voucher, line))
    return line


def cancel(*, op: Op, desk: Desk, voucher: Voucher) -> int:
    """Cancel a locked voucher; returns what it was still worth, in minor units."""
    rest = voucher.balance_minor
    if rest:
        move(op=op, desk=desk, voucher=voucher, kind=VoucherMove.CANCEL, change_minor=-rest)
    voucher.state = VoucherState.CANCELLED
    voucher.save(update_fields=["state"])
    return rest


def _draft(desk: Desk, voucher: Voucher, line: VoucherMovement) -> Draft:
    return Draft(
        kind="BON",
        subject_kind="voucher_movement",
        subject_id=line.pk,
        facts={
            "bon": voucher_print(voucher.code),
            "caisse": desk.till_code,
            "devise": line.currency,
            "gratuit": voucher.free,
            "horodatage": stamp(line.at),
            "mode": voucher.mode.code,
            "mouvement": str(line.kind),
            "operateur": desk.operator_code or None,
            "rang": line.position,
            "solde": line.balance_after_minor,
            "variation": line.change_minor,
        },
    )
