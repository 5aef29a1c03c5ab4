"""Where an operation is sealed: the chain, the session it was begun in, that session's day."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class BusinessDay:
    """A venue's day and the instants it spans, half-open (spec S7)."""

    date: date
    begins_at: datetime
    ends_at: datetime

    def holds(self, at: datetime) -> bool:
        """Whether a moment falls in this day."""
        return self.begins_at <= at < self.ends_at


@dataclass(frozen=True, slots=True)
class Register:
    """The chain an operation is sealed on, the session it was begun in and that session's day.

    ``session`` and ``day`` are None on chains without sessions (EVENTS, CLOSINGS).
    """

    chain_id: int
    code: str
    session: int | None = None
    day: BusinessDay | None = None
