"""What a movement is to be."""

from dataclasses import dataclass
from enum import Enum

from moneyed import Money

from credit.choices import MovementKind, Side
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
    ``refundable_only`` refuses to touch that part (payouts). ``capture_minor`` is what a hold of
    this very debit had set aside.
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
    capture_minor: int = 0
    reference: str = ""
    reason: str = ""
    reverses_id: int | None = None
    reverses_position: int | None = None
