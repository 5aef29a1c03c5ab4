"""Putting shows on sale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from moneyed import Money

from sales.choices import PerformanceState
from sales.models import Event, Performance, Price, PriceCategory, Rate

FRENCH_TICKET_VAT = Decimal("5.50")  # BIL-12


@dataclass(frozen=True, slots=True)
class CategoryPlan:
    """A price category to be made; ``prices`` by the code of the rate, VAT included."""

    name: str
    capacity: int
    prices: Mapping[str, Money]
    vat_rate: Decimal = FRENCH_TICKET_VAT


@dataclass(frozen=True, slots=True)
class PerformancePlan:
    """A date to be made, with its categories in the order they are shown."""

    starts_at: datetime
    hall: str
    categories: Sequence[CategoryPlan]
    state: PerformanceState = PerformanceState.ON_SALE


def create_rate(*, code: str, label: str, position: int = 0) -> Rate:
    """Return the rate ``code``, made if it is new; the label of a known one stays."""
    rate, _made = Rate.objects.get_or_create(
        code=code, defaults={"label": label, "position": position}
    )
    return rate


@transaction.atomic
def create_event(
    *,
    title: str,
    performances: Sequence[PerformancePlan] = (),
    subtitle: str = "",
    genre: str = "",
    description: str = "",
    duration_minutes: int | None = None,
    colour: str = "",
) -> Event:
    """Create an event with its dates, categories and prices, all or nothing.

    ``ValidationError`` for a value that a form would refuse, ``KeyError`` for an unknown rate.
    """
    event = Event(
        title=title,
        subtitle=subtitle,
        genre=genre,
        description=description,
        duration_minutes=duration_minutes,
    )
    if colour:
        event.colour = colour
    event.full_clean()
    event.save()
    for plan in performances:
        add_performance(event=event, plan=plan)
    return event


@transaction.atomic
def add_performance(*, event: Event, plan: PerformancePlan) -> Performance:
    """Add one date to an event with its categories and prices; errors as in ``create_event``."""
    performance = Performance(
        event=event, starts_at=plan.starts_at, hall=plan.hall, state=plan.state
    )
    performance.full_clean()
    performance.save()
    rates = {rate.code: rate for rate in Rate.objects.all()}
    for position, wanted in enumerate(plan.categories):
        category = PriceCategory(
            performance=performance,
            name=wanted.name,
            capacity=wanted.capacity,
            position=position,
        )
        category.full_clean()
        category.save()
        prices = {rates[code]: amount for code, amount in wanted.prices.items()}
        set_prices(category=category, prices=prices, vat_rate=wanted.vat_rate)
    return performance


@transaction.atomic
def set_prices(
    *, category: PriceCategory, prices: Mapping[Rate, Money | None], vat_rate: Decimal
) -> None:
    """Make the category cost this at these rates; None takes a rate's price away.

    Baskets keep the price they were filled at; each change is in the history of the price.
    """
    known = {price.rate_id: price for price in category.prices.all()}
    for rate, amount in prices.items():
        price = known.get(rate.pk)
        if amount is None:
            if price:
                price.delete()
            continue
        if price and price.amount == amount and price.vat_rate == vat_rate:
            continue
        price = price or Price(category=category, rate=rate)
        price.amount = amount
        price.vat_rate = vat_rate
        price.full_clean()
        price.save()
