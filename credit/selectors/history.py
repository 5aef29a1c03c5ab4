"""The history of an account: any length, one page at a time, by keyset (design.md §5)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from credit.choices import MovementKind, Side
from credit.models import Movement


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A movement as the history shows it; ``reversed_by`` tells that it was taken back."""

    movement: Movement
    reversed_by_id: int | None

    @property
    def is_credit(self) -> bool:
        """Whether the amount stands in the credit column."""
        return self.movement.side == Side.CREDIT


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """One page, newest first, and the position to go on from (None at the end)."""

    lines: list[HistoryLine]
    next_before: int | None


def list_history(
    *,
    account_id: int,
    before: int | None = None,
    limit: int = 50,
    since: date | None = None,
    until: date | None = None,
    kinds: Collection[MovementKind] = (),
) -> HistoryPage:
    """Return movements of an account below position ``before``, newest first, in one query.

    ``since`` and ``until`` are business dates, both included.
    """
    found = Movement.objects.filter(account_id=account_id)
    if before is not None:
        found = found.filter(position__lt=before)
    if since:
        found = found.filter(business_date__gte=since)
    if until:
        found = found.filter(business_date__lte=until)
    if kinds:
        found = found.filter(kind__in=list(kinds))
    rows = list(
        found.select_related(
            "mode", "counterpart", "session__till", "operator", "reversed_by", "reverses"
        ).order_by("-position")[: limit + 1]
    )
    lines = [
        HistoryLine(row, getattr(getattr(row, "reversed_by", None), "pk", None))
        for row in rows[:limit]
    ]
    return HistoryPage(lines, rows[limit - 1].position if len(rows) > limit else None)


def find_movement(*, movement_id: int) -> Movement | None:
    """Return one movement with the rows it points at, else None."""
    return (
        Movement.objects.select_related(
            "account__contact", "mode", "counterpart", "session__till", "operator"
        )
        .filter(pk=movement_id)
        .first()
    )


def get_movement(*, movement_id: int) -> Movement:
    """Return one movement with the rows it points at."""
    movement: Movement = Movement.objects.select_related(
        "account__contact", "mode", "counterpart", "session__till", "operator"
    ).get(pk=movement_id)
    return movement


def list_movements_of(*, operation_id: int) -> list[Movement]:
    """Return the movements an operation wrote, in the order it wrote them."""
    return list(Movement.objects.filter(operation_id=operation_id).order_by("id"))
