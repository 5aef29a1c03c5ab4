"""The season put on sale, and what of it can be bought at a given moment of the story."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from guichet.management.demo.season import RATES, SEASON, TARIFFS, Show
from institution_settings.money import from_minor, to_minor
from sales.models import Event, Price
from sales.services import CategoryPlan, PerformancePlan, create_event, create_rate

# Nobody buys a ticket of this house much earlier.
AHEAD_DAYS = 75
# Adults mostly; the last weight is for guests of the house, who pay nothing.
RATE_WEIGHTS = {"PLEIN": 60, "REDUIT": 24, "JEUNE": 13, "GRATUIT": 3}


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat at a rate: the row a basket is filled with, and its price in centimes."""

    price_id: int
    category: str
    capacity: int
    rate: str
    minor: int


@dataclass(frozen=True, slots=True)
class Date:
    """A performance with what can be bought of it; ``pull`` is how much people want it."""

    id: int
    title: str
    starts_at: datetime
    hall: str
    pull: int
    seats: tuple[Seat, ...]


def put_on_sale(*, today: date, zone: ZoneInfo, currency: str) -> list[Date]:
    """Return the dates of the season, put on sale when there is no event yet; all or none."""
    if not Event.objects.exists():
        with transaction.atomic():
            for position, (code, label) in enumerate(RATES):
                create_rate(code=code, label=label, position=position)
            for show in SEASON:
                _create(show, today, zone, currency)
    return _dates()


def _create(show: Show, today: date, zone: ZoneInfo, currency: str) -> None:
    categories = [
        CategoryPlan(
            name=seats.name,
            capacity=seats.capacity,
            prices={
                code: from_minor(minor, currency)
                for (code, _label), minor in zip(RATES, seats.prices, strict=True)
                if minor is not None
            },
            vat_rate=show.vat_rate,
        )
        for seats in TARIFFS[show.tariff]
    ]
    create_event(
        title=show.title,
        subtitle=show.by,
        genre=show.genre,
        description=show.about,
        duration_minutes=show.minutes,
        colour=show.colour,
        performances=[
            PerformancePlan(starts_at=starts_at, hall=show.hall, categories=categories)
            for starts_at in _starts(show, today, zone)
        ],
    )


def _starts(show: Show, today: date, zone: ZoneInfo) -> list[datetime]:
    monday = today - timedelta(days=today.weekday())
    days = [
        (monday + timedelta(weeks=week, days=weekday), hour) for week, weekday, hour in show.dates
    ]
    days += [(today + timedelta(days=offset), hour) for offset, hour in show.nights]
    return sorted(
        datetime.combine(day, time.fromisoformat(hour), tzinfo=zone) for day, hour in days
    )


def _dates() -> list[Date]:
    pulls = {show.title: show.pull for show in SEASON}
    prices = Price.objects.select_related("category__performance__event", "rate").order_by(
        "category__performance__starts_at", "category__performance_id", "category_id", "rate_id"
    )
    seats: dict[int, list[Seat]] = {}
    performances = {}
    for price in prices:
        performance = price.category.performance
        performances[performance.pk] = performance
        seats.setdefault(performance.pk, []).append(
            Seat(
                price_id=price.pk,
                category=price.category.name,
                capacity=price.category.capacity,
                rate=price.rate.code,
                minor=to_minor(price.amount),
            )
        )
    return [
        Date(
            id=performance.pk,
            title=performance.event.title,
            starts_at=performance.starts_at,
            hall=performance.hall,
            pull=pulls.get(performance.event.title, 1),
            seats=tuple(seats[performance.pk]),
        )
        for performance in performances.values()
    ]


def choose_date(
    dates: list[Date], *, at: datetime, rng: random.Random, within: timedelta | None = None
) -> Date | None:
    """Return a date somebody buys at this moment: the nearer and the better liked, the likelier."""
    horizon = at + (within or timedelta(days=AHEAD_DAYS))
    choice = [
        each for each in dates if at + timedelta(minutes=5) < each.starts_at < horizon and each.pull
    ]
    if not choice:
        return None
    weights = [each.pull / (3 + (each.starts_at - at).days) for each in choice]
    return rng.choices(choice, weights)[0]


def choose_seats(show: Date, *, party: int, rng: random.Random) -> dict[Seat, int]:
    """Return so many seats of one category, at the rates of the people who come."""
    sizes = {seat.category: seat.capacity for seat in show.seats}
    category = rng.choices(list(sizes), list(sizes.values()))[0]
    offered = [seat for seat in show.seats if seat.category == category]
    weights = [RATE_WEIGHTS[seat.rate] for seat in offered]
    # Mostly people of one age come together.
    together = 1 if rng.random() < 0.75 else party
    chosen: dict[Seat, int] = {}
    for seat in rng.choices(offered, weights, k=together) * (party // together):
        chosen[seat] = chosen.get(seat, 0) + 1
    return chosen
