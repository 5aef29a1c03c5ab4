"""What the payments of each Z say of credit: the other side of identity I6 (fiscal.md §7.3)."""

from datetime import date

from django.db.models import QuerySet, Sum

from credit.choices import MovementKind, Side
from institution_settings.choices import ModeKind
from payments.choices import Direction, Purpose
from payments.models import Payment

# Session, kind and side of the movement, and the mode: of an order the credit mode, else the
# money mode or type of voucher.
LineKey = tuple[int, str, str, int | None]

_MOVED = {
    (Purpose.SALE, Direction.IN): (MovementKind.PAYMENT, Side.DEBIT),
    (Purpose.REFUND, Direction.OUT): (MovementKind.REFUND, Side.CREDIT),
    (Purpose.DEPOSIT, Direction.IN): (MovementKind.DEPOSIT, Side.CREDIT),
    (Purpose.DEPOSIT, Direction.OUT): (MovementKind.DEPOSIT, Side.DEBIT),
    (Purpose.PAYOUT, Direction.OUT): (MovementKind.PAYOUT, Side.DEBIT),
    (Purpose.PAYOUT, Direction.IN): (MovementKind.PAYOUT, Side.CREDIT),
}


def sum_credit_lines(*, first: date, last: date, currency: str) -> dict[LineKey, int]:
    """Return what the Zs took from and gave to credit, in minor units, as movements tell it.

    Order payments and refunds in a credit mode; deposits and payouts, corrections on the other
    side; surplus of vouchers, which is what they were worth less what they paid.
    """
    found = Payment.objects.filter(
        business_date__gte=first, business_date__lte=last, currency=currency
    )
    orders = found.filter(purpose__in=[Purpose.SALE, Purpose.REFUND], mode__kind=ModeKind.CREDIT)
    money = found.filter(purpose__in=[Purpose.DEPOSIT, Purpose.PAYOUT])
    surplus = found.filter(surplus_minor__gt=0)
    lines = _lines(orders) | _lines(money)
    for session, mode, total in surplus.values_list("session_id", "mode_id").annotate(
        total=Sum("surplus_minor")
    ):
        lines[session, str(MovementKind.SURPLUS), str(Side.CREDIT), mode] = total
    return lines


def _lines(found: QuerySet[Payment]) -> dict[LineKey, int]:
    rows = found.values_list("session_id", "mode_id", "purpose", "direction").annotate(
        total=Sum("amount_minor")
    )
    lines: dict[LineKey, int] = {}
    for session, mode, purpose, direction, total in rows:
        # Money that went the other way is no movement of any kind: it shows as a difference.
        kind, side = _MOVED.get((Purpose(purpose), Direction(direction)), (purpose, direction))
        lines[session, str(kind), str(side), mode] = total
    return lines
