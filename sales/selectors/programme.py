"""What can be bought: performances, their categories and prices, and how many seats are left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Prefetch, QuerySet, Sum
from moneyed import Money

from contacts.search import fold
from institution_settings.money import from_minor, to_minor
from sales.choices import PerformanceState
from sales.models import OrderLine, Performance, Price, PriceCategory
from sales.selectors.orders import lapsed_orders

# A counter still sells to latecomers for so long after the start.
LATE_SALES = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class PriceOffer:
    """A seat at a rate; ``id`` is what a basket is filled with."""

    id: int
    rate_code: str
    rate_label: str
    amount: Money
    vat_rate: Decimal


@dataclass(frozen=True, slots=True)
class CategoryOffer:
    """A price category with what is left, and its prices in the order of the rates."""

    id: int
    name: str
    capacity: int
    left: int
    prices: tuple[PriceOffer, ...]


@dataclass(frozen=True, slots=True)
class PerformanceOffer:
    """One date of an event as it is offered."""

    id: int
    event_id: int
    title: str
    subtitle: str
    genre: str
    colour: str
    starts_at: datetime
    hall: str
    state: str
    categories: tuple[CategoryOffer, ...]

    @property
    def capacity(self) -> int:
        """Seats of all categories."""
        return sum(category.capacity for category in self.categories)

    @property
    def left(self) -> int:
        """Seats left in all categories."""
        return sum(category.left for category in self.categories)

    @property
    def lowest(self) -> Money | None:
        """The lowest price asked, free rates apart; None where nothing costs anything."""
        amounts = [
            price.amount
            for category in self.categories
            for price in category.prices
            if price.amount.amount > 0
        ]
        return min(amounts, default=None)


def list_programme(
    *, now: datetime, text: str = "", limit: int = 50, grace: timedelta = LATE_SALES
) -> list[PerformanceOffer]:
    """Return the performances on sale that begin after ``now - grace``, soonest first.

    ``text`` finds by title, author or genre, without case or accents. The shop gives no grace.
    Four queries, whatever the number of rows.
    """
    found = Performance.objects.filter(state=PerformanceState.ON_SALE, starts_at__gt=now - grace)
    for word in fold(text).split():
        found = found.filter(event__search__contains=word)
    return _offers(found.order_by("starts_at", "id")[:limit], now)


def get_performance_offer(*, performance_id: int, now: datetime) -> PerformanceOffer:
    """Return one performance, in any state; ``Performance.DoesNotExist`` for an unknown id."""
    for offer in _offers(Performance.objects.filter(pk=performance_id), now):
        return offer
    raise Performance.DoesNotExist


def count_left(*, category_id: int, now: datetime) -> int:
    """Return the seats to be had in a category; those of orders out of time count as free."""
    category = PriceCategory.objects.get(pk=category_id)
    return category.left + _lapsed_seats([category_id], now).get(category_id, 0)


def _offers(found: QuerySet[Performance], now: datetime) -> list[PerformanceOffer]:
    prices = Price.objects.select_related("rate").filter(rate__active=True)
    categories = PriceCategory.objects.order_by("position", "id").prefetch_related(
        Prefetch("prices", prices.order_by("rate__position", "rate_id"))
    )
    performances = list(
        found.select_related("event").prefetch_related(Prefetch("categories", categories))
    )
    ids = [category.pk for each in performances for category in each.categories.all()]
    lapsed = _lapsed_seats(ids, now)
    return [_offer(performance, lapsed) for performance in performances]


def _lapsed_seats(category_ids: Iterable[int], now: datetime) -> dict[int, int]:
    """Return the seats that orders out of time still keep, by category; few rows by nature."""
    kept = (
        OrderLine.objects.filter(
            category_id__in=list(category_ids), order__in=lapsed_orders(now=now)
        )
        .values_list("category_id")
        .annotate(seats=Sum("quantity"))
    )
    return {category_id: seats for category_id, seats in kept if category_id is not None}


def _offer(performance: Performance, lapsed: dict[int, int]) -> PerformanceOffer:
    event = performance.event
    return PerformanceOffer(
        id=performance.pk,
        event_id=event.pk,
        title=event.title,
        subtitle=event.subtitle,
        genre=event.genre,
        colour=event.colour,
        starts_at=performance.starts_at,
        hall=performance.hall,
        state=performance.state,
        categories=tuple(
            CategoryOffer(
                id=category.pk,
                name=category.name,
                capacity=category.capacity,
                left=category.left + lapsed.get(category.pk, 0),
                prices=tuple(_price(price) for price in category.prices.all()),
            )
            for category in performance.categories.all()
        ),
    )


def _price(price: Price) -> PriceOffer:
    minor = to_minor(price.amount)
    return PriceOffer(
        id=price.pk,
        rate_code=price.rate.code,
        rate_label=price.rate.label,
        amount=from_minor(minor, price.amount.currency.code),
        vat_rate=price.vat_rate,
    )
