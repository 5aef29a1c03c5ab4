"""Movements counted and summed, by the database."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum
from moneyed import Money

from credit.choices import Side
from credit.models import Movement
from institution_settings.money import from_minor


@dataclass(frozen=True, slots=True)
class Sums:
    """Movements counted and summed; the net is credits less debits."""

    count: int
    debits: Money
    credits: Money

    @property
    def net(self) -> Money:
        """What the customers' credit grew by."""
        return self.credits - self.debits


def sum_movements(found: QuerySet[Movement], *, currency: str) -> Sums:
    """Return count, debits and credits of a query, added up by the database."""
    by_side = {
        row["side"]: row
        for row in found.order_by()
        .values("side")
        .annotate(count=Count("id"), total=Sum("amount_minor"))
    }
    return sums_of(by_side, currency)


def sums_of(by_side: dict[str, dict[str, int]], currency: str) -> Sums:
    """Return ``Sums`` of rows ``{side: {count, total}}``."""
    nothing = {"count": 0, "total": 0}
    debit, credit = by_side.get(Side.DEBIT, nothing), by_side.get(Side.CREDIT, nothing)
    return Sums(
        count=debit["count"] + credit["count"],
        debits=from_minor(debit["total"], currency),
        credits=from_minor(credit["total"], currency),
    )
