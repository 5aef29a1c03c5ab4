"""The business day of a venue (spec S7): pure, of a moment, a start and a time zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from journal.services import BusinessDay


def begins_at(*, day: date, starts_at: time, time_zone: str) -> datetime:
    """Return the instant, in UTC, at which a business day begins.

    It is the first instant with that wall time; where clocks skip it, the moment they would have
    shown it. So the day of a moment never falls as time goes on, clock-change nights included.
    """
    wall = datetime.combine(day, starts_at, tzinfo=ZoneInfo(time_zone))
    return wall.replace(fold=0).astimezone(UTC)


def business_day(*, day: date, starts_at: time, time_zone: str) -> BusinessDay:
    """Return the business day of a date with the instants it spans."""
    return BusinessDay(
        date=day,
        begins_at=begins_at(day=day, starts_at=starts_at, time_zone=time_zone),
        ends_at=begins_at(day=day + timedelta(days=1), starts_at=starts_at, time_zone=time_zone),
    )


def business_day_of(*, at: datetime, starts_at: time, time_zone: str) -> BusinessDay:
    """Return the business day a moment falls in: 00:10 belongs to the day before."""
    today = at.astimezone(ZoneInfo(time_zone)).date()
    if at < begins_at(day=today, starts_at=starts_at, time_zone=time_zone):
        today -= timedelta(days=1)
    return business_day(day=today, starts_at=starts_at, time_zone=time_zone)
