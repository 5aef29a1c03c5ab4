"""Money put on a credit account and paid back from it (spec G5)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from moneyed import Money

from contacts.models import Contact, User
from credit.errors import AccountNotOpen
from credit.services import account_for, deposit, pay_out
from institution_settings.choices import ModeKind
from institution_settings.models import PaymentMode
from institution_settings.money import cash_step, from_minor, round_cash_minor, to_minor
from institution_settings.permissions import Act
from institution_settings.selectors import check_act
from journal.services import Claim, Op, perform
from payments.choices import Direction, IdentityDocument, Purpose
from payments.errors import CashStep, IdentityNotChecked, ModeNotAuthorised, TenderNotPositive
from payments.models import Payment
from payments.selectors.limits import sum_cash_of_day
from payments.services.amounts import minor_in
from payments.services.approvals import check_cash_limit, check_payout
from payments.services.recording import Cheque, Tendered, record_payment
from tills.selectors import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyRequest:
    """A deposit or payout as the operator types it; ``credit_mode_id`` chooses among several.

    ``identity`` is the kind of document that whoever receives a payout has shown (MON-05).
    """

    contact_id: int
    mode_id: int
    amount: Money
    credit_mode_id: int | None = None
    cheque: Cheque = field(default_factory=Cheque)
    identity: IdentityDocument | None = None


@dataclass(frozen=True, slots=True)
class _Parties:
    """Who, how much, and in which modes, once S3 allows the act."""

    contact: Contact
    account_id: int
    mode: PaymentMode
    credit_mode: PaymentMode
    amount_minor: int


def make_deposit(
    *, claim: Claim, desk: Desk, request: MoneyRequest, at: datetime | None = None
) -> Payment:
    """Put money on a contact's credit (*alimenter*); returns its payment, the receipt.

    Raises ``UseRefused`` (S3), ``TenderNotPositive``, ``CashLimit`` (MON-03: all cash of the
    contact's day together), ``CashStep``, and the account's own refusals.
    """

    def write(op: Op) -> Payment:
        parties = _parties(desk, request, Act.DEPOSIT)
        movement = deposit(  # locks the account: what is counted below stands
            op=op,
            desk=desk,
            account_id=parties.account_id,
            amount=request.amount,
            mode=parties.credit_mode,
            counterpart=parties.mode,
        )
        if parties.mode.kind == ModeKind.CASH:
            _check_cash(desk, parties, Purpose.DEPOSIT, parties.amount_minor)
        return record_payment(
            op=op,
            desk=desk,
            tendered=Tendered(
                direction=Direction.IN,
                purpose=Purpose.DEPOSIT,
                mode=parties.mode,
                contact=parties.contact,
                amount_minor=parties.amount_minor,
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
    deposit, a supervisor approves (``ApprovalNeeded``); the legal limit of cash is nobody's to
    lift (``CashLimit``), and cash goes to whoever has shown an identity document, whose kind the
    receipt names (``IdentityNotChecked``, MON-05). Cash in coins: 10,02 CHF pays 10,00 and the two
    centimes are a rounding line (FMT-02); what no coin makes up is ``CashStep``.
    """

    def write(op: Op) -> Payment:
        parties = _parties(desk, request, Act.PAYOUT)
        movement = pay_out(  # locks the account: what is counted below stands
            op=op,
            desk=desk,
            account_id=parties.account_id,
            amount=request.amount,
            mode=parties.credit_mode,
            counterpart=parties.mode,
        )
        handed = parties.amount_minor
        if parties.mode.kind == ModeKind.CASH:
            handed = round_cash_minor(handed, currency=desk.currency)
            _check_cash(desk, parties, Purpose.PAYOUT, handed)
            if request.identity is None:
                raise IdentityNotChecked
        approver = check_payout(
            op=op,
            desk=desk,
            contact_id=parties.contact.pk,
            mode=parties.mode,
            amount_minor=parties.amount_minor,
            approver=approved_by,
        )
        return record_payment(
            op=op,
            desk=desk,
            tendered=Tendered(
                direction=Direction.OUT,
                purpose=Purpose.PAYOUT,
                mode=parties.mode,
                contact=parties.contact,
                amount_minor=parties.amount_minor,
                rounding_minor=handed - parties.amount_minor,
                movement_id=movement.pk,
                cheque=request.cheque,
                identity=request.identity,
                approved_by=approver,
            ),
        )

    return _perform(claim, desk, "credit.payout", request, write, at)


def _parties(desk: Desk, request: MoneyRequest, act: Act) -> _Parties:
    """Return contact, account, money mode and credit mode once S3 allows the act."""
    cleared = check_act(
        act=act,
        point_of_sale_id=desk.point_of_sale_id,
        money_mode_id=request.mode_id,
        credit_mode_id=request.credit_mode_id,
    )
    if cleared.credit is None:  # never: both acts need one
        raise ModeNotAuthorised(mode=str(ModeKind.CREDIT.label))
    mode = cleared.modes[request.mode_id]
    amount_minor = minor_in(money=request.amount, currency=desk.currency)
    if amount_minor <= 0:
        raise TenderNotPositive(mode=mode.label, position=0)
    contact = Contact.objects.get(pk=request.contact_id)
    if contact.merged_into_id is not None or contact.erased_at is not None:
        raise AccountNotOpen  # also where it never had an account: none is opened any more
    account = account_for(contact_id=contact.pk, currency=desk.currency)
    return _Parties(contact, account.pk, mode, cleared.credit, amount_minor)


def _check_cash(desk: Desk, parties: _Parties, purpose: Purpose, handed_minor: int) -> None:
    """Refuse cash above the legal limit of the day, and cash that no coins make up."""
    before = sum_cash_of_day(contact_id=parties.contact.pk, day=desk.business_date, purpose=purpose)
    check_cash_limit(amount_minor=parties.amount_minor, currency=desk.currency, before_minor=before)
    step = cash_step(desk.currency)
    if handed_minor % step or not handed_minor:
        raise CashStep(step=from_minor(step, desk.currency), position=0)


def _perform(
    claim: Claim,
    desk: Desk,
    kind: str,
    request: MoneyRequest,
    write: Callable[[Op], Payment],
    at: datetime | None,
) -> Payment:
    cheque = request.cheque
    shown = {"identity": str(request.identity)} if request.identity else {}
    return perform(
        claim=claim,
        kind=kind,
        content={
            **shown,
            "contact": request.contact_id,
            "mode": request.mode_id,
            "credit_mode": request.credit_mode_id,
            "amount": to_minor(request.amount),
            "currency": request.amount.currency.code,
            "cheque": [cheque.bank, cheque.number, cheque.drawer],
        },
        register=desk.register,
        write=write,
        found=get_receipt,
        at=at,
    )


def get_receipt(operation_id: int) -> Payment:
    """Return the one payment of a deposit, payout or correction."""
    receipt: Payment = Payment.objects.select_related("mode", "contact", "movement").get(
        operation_id=operation_id
    )
    return receipt
