"""The history of an account, page by page (spec G5; cases.md B53)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from credit.choices import MovementKind
from credit.models import CreditAccount
from credit.selectors import HistoryPage, list_history
from tests.ledger import Ledger
from tests.venue import Venue

MORNING = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)


@pytest.fixture
def account(venue: Venue) -> CreditAccount:
    """Three days of eight movements each: deposit, pay, deposit, pay …"""
    ledger = Ledger(venue, at=MORNING)
    account = venue.account()
    for _day in range(3):
        for _ in range(4):
            ledger.deposit(account, "10.00")
            ledger.pay(account, "7.00")
            assert ledger.at
            ledger.at += timedelta(minutes=1)
        ledger.close()
        ledger.at = ledger.later(days=1).at
    return account


def pages(account: CreditAccount, limit: int, **filters: object) -> list[list[int]]:
    """Follow the history to its end; returns the positions on each page."""
    found: list[list[int]] = []
    before: int | None = None
    while True:
        page = list_history(account_id=account.pk, before=before, limit=limit, **filters)  # type: ignore[arg-type]
        found.append([line.movement.position for line in page.lines])
        before = page.next_before
        if before is None:
            return found


@pytest.mark.parametrize("limit", [1, 5, 8, 23, 24, 25, 100])
def test_every_line_stands_on_one_page_newest_first(account: CreditAccount, limit: int) -> None:
    found = pages(account, limit)
    assert [position for page in found for position in page] == list(range(24, 0, -1))
    assert {len(page) for page in found[:-1]} <= {limit}
    assert 0 < len(found[-1]) <= limit


def test_a_movement_that_comes_meanwhile_shifts_no_page(
    venue: Venue, account: CreditAccount
) -> None:
    first = list_history(account_id=account.pk, limit=10)
    Ledger(venue, at=MORNING + timedelta(days=9)).deposit(account, "1.00")
    second = list_history(account_id=account.pk, limit=10, before=first.next_before)
    assert [line.movement.position for line in second.lines] == list(range(14, 4, -1))


def test_an_account_without_movements_has_an_empty_page(venue: Venue) -> None:
    assert list_history(account_id=venue.account().pk) == HistoryPage([], None)


@pytest.mark.parametrize(
    ("since", "until", "positions"),
    [
        (date(2026, 10, 6), None, range(24, 8, -1)),
        (None, date(2026, 10, 6), range(16, 0, -1)),
        (date(2026, 10, 6), date(2026, 10, 6), range(16, 8, -1)),
        (date(2026, 10, 9), date(2026, 10, 12), range(0)),
        (date(2026, 10, 7), date(2026, 10, 5), range(0)),
    ],
)
def test_a_period_is_of_business_dates_both_included(
    account: CreditAccount, since: date | None, until: date | None, positions: range
) -> None:
    found = pages(account, 3, since=since, until=until)
    assert [position for page in found for position in page] == list(positions)


def test_kinds_are_filtered_and_paged_alike(account: CreditAccount) -> None:
    payments = pages(account, 5, kinds=[MovementKind.PAYMENT])
    assert [position for page in payments for position in page] == list(range(24, 0, -2))
    both = pages(account, 50, kinds=[MovementKind.PAYMENT, MovementKind.DEPOSIT])
    assert both == [list(range(24, 0, -1))]
    assert pages(account, 5, kinds=[MovementKind.GOODWILL]) == [[]]


def test_b53_each_line_shows_its_own_amount_and_the_running_balance(
    venue: Venue, account: CreditAccount
) -> None:
    lines = list_history(account_id=account.pk, limit=2).lines
    assert [
        (line.is_credit, line.movement.amount, line.movement.balance_after) for line in lines
    ] == [
        (False, venue.money("7.00"), venue.money("36.00")),
        (True, venue.money("10.00"), venue.money("43.00")),
    ]


def test_what_was_taken_back_says_so_on_both_lines(venue: Venue, account: CreditAccount) -> None:
    ledger = Ledger(venue, at=MORNING + timedelta(days=9))
    gesture = ledger.goodwill(account, "2.00")
    (counter,) = ledger.reverse(gesture)
    new, old = list_history(account_id=account.pk, limit=2).lines
    assert (new.movement.pk, new.movement.reverses_id) == (counter.pk, gesture.pk)
    assert (old.movement.pk, old.reversed_by_id) == (gesture.pk, counter.pk)
    assert new.reversed_by_id is None


@pytest.mark.parametrize("limit", [1, 20])
def test_a_page_is_one_query_with_everything_it_shows(account: CreditAccount, limit: int) -> None:
    with CaptureQueriesContext(connection) as captured:
        for line in list_history(account_id=account.pk, limit=limit).lines:
            movement = line.movement
            assert movement.mode
            assert movement.session.till.code
            assert movement.operator
            assert line.reversed_by_id is None
    assert len(captured) == 1


def test_a_page_far_down_is_read_by_the_index(account: CreditAccount) -> None:
    """No OFFSET: the plan seeks the position, however deep the page."""
    with CaptureQueriesContext(connection) as captured:
        list_history(account_id=account.pk, before=5, limit=2)
    sql = captured[0]["sql"]
    assert "OFFSET" not in sql.upper()
    assert '"credit_movement"."position" < 5' in sql.replace("%s", "5")
