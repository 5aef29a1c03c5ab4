"""S7: the business day, clock-change nights included; its date never falls as time goes on."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from institution_settings.business_days import begins_at, business_day, business_day_of
from institution_settings.selectors import current_business_date
from institution_settings.services import set_up_institution

PARIS = "Europe/Paris"
FIVE = time(5, 0)
HALF_PAST_TWO = time(2, 30)


def date_of(at: datetime, *, starts_at: time = FIVE, time_zone: str = PARIS) -> date:
    return business_day_of(at=at, starts_at=starts_at, time_zone=time_zone).date


def paris(text: str, *, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(PARIS), fold=fold)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-05 20:30", "2026-11-05"),
        ("2026-11-06 00:10", "2026-11-05"),
        ("2026-11-06 04:59:59.999999", "2026-11-05"),
        ("2026-11-06 05:00", "2026-11-06"),
        ("2027-01-01 01:00", "2026-12-31"),
    ],
)
def test_the_night_belongs_to_the_evening(at: str, expected: str) -> None:
    assert date_of(paris(at)) == date.fromisoformat(expected)


@pytest.mark.django_db
def test_the_venues_own_day_is_used() -> None:
    set_up_institution(
        name="Kaï", siren="1", time_zone="Asia/Tokyo", day_starts_at=time(6), currency="JPY"
    )
    assert current_business_date(at=datetime(2026, 11, 5, 20, 59, tzinfo=UTC)) == date(2026, 11, 5)
    assert current_business_date(at=datetime(2026, 11, 5, 21, 0, tzinfo=UTC)) == date(2026, 11, 6)


def test_the_long_night_of_october() -> None:
    # 25 October 2026: at 03:00 the clock goes back to 02:00. 02:30 is shown twice.
    assert date_of(paris("2026-10-25 02:59"), starts_at=FIVE) == date(2026, 10, 24)
    day = business_day(day=date(2026, 10, 24), starts_at=FIVE, time_zone=PARIS)
    assert day.ends_at - day.begins_at == timedelta(hours=25)
    before = paris("2026-10-25 02:29:59")
    first, back, again = (
        paris("2026-10-25 02:30"),
        paris("2026-10-25 02:00", fold=1),
        paris("2026-10-25 02:30", fold=1),
    )
    assert [date_of(at, starts_at=HALF_PAST_TWO) for at in (before, first, back, again)] == [
        date(2026, 10, 24),
        date(2026, 10, 25),
        date(2026, 10, 25),
        date(2026, 10, 25),
    ]


def test_the_short_night_of_march() -> None:
    # 28 March 2027: at 02:00 the clock goes on to 03:00. 02:30 is never shown.
    day = business_day(day=date(2027, 3, 27), starts_at=FIVE, time_zone=PARIS)
    assert day.ends_at - day.begins_at == timedelta(hours=23)
    assert date_of(paris("2027-03-28 01:59"), starts_at=HALF_PAST_TWO) == date(2027, 3, 27)
    assert date_of(paris("2027-03-28 04:00"), starts_at=HALF_PAST_TWO) == date(2027, 3, 28)


MOMENTS = st.builds(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes),
    st.integers(min_value=0, max_value=4 * 366 * 24 * 60),
)
# Around both changes of the clock, where an hour is shown twice or never.
CHANGES = [
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2027, 3, 28, 1, tzinfo=UTC),
]
NEAR_CHANGES = st.builds(
    lambda change, minutes: change + timedelta(minutes=minutes),
    st.sampled_from(CHANGES),
    st.integers(min_value=-3 * 60, max_value=3 * 60),
)
ANY_MOMENT = st.one_of(MOMENTS, NEAR_CHANGES)
STARTS = st.one_of(st.times(), st.just(HALF_PAST_TWO), st.just(time(2, 0)), st.just(time(3, 0)))
ZONES = st.sampled_from(
    [PARIS, "Europe/London", "America/New_York", "Australia/Lord_Howe", "Pacific/Noumea"]
)


@given(moments=st.lists(ANY_MOMENT, min_size=2, max_size=20), starts_at=STARTS, zone=ZONES)
def test_the_date_never_falls_as_time_goes_on(
    moments: list[datetime], starts_at: time, zone: str
) -> None:
    dates = [date_of(at, starts_at=starts_at, time_zone=zone) for at in sorted(moments)]
    assert dates == sorted(dates)


@given(at=ANY_MOMENT, starts_at=STARTS, zone=ZONES)
def test_each_moment_lies_in_its_day_and_days_join(
    at: datetime, starts_at: time, zone: str
) -> None:
    day = business_day_of(at=at, starts_at=starts_at, time_zone=zone)
    assert day.begins_at <= at < day.ends_at
    tomorrow = day.date + timedelta(days=1)
    assert day.ends_at == begins_at(day=tomorrow, starts_at=starts_at, time_zone=zone)
