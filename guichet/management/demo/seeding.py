"""Filling an empty database with the demo venue, or finishing what was begun."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Max, Min
from django_tasks_db.models import DBTaskResult

from guichet.management.demo.house import House, found_house
from guichet.management.demo.people import PEOPLE, settle_people
from guichet.management.demo.programme import put_on_sale
from guichet.management.demo.shifts import close_shift
from guichet.management.demo.story import story_days, tell
from guichet.management.demo.world import Moment, World, rng_of
from journal.services.heads import record_heads
from tills.models import TillSession
from tills.selectors import current_day, desk_of

# How much of the work is done when the story begins, by the clock.
PREPARED = (0.04, 0.10, 0.15)
Step = Callable[[float], object]


def seed(*, now: datetime, scale: float, step: Step) -> None:
    """Fill the database with the demo venue as of ``now``; ``step`` is told how much is done.

    What stands already is kept, so a seeding that was stopped is finished by the next one. The
    institution is marked as a demo at the very end: that mark says that nothing is missing.
    """
    with swift_commits():
        house = found_house()
        step(PREPARED[0])
        today = current_day(at=now).date
        span = TillSession.objects.aggregate(first=Min("business_date"), last=Max("business_date"))
        first: date = span["first"] or today - timedelta(days=story_days(scale))
        world = _world(house, first=first, today=today, scale=scale, step=step)
        _close_what_was_left_open(world)
        begun = PREPARED[-1]
        for told in tell(world, first=first, today=today, told=span["last"], now=now, scale=scale):
            step(begun + (1 - begun) * told)
        _keep_heads()
        house.institution.is_demo = True
        house.institution.save(update_fields=["is_demo"])


def _world(house: House, *, first: date, today: date, scale: float, step: Step) -> World:
    began = datetime.combine(first, time(9), tzinfo=house.zone)
    count = round(PEOPLE * scale)
    people = settle_people(count=count, since=began, rng=rng_of(what="people", scale=scale))
    step(PREPARED[1])
    dates = put_on_sale(today=today, zone=house.zone, currency=house.currency)
    step(PREPARED[2])
    return World(
        house=house,
        people=people,
        dates=dates,
        day=first,
        rng=rng_of(what="story", scale=scale),
    )


def _close_what_was_left_open(world: World) -> None:
    """Close the drawers of the day at which a seeding was stopped: it is told as far as it is."""
    sessions = TillSession.objects.filter(closed_at=None, till__automatic=False)
    for session in sessions.select_related("till__point_of_sale", "opened_by"):
        late = datetime.combine(session.business_date, time(23, 30), tzinfo=world.house.zone)
        world.begin(session.business_date, rng_of(what=f"closing {session}", scale=1))
        world.skip_clicks()
        close_shift(
            Moment(
                world=world,
                desk=desk_of(session=session, operator=session.opened_by),
                place=session.till.point_of_sale.code,
                operator=session.opened_by,
                at=late,
            )
        )


def _keep_heads() -> None:
    """Keep the heads once (FIS-08), instead of the job that each of the closings left."""
    record_heads()
    DBTaskResult.objects.filter(task_path="journal.tasks.keep_heads").delete()


_SWIFT = {
    "sqlite": ("PRAGMA synchronous=OFF", "PRAGMA synchronous=FULL"),
    "postgresql": ("SET synchronous_commit = off", "SET synchronous_commit = on"),
}


@contextmanager
def swift_commits() -> Iterator[None]:
    """Let commits not wait for the disk while the demo is seeded, on this connection alone.

    Thousands of commits would each wait for it. What could be lost, should the power fail in
    these seconds, is a demo that nobody has seen yet.
    """
    if connection.in_atomic_block:  # a test's: nothing is committed anyway
        yield
        return
    swift, safe = _SWIFT[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(swift)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(safe)
            if connection.vendor == "sqlite":
                # Everything written meanwhile reaches the disk now.
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
