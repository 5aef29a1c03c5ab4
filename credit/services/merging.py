"""The credit of two contacts who are one person, brought together and parted again (spec C10)."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F

from credit.choices import AccountState, MovementKind, ReasonCode
from credit.errors import AccountNotOpen
from credit.models import CreditAccount, Hold, Movement
from credit.services.corrections import lock_accounts, reverse, transfer
from credit.services.lapses import release_lapsed
from institution_settings.models import PaymentMode
from journal.services import Op
from tills.selectors import Desk


@dataclass(frozen=True, slots=True)
class BroughtOver:
    """What went over: the credit given (None: there was none), the holds with it.

    ``kept_position`` is the last movement of the kept account just afterwards.
    """

    given: Movement | None
    hold_ids: tuple[int, ...]
    kept_position: int


def merge_accounts(
    *, op: Op, desk: Desk, from_account_id: int, to_account_id: int, mode: PaymentMode
) -> BroughtOver:
    """Move everything from one account to the other and close the first (RGP-05).

    The balance by a pair of transfers, the non-refundable part with it; holds follow, each
    still for its order. ``AccountNotOpen`` when either was merged or erased.
    """
    accounts = lock_accounts(account_ids=[from_account_id, to_account_id])
    if any(account.state != AccountState.OPEN for account in accounts):
        raise AccountNotOpen
    for account in accounts:
        release_lapsed(op=op, desk=desk, account_id=account.pk)
    holds = _pending(from_account_id)
    _set_aside(from_account_id, holds, -1)
    given = None
    balance = CreditAccount.objects.get(pk=from_account_id).balance
    if balance.amount:
        _taken, given = transfer(
            op=op,
            desk=desk,
            from_account_id=from_account_id,
            to_account_id=to_account_id,
            amount=balance,
            mode=mode,
            reason=ReasonCode.MERGE,
        )
    _rehome(holds, to_account_id)
    _set_aside(to_account_id, holds, 1)
    CreditAccount.objects.filter(pk=from_account_id).update(state=AccountState.MERGED)
    kept = CreditAccount.objects.get(pk=to_account_id)
    return BroughtOver(given, tuple(hold.pk for hold in holds), kept.position)


def part_accounts(
    *,
    op: Op,
    desk: Desk,
    from_account_id: int,
    to_account_id: int,
    given_id: int | None,
    hold_ids: Collection[int],
) -> int:
    """Give back what a merge brought over; returns the last position of the kept account.

    ``from_account_id`` is the kept account. The caller has made sure that it was not moved since
    (``has_moved_since``): what was given is there, and the holds that are still pending.
    """
    lock_accounts(account_ids=[from_account_id, to_account_id])
    CreditAccount.objects.filter(pk=to_account_id).update(state=AccountState.OPEN)
    holds = [hold for hold in _pending(from_account_id) if hold.pk in set(hold_ids)]
    _set_aside(from_account_id, holds, -1)
    if given_id is not None:
        reverse(
            op=op,
            desk=desk,
            movement_id=given_id,
            reason=ReasonCode.MERGE,
            kinds={MovementKind.TRANSFER},
        )
    _rehome(holds, to_account_id)
    _set_aside(to_account_id, holds, 1)
    return CreditAccount.objects.get(pk=from_account_id).position


def has_moved_since(
    *, op: Op, desk: Desk, account_id: int, position: int, operation_id: int
) -> bool:
    """Whether an account has a movement after ``position``, or a hold made after an operation.

    Takes the account's lock, so that the answer stands; lapsed holds are released first.
    """
    release_lapsed(op=op, desk=desk, account_id=account_id)
    later = Hold.objects.filter(account_id=account_id, operation_id__gt=operation_id)
    return CreditAccount.objects.get(pk=account_id).position != position or later.exists()


def _pending(account_id: int) -> list[Hold]:
    return list(
        Hold.objects.filter(account_id=account_id, released_at=None, captured=None).order_by("pk")
    )


def _set_aside(account_id: int, holds: Collection[Hold], sign: int) -> None:
    total = sign * sum(hold.amount_minor for hold in holds)
    if total:
        CreditAccount.objects.filter(pk=account_id).update(held_minor=F("held_minor") + total)


def _rehome(holds: Collection[Hold], account_id: int) -> None:
    Hold.objects.filter(pk__in=[hold.pk for hold in holds]).update(account_id=account_id)
