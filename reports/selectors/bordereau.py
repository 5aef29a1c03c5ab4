"""(a) Bordereau des mouvements de compte d'avoir: rows, groups and totals of one filter (R1).

All movements of one or several tills, in the order they were written. Columns, groups and recaps
are those of ``fiscal.md`` §7.2 (a), with both mode columns; renderers add nothing up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from credit.models import Movement
from institution_settings.money import format_datetime, zero
from journal.selectors import entry_numbers
from payments.choices import Purpose
from payments.models import Payment
from reports.selectors.accounts import Accounts, get_accounts
from reports.selectors.columns import Column, Line, list_columns, style_of
from reports.selectors.filters import ORDER_KINDS, BordereauFilter, find_movements
from reports.selectors.recaps import Matrix, Recap, get_matrix, list_recaps
from reports.selectors.sums import Sums, add_shares, add_sums, list_shares
from sales.selectors import list_order_labels

# This many rows take a page one second and a paper ten; longer periods show their totals.
MOST_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """A line, its cells, one for each column, and the sums so far.

    ``carried`` is what a page that ends here carries over to the next (RPT-00).
    """

    line: Line
    cells: list[tuple[Column, str]]
    carried: Sums


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
    columns: tuple[Column, ...]
    tills: list[TillGroup]
    sums: Sums
    is_long: bool
    recaps: list[Recap]
    accounts: Accounts
    matrix: Matrix | None

    @property
    def rows(self) -> list[Row]:
        """All rows, in order."""
        return [row for till in self.tills for day in till.days for row in day.rows]

    @property
    def before_amounts(self) -> int:
        """How many columns stand before Débit: what the name of a total spans."""
        return [column.code for column in self.columns].index("debit")

    @property
    def has_balance(self) -> bool:
        """Whether the balance after each movement is shown."""
        return self.columns[-1].code == "balance"


def get_bordereau(
    *,
    filter: BordereauFilter,  # noqa: A002 (the report's own word)
    with_balance: bool = False,
) -> Bordereau:
    """Return the bordereau of a filter: totals always, rows unless there are too many."""
    found, columns = find_movements(filter=filter), list_columns(with_balance=with_balance)
    shares = list_shares(found)
    sums = add_shares(shares, currency=filter.currency)
    is_long = sums.count > MOST_ROWS
    rows = [] if is_long else _rows(found, columns)
    return Bordereau(
        filter=filter,
        columns=columns,
        tills=list(_tills(rows, filter.currency)),
        sums=sums,
        is_long=is_long,
        recaps=list_recaps(shares, currency=filter.currency),
        accounts=get_accounts(shares, currency=filter.currency),
        matrix=get_matrix(shares, currency=filter.currency),
    )


def _rows(found: QuerySet[Movement], columns: Sequence[Column]) -> list[Row]:
    movements = list(
        found.select_related("account__contact", "mode", "counterpart", "session__till", "operator")
    )
    ids = [movement.pk for movement in movements]
    taken_back = [movement.reverses_id for movement in movements if movement.reverses_id]
    numbers = entry_numbers(subject_kind="movement", subject_ids=[*ids, *taken_back])
    movements.sort(key=lambda movement: _order(movement, numbers))
    orders = list_order_labels(numbers={m.reference for m in movements if m.reference})
    receipts = _receipts(ids)
    lines = [
        Line(
            line=line,
            number=numbers.get(movement.pk, ""),
            reference=movement.reference or receipts.get(movement.pk, ""),
            label=_label(movement, numbers, orders),
            counterpart=_counterpart(movement),
            movement=movement,
        )
        for line, movement in enumerate(movements, start=1)
    ]
    return [
        Row(line, [(column, column.show(line)) for column in columns], carried)
        for line, carried in zip(lines, _carried(lines), strict=True)
    ]


def _carried(lines: Sequence[Line]) -> Iterable[Sums]:
    """The sums of the lines up to each of them."""
    if not lines:
        return
    debits = credits_ = zero(lines[0].movement.currency)
    for line in lines:
        debits += line.debit or 0
        credits_ += line.credit or 0
        yield Sums(line.line, debits, credits_)


def _order(movement: Movement, numbers: dict[int, str]) -> tuple[object, ...]:
    """Till, business date, time; within one instant the order of the journal (§7.2)."""
    number = numbers.get(movement.pk, "")
    till = movement.session.till.code
    return till, movement.business_date, movement.at, len(number), number, movement.pk


def _receipts(movement_ids: Sequence[int]) -> dict[int, str]:
    """The receipt of each deposit and payout: the number of its payment's entry (MON-05)."""
    payments = dict(
        Payment.objects.filter(
            movement_id__in=movement_ids, purpose__in=[Purpose.DEPOSIT, Purpose.PAYOUT]
        ).values_list("pk", "movement_id")
    )
    numbers = entry_numbers(subject_kind="payment", subject_ids=payments)
    return {payments[pk] or 0: number for pk, number in numbers.items()}


def _label(
    movement: Movement, numbers: dict[int, str], orders: dict[str, tuple[str, datetime | None]]
) -> str:
    """What it was for: the show and when, the reason, or the operation taken back (CP de n°)."""
    reason = capfirst(movement.get_reason_display()) if movement.reason else ""
    if movement.reverses_id:
        number = numbers.get(movement.reverses_id, "")
        back = _("Takes back no. %(number)s") % {"number": number}
        return f"{back}, {reason.lower()}" if reason else back
    show, starts_at = orders.get(movement.reference, ("", None))
    if starts_at:
        show = f"{show} – {format_datetime(starts_at, style=style_of(movement))}"
    return reason or show


def _counterpart(movement: Movement) -> str:
    if movement.counterpart:
        return movement.counterpart.label
    return pgettext("purchase", "Order") if movement.kind in ORDER_KINDS else ""


def _tills(rows: Sequence[Row], currency: str) -> Iterable[TillGroup]:
    for till, of_till in groupby(rows, key=lambda row: row.line.movement.session.till):
        days = list(_days(list(of_till), currency))
        sums = add_sums([day.sums for day in days], currency=currency)
        yield TillGroup(code=till.code, label=till.label, days=days, sums=sums)


def _days(rows: Sequence[Row], currency: str) -> Iterable[DayGroup]:
    for day, of_day in groupby(rows, key=lambda row: row.line.movement.business_date):
        listed = list(of_day)
        sessions = sorted({str(row.line.movement.session) for row in listed})
        yield DayGroup(day=day, sessions=sessions, rows=listed, sums=_sum_rows(listed, currency))


def _sum_rows(rows: Sequence[Row], currency: str) -> Sums:
    nothing = zero(currency)
    return Sums(
        count=len(rows),
        debits=sum((row.line.debit for row in rows if row.line.debit), nothing),
        credits=sum((row.line.credit for row in rows if row.line.credit), nothing),
    )
