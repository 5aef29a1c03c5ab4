"""Reading an order while it is sold: its lines, the programme by day, seats of one performance."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, Subquery
from moneyed import Money

from credit.selectors import Standing, get_standing
from sales.choices import UNPAID_STATES, OrderState, TicketState
from sales.models import Order, OrderLine, Price, Ticket
from sales.selectors import PerformanceOffer


@dataclass(frozen=True, slots=True)
class BasketLine:
    """A line, and the price its quantity is changed by: None if that seat has no price any more."""

    line: OrderLine
    price_id: int | None


@dataclass(frozen=True, slots=True)
class Basket:
    """An order being sold: its lines, and what its purchaser has."""

    order: Order
    lines: tuple[BasketLine, ...]
    standing: Standing | None
    exchanged: tuple[Ticket, ...] = ()

    @property
    def exchanged_minor(self) -> int:
        """What the tickets are worth that are taken back for it."""
        return sum(ticket.price_minor for ticket in self.exchanged)

    @property
    def is_open(self) -> bool:
        """Whether it may still be changed and paid here."""
        return self.order.state in {OrderState.BASKET, OrderState.RESERVED}

    @property
    def is_paid(self) -> bool:
        """Whether it was paid, here or in another window."""
        return self.order.state == OrderState.PAID

    @property
    def count(self) -> int:
        """Seats and vouchers in it."""
        return sum(row.line.quantity for row in self.lines)

    def held(self, price_id: int) -> int:
        """How many seats at a price it holds."""
        return sum(row.line.quantity for row in self.lines if row.price_id == price_id)


def get_basket(*, order_id: int, point_of_sale_id: int) -> Basket:
    """Return an order that is sold at a point of sale, or one reserved anywhere.

    Three queries whatever it holds, one more for an order linked to another.
    ``Order.DoesNotExist`` for the baskets of other points of sale: those of the web shop are
    their customers' own.
    """
    here = Q(point_of_sale_id=point_of_sale_id) | Q(state=OrderState.RESERVED)
    order = Order.objects.select_related("contact", "linked_to").filter(here).get(pk=order_id)
    price = Price.objects.filter(category=OuterRef("category"), rate=OuterRef("rate"))
    lines = (
        OrderLine.objects.filter(order=order)
        .select_related("category__performance", "rate")
        .annotate(price=Subquery(price.values("pk")[:1]))
        .order_by("id")
    )
    standing = None
    if order.contact_id is not None:
        standing = get_standing(contact_id=order.contact_id, currency=order.currency)
    return Basket(
        order=order,
        lines=tuple(BasketLine(line, getattr(line, "price", None)) for line in lines),
        standing=standing,
        exchanged=_exchanged(order) if order.linked_to_id else (),
    )


def _exchanged(order: Order) -> tuple[Ticket, ...]:
    """Return the tickets taken back for an order, as far as nobody else took them meanwhile."""
    valid = order.exchanged_tickets.filter(state=TicketState.VALID)
    return tuple(valid.order_by("pk"))


def find_empty_basket(*, point_of_sale_id: int, operator_id: int, now: datetime) -> Order | None:
    """Return the operator's own basket that nothing was put in yet: no need for another one."""
    return (
        Order.objects.filter(
            point_of_sale_id=point_of_sale_id,
            operator_id=operator_id,
            state=OrderState.BASKET,
            contact=None,
            linked_to=None,
            lines=None,
            expires_at__gt=now,
        )
        .order_by("-id")
        .first()
    )


def get_paid_order(*, order_id: int) -> Order | None:
    """Return a paid order, which another one may add to (spec G2); None if it is not."""
    return Order.objects.filter(pk=order_id, state=OrderState.PAID).first()


def count_unpaid_vouchers(*, order_id: int, amount: Money, article: str) -> int:
    """Return how many vouchers of this type and value an unpaid order sells already."""
    rows = OrderLine.objects.filter(
        order_id=order_id,
        kind="voucher",
        article=article,
        order__state__in=UNPAID_STATES,
        currency=amount.currency,
    )
    return sum(1 for line in rows if line.unit == amount)


@dataclass(frozen=True, slots=True)
class ProgrammeDay:
    """What is on at a day of the venue; ``days_ahead`` is 0 today and 1 tomorrow."""

    date: date
    days_ahead: int
    offers: tuple[PerformanceOffer, ...]


def by_day(
    offers: Iterable[PerformanceOffer], *, now: datetime, zone: ZoneInfo
) -> Iterator[ProgrammeDay]:
    """Return performances, soonest first, day by day."""
    today = now.astimezone(zone).date()
    for day, found in groupby(offers, key=lambda offer: offer.starts_at.astimezone(zone).date()):
        yield ProgrammeDay(date=day, days_ahead=(day - today).days, offers=tuple(found))
