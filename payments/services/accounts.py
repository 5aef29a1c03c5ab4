"""Money put on a credit account and paid back from it (spec G5, C4)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from moneyed import Money

from contacts.models import Contact, User
from credit.choices import REVERSED_WITH_MONEY
from credit.services import account_for, deposit, lock_accounts, pay_out, reverse
from institution_settings.choices import ModeKind
from institution_settings.models import PaymentMode
from institution_settings.money import cash_step, from_minor, round_cash_minor, to_minor
from institution_settings.permissions import Act
from institution_settings.selectors import check_act
from journal.services import Claim, Op, perform
from payments.choices import Direction, Purpose
from payments.errors import (
    AlreadyCorrected,
    ApprovalNeeded,
    CashStep,
    ModeNotAuthorised,
    TenderNotPositive,
)
from payments.models import Payment
from payments.services.approvals import check_cash_limit, check_payout, may_approve
from payments.services.recording import Cheque, Tendered, record_payment
from tills.selectors import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyRequest:
    """A deposit or payout as the operator types it; ``credit_mode_id`` chooses among several."""

    contact_id: int
    mode_id: int
    amount: Money
    credit_mode_id: int | None = None
    cheque: Cheque = field(default_factory=Cheque)


def make_deposit(
    *, claim: Claim, desk: Desk, request: MoneyRequest, at: datetime | None = None
) -> Payment:
    """Put money on a contact's credit (*alimenter*); returns its payment, the receipt.

    Raises ``ModeNotAuthorised`` (S3), ``CashLimit`` (MON-03), and the account's own refusals.
    """

    def write(op: Op) -> Payment:
        contact, mode, credit_mode = _parties(desk, request, Act.DEPOSIT)
        amount_minor = _positive(request)
        if mode.kind == ModeKind.CASH:
            check_cash_limit(amount_minor=amount_minor, currency=desk.currency)
            if amount_minor % cash_step(desk.currency):
                step = from_minor(cash_step(desk.currency), desk.currency)
                raise CashStep(step=step, position=0)
        account = account_for(contact_id=contact.pk, currency=desk.currency)
        movement = deposit(
            op=op,
            desk=desk,
            account_id=account.pk,
            amount=request.amount,
            mode=credit_mode,
            counterpart=mode,
        )
        return record_payment(
            op=op,
            desk=desk,
            tendered=Tendered(
                direction=Direction.IN,
                purpose=Purpose.DEPOSIT,
                mode=mode,
                contact=contact,
                amount_minor=amount_minor,
                movement_id=movement.pk,
                cheque=request.cheque,
            ),
        )

    return _perform(claim, desk, "credit.deposit", request, write, at)


def make_payout(
    *,
    claim: Claim,
    desk: Desk,
    request: MoneyRequest,
    approved_by: User | None = None,
    at: datetime | None = None,
) -> Payment:
    """Give credit back as money (*rembourser le solde*); returns its payment, the receipt.

    At most available − non-refundable. Above the day's limit, or in cash within 14 days of a card
    deposit, a supervisor approves (``ApprovalNeeded``). Cash in coins: 10,02 CHF pays 10,00 and
    the two centimes are a rounding line (FMT-02).
    """

    def write(op: Op) -> Payment:
        contact, mode, credit_mode = _parties(desk, request, Act.PAYOUT)
        amount_minor = _positive(request)
        account = account_for(contact_id=contact.pk, currency=desk.currency)
        lock_accounts(account_ids=[account.pk])
        check_payout(
            desk=desk, contact=contact, mode=mode, amount_minor=amount_minor, approver=approved_by
        )
        rounding = 0
        if mode.kind == ModeKind.CASH:
            check_cash_limit(amount_minor=amount_minor, currency=desk.currency)
            rounding = round_cash_minor(amount_minor, currency=desk.currency) - amount_minor
        movement = pay_out(
            op=op,
            desk=desk,
            account_id=account.pk,
            amount=request.amount,
            mode=credit_mode,
            counterpart=mode,
        )
        return record_payment(
            op=op,
            desk=desk,
            tendered=Tendered(
                direction=Direction.OUT,
                purpose=Purpose.PAYOUT,
                mode=mode,
                contact=contact,
                amount_minor=amount_minor,
                rounding_minor=rounding,
                movement_id=movement.pk,
                approved_by=approved_by,
            ),
        )

    return _perform(claim, desk, "credit.payout", request, write, at)


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
    was spent meanwhile.
    """

    def write(op: Op) -> Payment:
        original = Payment.objects.select_related("mode", "contact", "movement__account").get(
            pk=payment_id, purpose__in=[Purpose.DEPOSIT, Purpose.PAYOUT]
        )
        if original.movement is None or original.reverses_id is not None:
            raise AlreadyCorrected
        if original.session_id != desk.session_id and not may_approve(approved_by):
            raise ApprovalNeeded(reason="correction")
        lock_accounts(account_ids=[original.movement.account_id])
        if Payment.objects.filter(reverses=original).exists():
            raise AlreadyCorrected
        (movement,) = reverse(
            op=op,
            desk=desk,
            movement_id=original.movement.pk,
            reason=reason,
            kinds=REVERSED_WITH_MONEY,
        )
        incoming = original.direction == Direction.IN
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
                approved_by=approved_by,
            ),
        )

    return perform(
        claim=claim,
        kind="credit.correct",
        content={"payment": payment_id, "reason": reason},
        register=desk.register,
        write=write,
        found=_receipt,
        at=at,
    )


def _parties(
    desk: Desk, request: MoneyRequest, act: Act
) -> tuple[Contact, PaymentMode, PaymentMode]:
    """Return contact, money mode and credit mode once S3 allows the act."""
    cleared = check_act(
        act=act,
        point_of_sale_id=desk.point_of_sale_id,
        money_mode_id=request.mode_id,
        credit_mode_id=request.credit_mode_id,
    )
    if cleared.credit is None:  # never: both acts need one
        raise ModeNotAuthorised(mode=str(ModeKind.CREDIT.label))
    contact = Contact.objects.get(pk=request.contact_id)
    return contact, cleared.modes[request.mode_id], cleared.credit


def _positive(request: MoneyRequest) -> int:
    amount_minor = to_minor(request.amount)
    if amount_minor <= 0:
        mode = PaymentMode.objects.get(pk=request.mode_id)
        raise TenderNotPositive(mode=mode.label, position=0)
    return amount_minor


def _perform(
    claim: Claim,
    desk: Desk,
    kind: str,
    request: MoneyRequest,
    write: Callable[[Op], Payment],
    at: datetime | None,
) -> Payment:
    return perform(
        claim=claim,
        kind=kind,
        content={
            "contact": request.contact_id,
            "mode": request.mode_id,
            "credit_mode": request.credit_mode_id,
            "amount": to_minor(request.amount),
            "currency": request.amount.currency.code,
        },
        register=desk.register,
        write=write,
        found=_receipt,
        at=at,
    )


def _receipt(operation_id: int) -> Payment:
    receipt: Payment = Payment.objects.select_related("mode", "contact", "movement").get(
        operation_id=operation_id
    )
    return receipt
