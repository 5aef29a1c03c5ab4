"""When the counters are open, who stands there, and what is counted in the evening (spec G6)."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from contacts.models import User
from guichet.management.demo.programme import Date
from guichet.management.demo.season import GRANDE
from guichet.management.demo.world import Moment, World
from institution_settings.choices import ModeKind
from payments.selectors.takings import list_takings
from payments.services import close_till
from tills.selectors import Desk, desk_of
from tills.services import open_session

# Closed on Mondays; on Saturdays the hall has a morning of its own, and so a Z of its own.
HALL_HOURS: dict[int, tuple[tuple[str, str], ...]] = {
    0: (),
    1: (("13:00", "19:00"),),
    2: (("10:00", "19:00"),),
    3: (("13:00", "19:00"),),
    4: (("13:00", "19:00"),),
    5: (("10:00", "13:00"), ("14:00", "19:00")),
    6: (("14:00", "17:30"),),
}
FLOATS = {"G1": 15_000, "G2": 8_000}
COUNTED = frozenset({ModeKind.CASH, ModeKind.CARD, ModeKind.CHEQUE})
# What the count of the cash misses or has too much, in centimes: mostly nothing.
DIFFERENCES = (0, 0, 0, 0, 0, 0, 0, 0, -10, 20, -50, 100, -200, 5, -500)


@dataclass(frozen=True, slots=True)
class Shift:
    """One opening of a till, from when to when, and by whom."""

    till: str
    opens_at: datetime
    closes_at: datetime
    operator: User

    def moment(self, rng: random.Random) -> datetime:
        """Return a moment at which somebody stands in front of this counter."""
        span = int((self.closes_at - self.opens_at).total_seconds()) - 600
        return self.opens_at + timedelta(seconds=300 + rng.randrange(max(span, 1)))


def shifts_of(world: World, day: date) -> list[Shift]:
    """Return who opens which counter on a day: the hall by its hours, the other for the shows."""
    zone, people = world.house.zone, world.house.people
    shows = [show for show in world.dates if show.starts_at.astimezone(zone).date() == day]
    hours = [
        (
            datetime.combine(day, time.fromisoformat(opens), tzinfo=zone),
            datetime.combine(day, time.fromisoformat(closes), tzinfo=zone),
        )
        for opens, closes in HALL_HOURS[day.weekday()]
    ]
    evening = [show.starts_at for show in shows if show.hall == GRANDE]
    if hours and evening:
        hours[-1] = (hours[-1][0], max(hours[-1][1], max(evening) + timedelta(minutes=20)))
    lea, hugo = people["lea"], people["hugo"]
    shifts = [Shift("G1", opens_at, closes_at, lea) for opens_at, closes_at in hours]
    if shows:
        shifts.append(_before_the_show(shows, hugo if hours else lea))
    return shifts


def _before_the_show(shows: list[Date], operator: User) -> Shift:
    first = min(show.starts_at for show in shows)
    last = max(show.starts_at for show in shows)
    return Shift("G2", first - timedelta(minutes=75), last + timedelta(minutes=25), operator)


def open_shift(world: World, shift: Shift) -> Desk:
    """Open the till with its usual float."""
    till = world.house.tills[shift.till]
    session = open_session(
        claim=world.claim(shift.operator),
        till=till,
        opening_float=world.house.money(FLOATS[shift.till]),
        operator=shift.operator,
        at=shift.opens_at,
    )
    return desk_of(session=session, operator=shift.operator)


def close_shift(moment: Moment) -> None:
    """Count the drawer and close it; now and then a few coins too many or too few."""
    counted = {}
    for taking in list_takings(session_id=moment.desk.session_id):
        if taking.mode.kind not in COUNTED:
            continue
        minor = taking.expected_minor
        if taking.mode.kind == ModeKind.CASH:
            minor = max(minor + moment.rng.choice(DIFFERENCES), 0)
        counted[taking.mode.pk] = moment.house.money(minor)
    close_till(
        claim=moment.claim(),
        desk=moment.desk,
        counted=counted,
        operator=moment.operator,
        at=moment.at,
    )
