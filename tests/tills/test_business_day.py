"""A movement belongs to the day its own time falls in, on every till alike (spec S7)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from credit.models import Movement
from credit.selectors import balance_at
from journal.errors import DayIsOver
from journal.models import Entry
from tests.ledger import Ledger
from tests.venue import Venue
from tests.verified import findings

PARIS = ZoneInfo("Europe/Paris")


def paris(day: int, hour: int, minute: int = 0, *, month: int = 10, fold: int = 0) -> datetime:
    """A moment of 2026 on the venue's clock."""
    wall = datetime(2026, month, day, hour, minute, tzinfo=PARIS, fold=fold)
    return wall.astimezone(UTC)


def at(venue: Venue, moment: datetime, till: str = "G1") -> Ledger:
    return Ledger(venue, till, moment)


def test_ten_past_midnight_belongs_to_the_day_before(venue: Venue) -> None:
    account = at(venue, paris(5, 20)).account(credit="10.00")
    late = at(venue, paris(6, 0, 10)).pay(account, "4.00")
    assert late.business_date == date(2026, 10, 5)
    assert late.at == paris(6, 0, 10)
    assert balance_at(account_id=account.pk, day=date(2026, 10, 5)) == venue.money("6.00")
    assert findings() == []


def test_a_till_opened_at_ten_past_midnight_opens_the_day_before(venue: Venue) -> None:
    assert at(venue, paris(6, 0, 10)).desk.business_date == date(2026, 10, 5)
    assert at(venue, paris(6, 4, 59), "G2").desk.business_date == date(2026, 10, 5)
    assert at(venue, paris(6, 5, 0), "BO").desk.business_date == date(2026, 10, 6)


def test_the_session_takes_until_five_and_not_a_second_longer(venue: Venue) -> None:
    account = at(venue, paris(5, 20)).account(credit="10.00")
    last = paris(6, 5) - timedelta(microseconds=1)
    assert at(venue, last).pay(account, "1.00").business_date == date(2026, 10, 5)
    for moment in (paris(6, 5), paris(6, 10), paris(9, 12)):
        with pytest.raises(DayIsOver) as refused:
            at(venue, moment).pay(account, "1.00")
        assert refused.value.data == {"till": "G1"}
    assert Movement.objects.count() == 2
    assert findings() == []


def test_a_day_that_is_over_is_closed_afterwards_and_the_next_begins(venue: Venue) -> None:
    account = at(venue, paris(5, 20)).account(credit="10.00")
    closed = at(venue, paris(6, 9)).close()
    assert closed.business_date == date(2026, 10, 5)
    assert closed.closed_at == paris(6, 9)
    paid = at(venue, paris(6, 9, 5)).pay(account, "1.00")
    assert paid.business_date == date(2026, 10, 6)
    assert findings() == []


def test_a_clock_behind_the_last_movement_takes_its_time(venue: Venue) -> None:
    """Two servers, one a minute behind: within an account time never goes back."""
    account = at(venue, paris(5, 20)).account(credit="10.00")
    behind = at(venue, paris(5, 19, 59), "G2").pay(account, "1.00")
    assert behind.at == paris(5, 20)
    assert behind.business_date == date(2026, 10, 5)
    assert Entry.objects.get(chain__code="G2", kind="MOUVEMENT").at == paris(5, 20)
    assert findings() == []


def test_a_till_left_in_yesterday_cannot_follow_a_movement_of_today(venue: Venue) -> None:
    """The account moved at 05:01 on one till; the clock of the other still says 04:59."""
    account = at(venue, paris(5, 20)).account(credit="10.00")
    at(venue, paris(6, 5, 1), "G2").pay(account, "1.00")
    with pytest.raises(DayIsOver):
        at(venue, paris(6, 4, 59)).pay(account, "1.00")
    assert at(venue, paris(6, 5, 2), "G2").pay(account, "1.00").position == 3
    assert findings() == []


def test_a_till_of_today_does_not_write_with_a_clock_of_yesterday(venue: Venue) -> None:
    account = at(venue, paris(6, 5, 1)).venue.account()
    assert at(venue, paris(6, 5, 1)).desk.business_date == date(2026, 10, 6)
    with pytest.raises(DayIsOver):
        at(venue, paris(6, 4, 59)).deposit(account, "1.00")
    assert Movement.objects.count() == 0


def test_two_accounts_of_one_operation_share_its_day(venue: Venue) -> None:
    giver = at(venue, paris(5, 20)).account(credit="10.00")
    taker = at(venue, paris(6, 5, 1), "G2").account(credit="1.00")
    with pytest.raises(DayIsOver):
        at(venue, paris(6, 4, 59)).transfer(giver, taker, "1.00")
    giver.refresh_from_db()
    assert giver.balance == venue.money("10.00")
    assert findings() == []


@pytest.mark.parametrize(
    ("evening", "night"),
    [
        # 25 October 2026: three o'clock comes twice. 29 March: two o'clock does not come.
        (paris(24, 20), [paris(25, 2, 30), paris(25, 2, 30, fold=1), paris(25, 4, 59)]),
        (paris(28, 20, month=3), [paris(29, 1, 59, month=3), paris(29, 3, 0, month=3)]),
    ],
)
def test_a_night_of_the_clock_change_is_one_business_day(
    venue: Venue, evening: datetime, night: list[datetime]
) -> None:
    account = at(venue, evening).account(credit="10.00")
    moments = [at(venue, moment).pay(account, "1.00").at for moment in night]
    assert moments == sorted(set(night))
    days = Movement.objects.values_list("business_date", flat=True).distinct()
    assert list(days) == [evening.astimezone(PARIS).date()]
    five = (night[-1].astimezone(PARIS)).replace(hour=5, minute=0, fold=0).astimezone(UTC)
    with pytest.raises(DayIsOver):
        at(venue, five).pay(account, "1.00")
    assert findings() == []


def test_business_dates_never_fall_whatever_tills_and_hours(venue: Venue) -> None:
    account = venue.account()
    moment = paris(24, 18)
    for step in range(50):
        till = ("G1", "G2")[step % 2]
        ledger = at(venue, moment, till)
        try:
            ledger.deposit(account, "1.00")
        except DayIsOver:
            ledger.close()
            ledger.deposit(account, "1.00")
        moment += timedelta(minutes=57)
    days = list(Movement.objects.order_by("position").values_list("business_date", flat=True))
    assert days == sorted(days)
    assert len(set(days)) == 3
    assert findings() == []
