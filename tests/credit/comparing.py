"""What the ledger wrote, compared with what the oracle says it should have."""

from collections.abc import Sequence
from datetime import datetime

from credit.models import CreditAccount, Movement
from credit.selectors import balance_at, list_standings, sum_balances
from institution_settings.money import from_minor, to_minor
from tests.credit import oracle


def compare_line(line: oracle.Line, movement: Movement) -> None:
    """A movement is its line, figure by figure."""
    assert (
        line.kind,
        line.side,
        line.amount,
        line.part,
        line.balance_after,
        line.part_after,
        line.credits_after,
        line.day,
        line.account.lines.index(line) + 1,
    ) == (
        movement.kind,
        movement.side,
        movement.amount_minor,
        movement.non_refundable_minor,
        movement.balance_after_minor,
        movement.non_refundable_after_minor,
        movement.credits_after_minor,
        movement.business_date,
        movement.position,
    )


def compare_accounts(
    rows: Sequence[CreditAccount], accounts: Sequence[oracle.Account], now: datetime
) -> None:
    """Rows and standings are what the oracle says; never below zero, never held or kept beyond."""
    standings = list_standings(contact_ids=[row.contact_id for row in rows], currency="EUR", at=now)
    stored = CreditAccount.objects.in_bulk([row.pk for row in rows])
    for row, known in zip(rows, accounts, strict=True):
        account, standing = stored[row.pk], standings[row.contact_id]
        assert 0 <= account.held_minor <= account.balance_minor
        assert 0 <= account.non_refundable_minor <= account.balance_minor
        assert (
            account.balance_minor,
            account.held_minor,
            account.non_refundable_minor,
            account.credits_minor,
            account.position,
        ) == (known.balance, known.held, known.part, known.credits, len(known.lines))
        available = known.available(now)
        assert (
            to_minor(standing.balance),
            to_minor(standing.held),
            to_minor(standing.available),
            to_minor(standing.non_refundable),
            to_minor(standing.refundable),
        ) == (
            known.balance,
            known.held_at(now),
            available,
            known.part,
            max(available - known.part, 0),
        )


def compare_days(rows: Sequence[CreditAccount], accounts: Sequence[oracle.Account]) -> None:
    """Every day's balance equals the recount, and days never fall along an account."""
    days = sorted({line.day for known in accounts for line in known.lines})
    for row, known in zip(rows, accounts, strict=True):
        for day in days:
            recount = from_minor(known.balance_on(day), "EUR")
            assert balance_at(account_id=row.pk, day=day) == recount
        dates = [line.day for line in known.lines]
        assert dates == sorted(dates)
    owed = sum(known.balance for known in accounts)
    assert sum_balances(currency="EUR") == from_minor(owed, "EUR")
