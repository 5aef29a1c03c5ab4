"""What a bordereau is asked for, and the movements that answer."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from contacts.models import User
from credit.choices import MovementKind
from credit.models import Movement

# The counterpart of what orders paid with credit or gave back to it (fiscal.md, decisions).
ORDERS = "COMMANDE"
ORDER_KINDS = (MovementKind.PAYMENT, MovementKind.REFUND)


@dataclass(frozen=True, slots=True, kw_only=True)
class BordereauFilter:
    """Business dates, both included, and codes; an empty tuple means all.

    ``sessions`` are Zs: code of the till, number. ``counterparts`` may name ``ORDERS`` besides
    modes. ``opened_by`` keeps an operator to own sessions.
    """

    first: date
    last: date
    currency: str
    tills: tuple[str, ...] = ()
    sessions: tuple[tuple[str, int], ...] = ()
    operators: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    counterparts: tuple[str, ...] = ()
    opened_by: User | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing but the period narrows it: then the identities hold (R4)."""
        return self == BordereauFilter(first=self.first, last=self.last, currency=self.currency)


def find_movements(*, filter: BordereauFilter) -> QuerySet[Movement]:  # noqa: A002
    """Return the movements a filter asks for; rows, totals, recaps and controls start here."""
    found = Movement.objects.filter(
        business_date__gte=filter.first,
        business_date__lte=filter.last,
        currency=filter.currency,
    )
    for name, wanted in (
        ("session__till__code__in", filter.tills),
        ("operator__code__in", filter.operators),
        ("kind__in", filter.kinds),
        ("mode__code__in", filter.modes),
    ):
        if wanted:
            found = found.filter(**{name: wanted})
    if filter.sessions:
        found = found.filter(_sessions(filter.sessions))
    if filter.counterparts:
        found = found.filter(_counterparts(filter.counterparts))
    if filter.opened_by is not None:
        found = found.filter(session__opened_by=filter.opened_by)
    return found


def _sessions(wanted: tuple[tuple[str, int], ...]) -> Q:
    chosen = Q()
    for till, number in wanted:
        chosen |= Q(session__till__code=till, session__number=number)
    return chosen


def _counterparts(wanted: tuple[str, ...]) -> Q:
    chosen = Q(counterpart__code__in=wanted)
    return chosen | Q(kind__in=ORDER_KINDS) if ORDERS in wanted else chosen
