"""The statement of takings of a performance, *relevé de recettes* (BIL-08, fiscal.md I11).

Tickets by category, rate, price and VAT rate; then how they were paid, from the shares stored with
each payment: whatever sells or takes back tickets is in both.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, Sum
from moneyed import Money

from institution_settings.models import Institution
from institution_settings.money import from_minor
from institution_settings.selectors import get_institution
from journal.selectors import entry_numbers, snapshot
from payments.choices import Direction
from payments.models import PaymentShare
from sales.choices import TicketState
from sales.models import Performance, Printout, Ticket
from sales.selectors import Attendance, count_attendance

# Tickets whose numbers are looked up at once; databases bound the parameters of a statement.
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Counts:
    """Tickets counted and summed, in minor units; ``free`` are among those not cancelled."""

    currency: str
    issued: int = 0
    cancelled: int = 0
    free: int = 0
    gross_minor: int = 0
    net_minor: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.currency,
            self.issued + other.issued,
            self.cancelled + other.cancelled,
            self.free + other.free,
            self.gross_minor + other.gross_minor,
            self.net_minor + other.net_minor,
        )

    @property
    def sold(self) -> int:
        """Tickets that are valid: issued less cancelled."""
        return self.issued - self.cancelled

    @property
    def gross(self) -> Money:
        """Takings, VAT included."""
        return from_minor(self.gross_minor, self.currency)

    @property
    def net(self) -> Money:
        """Takings without VAT."""
        return from_minor(self.net_minor, self.currency)

    @property
    def vat(self) -> Money:
        """The VAT within the takings."""
        return from_minor(self.gross_minor - self.net_minor, self.currency)


@dataclass(frozen=True, slots=True)
class Line:
    """Tickets of one category, rate, price and VAT rate; numbers by till, as they are unbroken."""

    rate: str
    price: Money
    vat_rate: Decimal
    first_numbers: tuple[str, ...]
    last_numbers: tuple[str, ...]
    counts: Counts


@dataclass(frozen=True, slots=True)
class CategoryLines:
    """The lines of a category, and their sum."""

    name: str
    lines: tuple[Line, ...]
    counts: Counts


@dataclass(frozen=True, slots=True)
class Means:
    """What one payment mode brought for this performance, and what it gave back."""

    mode: str
    received: Money
    returned: Money

    @property
    def kept(self) -> Money:
        """What is left; less than nothing where it gave back what another mode had brought."""
        return self.received - self.returned


@dataclass(frozen=True, slots=True)
class Papers:
    """What the printers used for a performance: tickets, duplicates, slips (BIL-08)."""

    originals: int
    duplicates: int
    slips: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Takings:
    """The statement of one performance."""

    performance: Performance
    currency: str
    categories: tuple[CategoryLines, ...]
    total: Counts
    means: tuple[Means, ...]
    attendance: Attendance
    papers: Papers

    @property
    def paid(self) -> Money:
        """What all modes kept: by I11 what the tickets cost."""
        return sum((each.kept for each in self.means), from_minor(0, self.currency))

    @property
    def received(self) -> Money:
        """What came in by all modes."""
        return sum((each.received for each in self.means), from_minor(0, self.currency))

    @property
    def returned(self) -> Money:
        """What was given back by all modes."""
        return sum((each.returned for each in self.means), from_minor(0, self.currency))

    @property
    def difference(self) -> Money:
        """What is wrong with I11; nothing, or the books are."""
        return self.paid - self.total.gross


class _Row(NamedTuple):
    pk: int
    category: str
    rate: str
    price_minor: int
    net_minor: int
    vat_rate: Decimal
    state: str


_COLUMNS = (
    "pk",
    "line__category__name",
    "line__rate__label",
    "price_minor",
    "net_minor",
    "vat_rate",
    "state",
)


def get_takings(*, performance_id: int) -> Takings:
    """Return the statement of a performance as of one instant; ``Performance.DoesNotExist``.

    Its cost grows with the tickets of the performance, not with the books.
    """
    with snapshot():
        performance = Performance.objects.select_related("event").get(pk=performance_id)
        currency = get_institution().currency
        categories = _categories(performance, currency)
        return Takings(
            performance=performance,
            currency=currency,
            categories=categories,
            total=_sum((each.counts for each in categories), currency),
            means=_means(performance, currency),
            attendance=count_attendance(performance_id=performance.pk),
            papers=_papers(performance),
        )


def _categories(performance: Performance, currency: str) -> tuple[CategoryLines, ...]:
    rows = [
        _Row(*row)
        for row in Ticket.objects.filter(performance=performance)
        .order_by(
            "line__category__position",
            "line__category_id",
            "line__rate__position",
            "line__rate_id",
            "-price_minor",
            "vat_rate",
            "pk",
        )
        .values_list(*_COLUMNS)
    ]
    numbers = _numbers([row.pk for row in rows])
    found = []
    for name, inside in groupby(rows, key=lambda row: row.category):
        lines = tuple(
            _line(list(group), numbers, currency)
            for _same, group in groupby(
                inside, key=lambda row: (row.rate, row.price_minor, row.vat_rate)
            )
        )
        found.append(CategoryLines(name, lines, _sum((line.counts for line in lines), currency)))
    return tuple(found)


def _numbers(ticket_ids: list[int]) -> dict[int, str]:
    numbers: dict[int, str] = {}
    for start in range(0, len(ticket_ids), CHUNK):
        chunk = ticket_ids[start : start + CHUNK]
        numbers |= entry_numbers(subject_kind="ticket", subject_ids=chunk)
    return numbers


def _line(rows: list[_Row], numbers: dict[int, str], currency: str) -> Line:
    by_till: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in rows:
        till, _dash, digits = numbers.get(row.pk, "").rpartition("-")
        if digits:
            by_till[till].append((int(digits), numbers[row.pk]))
    valid = [row for row in rows if row.state == TicketState.VALID]
    first = rows[0]
    return Line(
        rate=first.rate,
        price=from_minor(first.price_minor, currency),
        vat_rate=first.vat_rate,
        first_numbers=tuple(min(by_till[till])[1] for till in sorted(by_till)),
        last_numbers=tuple(max(by_till[till])[1] for till in sorted(by_till)),
        counts=Counts(
            currency,
            issued=len(rows),
            cancelled=len(rows) - len(valid),
            free=sum(row.price_minor == 0 for row in valid),
            gross_minor=sum(row.price_minor for row in valid),
            net_minor=sum(row.net_minor for row in valid),
        ),
    )


def _sum(counts: Iterable[Counts], currency: str) -> Counts:
    return sum(counts, Counts(currency))


def _means(performance: Performance, currency: str) -> tuple[Means, ...]:
    rows = (
        PaymentShare.objects.filter(performance=performance)
        .order_by("payment__mode__position", "payment__mode__code")
        .values_list("payment__mode__label", "payment__mode__position", "payment__mode__code")
        .annotate(
            received=Sum("amount_minor", filter=Q(payment__direction=Direction.IN), default=0),
            returned=Sum("amount_minor", filter=Q(payment__direction=Direction.OUT), default=0),
        )
    )
    return tuple(
        Means(label, from_minor(received, currency), from_minor(returned, currency))
        for label, _position, _code, received, returned in rows
    )


def _papers(performance: Performance) -> Papers:
    printed = Printout.objects.filter(ticket__performance=performance).aggregate(
        originals=Count("id", filter=Q(copy=0)), duplicates=Count("id", filter=Q(copy__gt=0))
    )
    cancelled = Ticket.objects.filter(performance=performance, state=TicketState.CANCELLED)
    return Papers(printed["originals"], printed["duplicates"], cancelled.count())


def list_performances(*, day: date, days: int = 1) -> list[Performance]:
    """Return the performances that begin on some days of the venue, whatever became of them."""
    venue: Institution = get_institution()
    zone = ZoneInfo(venue.time_zone)
    begin = datetime.combine(day, venue.day_starts_at, tzinfo=zone)
    end = datetime.combine(day + timedelta(days=days), venue.day_starts_at, tzinfo=zone)
    return list(
        Performance.objects.filter(starts_at__gte=begin, starts_at__lt=end)
        .select_related("event")
        .order_by("starts_at", "pk")
    )
