"""Acts on three accounts at two tills, each done in the ledger and in the oracle (oracle.py).

``test_ledger_machine.py`` draws them.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from credit.choices import MovementKind
from credit.errors import CreditError
from credit.models import Hold, Movement
from institution_settings.money import from_minor
from tests.credit import oracle
from tests.credit.comparing import compare_accounts, compare_days, compare_line
from tests.ledger import Ledger
from tests.venue import Venue
from tests.verified import findings

# On the evening before the night in which three o'clock comes twice.
START = datetime(2026, 10, 24, 20, 0, tzinfo=ZoneInfo("Europe/Paris")).astimezone(UTC)

ACCOUNTS = st.integers(0, 2)
TILLS = st.sampled_from(["G1", "G2"])
PICKS = st.integers(0, 999)
SUMS = st.integers(1, 3000)
# To the limit, and one cent beyond it: where mistakes are.
DEBITS = st.one_of(SUMS, st.sampled_from(["all", "all + 1", "refundable", "refundable + 1"]))

SPENDING = [
    ("pay", MovementKind.PAYMENT),
    ("adjust", MovementKind.ADJUSTMENT),
    ("expire", MovementKind.EXPIRY),
    ("waive", MovementKind.WAIVER),
]


class LedgerMachine(RuleBasedStateMachine):
    """Does an act in the ledger and in the oracle, and compares."""

    def __init__(self, venue: Venue) -> None:
        super().__init__()
        self.venue = venue
        self.now = START
        venue.desks.clear()
        self._whole = transaction.atomic()
        # Operations must be outermost: to them this is what a test case's transaction is.
        self._whole._from_testcase = True
        self._whole.__enter__()
        self.rows = [venue.account() for _ in range(3)]
        self.accounts = [oracle.Account() for _ in range(3)]
        self.movements: dict[oracle.Line, Movement] = {}
        self.holds: dict[oracle.Held, Hold] = {}

    def teardown(self) -> None:
        try:
            self.check_all()
        finally:
            self.end()

    def check_all(self) -> None:
        """At the end: every line still reads as it was written, every day, every seal."""
        compare_days(self.rows, self.accounts)
        for line, movement in self.movements.items():
            compare_line(line, Movement.objects.get(pk=movement.pk))
        assert findings() == []

    def end(self) -> None:
        """Leave nothing in the database."""
        transaction.set_rollback(True)
        self._whole.__exit__(None, None, None)

    # What the rules share

    def ledger(self, till: str) -> Ledger:
        return Ledger(self.venue, till, self.now)

    def day(self, till: str) -> Any:
        return self.ledger(till).desk.business_date

    def tried(self, act: Callable[[], Any], refusal: type[CreditError] | None) -> Any:
        """Do the act and return its result, or None where the oracle foretells this refusal."""
        if refusal is None:
            return act()
        with pytest.raises(refusal):
            act()
        return None

    def amount(self, account: int, drawn: int | str) -> int:
        if isinstance(drawn, int):
            return drawn
        known = self.accounts[account]
        limit = known.available(self.now) - (known.part if "refundable" in drawn else 0)
        return max(limit, 0) + (1 if drawn.endswith("+ 1") else 0) or 1

    def text(self, minor: int) -> str:
        return str(from_minor(minor, "EUR").amount)

    def written(self, line: oracle.Line, movement: Movement) -> None:
        """Compare a movement with its line, and keep both."""
        self.movements[line] = movement
        compare_line(line, movement)

    # The acts

    @rule(account=ACCOUNTS, amount=SUMS, till=TILLS)
    def deposit(self, account: int, amount: int, till: str) -> None:
        day = self.day(till)
        movement = self.ledger(till).deposit(self.rows[account], self.text(amount))
        line = self.accounts[account].credit(MovementKind.DEPOSIT, amount, 0, self.now, day)
        self.written(line, movement)

    @rule(account=ACCOUNTS, amount=SUMS, till=TILLS)
    def goodwill(self, account: int, amount: int, till: str) -> None:
        day = self.day(till)
        movement = self.ledger(till).goodwill(self.rows[account], self.text(amount))
        line = self.accounts[account].credit(MovementKind.GOODWILL, amount, amount, self.now, day)
        self.written(line, movement)

    @rule(account=ACCOUNTS, amount=SUMS, share=st.integers(0, 3000), till=TILLS)
    def refund(self, account: int, amount: int, share: int, till: str) -> None:
        day, part = self.day(till), min(share, amount)
        movement = self.ledger(till).refund(
            self.rows[account], self.text(amount), non_refundable_minor=part
        )
        line = self.accounts[account].credit(MovementKind.REFUND, amount, part, self.now, day)
        self.written(line, movement)

    @rule(
        account=ACCOUNTS,
        drawn=DEBITS,
        till=TILLS,
        act=st.sampled_from(SPENDING),
    )
    def spend(
        self, account: int, drawn: int | str, till: str, act: tuple[str, MovementKind]
    ) -> None:
        known, amount, day = self.accounts[account], self.amount(account, drawn), self.day(till)
        movement = self.tried(
            lambda: getattr(self.ledger(till), act[0])(self.rows[account], self.text(amount)),
            oracle.refusal_of_debit(known, amount, self.now),
        )
        if movement:
            line = known.debit(act[1], amount, oracle.SPENT_FIRST, self.now, day)
            self.written(line, movement)

    @rule(account=ACCOUNTS, drawn=DEBITS, till=TILLS)
    def pay_out(self, account: int, drawn: int | str, till: str) -> None:
        known, amount, day = self.accounts[account], self.amount(account, drawn), self.day(till)
        movement = self.tried(
            lambda: self.ledger(till).pay_out(self.rows[account], self.text(amount)),
            oracle.refusal_of_payout(known, amount, self.now),
        )
        if movement:
            line = known.debit(MovementKind.PAYOUT, amount, 0, self.now, day)
            assert line.part == 0
            self.written(line, movement)

    @rule(account=ACCOUNTS, drawn=DEBITS, till=TILLS, minutes=st.sampled_from([5, 35, 600]))
    def hold(self, account: int, drawn: int | str, till: str, minutes: int) -> None:
        known, amount = self.accounts[account], self.amount(account, drawn)
        hold = self.tried(
            lambda: self.ledger(till).hold(self.rows[account], self.text(amount), minutes=minutes),
            oracle.refusal_of_debit(known, amount, self.now),
        )
        if hold:
            known.release_lapsed(self.now)
            held = oracle.Held(known, amount, self.now + timedelta(minutes=minutes))
            known.holds.append(held)
            self.holds[held] = hold

    @precondition(lambda self: self.holds)
    @rule(pick=PICKS, till=TILLS)
    def capture(self, pick: int, till: str) -> None:
        held = list(self.holds)[pick % len(self.holds)]
        day, captured = self.day(till), held.captured
        movement = self.tried(
            lambda: self.ledger(till).capture(self.holds[held]), oracle.refusal_of_capture(held)
        )
        if movement:
            assert not captured
            held.captured = True
            line = held.account.debit(
                MovementKind.PAYMENT, held.amount, oracle.SPENT_FIRST, self.now, day, but=held
            )
            self.written(line, movement)
        else:
            assert captured or held.released

    @precondition(lambda self: self.holds)
    @rule(pick=PICKS, till=TILLS)
    def release(self, pick: int, till: str) -> None:
        held = list(self.holds)[pick % len(self.holds)]
        released = self.tried(
            lambda: self.ledger(till).release(self.holds[held]), oracle.refusal_of_release(held)
        )
        assert bool(released) == held.pending
        held.released = held.released or bool(released)

    @precondition(lambda self: self.movements)
    @rule(pick=PICKS, till=TILLS)
    def reverse(self, pick: int, till: str) -> None:
        line = list(self.movements)[pick % len(self.movements)]
        day = self.day(till)
        counters = self.tried(
            lambda: self.ledger(till).reverse(self.movements[line]),
            oracle.refusal_of_reversal(line, self.now),
        )
        if counters:
            for known, counter in zip(oracle.reverse(line, self.now, day), counters, strict=True):
                self.written(known, counter)

    @rule(giver=ACCOUNTS, further=st.integers(1, 2), drawn=DEBITS, till=TILLS)
    def transfer(self, giver: int, further: int, drawn: int | str, till: str) -> None:
        taker = (giver + further) % 3
        amount, day = self.amount(giver, drawn), self.day(till)
        pair = self.tried(
            lambda: self.ledger(till).transfer(
                self.rows[giver], self.rows[taker], self.text(amount)
            ),
            oracle.refusal_of_debit(self.accounts[giver], amount, self.now),
        )
        if pair:
            kind = MovementKind.TRANSFER
            taken = self.accounts[giver].debit(kind, amount, oracle.SPENT_FIRST, self.now, day)
            given = self.accounts[taker].credit(kind, amount, taken.part, self.now, day)
            taken.pair, given.pair = given, taken
            self.written(taken, pair[0])
            self.written(given, pair[1])

    # The clock

    @rule(minutes=st.integers(1, 240))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        for till in list(self.venue.desks):
            if self.now >= self.venue.desks[till].day.ends_at:
                self.ledger(till).close()

    @invariant()
    def every_figure_is_the_oracle_s(self) -> None:
        compare_accounts(self.rows, self.accounts, self.now)
