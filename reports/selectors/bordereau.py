"""(a) Bordereau des mouvements de compte d'avoir: rows, groups and totals of one query (R1).

All movements of one or several tills, in the order they were written. Columns, groups and recaps
are those of ``fiscal.md`` §7.2 (a), with both mode columns; renderers add nothing up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.db.models import QuerySet
from moneyed import Money

from credit.choices import Side
from credit.models import Movement
from institution_settings.money import from_minor
from journal.selectors import entry_numbers
from reports.selectors.recaps import Recap, list_recaps
from reports.selectors.sums import Sums, sum_movements
from sales.selectors import list_order_labels

# Longer periods are edited in the background (issue of the three reports); a screen and a paper
# that somebody waits for hold this many rows.
MOST_ROWS = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class BordereauFilter:
    """What is asked for: business dates, both included; an empty tuple means all."""

    first: date
    last: date
    currency: str
    till_ids: tuple[int, ...] = ()
    session_ids: tuple[int, ...] = ()
    operator_ids: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    mode_ids: tuple[int, ...] = ()
    counterpart_ids: tuple[int, ...] = ()
    only_sessions_of: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing but the period narrows it: then the identities hold (R4)."""
        return not (
            self.till_ids
            or self.session_ids
            or self.operator_ids
            or self.kinds
            or self.mode_ids
            or self.counterpart_ids
            or self.only_sessions_of
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One movement with what its columns show."""

    line: int
    number: str
    movement: Movement
    label: str

    @property
    def debit(self) -> Money | None:
        """The amount, where it lowers the balance."""
        return self.movement.amount if self.movement.side == Side.DEBIT else None

    @property
    def credit(self) -> Money | None:
        """The amount, where it raises the balance."""
        return self.movement.amount if self.movement.side == Side.CREDIT else None


@dataclass(frozen=True, slots=True)
class DayGroup:
    """One business date of a till, with the numbers of its Zs."""

    day: date
    sessions: list[str]
    rows: list[Row]
    sums: Sums


@dataclass(frozen=True, slots=True)
class TillGroup:
    """One till, its days and its totals."""

    code: str
    label: str
    days: list[DayGroup]
    sums: Sums


@dataclass(frozen=True, slots=True)
class Bordereau:
    """The whole report; ``tills`` is empty where there are more than ``MOST_ROWS`` rows."""

    filter: BordereauFilter
    tills: list[TillGroup]
    sums: Sums
    is_long: bool
    recaps: list[Recap] = field(default_factory=list)


def get_bordereau(*, filter: BordereauFilter) -> Bordereau:  # noqa: A002 (the report's own word)
    """Return the bordereau of a filter: totals always, rows unless there are too many."""
    found = find_movements(filter=filter)
    sums = sum_movements(found, currency=filter.currency)
    is_long = sums.count > MOST_ROWS
    rows = [] if is_long else _rows(found)
    return Bordereau(
        filter=filter,
        tills=list(_tills(rows, filter.currency)),
        sums=sums,
        is_long=is_long,
        recaps=list_recaps(found, currency=filter.currency),
    )


def find_movements(*, filter: BordereauFilter) -> QuerySet[Movement]:  # noqa: A002
    """Return the movements a filter asks for; rows, totals and recaps all start here."""
    found = Movement.objects.filter(
        business_date__gte=filter.first,
        business_date__lte=filter.last,
        currency=filter.currency,
    )
    for name, wanted in (
        ("session__till_id__in", filter.till_ids),
        ("session_id__in", filter.session_ids),
        ("operator_id__in", filter.operator_ids),
        ("kind__in", filter.kinds),
        ("mode_id__in", filter.mode_ids),
        ("counterpart_id__in", filter.counterpart_ids),
    ):
        if wanted:
            found = found.filter(**{name: wanted})
    if filter.only_sessions_of is not None:
        found = found.filter(session__opened_by_id=filter.only_sessions_of)
    return found


def _rows(found: QuerySet[Movement]) -> list[Row]:
    movements = list(
        found.select_related(
            "account__contact",
            "mode",
            "counterpart",
            "session__till",
            "operator",
            "reverses",
        ).order_by("session__till__code", "business_date", "at", "id")
    )
    ids = [movement.pk for movement in movements]
    taken_back = [movement.reverses_id for movement in movements if movement.reverses_id]
    numbers = entry_numbers(subject_kind="movement", subject_ids=[*ids, *taken_back])
    labels = list_order_labels(numbers={m.reference for m in movements if m.reference})
    return [
        Row(
            line=line,
            number=numbers.get(movement.pk, ""),
            movement=movement,
            label=_label(movement, numbers, labels),
        )
        for line, movement in enumerate(movements, start=1)
    ]


def _label(movement: Movement, numbers: dict[int, str], labels: dict[str, str]) -> str:
    """What it was for: the show, the reason, or the operation taken back (CP de n°)."""
    if movement.reverses_id:
        return f"CP de n° {numbers.get(movement.reverses_id, '')}"
    if movement.reason:
        return str(movement.get_reason_display())
    return labels.get(movement.reference, "")


def _tills(rows: Sequence[Row], currency: str) -> Iterable[TillGroup]:
    for till, of_till in groupby(rows, key=lambda row: row.movement.session.till):
        days = list(_days(list(of_till), currency))
        sums = _add([day.sums for day in days], currency)
        yield TillGroup(code=till.code, label=till.label, days=days, sums=sums)


def _days(rows: Sequence[Row], currency: str) -> Iterable[DayGroup]:
    for day, of_day in groupby(rows, key=lambda row: row.movement.business_date):
        listed = list(of_day)
        sessions = sorted({str(row.movement.session) for row in listed})
        yield DayGroup(day=day, sessions=sessions, rows=listed, sums=_sum_rows(listed, currency))


def _sum_rows(rows: Sequence[Row], currency: str) -> Sums:
    zero = from_minor(0, currency)
    return Sums(
        count=len(rows),
        debits=sum((row.debit for row in rows if row.debit), zero),
        credits=sum((row.credit for row in rows if row.credit), zero),
    )


def _add(parts: Sequence[Sums], currency: str) -> Sums:
    zero = from_minor(0, currency)
    return Sums(
        count=sum(part.count for part in parts),
        debits=sum((part.debits for part in parts), zero),
        credits=sum((part.credits for part in parts), zero),
    )
