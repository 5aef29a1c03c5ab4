"""The rules of the credit account once more, in memory and as plainly as can be.

What the ledger does is compared with this after every step of ``test_ledger_machine.py``.
Amounts are minor units.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from credit.choices import REVERSED_HERE, MovementKind, Side
from credit.errors import (
    AlreadyReversed,
    CreditError,
    HoldCaptured,
    HoldEnded,
    InsufficientCredit,
    NonRefundable,
    NotReversible,
)

SPENT_FIRST = None  # of a debit: as much of the non-refundable part as there is


@dataclass(eq=False)
class Line:
    """One movement as it should stand."""

    account: "Account"
    kind: MovementKind
    side: Side
    amount: int
    part: int
    day: date
    balance_after: int
    part_after: int
    credits_after: int
    reverses: "Line | None" = None
    pair: "Line | None" = None
    taken_back: bool = False


@dataclass(eq=False)
class Held:
    """One hold as it should stand."""

    account: "Account"
    amount: int
    expires_at: datetime
    captured: bool = False
    released: bool = False

    @property
    def pending(self) -> bool:
        return not self.captured and not self.released


@dataclass(eq=False)
class Account:
    """One account as it should stand."""

    balance: int = 0
    part: int = 0
    credits: int = 0
    lines: list[Line] = field(default_factory=list)
    holds: list[Held] = field(default_factory=list)

    @property
    def held(self) -> int:
        """What the account's row holds: also what lapsed and nobody has released yet."""
        return sum(held.amount for held in self.holds if held.pending)

    def held_at(self, now: datetime) -> int:
        """What counts as held."""
        return sum(held.amount for held in self.holds if held.pending and held.expires_at >= now)

    def available(self, now: datetime) -> int:
        return self.balance - self.held_at(now)

    def release_lapsed(self, now: datetime, but: Held | None = None) -> None:
        for held in self.holds:
            if held.pending and held.expires_at < now and held is not but:
                held.released = True

    def balance_on(self, day: date) -> int:
        """The balance at the end of a day, by adding up."""
        return sum(
            line.amount if line.side == Side.CREDIT else -line.amount
            for line in self.lines
            if line.day <= day
        )

    def credit(self, kind: MovementKind, amount: int, part: int, now: datetime, day: date) -> Line:
        self.release_lapsed(now)
        self.balance += amount
        self.part += part
        self.credits += amount
        return self._write(kind, Side.CREDIT, amount, part, day)

    def debit(
        self,
        kind: MovementKind,
        amount: int,
        wished: int | None,
        now: datetime,
        day: date,
        but: Held | None = None,
    ) -> Line:
        """Take an amount, ``wished`` of it non-refundable as far as there is so much."""
        self.release_lapsed(now, but)
        part = min(self.part, amount if wished is None else wished)
        part = max(part, self.part - (self.balance - amount))
        self.balance -= amount
        self.part -= part
        return self._write(kind, Side.DEBIT, amount, part, day)

    def _write(self, kind: MovementKind, side: Side, amount: int, part: int, day: date) -> Line:
        line = Line(self, kind, side, amount, part, day, self.balance, self.part, self.credits)
        self.lines.append(line)
        return line


def refusal_of_debit(account: Account, amount: int, now: datetime) -> type[CreditError] | None:
    """What a payment or an adjustment of this amount should meet."""
    return InsufficientCredit if amount > account.available(now) else None


def refusal_of_payout(account: Account, amount: int, now: datetime) -> type[CreditError] | None:
    """What a payout should meet."""
    if amount > account.available(now):
        return InsufficientCredit
    return NonRefundable if amount > account.available(now) - account.part else None


def refusal_of_capture(held: Held) -> type[CreditError] | None:
    """What capturing this hold should meet."""
    return HoldEnded if held.released else None


def refusal_of_release(held: Held) -> type[CreditError] | None:
    """What releasing this hold should meet."""
    return HoldCaptured if held.captured else None


def refusal_of_reversal(line: Line, now: datetime) -> type[CreditError] | None:
    """What taking this line back should meet."""
    if line.kind not in REVERSED_HERE | {MovementKind.TRANSFER} or line.reverses is not None:
        return NotReversible
    if line.taken_back:
        return AlreadyReversed
    credited = [one for one in (line, line.pair) if one and one.side == Side.CREDIT]
    for one in credited:
        if one.amount > one.account.available(now):
            return InsufficientCredit
    return None


def reverse(line: Line, now: datetime, day: date) -> list[Line]:
    """Take a line back, with its pair if it has one: the credit of the pair first."""
    both = [line] if line.pair is None else [line, line.pair]
    counters: list[Line] = []
    for one in sorted(both, key=lambda one: one.side == Side.DEBIT):
        part = counters[0].part if counters else one.part
        if one.side == Side.CREDIT:
            counter = one.account.debit(one.kind, one.amount, part, now, day)
        else:
            counter = one.account.credit(one.kind, one.amount, part, now, day)
        one.taken_back = True
        counter.reverses = one
        counters.append(counter)
    return counters
