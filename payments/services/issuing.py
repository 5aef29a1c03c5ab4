"""Vouchers issued: sold with an order, or free by a supervisor (spec G7)."""

from datetime import date, datetime

from moneyed import Money

from contacts.models import User
from institution_settings.choices import ModeKind
from institution_settings.models import PaymentMode
from institution_settings.money import to_minor
from journal.services import Claim, Op, perform
from payments.choices import ApprovalReason, VoucherReason, VoucherUse
from payments.errors import ModeNotAuthorised, ReasonNeeded, VoucherTypeMissing, VoucherWasSold
from payments.models import Payment, Voucher
from payments.selectors.voucher_types import choose_voucher_type, find_voucher_types
from payments.services.amounts import positive_in
from payments.services.approvals import ask_supervisor
from payments.services.vouchers import cancel, issue
from sales.choices import LineKind
from sales.models import Order
from tills.selectors import Desk


def issue_free_voucher(
    *,
    claim: Claim,
    desk: Desk,
    value: Money,
    approved_by: User | None,
    type_code: str = "",
    expires_on: date | None = None,
    at: datetime | None = None,
) -> Voucher:
    """Issue a voucher nobody paid for; what is left of it may be spent, never paid out (C6b).

    It is valid through ``expires_on``, else as long as its type says. Raises ``ApprovalNeeded``,
    ``VoucherTypeMissing``, ``AmountNotPositive``, and ``AmountError`` for another currency.
    """

    def write(op: Op) -> Voucher:
        positive_in(money=value, currency=desk.currency)
        type_ = choose_voucher_type(code=type_code, use=VoucherUse.FREE)
        ask_supervisor(op=op, desk=desk, approver=approved_by, reason=ApprovalReason.FREE_VOUCHER)
        return issue(
            op=op,
            desk=desk,
            mode=_voucher_mode(),
            value=value,
            type_=type_,
            expires_on=expires_on,
        )

    return perform(
        claim=claim,
        kind="voucher.issue",
        content={
            "value": to_minor(value),
            "currency": value.currency.code,
            "type": type_code,
            "expires_on": expires_on.isoformat() if expires_on else None,
        },
        register=desk.register,
        write=write,
        found=_issued,
        at=at,
    )


def cancel_free_voucher(
    *,
    claim: Claim,
    desk: Desk,
    voucher_id: int,
    reason: str,
    approved_by: User | None,
    at: datetime | None = None,
) -> Voucher:
    """Cancel what is left of a voucher nobody paid for, for a ``VoucherReason`` (G7); returns it.

    One that was sold is taken back with its money: ``VoucherWasSold``. Raises ``ReasonNeeded``,
    ``ApprovalNeeded`` and ``VoucherUnusable``.
    """

    def write(op: Op) -> Voucher:
        if reason not in VoucherReason.values:
            raise ReasonNeeded
        voucher = (
            Voucher.objects.select_for_update(no_key=True, of=("self",))
            .select_related("mode")
            .get(pk=voucher_id)
        )
        if not voucher.free:
            raise VoucherWasSold(voucher=voucher.code)
        ask_supervisor(op=op, desk=desk, approver=approved_by, reason=ApprovalReason.FREE_VOUCHER)
        cancel(op=op, desk=desk, voucher=voucher, reason=reason)
        return voucher

    return perform(
        claim=claim,
        kind="voucher.cancel",
        content={"voucher": voucher_id, "reason": reason},
        register=desk.register,
        write=write,
        found=lambda _operation: Voucher.objects.select_related("mode").get(pk=voucher_id),
        at=at,
    )


def issue_sold_vouchers(*, op: Op, desk: Desk, order: Order) -> None:
    """A voucher line of a paid order is a voucher (spec G7); its payments are written before.

    Whatever of the order was paid with goodwill, a free or a paper voucher makes its vouchers
    non-refundable: else buying one would turn what is never paid out into money (C6b). A type
    that was deactivated while it lay in the basket is still sold; raises ``VoucherTypeMissing``
    for one that is gone.
    """
    lines = list(order.lines.filter(kind=LineKind.VOUCHER).order_by("pk"))
    if not lines:
        return
    paid = Payment.objects.filter(order=order, non_refundable_minor__gt=0)
    mode, non_refundable = _voucher_mode(), paid.exists()
    types = find_voucher_types(codes={line.article for line in lines if line.article})
    for line in lines:
        if line.article and line.article not in types:
            raise VoucherTypeMissing
        issue(
            op=op,
            desk=desk,
            mode=mode,
            value=line.unit,
            type_=types.get(line.article),
            sold_on=line,
            non_refundable=non_refundable,
        )


def _voucher_mode() -> PaymentMode:
    """The first voucher mode in the institution's order."""
    modes = PaymentMode.objects.filter(kind=ModeKind.VOUCHER, active=True)
    mode = modes.order_by("position", "code").first()
    if mode is None:
        raise ModeNotAuthorised(mode=str(ModeKind.VOUCHER.label))
    return mode


def _issued(operation_id: int) -> Voucher:
    return Voucher.objects.select_related("mode").get(operation_id=operation_id)
