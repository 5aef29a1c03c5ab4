"""Balances and sums of periods by two probes, equal to what a recount gives (design.md §3)."""

import random
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from credit.choices import Side
from credit.models import CreditAccount, Movement
from credit.selectors import balance_at, sum_balances, sum_period
from credit.selectors.periods import figures_of, period_accounts, sum_all_periods
from institution_settings.money import from_minor
from tests.ledger import Ledger
from tests.venue import Venue
from tests.verified import findings

FIRST = date(2026, 10, 1)
DAYS = [FIRST + timedelta(days=offset) for offset in range(12)]


@pytest.fixture
def accounts(venue: Venue) -> list[CreditAccount]:
    """Four accounts with twelve days of random movements on two tills, some days without any."""
    chance = random.Random(20261001)
    accounts = [venue.account() for _ in range(4)]
    for day in DAYS:
        for till in ("G1", "G2"):
            ledger = Ledger(venue, till, datetime(day.year, day.month, day.day, 8, tzinfo=UTC))
            for _ in range(chance.choice([0, 1, 5])):
                account = chance.choice(accounts[:3])  # the fourth never moves
                account.refresh_from_db()
                act = chance.choice(["deposit", "goodwill", "pay", "pay_out", "adjust"])
                amount = chance.randint(1, 2000)
                refundable = account.balance_minor - account.non_refundable_minor
                limit = {"deposit": amount, "goodwill": amount, "pay_out": refundable}
                amount = min(amount, limit.get(act, account.balance_minor))
                if amount:
                    getattr(ledger, act)(account, f"{amount / 100:.2f}")
                ledger.at = ledger.later(minutes=7).at
            if till in venue.desks:
                ledger.close()
    return accounts


def recount(account: CreditAccount, first: date, last: date) -> tuple[int, int, int]:
    """Add the movements of a period up: count, credits, debits."""
    found = [
        movement
        for movement in Movement.objects.filter(account=account)
        if first <= movement.business_date <= last
    ]
    sums = {side: sum(m.amount_minor for m in found if m.side == side) for side in Side}
    return len(found), sums[Side.CREDIT], sums[Side.DEBIT]


def test_the_example_moves_enough(accounts: list[CreditAccount]) -> None:
    assert Movement.objects.count() > 25
    assert findings() == []


def test_every_period_of_every_account_equals_its_recount(accounts: list[CreditAccount]) -> None:
    for account in accounts:
        for first in DAYS:
            before = recount(account, date.min, first - timedelta(days=1))
            for last in [day for day in DAYS if day >= first]:
                figures = sum_period(account_id=account.pk, first=first, last=last)
                count, credited, debited = recount(account, first, last)
                opening = before[1] - before[2]
                assert figures.movements == count
                assert figures.opening == from_minor(opening, "EUR")
                assert figures.credits == from_minor(credited, "EUR")
                assert figures.debits == from_minor(debited, "EUR")
                assert figures.closing == from_minor(opening + credited - debited, "EUR")  # I1


def test_i3_all_accounts_together_equal_the_recount(accounts: list[CreditAccount]) -> None:
    for first, last in ((DAYS[0], DAYS[-1]), (DAYS[3], DAYS[7]), (DAYS[5], DAYS[5])):
        recounts = [recount(account, first, last) for account in accounts]
        expected = tuple(sum(column) for column in zip(*recounts, strict=True))
        assert sum_all_periods(first=first, last=last, currency="EUR") == expected


def test_the_balance_of_a_day_is_the_recount_up_to_it(accounts: list[CreditAccount]) -> None:
    for account in accounts:
        for day in [FIRST - timedelta(days=1), *DAYS, DAYS[-1] + timedelta(days=365)]:
            _count, credited, debited = recount(account, date.min, day)
            assert balance_at(account_id=account.pk, day=day) == from_minor(
                credited - debited, "EUR"
            )


def test_i4_what_closes_one_period_opens_the_next(accounts: list[CreditAccount]) -> None:
    for account in accounts:
        periods = [sum_period(account_id=account.pk, first=day, last=day) for day in DAYS]
        for earlier, later in pairwise(periods):
            assert earlier.closing == later.opening


def test_i5_days_add_up_to_the_period(accounts: list[CreditAccount]) -> None:
    for account in accounts:
        whole = sum_period(account_id=account.pk, first=DAYS[0], last=DAYS[-1])
        days = [sum_period(account_id=account.pk, first=day, last=day) for day in DAYS]
        assert sum(day.movements for day in days) == whole.movements
        assert sum(day.credits.amount for day in days) == whole.credits.amount
        assert sum(day.debits.amount for day in days) == whole.debits.amount


def test_the_sum_of_all_balances_is_what_the_venue_owes(
    venue: Venue, accounts: list[CreditAccount]
) -> None:
    owed = sum(balance_at(account_id=account.pk, day=DAYS[-1]).amount for account in accounts)
    assert sum_balances(currency="EUR").amount == owed
    assert sum_balances(currency="CHF").amount == 0


def test_any_number_of_accounts_is_one_query(accounts: list[CreditAccount]) -> None:
    with CaptureQueriesContext(connection) as captured:
        found = [figures_of(row) for row in period_accounts(first=DAYS[2], last=DAYS[9])]
    assert len(captured) == 1
    assert len(found) == 4


def test_the_probes_use_the_index(accounts: list[CreditAccount]) -> None:
    query = (
        Movement.objects.filter(account_id=accounts[0].pk, business_date__lte=DAYS[5])
        .order_by("-business_date", "-position")
        .values_list("balance_after_minor", flat=True)[:1]
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # The table is so small that reading and sorting it all would be as cheap.
            for way in ("seqscan", "bitmapscan", "sort"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
    plan = query.explain()
    assert "movement_period_probe" in plan
    assert "SORT" not in plan.upper()
    assert "TEMP B-TREE" not in plan.upper()
