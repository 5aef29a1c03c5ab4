"""Which payments give a refund back (spec C6b, G4; cases B17, B23, B64)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from institution_settings.choices import ModeKind
from institution_settings.money import from_minor, round_cash_minor
from payments.choices import RefundChoice
from payments.errors import RefundExceeds, RefundNotPayable, RefundNotPositive
from payments.settlement.shapes import ModeRules


@dataclass(frozen=True, kw_only=True, slots=True)
class Paid:
    """A payment of the order being refunded, as far as it was not given back yet.

    ``rounding_minor`` is what cash rounding added to it (negative: took off) and was not given
    back; ``non_refundable_minor`` the part that may be spent but never paid out (spec C6b);
    ``refillable`` says that the voucher that paid can be spent again once it is put back.
    """

    reference: int
    mode: ModeRules
    remaining_minor: int
    rounding_minor: int = 0
    non_refundable_minor: int = 0
    refillable: bool = False

    @property
    def payable_minor(self) -> int:
        """What of it may be given back as money."""
        return self.remaining_minor - self.non_refundable_minor


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """What one payment gives back of a refund.

    ``amount`` counts against the payment and the order; ``non_refundable`` is the part of it that
    returns to credit as such; ``rounding`` is what coins add to it (or take off).
    """

    paid: Paid
    amount_minor: int
    non_refundable_minor: int = 0
    rounding_minor: int = 0

    @property
    def handed_minor(self) -> int:
        """What the customer is handed."""
        return self.amount_minor + self.rounding_minor


class OwedWay(StrEnum):
    """Where a share goes where money is owed for later (spec G8, CNS-02)."""

    CREDIT = "credit"
    VOUCHER = "voucher"
    OWED = "owed"


def owed_way(share: Share) -> OwedWay:
    """Return how a share returns under ``RefundChoice.OWED``: what can, goes back by itself.

    Credit, and a voucher that can still be spent. What may never be paid out becomes credit; the
    rest is owed as money.
    """
    paid = share.paid
    if paid.mode.kind == ModeKind.VOUCHER and paid.refillable:
        return OwedWay.VOUCHER
    if paid.mode.kind == ModeKind.CREDIT or share.non_refundable_minor:
        return OwedWay.CREDIT
    return OwedWay.OWED


def split_refund(
    paid: Sequence[Paid],
    *,
    amount_minor: int,
    currency: str,
    choice: str = RefundChoice.ORIGIN,
) -> tuple[Share, ...]:
    """Return which payments give ``amount_minor`` back (spec G4, cases B17, B23, B64).

    ``paid`` stands in the order of payment: first in, first out, none gives more than remains of
    it. To credit or into an exchange, what is non-refundable goes first (C6b); as money in another
    mode, it does not come back at all. Cash goes back to where cash came from in coins, and in the
    end exactly what was taken. Raises ``RefundNotPositive``, ``RefundExceeds`` and
    ``RefundNotPayable``.
    """
    if amount_minor <= 0:
        raise RefundNotPositive
    remaining = sum(payment.remaining_minor for payment in paid)
    if amount_minor > remaining:
        raise RefundExceeds(remaining=from_minor(remaining, currency))
    payable = sum(payment.payable_minor for payment in paid)
    if choice == RefundChoice.MODE and amount_minor > payable:
        raise RefundNotPayable(payable=from_minor(payable, currency))
    taken = _take(paid, amount_minor, choice)
    shares = zip(paid, taken, strict=True)
    return tuple(_share(payment, part, currency, choice) for payment, part in shares if part)


def _take(paid: Sequence[Paid], amount: int, choice: str) -> list[int]:
    """Return what each payment gives back, in minor units."""
    turns = {
        RefundChoice.ORIGIN: [[payment.remaining_minor for payment in paid]],
        RefundChoice.OWED: [[payment.remaining_minor for payment in paid]],
        RefundChoice.MODE: [[payment.payable_minor for payment in paid]],
        RefundChoice.CREDIT: _unpayable_first(paid),
        RefundChoice.EXCHANGE: _unpayable_first(paid),
    }
    taken = [0] * len(paid)
    for room in turns[RefundChoice(choice)]:
        for index, limit in enumerate(room):
            part = min(limit, amount)
            taken[index] += part
            amount -= part
    return taken


def _unpayable_first(paid: Sequence[Paid]) -> list[list[int]]:
    return [
        [payment.non_refundable_minor for payment in paid],
        [payment.payable_minor for payment in paid],
    ]


def _share(payment: Paid, part: int, currency: str, choice: str) -> Share:
    """Return the share of one payment, with its coins where cash goes back as cash."""
    if choice == RefundChoice.MODE:
        return Share(paid=payment, amount_minor=part)
    coins = part
    if choice == RefundChoice.ORIGIN and payment.mode.kind == ModeKind.CASH:
        coins = _coins(payment, part, currency)
    return Share(
        paid=payment,
        amount_minor=part,
        non_refundable_minor=min(part, payment.non_refundable_minor),
        rounding_minor=coins - part,
    )


def _coins(payment: Paid, part: int, currency: str) -> int:
    """Return the cash handed for ``part``: never more than came in, in the end all of it (B64).

    Parts that went to credit meanwhile may leave centimes that no coins make up: rounded too.
    """
    cash_left = payment.remaining_minor + payment.rounding_minor
    most = max(0, round_cash_minor(cash_left, currency=currency))
    if part == payment.remaining_minor:
        return most
    return min(round_cash_minor(part, currency=currency), most)
