"""Numbers without a hole, whoever writes at the same time and whatever fails (FIS-04)."""

import random
from functools import partial

import pytest

from credit.models import CreditAccount, Movement
from credit.services import deposit
from journal.models import Chain, Entry
from journal.services import Op
from tests.ledger import Ledger
from tests.processes import count_deadlocks, in_processes
from tests.verified import findings
from tills.selectors import Desk

PROCESSES, EACH = 10, 10


class ChangedMind(Exception):
    """The customer left in the middle of the operation."""


def deposits(ledger: Ledger, account: CreditAccount, seed: int) -> int:
    """Make ten deposits, about every second of which is rolled back; returns how many stand."""
    chance = random.Random(seed)
    stand = 0
    for _ in range(EACH):
        fails = chance.random() < 0.5

        def write(op: Op, desk: Desk, fails: bool = fails) -> None:
            deposit(
                op=op,
                desk=desk,
                account_id=account.pk,
                amount=ledger.venue.money("1.00"),
                mode=ledger.venue.modes["AVOIR"],
                counterpart=ledger.venue.modes["ESPECES"],
            )
            if fails:
                raise ChangedMind

        try:
            ledger.do(write)
            stand += 1
        except ChangedMind:
            pass
    return stand


@pytest.mark.race
def test_a_hundred_inserts_in_parallel_half_of_them_rolled_back(committed_ledger: Ledger) -> None:
    accounts = [committed_ledger.venue.account() for _ in range(PROCESSES)]
    assert committed_ledger.desk
    before = count_deadlocks()
    stand = in_processes(
        [
            partial(deposits, committed_ledger, account, seed)
            for seed, account in enumerate(accounts)
        ]
    )
    total = sum(stand)
    assert 0 < total < PROCESSES * EACH
    chain = Chain.objects.get(code="G1")
    numbers = Entry.objects.filter(chain=chain).order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, total + 2))  # the opening of the till is number 1
    assert chain.number == total + 1
    for account, made in zip(accounts, stand, strict=True):
        positions = Movement.objects.filter(account=account).order_by("position")
        assert list(positions.values_list("position", flat=True)) == list(range(1, made + 1))
    assert count_deadlocks() == before
    assert findings() == []


@pytest.mark.race
def test_two_tills_number_without_waiting_for_each_other(committed_ledger: Ledger) -> None:
    accounts = [committed_ledger.venue.account() for _ in range(4)]
    tills = [committed_ledger, committed_ledger.at_till("G2")] * 2
    assert all(till.desk for till in tills)
    stand = in_processes(
        [
            partial(deposits, till, account, seed)
            for seed, (till, account) in enumerate(zip(tills, accounts, strict=True))
        ]
    )
    made = {"G1": stand[0] + stand[2] + 1, "G2": stand[1] + stand[3] + 1}
    assert dict(Chain.objects.filter(code__in=made).values_list("code", "number")) == made
    assert findings() == []
