"""Everything at once on one till, for seconds: no deadlock, nothing lost, every proof holds.

``AVOIR_RACE_SECONDS=20`` runs it longer than the suite does.
"""

import itertools
import json
import os
import random
import time
from collections import Counter
from functools import partial

import pytest

from credit.errors import CreditError
from credit.models import CreditAccount, Hold, Movement
from credit.services import OpeningBalance, open_balances
from journal.errors import DayIsOver, TillClosed
from journal.models import Entry
from tests.ledger import Ledger
from tests.processes import count_deadlocks, in_processes
from tests.verified import findings
from tills.selectors import desk_of, find_open_session

pytestmark = pytest.mark.race

SECONDS = float(os.environ.get("AVOIR_RACE_SECONDS") or 3)
SELLERS = 7  # and one who closes and opens the till


class Seller:
    """Does one act after the other on a few accounts that everybody else uses too."""

    def __init__(self, ledger: Ledger, accounts: list[CreditAccount], seed: int) -> None:
        self.ledger = ledger
        self.accounts = accounts
        self.chance = random.Random(seed)
        self.acts = {
            "pay": self.pay,
            "deposit": self.deposit,
            "refund": self.refund,
            "goodwill": self.goodwill,
            "pay_out": self.pay_out,
            "transfer": self.transfer,
            "hold": self.hold,
            "capture": self.capture,
            "release": self.release,
            "reverse": self.reverse,
            "take_over": self.take_over,
        }

    def work(self) -> Counter[str]:
        """Act until the time is over; returns how often each was tried, and each refusal."""
        outcomes: Counter[str] = Counter()
        turns = itertools.cycle(self.chance.sample(list(self.acts), len(self.acts)))
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            session = find_open_session(till_id=self.ledger.venue.tills["G1"].pk)
            if session is None:
                time.sleep(0.01)
                continue
            self.ledger.venue.desks["G1"] = desk_of(
                session=session, operator=self.ledger.venue.operator
            )
            act = next(turns)
            outcomes[act] += 1
            try:
                self.acts[act]()
            except (CreditError, TillClosed, DayIsOver) as refusal:
                outcomes[type(refusal).__name__] += 1
        return outcomes

    def account(self) -> CreditAccount:
        return self.chance.choice(self.accounts)

    def amount(self) -> str:
        return f"{self.chance.randint(1, 900) / 100:.2f}"

    def pay(self) -> None:
        self.ledger.pay(self.account(), self.amount())

    def deposit(self) -> None:
        self.ledger.deposit(self.account(), self.amount())

    def refund(self) -> None:
        self.ledger.refund(self.account(), self.amount())

    def goodwill(self) -> None:
        self.ledger.goodwill(self.account(), self.amount())

    def pay_out(self) -> None:
        self.ledger.pay_out(self.account(), self.amount())

    def transfer(self) -> None:
        giver, taker = self.chance.sample(self.accounts, 2)
        self.ledger.transfer(giver, taker, self.amount())

    def hold(self) -> None:
        # Some are over before anybody captures them: whoever next needs the credit releases them.
        self.ledger.hold(self.account(), self.amount(), minutes=self.chance.choice([-1, 35]))

    def capture(self) -> None:
        if held := self._pending():
            self.ledger.capture(held)

    def release(self) -> None:
        if held := self._pending():
            self.ledger.release(held)

    def _pending(self) -> Hold | None:
        pending = Hold.objects.filter(released_at=None, captured=None).order_by("-id")[:5]
        return self.chance.choice(list(pending) or [None])

    def reverse(self) -> None:
        found = Movement.objects.filter(
            kind__in=["GESTE", "TRANSFERT"], reverses=None, reversed_by=None
        )
        if movement := self.chance.choice(list(found.order_by("-id")[:5]) or [None]):
            self.ledger.reverse(movement)

    def take_over(self) -> None:
        rows = [
            OpeningBalance(contact_id=account.contact_id, amount=self.ledger.venue.money("0.50"))
            for account in self.chance.sample(self.accounts, 3)
        ]
        self.ledger.do(
            lambda op, desk: open_balances(
                op=op, desk=desk, mode=self.ledger.venue.modes["AVOIR"], rows=rows
            )
        )


def close_and_open(ledger: Ledger) -> Counter[str]:
    """Close the till and open it again, many times."""
    closings: Counter[str] = Counter()
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        ledger.close()
        ledger.venue.open("G1")
        closings["close"] += 1
        time.sleep(0.2)
    return closings


def check_that_each_movement_is_in_the_session_it_names() -> int:
    """Follow the chain: a movement stands between the opening and the closing of its session."""
    open_session: int | None = None
    closed = 0
    for kind, payload in (
        Entry.objects.filter(chain__code="G1").order_by("number").values_list("kind", "payload")
    ):
        facts = json.loads(payload)
        if kind == "OUVERTURE":
            assert open_session is None
            open_session = facts["session"]
        elif kind == "FERMETURE":
            assert facts["session"] == open_session
            open_session = None
            closed += 1
        elif kind == "MOUVEMENT":
            assert facts["session"] == open_session
        else:
            assert open_session is not None
    return closed


def test_eight_processes_do_everything_on_one_till(committed_ledger: Ledger) -> None:
    accounts = [committed_ledger.venue.account(credit="30.00") for _ in range(5)]
    before = count_deadlocks()
    sellers = [Seller(committed_ledger, accounts, seed) for seed in range(SELLERS)]
    outcomes = in_processes(
        [seller.work for seller in sellers] + [partial(close_and_open, committed_ledger)]
    )
    assert [outcome for outcome in outcomes if not isinstance(outcome, Counter)] == []
    total: Counter[str] = sum(outcomes, Counter())
    assert total["close"] > 1
    assert set(sellers[0].acts) <= set(total)
    assert count_deadlocks() == before
    assert check_that_each_movement_is_in_the_session_it_names() == total["close"]
    assert findings() == []


def test_a_payment_that_races_the_closing_is_in_before_it_or_refused(
    committed_ledger: Ledger,
) -> None:
    account = committed_ledger.venue.account(credit="50.00")
    for _ in range(5):
        desk = committed_ledger.desk
        results = in_processes(
            [partial(committed_ledger.pay, account, "1.00")] * 3 + [committed_ledger.close]
        )
        refused = [result for result in results[:3] if isinstance(result, TillClosed)]
        paid = [result for result in results[:3] if isinstance(result, Movement)]
        assert len(refused) + len(paid) == 3
        assert {movement.session_id for movement in paid} <= {desk.session_id}
        del committed_ledger.venue.desks["G1"]
    check_that_each_movement_is_in_the_session_it_names()
    assert findings() == []
