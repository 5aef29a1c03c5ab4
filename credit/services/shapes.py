"""What a movement is to be."""

from dataclasses import dataclass
from enum import Enum

from moneyed import Money

from credit.choices import MovementKind, Side
from credit.models import Hold
from institution_settings.models import PaymentMode


class Use(Enum):
    """What the credit mode must be authorised for at the point of sale (spec S3)."""

    PAYMENT = "payment"
    REFUND = "refund"
    FREE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """A movement to be written.

    ``non_refundable_minor`` is the part that may be spent but never paid out (spec C6b): of a
    credit exactly, of a debit as far as the account has it and its balance after allows.
    ``refundable_only`` refuses to touch that part (payouts). ``captures`` is the hold that had
    set this very debit aside.
    """

    account_id: int
    kind: MovementKind
    side: Side
    amount: Money
    mode: PaymentMode | None
    use: Use
    counterpart: PaymentMode | None = None
    non_refundable_minor: int = 0
    refundable_only: bool = False
    captures: Hold | None = None
    reference: str = ""
    reason: str = ""
    reverses_id: int | None = None
    reverses_position: int | None = None

    @property
    def capture_minor(self) -> int:
        """What the hold had set aside."""
        return self.captures.amount_minor if self.captures else 0
