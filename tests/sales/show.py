"""A show on sale, and what an operator does with it, through the services."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import TypeVar

from django.db import connection

from contacts.models import Contact
from institution_settings.models import PointOfSale
from journal.models import Entry
from journal.services import Op, perform
from sales.models import Event, Order, Performance, Price, PriceCategory, Ticket
from sales.services import (
    CategoryPlan,
    PerformancePlan,
    create_event,
    create_rate,
    lock_order,
    open_basket,
    set_quantity,
    settle_order,
    take_back,
)
from tests.venue import Venue

T = TypeVar("T")

NOW = datetime(2027, 3, 10, 18, 0, tzinfo=UTC)
STARTS_AT = datetime(2027, 3, 12, 19, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=16)


@dataclass
class Show:
    """*Cyrano de Bergerac*, one date: 6 seats in the stalls, 2 in the gallery."""

    venue: Venue
    event: Event
    performance: Performance

    def category(self, name: str = "Parterre") -> PriceCategory:
        """A price category as it stands in the database now."""
        return PriceCategory.objects.get(performance=self.performance, name=name)

    def taken(self, name: str = "Parterre") -> int:
        """Seats of a category that are not on sale any more."""
        return self.category(name).taken

    def price(self, rate: str = "PLEIN", category: str = "Parterre") -> Price:
        """The price of a seat."""
        return Price.objects.get(
            category__performance=self.performance, category__name=category, rate__code=rate
        )

    def basket(
        self,
        *,
        at: datetime = NOW,
        contact: Contact | None = None,
        point_of_sale: PointOfSale | None = None,
    ) -> Order:
        """A basket at the counter, empty."""
        return open_basket(
            point_of_sale_id=(point_of_sale or self.venue.counter).pk,
            operator=self.venue.operator,
            contact=contact,
            currency=self.venue.currency,
            minutes=15,
            now=at,
        )

    def fill(
        self,
        order: Order,
        quantity: int,
        *,
        rate: str = "PLEIN",
        category: str = "Parterre",
        at: datetime = NOW,
    ) -> Order:
        """Make the order hold so many seats."""
        return set_quantity(
            order_id=order.pk,
            price_id=self.price(rate, category).pk,
            quantity=quantity,
            now=at,
        )

    def settle(self, order: Order, *, at: datetime = NOW) -> list[Ticket]:
        """Make the order paid as payments does, without the payments."""
        desk = self.venue.desk()
        return perform(
            claim=self.venue.claim(),
            kind="test.settle",
            content={},
            register=desk.register,
            write=lambda op: settle_order(op=op, desk=desk, order=lock_order(order_id=order.pk)),
            found=lambda _operation: [],
            at=at,
        )

    def sell(self, quantity: int = 2, *, contact: Contact | None = None) -> list[Ticket]:
        """Sell so many seats in the stalls at full price."""
        order = self.basket(contact=contact)
        self.fill(order, quantity)
        return self.settle(order)

    def give_back(self, tickets: Sequence[Ticket], *, at: datetime = NOW) -> None:
        """Take tickets back as payments does, without the money."""
        desk = self.venue.desk()

        def write(op: Op) -> None:
            for order_id in sorted({ticket.order_id for ticket in tickets}):
                lock_order(order_id=order_id)
            take_back(op=op, desk=desk, tickets=tickets)

        perform(
            claim=self.venue.claim(),
            kind="test.take_back",
            content={},
            register=desk.register,
            write=write,
            found=lambda _operation: None,
            at=at,
        )


def build_show(venue: Venue) -> Show:
    """Put the show on sale and open till G1 two days before."""
    create_rate(code="PLEIN", label="Plein tarif", position=1)
    create_rate(code="REDUIT", label="Tarif réduit", position=2)
    create_rate(code="EXO", label="Exonéré", position=3)
    stalls = {"PLEIN": "25", "REDUIT": "17", "EXO": "0"}
    gallery = {"PLEIN": "12.50"}
    event = create_event(
        title="Cyrano de Bergerac",
        subtitle="Edmond Rostand",
        genre="Théâtre",
        performances=[
            PerformancePlan(
                starts_at=STARTS_AT,
                hall="Grande salle",
                categories=[
                    CategoryPlan(
                        name=name,
                        capacity=capacity,
                        prices={rate: venue.money(amount) for rate, amount in prices.items()},
                    )
                    for name, capacity, prices in (
                        ("Parterre", 6, stalls),
                        ("Galerie", 2, gallery),
                    )
                ],
            )
        ],
    )
    venue.open("G1", at=NOW)
    return Show(venue=venue, event=event, performance=event.performances.get())


def sealed(kind: str) -> list[dict[str, object]]:
    """The payloads of the entries of a kind, oldest first."""
    entries = Entry.objects.filter(kind=kind).order_by("chain__code", "number")
    return [json.loads(entry.payload) for entry in entries]


def at_once(acts: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Do all acts at the same moment, each on a connection of its own; refusals are results."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], T]) -> T | Exception:
        try:
            gate.wait(timeout=30)
            return act()
        except Exception as error:  # noqa: BLE001 (whatever it is, the test says what it expects)
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(acts)) as threads:
        return list(threads.map(run, acts))
