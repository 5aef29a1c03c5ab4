"""What needs a supervisor, and the limits of cash (spec §1, G4, G5; MON-03)."""

from contacts.models import User
from contacts.permissions import may
from credit.choices import ReasonCode
from institution_settings.choices import ModeKind
from institution_settings.models import PaymentMode
from institution_settings.money import from_minor
from institution_settings.permissions import Act
from institution_settings.selectors import get_institution
from journal.services import Draft, Op
from payments.choices import ApprovalReason
from payments.errors import ApprovalNeeded, CashLimit, ReasonNeeded
from payments.models import Approval
from payments.selectors.limits import has_recent_card_deposit, sum_payouts_of_day
from tills.selectors import Desk


def may_approve(user: User | None) -> bool:
    """Whether this person may approve what an operator may not do alone."""
    return may(user, Act.APPROVE)


def ask_supervisor(
    *, op: Op, desk: Desk, approver: User | None, reason: ApprovalReason, **data: object
) -> User:
    """Record and seal who approves; ``ApprovalNeeded`` when nobody who may does.

    ``data`` is what the sentence of the refusal shows.
    """
    if approver is None or not may_approve(approver):
        raise ApprovalNeeded(reason=reason.value, **data)
    approval = Approval.objects.create(
        operation_id=op.id,
        reason=reason,
        person=approver,
        operator_id=desk.operator_id,
        session_id=desk.session_id,
        at=op.at,
        business_date=desk.business_date,
    )
    facts = approval.sealed_facts(
        till=desk.till_code,
        session=desk.register.session,
        person=approver.code,
        operator=desk.operator_code or None,
    )
    op.drafts.append(Draft("VALIDATION", "approval", approval.pk, facts))
    return approver


def check_payout(
    *,
    op: Op,
    desk: Desk,
    contact_id: int,
    mode: PaymentMode,
    amount_minor: int,
    approver: User | None,
) -> User | None:
    """Ask for a supervisor above the day's limit, or for cash soon after a card deposit (G5).

    The caller has locked the account, so that of two payouts at once the second counts the first.
    Returns who approved, None where nobody had to.
    """
    approved = None
    limit = get_institution().payout_limit_minor
    before = sum_payouts_of_day(contact_id=contact_id, day=desk.business_date)
    if before + amount_minor > limit:
        approved = ask_supervisor(
            op=op,
            desk=desk,
            approver=approver,
            reason=ApprovalReason.PAYOUT_LIMIT,
            limit=from_minor(limit, desk.currency),
        )
    cash = mode.kind == ModeKind.CASH
    if cash and has_recent_card_deposit(contact_id=contact_id, day=desk.business_date):
        approved = ask_supervisor(
            op=op, desk=desk, approver=approver, reason=ApprovalReason.RECENT_CARD
        )
    return approved


def check_cash_limit(*, amount_minor: int, currency: str, before_minor: int = 0) -> None:
    """Refuse more cash than the law allows (MON-03).

    ``before_minor`` is what counts together with it: the cash of the same contact and day, or
    what the same order has given back in cash.
    """
    limit = get_institution().cash_limit_minor
    if before_minor + amount_minor > limit:
        raise CashLimit(limit=from_minor(limit, currency))


def check_reason(reason: str) -> None:
    """Refuse credit moved or taken back without one of the known reasons (spec C4, FIS-02)."""
    if not reason or reason not in ReasonCode.values:
        raise ReasonNeeded
