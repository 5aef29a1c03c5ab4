"""A payment typed in the wrong mode, put right: card typed as cash (spec C4)."""

from datetime import datetime

from contacts.models import User
from institution_settings.choices import ModeKind
from institution_settings.models import PaymentMode
from institution_settings.money import cash_step, from_minor, round_cash_minor
from institution_settings.selectors import list_modes
from journal.services import Claim, Op, perform
from payments.choices import ApprovalReason, Direction, Purpose
from payments.errors import (
    AlreadyCorrected,
    CashStep,
    ModeNotAuthorised,
    ModeNotCorrectable,
    PartlyReturned,
    SameMode,
)
from payments.models import Payment
from payments.selectors.limits import sum_cash_paid
from payments.services.approvals import ask_supervisor, check_cash_limit
from payments.services.recording import Cheque, Tendered, record_payment
from payments.services.sharing import share_alike
from sales.services import lock_order
from tills.selectors import Desk


def correct_mode(
    *,
    claim: Claim,
    desk: Desk,
    payment_id: int,
    mode_id: int,
    cheque: Cheque | None = None,
    approved_by: User | None = None,
    at: datetime | None = None,
) -> Payment:
    """Replace a payment of an order by one of the same amount in the mode it was really made in.

    The opposite payment and the new one are one act, in today's session: both tills' figures then
    say what lies in the drawers. In the session it was made in the operator does it alone, later
    a supervisor approves (``ApprovalNeeded``). Between money modes only: credit and vouchers go
    back by a refund (``ModeNotCorrectable``). Returns the new payment; a repeat the same.

    Raises ``AlreadyCorrected``, ``PartlyReturned``, ``SameMode``, ``ModeNotAuthorised``,
    ``CashLimit``, ``CashStep``.
    """
    cheque = cheque or Cheque()

    def write(op: Op) -> Payment:
        original = _lock(payment_id)
        mode = _new_mode(desk, original, mode_id)
        rounding = _rounding(desk, original, mode)
        approver = None
        if original.session_id != desk.session_id:
            approver = ask_supervisor(
                op=op, desk=desk, approver=approved_by, reason=ApprovalReason.CORRECTION
            )
        taken_back = _record(op, desk, original, approver, reverses=True)
        made = _record(
            op, desk, original, approver, mode=mode, rounding_minor=rounding, cheque=cheque
        )
        share_alike(original=original, payments=[taken_back, made])
        return made

    return perform(
        claim=claim,
        kind="order.correct_mode",
        content={
            "payment": payment_id,
            "mode": mode_id,
            "cheque": [cheque.bank, cheque.number, cheque.drawer],
        },
        register=desk.register,
        write=write,
        found=get_corrected,
        at=at,
    )


def get_corrected(operation_id: int) -> Payment:
    """Return the payment that replaced the wrong one."""
    found: Payment = Payment.objects.select_related("mode", "order").get(
        operation_id=operation_id, direction=Direction.IN
    )
    return found


def _lock(payment_id: int) -> Payment:
    """Return the payment, its order locked: ``Payment.DoesNotExist`` or the reason it stays."""
    original: Payment = Payment.objects.select_related("mode", "order", "contact").get(
        pk=payment_id, purpose=Purpose.SALE, direction=Direction.IN
    )
    if original.order_id is not None:
        lock_order(order_id=original.order_id)
    if not original.mode.is_counter_money:
        raise ModeNotCorrectable(mode=original.mode.label)
    if Payment.objects.filter(reverses=original).exists():
        raise AlreadyCorrected
    if Payment.objects.filter(refunds=original).exists():
        raise PartlyReturned(mode=original.mode.label)
    return original


def _new_mode(desk: Desk, original: Payment, mode_id: int) -> PaymentMode:
    """Return the mode it was really paid in, if it is authorised here (S3)."""
    modes = list_modes(point_of_sale_id=desk.point_of_sale_id, use="payment")
    mode = next((each for each in modes if each.pk == mode_id), None)
    if mode is None or not mode.is_counter_money:
        raise ModeNotAuthorised(mode=mode.label if mode else "?")
    if mode.pk == original.mode_id:
        raise SameMode(mode=mode.label)
    return mode


def _rounding(desk: Desk, original: Payment, mode: PaymentMode) -> int:
    """Return what cash is rounded by (FMT-02), having refused too much of it (MON-03)."""
    if mode.kind != ModeKind.CASH:
        return 0
    amount = original.amount_minor
    before = sum_cash_paid(order_id=original.order_id or 0)
    if original.mode.kind == ModeKind.CASH:
        before -= amount
    check_cash_limit(amount_minor=amount, currency=desk.currency, before_minor=before)
    handed = round_cash_minor(amount, currency=desk.currency)
    if not handed:
        raise CashStep(step=from_minor(cash_step(desk.currency), desk.currency), position=0)
    return handed - amount


def _record(
    op: Op,
    desk: Desk,
    original: Payment,
    approver: User | None,
    *,
    reverses: bool = False,
    mode: PaymentMode | None = None,
    rounding_minor: int = 0,
    cheque: Cheque | None = None,
) -> Payment:
    """Write the opposite of the payment, or the one that replaces it."""
    return record_payment(
        op=op,
        desk=desk,
        tendered=Tendered(
            direction=Direction.OUT if reverses else Direction.IN,
            purpose=Purpose.SALE,
            mode=mode or original.mode,
            order=original.order,
            contact=original.contact,
            amount_minor=original.amount_minor,
            rounding_minor=original.rounding_minor if reverses else rounding_minor,
            reverses_id=original.pk if reverses else None,
            approved_by=approver,
            cheque=cheque or Cheque(),
        ),
    )
