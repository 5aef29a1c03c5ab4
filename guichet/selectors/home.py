"""What waits at the counter today: performances, unfinished orders, sums owed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import Q, Sum

from contacts.models import User
from institution_settings.selectors import get_institution
from payments.selectors.sums_owed import SumLine, list_sums_owed
from sales.choices import LineKind, OrderState
from sales.models import Order
from sales.selectors import PerformanceOffer, list_programme

# Of each list the most pressing rows; each leads to the page that holds them all.
SHOWN = 8
# A show that began this morning is still one of today's.
GRACE = timedelta(hours=18)


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The lists of the home page. ``date`` is the day of the performances: today, or the next."""

    date: date | None
    is_today: bool
    performances: tuple[PerformanceOffer, ...]
    baskets: tuple[Order, ...]
    reserved: tuple[Order, ...]
    owed: tuple[SumLine, ...]


def get_home(*, operator: User, now: datetime) -> Home:
    """Return what waits for an operator, in eight queries whatever there is.

    Baskets are the operator's own; reservations are those of the points of sale where they work;
    sums owed are the venue's, payable at any till, soonest due first (spec G8, CNS-02).
    """
    zone = ZoneInfo(get_institution().time_zone)
    today = now.astimezone(zone).date()
    day, performances = _next_day(now, zone, today)
    return Home(
        date=day,
        is_today=day == today,
        performances=performances,
        baskets=_baskets(operator, now),
        reserved=_reserved(operator, now),
        owed=tuple(list_sums_owed(today=today, limit=SHOWN)),
    )


def _next_day(
    now: datetime, zone: ZoneInfo, today: date
) -> tuple[date | None, tuple[PerformanceOffer, ...]]:
    """Return today's performances, or those of the next day that has some."""
    offers = list_programme(now=now, grace=GRACE)
    for day, found in groupby(offers, key=lambda offer: offer.starts_at.astimezone(zone).date()):
        if day >= today:
            return day, tuple(found)
    return None, ()


def _baskets(operator: User, now: datetime) -> tuple[Order, ...]:
    """Return the operator's own baskets that something was put in and that are not out of time."""
    rows = Order.objects.filter(
        operator=operator, state=OrderState.BASKET, expires_at__gt=now, lines__isnull=False
    )
    return _rows(rows.distinct(), "-id")


def _reserved(operator: User, now: datetime) -> tuple[Order, ...]:
    rows = Order.objects.filter(
        point_of_sale__operators=operator, state=OrderState.RESERVED, expires_at__gt=now
    )
    return _rows(rows, "expires_at")


def _rows(rows: object, first: str) -> tuple[Order, ...]:
    seats = Sum("lines__quantity", filter=Q(lines__kind=LineKind.TICKET), default=0)
    found = rows.select_related("contact").annotate(seats=seats)  # type: ignore[attr-defined]
    return tuple(found.order_by(first, "id")[:SHOWN])
