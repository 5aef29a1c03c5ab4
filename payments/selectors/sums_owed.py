"""Reading what is still owed to customers, the soonest due first (CNS-02)."""

from dataclasses import dataclass
from datetime import date, timedelta

from payments.models import SumOwed

ALERT_DAYS = 10  # after the refund: CNS-02
DUE_DAYS = 14


@dataclass(frozen=True, slots=True)
class SumLine:
    """A sum still owed, as seen on a day of the venue."""

    owed: SumOwed
    today: date

    @property
    def days_left(self) -> int:
        """Days until it is due; negative once it is late."""
        return (self.owed.due_on - self.today).days

    @property
    def is_urgent(self) -> bool:
        """Whether the tenth day has come."""
        return self.days_left <= DUE_DAYS - ALERT_DAYS

    @property
    def is_late(self) -> bool:
        """Whether the day is over."""
        return self.days_left < 0


def list_sums_owed(*, today: date, limit: int | None = None) -> list[SumLine]:
    """Return the sums that nobody paid yet, the soonest due first, in one query."""
    rows = SumOwed.objects.filter(settled=None).select_related(
        "refund__order__contact", "refund__run_line__run__performance__event"
    )
    found = rows.order_by("due_on", "pk")
    return [SumLine(owed, today) for owed in (found[:limit] if limit else found)]


def find_sum_owed(*, sum_id: int) -> SumOwed | None:
    """Return a sum owed, paid or not, with its order and who paid it; None if there is none."""
    return (
        SumOwed.objects.select_related(
            "refund__order__contact",
            "settled__payment__mode",
            "settled__payment__operator",
            "settled__payment__session__till__point_of_sale",
        )
        .filter(pk=sum_id)
        .first()
    )


def count_urgent(*, today: date) -> int:
    """Return how many sums nobody paid yet whose tenth day has come."""
    last = today + timedelta(days=DUE_DAYS - ALERT_DAYS)
    return SumOwed.objects.filter(settled=None, due_on__lte=last).count()
