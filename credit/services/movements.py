"""What credits and debits an account, one function an act (spec C1, C2, C6).

All take the operation under way and never touch the chain; the outermost service seals.
"""

from moneyed import Money

from credit.choices import MovementKind, Side
from credit.models import Movement
from credit.services.posting import post
from credit.services.shapes import Posting, Use
from institution_settings.models import PaymentMode
from institution_settings.money import to_minor
from journal.services import Op
from tills.selectors import Desk


def deposit(
    *,
    op: Op,
    desk: Desk,
    account_id: int,
    amount: Money,
    mode: PaymentMode,
    counterpart: PaymentMode,
    reference: str = "",
) -> Movement:
    """Put money on the account (*alimenter*); ``counterpart`` is how it was paid."""
    return post(
        op=op,
        desk=desk,
        posting=Posting(
            account_id=account_id,
            kind=MovementKind.DEPOSIT,
            side=Side.CREDIT,
            amount=amount,
            mode=mode,
            use=Use.REFUND,
            counterpart=counterpart,
            reference=reference,
        ),
    )


def refund(
    *,
    op: Op,
    desk: Desk,
    account_id: int,
    amount: Money,
    mode: PaymentMode,
    reference: str,
    non_refundable_minor: int = 0,
) -> Movement:
    """Credit what an order gives back; ``non_refundable_minor`` is what was paid so (C6b)."""
    return post(
        op=op,
        desk=desk,
        posting=Posting(
            account_id=account_id,
            kind=MovementKind.REFUND,
            side=Side.CREDIT,
            amount=amount,
            mode=mode,
            use=Use.REFUND,
            non_refundable_minor=non_refundable_minor,
            reference=reference,
        ),
    )


def credit_surplus(
    *,
    op: Op,
    desk: Desk,
    account_id: int,
    amount: Money,
    mode: PaymentMode,
    counterpart: PaymentMode,
    reference: str,
    non_refundable: bool,
) -> Movement:
    """Credit what a voucher is worth beyond the order it paid (spec C8).

    ``counterpart`` is the type of voucher; the surplus of a free or paper one may be spent but
    never paid out.
    """
    return post(
        op=op,
        desk=desk,
        posting=Posting(
            account_id=account_id,
            kind=MovementKind.SURPLUS,
            side=Side.CREDIT,
            amount=amount,
            mode=mode,
            use=Use.REFUND,
            counterpart=counterpart,
            non_refundable_minor=to_minor(amount) if non_refundable else 0,
            reference=reference,
        ),
    )


def pay(
    *,
    op: Op,
    desk: Desk,
    account_id: int,
    amount: Money,
    mode: PaymentMode,
    reference: str,
    non_refundable_minor: int | None = None,
) -> Movement:
    """Pay an order, or part of it, with credit; the non-refundable part is spent first (C6b).

    ``non_refundable_minor`` draws so much of it and no more: for credit that comes back and pays
    again in one act, which must not change what may be paid out.
    Raises ``InsufficientCredit`` with what is available and held, and ``ModeNotAuthorised``.
    """
    return post(
        op=op,
        desk=desk,
        posting=Posting(
            account_id=account_id,
            kind=MovementKind.PAYMENT,
            side=Side.DEBIT,
            amount=amount,
            mode=mode,
            use=Use.PAYMENT,
            non_refundable_minor=(
                to_minor(amount) if non_refundable_minor is None else non_refundable_minor
            ),
            reference=reference,
        ),
    )


def pay_out(
    *,
    op: Op,
    desk: Desk,
    account_id: int,
    amount: Money,
    mode: PaymentMode,
    counterpart: PaymentMode,
    reference: str = "",
) -> Movement:
    """Give credit back as money; ``NonRefundable`` beyond available − non-refundable (C6b)."""
    return post(
        op=op,
        desk=desk,
        posting=Posting(
            account_id=account_id,
            kind=MovementKind.PAYOUT,
            side=Side.DEBIT,
            amount=amount,
            mode=mode,
            use=Use.PAYMENT,
            counterpart=counterpart,
            refundable_only=True,
            reference=reference,
        ),
    )


def give_goodwill(
    *, op: Op, desk: Desk, account_id: int, amount: Money, mode: PaymentMode, reason: str
) -> Movement:
    """A supervisor's gesture: credit that may be spent but never paid out (GESTE)."""
    return post(
        op=op,
        desk=desk,
        posting=Posting(
            account_id=account_id,
            kind=MovementKind.GOODWILL,
            side=Side.CREDIT,
            amount=amount,
            mode=mode,
            use=Use.FREE,
            non_refundable_minor=to_minor(amount),
            reason=reason,
        ),
    )


def adjust(
    *, op: Op, desk: Desk, account_id: int, amount: Money, mode: PaymentMode, reason: str
) -> Movement:
    """A supervisor's adjustment, always down (AJUSTEMENT)."""
    return _take_away(op, desk, account_id, MovementKind.ADJUSTMENT, amount, mode, reason)


def expire(
    *, op: Op, desk: Desk, account_id: int, amount: Money, mode: PaymentMode, reason: str
) -> Movement:
    """Credit whose legal time is over (EXPIRATION, MON-06), one account at a time."""
    return _take_away(op, desk, account_id, MovementKind.EXPIRY, amount, mode, reason)


def waive(
    *, op: Op, desk: Desk, account_id: int, amount: Money, mode: PaymentMode, reason: str
) -> Movement:
    """Credit its holder gives up in writing (RENONCIATION, RGP-02)."""
    return _take_away(op, desk, account_id, MovementKind.WAIVER, amount, mode, reason)


def _take_away(
    op: Op,
    desk: Desk,
    account_id: int,
    kind: MovementKind,
    amount: Money,
    mode: PaymentMode,
    reason: str,
) -> Movement:
    return post(
        op=op,
        desk=desk,
        posting=Posting(
            account_id=account_id,
            kind=kind,
            side=Side.DEBIT,
            amount=amount,
            mode=mode,
            use=Use.FREE,
            non_refundable_minor=to_minor(amount),
            reason=reason,
        ),
    )
