"""An evening whose takings are told by hand, and whoever reads its statement."""

from datetime import datetime
from typing import Any

from django.test import Client
from django.urls import reverse

from institution_settings.money import format_amount
from reports.selectors.takings import Takings, get_takings
from sales.models import Performance, Price
from sales.services import CategoryPlan, PerformancePlan, create_event, create_rate
from tests.counter import Counter
from tests.verified import findings

Row = tuple[str, str, str, int, int, int, int, str, str, str]
TOTALS = ("issued", "cancelled", "sold", "free")


class Evening:
    """*Cyrano* tonight: stalls full 25, reduced 17 and free; gallery 12.50."""

    def __init__(self, counter: Counter, starts_at: datetime) -> None:
        self.counter = counter
        for position, code in enumerate(("PLEIN", "REDUIT", "EXO")):
            create_rate(code=code, label=code.capitalize(), position=position)
        money = counter.venue.money
        stalls = {"PLEIN": money("25"), "REDUIT": money("17"), "EXO": money("0")}
        event = create_event(
            title="Cyrano de Bergerac",
            performances=[
                PerformancePlan(
                    starts_at=starts_at,
                    hall="Grande salle",
                    categories=[
                        CategoryPlan(name="Parterre", capacity=60, prices=stalls),
                        CategoryPlan(name="Galerie", capacity=20, prices={"PLEIN": money("12.50")}),
                    ],
                )
            ],
        )
        self.performance: Performance = event.performances.get()

    def seat(self, rate: str = "PLEIN", category: str = "Parterre") -> Price:
        return Price.objects.get(
            category__performance=self.performance, category__name=category, rate__code=rate
        )

    def statement(self) -> Takings:
        return get_takings(performance_id=self.performance.pk)


class Reader:
    """Somebody who asks for statements."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def get(self, name: str, *args: object, **query: object) -> Any:
        return self.client.get(reverse(f"reports:{name}", args=args), query)

    def post(self, name: str, *args: object, **typed: str) -> Any:
        return self.client.post(reverse(f"reports:{name}", args=args), typed)


def rows(takings: Takings) -> list[Row]:
    """Category, rate, price; issued, cancelled, net, free; takings, without VAT, VAT."""
    return [
        (
            category.name,
            line.rate,
            format_amount(line.price),
            line.counts.issued,
            line.counts.cancelled,
            line.counts.sold,
            line.counts.free,
            format_amount(line.counts.gross),
            format_amount(line.counts.net),
            format_amount(line.counts.vat),
        )
        for category in takings.categories
        for line in category.lines
    ]


def means(takings: Takings) -> dict[str, tuple[str, str, str]]:
    """By mode: received, given back, net."""
    return {
        each.mode: (
            format_amount(each.received),
            format_amount(each.returned),
            format_amount(each.kept),
        )
        for each in takings.means
    }


def check(takings: Takings, total: str) -> None:
    """The identities of a statement, and its total."""
    assert format_amount(takings.total.gross) == total
    assert takings.paid == takings.total.gross == takings.received - takings.returned
    assert takings.total.net + takings.total.vat == takings.total.gross
    assert not takings.difference.amount
    assert findings() == []
