"""How many statements a posting takes: pinned, whatever the ledger's length (design.md §5)."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from credit.models import CreditAccount
from tests.ledger import Ledger


def statements(work: Callable[[], object]) -> list[str]:
    """Return the first words of every statement that ``work`` makes the database run."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        work()
    return [" ".join(query["sql"].split()[:2]) for query in captured.captured_queries]


BEGIN = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "BEGIN"}
POSTING = [
    "INSERT INTO",  # the operation
    "UPDATE credit_creditaccount",
    "INSERT INTO",  # the movement
    "SELECT entity,",  # the chain, under its lock
    "INSERT INTO",  # the entry
    "UPDATE journal_chain",
]


@pytest.fixture
def account(committed_ledger: Ledger) -> CreditAccount:
    """Credit to spend."""
    return committed_ledger.account(credit="50.00")


@pytest.mark.parametrize(
    "act", ["deposit", "refund", "surplus", "goodwill", "pay", "pay_out", "adjust", "expire"]
)
def test_a_posting_takes_six_statements(
    committed_ledger: Ledger, account: CreditAccount, act: str
) -> None:
    begin = BEGIN[connection.vendor]
    seen = statements(lambda: getattr(committed_ledger, act)(account, "1.00"))
    assert seen == [begin, *POSTING, "COMMIT"]


def test_the_hundredth_takes_as_many_as_the_first(
    committed_ledger: Ledger, account: CreditAccount
) -> None:
    first = statements(lambda: committed_ledger.pay(account, "0.01"))
    for _ in range(98):
        committed_ledger.pay(account, "0.01")
    assert statements(lambda: committed_ledger.pay(account, "0.01")) == first
    assert len(first) == 8


def test_a_hold_beside_costs_two_more(committed_ledger: Ledger, account: CreditAccount) -> None:
    committed_ledger.hold(account, "5.00")
    seen = statements(lambda: committed_ledger.pay(account, "1.00"))
    # The account is locked already; what lapsed of its holds is looked for.
    assert len(seen) == 6 + 2 + 2


def test_a_repeat_reads_and_writes_nothing(
    committed_ledger: Ledger, account: CreditAccount
) -> None:
    claim = committed_ledger.venue.claim()
    committed_ledger.do(lambda op, _desk: op.id, claim=claim)
    seen = statements(lambda: committed_ledger.do(lambda op, _desk: op.id, claim=claim))
    assert seen == [
        BEGIN[connection.vendor],
        "INSERT INTO",
        'SELECT "journal_operation"."id",',
        "COMMIT",
    ]


def test_a_transfer_takes_two_postings_and_one_seal(
    committed_ledger: Ledger, account: CreditAccount
) -> None:
    other = committed_ledger.venue.account()
    seen = statements(lambda: committed_ledger.transfer(account, other, "1.00"))
    # operation, lock of both accounts, 2 × (account, movement), chain, both entries, chain
    assert len(seen) == 1 + 1 + 4 + 3 + 2
