"""Deposits and payouts taken back, movement and money together (spec C4)."""

from datetime import datetime

from contacts.models import User
from credit.choices import REVERSED_WITH_MONEY
from credit.errors import NonRefundable
from credit.selectors import get_standing
from credit.services import lock_accounts, reverse
from institution_settings.money import from_minor, to_minor
from journal.services import Claim, Op, perform
from payments.choices import ApprovalReason, Direction, Purpose
from payments.errors import AlreadyCorrected
from payments.models import Payment
from payments.services.accounts import get_receipt
from payments.services.approvals import ask_supervisor, check_reason
from payments.services.recording import Tendered, record_payment
from tills.selectors import Desk


def correct(
    *,
    claim: Claim,
    desk: Desk,
    payment_id: int,
    reason: str,
    approved_by: User | None = None,
    at: datetime | None = None,
) -> Payment:
    """Take a deposit or payout back, movement and money together, in today's session (C4).

    In the session it was made in the operator does it alone, later a supervisor approves
    (``ApprovalNeeded``). Once: a repeat of the claim returns the first result, another claim is
    ``AlreadyCorrected``. Raises ``InsufficientCredit``, naming the missing sum, where the credit
    was spent meanwhile, ``NonRefundable`` where what is left of it may never be paid out (C6b),
    and ``ReasonNeeded``.
    """

    def write(op: Op) -> Payment:
        check_reason(reason)
        original = _lock(payment_id)
        approver = None
        if original.session_id != desk.session_id:
            approver = ask_supervisor(
                op=op, desk=desk, approver=approved_by, reason=ApprovalReason.CORRECTION
            )
        incoming = original.direction == Direction.IN
        if incoming:
            _check_payable(original, op.at)
        (movement,) = reverse(
            op=op,
            desk=desk,
            movement_id=original.movement_id or 0,
            reason=reason,
            kinds=REVERSED_WITH_MONEY,
        )
        return record_payment(
            op=op,
            desk=desk,
            tendered=Tendered(
                direction=Direction.OUT if incoming else Direction.IN,
                purpose=Purpose(original.purpose),
                mode=original.mode,
                contact=original.contact,
                amount_minor=original.amount_minor,
                rounding_minor=original.rounding_minor,
                movement_id=movement.pk,
                reverses_id=original.pk,
                approved_by=approver,
            ),
        )

    return perform(
        claim=claim,
        kind="credit.correct",
        content={"payment": payment_id, "reason": reason},
        register=desk.register,
        write=write,
        found=get_receipt,
        at=at,
    )


def _lock(payment_id: int) -> Payment:
    """Return the payment to be taken back, its account locked; ``Payment.DoesNotExist``."""
    original: Payment = Payment.objects.select_related("mode", "contact", "movement__account").get(
        pk=payment_id, purpose__in=[Purpose.DEPOSIT, Purpose.PAYOUT]
    )
    if original.movement is None or original.reverses_id is not None:
        raise AlreadyCorrected
    lock_accounts(account_ids=[original.movement.account_id])
    if Payment.objects.filter(reverses=original).exists():
        raise AlreadyCorrected
    return original


def _check_payable(original: Payment, at: datetime) -> None:
    """Refuse to hand a deposit back out of what may be spent but never paid out (C6b).

    What is not there at all is refused by the account, which names the missing sum.
    """
    if original.movement is None:
        return
    currency = original.currency
    standing = get_standing(
        contact_id=original.movement.account.contact_id, currency=currency, at=at
    )
    refundable, available = to_minor(standing.refundable), to_minor(standing.available)
    if refundable < original.amount_minor <= available:
        raise NonRefundable(
            asked=original.amount,
            refundable=standing.refundable,
            missing=from_minor(original.amount_minor - refundable, currency),
        )
