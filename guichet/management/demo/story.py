"""Three months told day by day: what happens is decided by chance, but by the same chance.

Each day has a randomness of its own, its plan is made first and then played in the order of its
times, so that no chain and no account ever goes back in time (FIS-03, spec S7).
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from math import floor
from random import Random

from contacts.models import Contact
from guichet.management.demo.bookings import sell_something, sell_voucher, walk_away
from guichet.management.demo.evenings import (
    DOOR_DAYS,
    bring_change,
    empty_into_the_safe,
    let_in,
    pay_a_small_bill,
)
from guichet.management.demo.programme import Date
from guichet.management.demo.returns import give_back, put_money, take_back
from guichet.management.demo.scenes import Scene, hold_online, keep_for_groups, scenes_by_day
from guichet.management.demo.shifts import Shift, close_shift, open_shift, shifts_of
from guichet.management.demo.world import Moment, Sold, World, rng_of
from payments.services import automatic_desk
from tills.selectors import Desk

# Three months; a smaller demo is shorter, but long enough to play every scene.
STORY_DAYS, SHORTEST_DAYS = 91, 28
# How many of each happen on a usual day at scale 1.
HALL_SALES, HALL_SALES_OF_SHOWS, SALES_BEFORE_SHOWS, ONLINE_SALES = 2.9, 1.3, 4.2, 2.9
DEPOSITS, PAYOUTS, VOUCHERS, WALKED_AWAY = 0.8, 0.2, 0.35, 0.3
# How likely a drawer gets coins when it is opened, and pays for something small.
CHANGE_BROUGHT, SMALL_BILLS = 0.35, 0.12


def story_days(scale: float) -> int:
    """Return how many days a story of this size has."""
    return max(SHORTEST_DAYS, min(STORY_DAYS, round(STORY_DAYS * scale)))


class Day:
    """One business day: its plan, then its play."""

    def __init__(self, world: World, day: date, *, scale: float) -> None:
        world.begin(day, rng_of(what=day.isoformat(), scale=scale))
        self.world = world
        self.day = day
        self.scale = scale
        self.desks: dict[str, Desk] = {}
        self.plan: list[tuple[datetime, int, Callable[[], object]]] = []

    def play(self) -> None:
        """Do everything planned, in the order of its times."""
        for _at, _number, act in sorted(self.plan, key=lambda planned: planned[:2]):
            act()

    def add(self, at: datetime, till: str, act: Scene) -> None:
        """Plan an act at a till."""
        self._plan(at, lambda: act(self._moment(till, at)))

    def _plan(self, at: datetime, act: Callable[[], object]) -> None:
        self.plan.append((at, len(self.plan), act))

    def _moment(self, till: str, at: datetime) -> Moment:
        house = self.world.house
        row = house.tills[till]
        operator = house.people["marc"] if till == "BO" else None
        if row.automatic and till not in self.desks:
            self.desks[till] = automatic_desk(till=row, operator=operator, at=at)
        desk = self.desks[till]
        if not row.automatic:
            operator = next(user for user in house.people.values() if user.pk == desk.operator_id)
        return Moment(self.world, desk, row.point_of_sale.code, operator, at)

    def add_counters(self) -> list[Shift]:
        """Plan who opens and closes, and who stands in the queue meanwhile."""
        shifts = shifts_of(self.world, self.day)
        shows = any(shift.till == "G2" for shift in shifts)
        for shift in shifts:
            self._add_shift(shift)
            if shift.till == "G2":
                self._add_sales(
                    SALES_BEFORE_SHOWS, shift, lambda m: sell_something(m, tonight=True)
                )
                continue
            usual = (HALL_SALES + HALL_SALES_OF_SHOWS * shows) / sum(s.till == "G1" for s in shifts)
            self._add_sales(usual, shift, sell_something)
            self._add_sales(DEPOSITS, shift, lambda m: put_money(m, contact=_anybody(m)))
            self._add_sales(PAYOUTS, shift, _pay_somebody_out)
            self._add_sales(VOUCHERS, shift, lambda m: sell_voucher(m, contact=_anybody(m)))
            self._add_sales(WALKED_AWAY, shift, walk_away)
        return shifts

    def _add_shift(self, shift: Shift) -> None:
        def open_it() -> None:
            self.desks[shift.till] = open_shift(self.world, shift)

        self._plan(shift.opens_at, open_it)
        self._add_cash(shift)
        self.add(shift.closes_at, shift.till, close_shift)

    def _add_cash(self, shift: Shift) -> None:
        """Plan what is put into the drawer and taken out of it, by a chance of its own."""
        chance = rng_of(what=f"cash {shift.till} {shift.opens_at.isoformat()}", scale=self.scale)
        if chance.random() < CHANGE_BROUGHT:
            self.add(shift.opens_at + timedelta(minutes=2), shift.till, bring_change)
        if chance.random() < SMALL_BILLS:
            self.add(shift.moment(chance), shift.till, pay_a_small_bill)
        self.add(shift.closes_at - timedelta(minutes=2), shift.till, empty_into_the_safe)

    def add_doors(self) -> None:
        """Plan who comes in: the whole queue of a show, once its last ticket is sold."""
        chance = rng_of(what=f"doors {self.day.isoformat()}", scale=self.scale)
        zone = self.world.house.zone
        for show in self.world.dates:
            if show.starts_at.astimezone(zone).date() == self.day:
                self._plan(show.starts_at, self._letting_in(show, chance))

    def _letting_in(self, show: Date, chance: Random) -> Callable[[], object]:
        later = [other for other in self.world.dates if other.starts_at > show.starts_at]
        return lambda: let_in(self.world, show=show, others=later[:3], rng=chance)

    def _add_sales(self, usual: float, shift: Shift, act: Scene) -> None:
        for _one in range(self._number(usual)):
            self.add(shift.moment(self.world.rng), shift.till, act)

    def add_online(self, *, until: datetime) -> None:
        """Plan what the shop sells between breakfast and midnight."""
        rng = self.world.rng
        for _one in range(self._number(ONLINE_SALES)):
            at = self._clock(rng.randint(7, 23), rng.randrange(60), rng.randrange(60))
            buys_a_present = rng.random() < 0.04
            if at < until:
                act = _sell_a_present if buys_a_present else sell_something
                self.add(at, "WEB", act)

    def add_scenes(self, scenes: list[tuple[str, Scene]], shifts: list[Shift]) -> None:
        """Plan what must happen: at the hall's counter or, in the morning, at the office."""
        for till, scene in scenes:
            if till == "BO":
                minute = self.world.rng.randrange(120)
                self.add(self._clock(9, 30) + timedelta(minutes=minute), "BO", scene)
                continue
            shift = next(shift for shift in shifts if shift.till == till)
            self.add(shift.moment(self.world.rng), till, scene)

    def add_returns(self, shifts: list[Shift]) -> None:
        """Plan the tickets that come back today; without a counter they wait for tomorrow."""
        due = [sold for day, sold in self.world.returns if day <= self.day]
        hall = [shift for shift in shifts if shift.till == "G1"]
        if not due or not hall:
            return
        self.world.returns = [(day, sold) for day, sold in self.world.returns if day > self.day]
        for sold in due:
            office = sold.place == "WEB" and self.world.rng.random() < 0.5
            if office:
                at = self._clock(14, self.world.rng.randrange(60), self.world.rng.randrange(60))
            else:
                at = hall[-1].moment(self.world.rng)
            if sold.starts_at > at or self.world.rng.random() < 0.3:
                self.add(at, "BO" if office else "G1", _returning(sold))

    def _clock(self, hour: int, minute: int = 0, second: int = 0) -> datetime:
        zone = self.world.house.zone
        return datetime.combine(self.day, time(hour, minute, second), tzinfo=zone)

    def _number(self, usual: float) -> int:
        """Return how many of something happen on this day."""
        wanted = usual * self.scale * self.world.rng.uniform(0.6, 1.4)
        return floor(wanted) + (self.world.rng.random() < wanted % 1)


def tell(
    world: World, *, first: date, today: date, told: date | None, now: datetime, scale: float
) -> Iterator[float]:
    """Tell the days from ``first`` up to now, yielding how much of it is told (0 to 1).

    Days up to ``told`` were told before somebody stopped the seeding. Today the shop sells since
    this morning; the counters are for whoever visits the demo to open.
    """
    days = [first + timedelta(days=number) for number in range((today - first).days)]
    scenes = scenes_by_day(days)
    for number, date_ in enumerate(days, start=1):
        if told is None or date_ > told:
            day = Day(world, date_, scale=scale)
            shifts = day.add_counters()
            day.add_online(until=now)
            day.add_scenes(scenes.get(date_, []), shifts)
            day.add_returns(shifts)
            if date_ >= today - timedelta(days=DOOR_DAYS):
                day.add_doors()
            day.play()
        yield number / len(days)
    _today(world, today, now, scale, again=told == today)


def _today(world: World, today: date, now: datetime, scale: float, *, again: bool) -> None:
    """What happened this morning; both automatic tills are on today's session afterwards.

    ``again``: the seeding was stopped this very day, after the shop had sold.
    """
    day = Day(world, today, scale=scale)
    if again:
        world.skip_clicks()
    else:
        day.add_online(until=now)
    day.add(now, "BO", lambda moment: keep_for_groups(moment, today=today))
    day.add(now, "WEB", hold_online)
    day.play()


def _anybody(moment: Moment) -> Contact:
    return moment.world.people.anybody(moment.rng)


def _sell_a_present(moment: Moment) -> None:
    sell_voucher(moment, contact=_anybody(moment))


def _returning(sold: Sold) -> Scene:
    return lambda moment: take_back(moment, sold)


def _pay_somebody_out(moment: Moment) -> None:
    """Pay one of those out who have something to be paid out."""
    creditors = list(moment.world.creditors.values())
    for contact in moment.rng.sample(creditors, k=min(5, len(creditors))):
        if give_back(moment, contact=contact):
            return
