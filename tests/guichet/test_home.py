"""The home of the counter: performances, the till, unfinished orders, sums owed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from institution_settings.choices import Channel, Role
from institution_settings.models import PointOfSale
from payments.choices import RunPolicy
from payments.services.runs import continue_run, start_run
from sales.models import Performance
from sales.services import reserve
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.venue import Venue

pytestmark = pytest.mark.django_db


def later_today() -> datetime:
    """A moment of today at the venue, whatever the clock of the tests says."""
    return timezone.localtime().replace(hour=23, minute=58, second=0, microsecond=0)


def test_it_shows_todays_performances_with_the_seats_left(venue: Venue, lea: Person) -> None:
    counter = Counter(venue)
    seat = counter.price("21.10", capacity=5, starts_at=later_today())
    counter.price("30.00", starts_at=later_today() + timedelta(days=1))
    counter.basket([seat, seat])
    home = lea.get("home").context["home"]
    assert home.is_today is True
    assert [(each.left, each.capacity) for each in home.performances] == [(3, 5)]


def test_without_one_today_it_shows_the_next_day(venue: Venue, lea: Person) -> None:
    Counter(venue).price("30.00", starts_at=later_today() + timedelta(days=3))
    home = lea.get("home").context["home"]
    assert (home.is_today, len(home.performances)) == (False, 1)
    assert home.date == (later_today() + timedelta(days=3)).date()


def test_it_shows_the_till_and_that_its_day_is_over(venue: Venue, lea: Person) -> None:
    shown = lea.get("home").context
    assert (shown["session"].till.code, shown["day_is_over"]) == ("G1", False)
    venue.open("G2", at=datetime.now(UTC) - timedelta(days=1))
    assert lea.stand_at("G2").get("home").context["day_is_over"] is True


def test_without_a_till_it_lets_one_choose(venue: Venue) -> None:
    shown = Person(venue, venue.operator).get("home").context
    assert shown["session"] is None
    assert [choice.till.code for choice in shown["choices"]] == ["G1", "G2"]


def test_it_shows_what_was_left_unfinished_here(venue: Venue, lea: Person) -> None:
    counter = Counter(venue)
    basket = counter.basket(["21.10"])
    counter.basket([])
    counter.basket(["21.10"], at=timezone.now() - timedelta(hours=5))
    kept = counter.basket(["21.10", "21.10"], contact=venue.contact())
    until = timezone.now() + timedelta(days=2)
    reserve(order_id=kept.pk, until=until, now=timezone.now())
    counter.sell(["21.10"], ("CB", "21.10"))
    home = lea.get("home").context["home"]
    assert [(order.pk, order.seats) for order in home.baskets] == [(basket.pk, 1)]
    assert [(order.pk, order.seats) for order in home.reserved] == [(kept.pk, 2)]


def test_reservations_of_other_places_and_baskets_of_others_are_theirs(
    venue: Venue, somebody: Callable[..., Person]
) -> None:
    counter = Counter(venue)
    kept = counter.basket(["21.10"], contact=venue.contact())
    reserve(order_id=kept.pk, until=timezone.now() + timedelta(days=2), now=timezone.now())
    counter.basket(["21.10"])
    elsewhere = PointOfSale.objects.create(code="HALL", name="Hall", channel=Channel.COUNTER)
    home = somebody(Role.OPERATOR, places=[elsewhere]).get("home").context["home"]
    assert (home.baskets, home.reserved) == ((), ())


def test_it_shows_the_sums_owed_soonest_first(venue: Venue, lea: Person) -> None:
    sold = Counter(venue).sell(["21.10"], ("CB", "21.10"), contact=venue.contact())
    performance = Performance.objects.get()
    run = start_run(
        key=uuid4(),
        performance_id=performance.pk,
        policy=RunPolicy.MONEY,
        reason="",
        person=venue.supervisor,
        till=venue.tills["BO"],
    )
    continue_run(run_id=run.pk)
    (line,) = lea.get("home").context["home"].owed
    assert (line.owed.refund.order, line.owed.amount) == (sold.order, venue.money("21.10"))


def test_it_costs_the_same_whatever_waits(venue: Venue, lea: Person) -> None:
    counter = Counter(venue)
    counter.price("21.10", starts_at=later_today())
    counter.basket(["21.10"])
    once = lea.count_queries("home")
    counter.price("30.00", starts_at=later_today())
    for _order in range(3):
        counter.basket(["21.10", "30.00"])
    assert lea.count_queries("home") == once <= 14


def test_a_supervisor_has_it_too(marc: Person) -> None:
    assert marc.get("home").status_code == 200
