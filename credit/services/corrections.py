"""Counter-movements and transfers (spec C4, C10; FIS-02)."""

from collections.abc import Collection

from moneyed import Money

from credit.choices import REVERSED_HERE, MovementKind, Side
from credit.errors import AlreadyReversed, InsufficientCredit, NotReversible, SpentSince
from credit.models import CreditAccount, Movement
from credit.services.posting import post
from credit.services.shapes import Posting, Use
from institution_settings.models import PaymentMode
from institution_settings.money import to_minor
from journal.services import Op
from tills.selectors import Desk


def reverse(
    *,
    op: Op,
    desk: Desk,
    movement_id: int,
    reason: str,
    kinds: Collection[MovementKind] = REVERSED_HERE | {MovementKind.TRANSFER},
) -> list[Movement]:
    """Take a movement back: opposite side, same amount, once, dated now (FIS-02).

    A transfer is taken back with its pair. Deposits and payouts also move money, so only
    ``payments`` passes their kinds. Raises ``AlreadyReversed``, ``NotReversible`` and, naming the
    missing sum, ``SpentSince`` (an ``InsufficientCredit``).
    """
    movement = Movement.objects.select_related("account").get(pk=movement_id)
    if movement.kind not in kinds or movement.reverses_id is not None:
        raise NotReversible(kind=movement.get_kind_display())
    both = [movement]
    if movement.kind == MovementKind.TRANSFER:
        both = list(
            Movement.objects.filter(
                operation_id=movement.operation_id, kind=movement.kind, reverses=None
            )
        )
    lock_accounts(account_ids=[one.account_id for one in both])
    if Movement.objects.filter(reverses__in=both).exists():
        raise AlreadyReversed(reference=str(movement))
    # What a transfer gave is taken first, and what could be taken of its non-refundable part is
    # what goes back: a correction never turns one part into the other (spec C6b).
    counters: list[Movement] = []
    for one in sorted(both, key=lambda one: one.side == Side.DEBIT):
        part = counters[-1].non_refundable_minor if counters else one.non_refundable_minor
        try:
            counters.append(_counter(op, desk, one, part, reason))
        except InsufficientCredit as short:
            raise SpentSince(**short.data) from short
    return counters


def _counter(op: Op, desk: Desk, movement: Movement, part: int, reason: str) -> Movement:
    credited = movement.side == Side.CREDIT
    return post(
        op=op,
        desk=desk,
        posting=Posting(
            account_id=movement.account_id,
            kind=MovementKind(movement.kind),
            side=Side.DEBIT if credited else Side.CREDIT,
            amount=movement.amount,
            mode=movement.mode,
            use=Use.FREE,
            counterpart=movement.counterpart,
            non_refundable_minor=part,
            reference=movement.reference,
            reason=reason,
            reverses_id=movement.pk,
            reverses_position=movement.position,
        ),
    )


def transfer(
    *,
    op: Op,
    desk: Desk,
    from_account_id: int,
    to_account_id: int,
    amount: Money,
    mode: PaymentMode | None,
    reason: str,
) -> tuple[Movement, Movement]:
    """Move credit between two accounts by a pair of movements, the non-refundable part with it.

    The venue's total is unchanged (E11). Used for merges and by a supervisor.
    """
    lock_accounts(account_ids=[from_account_id, to_account_id])
    taken = post(
        op=op,
        desk=desk,
        posting=Posting(
            account_id=from_account_id,
            kind=MovementKind.TRANSFER,
            side=Side.DEBIT,
            amount=amount,
            mode=mode,
            use=Use.FREE,
            non_refundable_minor=to_minor(amount),
            reason=reason,
        ),
    )
    given = post(
        op=op,
        desk=desk,
        posting=Posting(
            account_id=to_account_id,
            kind=MovementKind.TRANSFER,
            side=Side.CREDIT,
            amount=amount,
            mode=mode,
            use=Use.FREE,
            non_refundable_minor=taken.non_refundable_minor,
            reason=reason,
        ),
    )
    return taken, given


def lock_accounts(*, account_ids: Collection[int]) -> list[CreditAccount]:
    """Lock accounts in the one order everybody uses: by id (design.md §2)."""
    return list(
        CreditAccount.objects.select_for_update(no_key=True)
        .filter(pk__in=account_ids)
        .order_by("pk")
    )
