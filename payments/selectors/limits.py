"""What counts against the limits of payouts and of cash: asked under the account's lock."""

from datetime import date, timedelta

from django.db.models import Q, QuerySet, Sum

from institution_settings.choices import ModeKind
from payments.choices import Direction, Purpose
from payments.models import Payment

RECENT_CARD_DAYS = 14


def sum_cash_of_day(*, contact_id: int, day: date, purpose: Purpose) -> int:
    """Return the cash deposited by, or paid out to, a contact on a business day (MON-03).

    What was taken back does not count. Whole minor units.
    """
    direction = Direction.IN if purpose == Purpose.DEPOSIT else Direction.OUT
    rows = _of_day(contact_id, day).filter(
        purpose=purpose, direction=direction, mode__kind=ModeKind.CASH
    )
    return _sum(rows)


def sum_payouts_of_day(*, contact_id: int, day: date) -> int:
    """Return the credit that became money for a contact on a business day (spec G5).

    Payouts, and what of orders paid with credit was given back in another mode: else a refund
    would be the way around the limit. What was taken back does not count.
    """
    out = Q(purpose=Purpose.PAYOUT) | (
        Q(purpose=Purpose.REFUND, refunds__mode__kind=ModeKind.CREDIT)
        & ~Q(mode__kind=ModeKind.CREDIT)
    )
    return _sum(_of_day(contact_id, day).filter(out, direction=Direction.OUT))


def sum_cash_returned(*, order_id: int) -> int:
    """Return the cash an order has given back so far, sums owed too, in minor units (MON-03)."""
    refunded = Q(order_id=order_id, purpose=Purpose.REFUND)
    owed = Q(purpose=Purpose.OWED, pays_sum__sum_owed__refund__order_id=order_id)
    cash = Payment.objects.filter(direction=Direction.OUT, mode__kind=ModeKind.CASH)
    return _sum(cash.filter(refunded)) + _sum(cash.filter(owed))


def sum_cash_paid(*, order_id: int) -> int:
    """Return the cash that pays an order, what was corrected left out, in minor units (MON-03)."""
    return _sum(
        Payment.objects.filter(
            order_id=order_id,
            purpose=Purpose.SALE,
            direction=Direction.IN,
            mode__kind=ModeKind.CASH,
            reversed_by=None,
        )
    )


def has_recent_card_deposit(*, contact_id: int, day: date) -> bool:
    """Whether a contact put money on the credit by card within 14 days (spec G5)."""
    return Payment.objects.filter(
        contact_id=contact_id,
        purpose=Purpose.DEPOSIT,
        direction=Direction.IN,
        mode__kind__in=[ModeKind.CARD, ModeKind.ONLINE_CARD],
        business_date__gte=day - timedelta(days=RECENT_CARD_DAYS),
        reversed_by=None,
    ).exists()


def _of_day(contact_id: int, day: date) -> QuerySet[Payment]:
    return Payment.objects.filter(contact_id=contact_id, business_date=day, reversed_by=None)


def _sum(rows: QuerySet[Payment]) -> int:
    return int(rows.aggregate(total=Sum("amount_minor"))["total"] or 0)
