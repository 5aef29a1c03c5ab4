"""Whatever is done in whatever order, the ledger is what the plain rules say it is.

Hypothesis draws acts on three accounts at two tills, the clock running on through the night of a
clock change; after each act every figure is compared with ``oracle.py``. ``AVOIR_LEDGER_EXAMPLES``
draws more than the suite does.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from credit.choices import MovementKind
from credit.errors import CreditError
from credit.models import CreditAccount, Hold, Movement
from credit.selectors import balance_at, list_standings, sum_balances
from institution_settings.money import from_minor, to_minor
from tests.credit import oracle
from tests.ledger import Ledger
from tests.verified import findings
from tests.venue import Venue

EXAMPLES = int(os.environ.get("AVOIR_LEDGER_EXAMPLES") or 20)
STEPS = 30
# On the evening before the night in which three o'clock comes twice.
START = datetime(2026, 10, 24, 20, 0, tzinfo=ZoneInfo("Europe/Paris")).astimezone(UTC)

ACCOUNTS = st.integers(0, 2)
TILLS = st.sampled_from(["G1", "G2"])
PICKS = st.integers(0, 999)
SUMS = st.integers(1, 3000)
# To the limit, and one cent beyond it: where mistakes are.
DEBITS = st.one_of(SUMS, st.sampled_from(["all", "all + 1", "refundable", "refundable + 1"]))


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
            self.check_days()
            self.check_lines()
            assert findings() == []
        finally:
            transaction.set_rollback(True)
            self._whole.__exit__(None, None, None)

    # What the rules share

    def ledger(self, till: str) -> Ledger:
        return Ledger(self.venue, till, self.now)

    def day(self, till: str) -> Any:
        return self.ledger(till).desk.business_date

    def tried(self, act: Callable[[], Any], refusal: type[CreditError] | None) -> Any:
        """Do the act; it meets exactly the refusal that the oracle foretells."""
        try:
            result = act()
        except CreditError as refused:
            assert type(refused) is refusal
            return None
        assert refusal is None
        return result

    def amount(self, account: int, drawn: int | str) -> int:
        if isinstance(drawn, int):
            return drawn
        known = self.accounts[account]
        limit = known.available(self.now) - (known.part if "refundable" in drawn else 0)
        return max(limit, 0) + (1 if drawn.endswith("+ 1") else 0) or 1

    def text(self, minor: int) -> str:
        return str(from_minor(minor, "EUR").amount)

    def written(self, line: oracle.Line, movement: Movement) -> None:
        """Compare a movement with its line."""
        self.movements[line] = movement
        known = (
            line.kind,
            line.side,
            line.amount,
            line.part,
            line.balance_after,
            line.part_after,
            line.credits_after,
            line.day,
            line.account.lines.index(line) + 1,
        )
        assert known == (
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
        act=st.sampled_from(
            [
                ("pay", MovementKind.PAYMENT),
                ("adjust", MovementKind.ADJUSTMENT),
                ("expire", MovementKind.EXPIRY),
                ("waive", MovementKind.WAIVER),
            ]
        ),
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
            lambda: self.ledger(till).hold(
                self.rows[account], self.text(amount), minutes=minutes
            ),
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
            for known, counter in zip(
                oracle.reverse(line, self.now, day), counters, strict=True
            ):
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

    # What always holds

    @invariant()
    def every_figure_is_the_oracle_s(self) -> None:
        standings = list_standings(
            contact_ids=[row.contact_id for row in self.rows], currency="EUR", at=self.now
        )
        stored = CreditAccount.objects.in_bulk([row.pk for row in self.rows])
        for row, known in zip(self.rows, self.accounts, strict=True):
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
            available = known.available(self.now)
            assert (
                to_minor(standing.balance),
                to_minor(standing.held),
                to_minor(standing.available),
                to_minor(standing.non_refundable),
                to_minor(standing.refundable),
            ) == (
                known.balance,
                known.held_at(self.now),
                available,
                known.part,
                max(available - known.part, 0),
            )

    def check_days(self) -> None:
        """Every day's balance equals the recount, and days never fall along an account."""
        days = sorted({line.day for known in self.accounts for line in known.lines})
        for row, known in zip(self.rows, self.accounts, strict=True):
            for day in days:
                recount = from_minor(known.balance_on(day), "EUR")
                assert balance_at(account_id=row.pk, day=day) == recount
            dates = [line.day for line in known.lines]
            assert dates == sorted(dates)
        owed = sum(known.balance for known in self.accounts)
        assert sum_balances(currency="EUR") == from_minor(owed, "EUR")

    def check_lines(self) -> None:
        """Every line still reads as it was written."""
        for line, movement in self.movements.items():
            self.written(line, Movement.objects.get(pk=movement.pk))


def test_the_ledger_follows_the_plain_rules(venue: Venue) -> None:
    run_state_machine_as_test(
        lambda: LedgerMachine(venue),
        settings=settings(max_examples=EXAMPLES, stateful_step_count=STEPS),
    )
