"""What needs a supervisor, and the limits of cash (spec G4, G5; MON-03)."""

from datetime import timedelta

from django.db.models import Sum

from contacts.models import Contact, User
from institution_settings.choices import ModeKind
from institution_settings.models import Institution, PaymentMode
from institution_settings.money import from_minor
from institution_settings.permissions import Act, allows
from payments.choices import Direction, Purpose
from payments.errors import ApprovalNeeded, CashLimit
from payments.models import Payment
from tills.selectors import Desk

RECENT_CARD_DAYS = 14


def may_approve(user: User | None) -> bool:
    """Whether this person may approve what an operator may not do alone."""
    return user is not None and user.is_active and allows(user.role, Act.APPROVE)


def check_cash_limit(*, amount_minor: int, currency: str) -> None:
    """Refuse more cash than the law allows for one order, deposit or payout (MON-03)."""
    limit = Institution.objects.get().cash_limit_minor
    if amount_minor > limit:
        raise CashLimit(limit=from_minor(limit, currency))


def check_payout(
    *, desk: Desk, contact: Contact, mode: PaymentMode, amount_minor: int, approver: User | None
) -> None:
    """Ask for a supervisor above the day's limit, or for cash soon after a card deposit (G5).

    The account is locked by the caller, so two payouts at once are counted one after the other.
    """
    institution = Institution.objects.get()
    paid_today = (
        Payment.objects.filter(
            contact=contact,
            purpose=Purpose.PAYOUT,
            direction=Direction.OUT,
            business_date=desk.business_date,
            reversed_by=None,
        ).aggregate(total=Sum("amount_minor"))["total"]
        or 0
    )
    if may_approve(approver):
        return
    if paid_today + amount_minor > institution.payout_limit_minor:
        limit = from_minor(institution.payout_limit_minor, desk.currency)
        raise ApprovalNeeded(reason="payout_limit", limit=limit)
    if mode.kind == ModeKind.CASH and _recent_card_deposit(desk, contact):
        raise ApprovalNeeded(reason="recent_card")


def _recent_card_deposit(desk: Desk, contact: Contact) -> bool:
    since = desk.business_date - timedelta(days=RECENT_CARD_DAYS)
    return Payment.objects.filter(
        contact=contact,
        purpose=Purpose.DEPOSIT,
        direction=Direction.IN,
        mode__kind__in=[ModeKind.CARD, ModeKind.ONLINE_CARD],
        business_date__gte=since,
        reversed_by=None,
    ).exists()
