"""What a supervisor does to credit by hand: goodwill, adjustment, expiry, waiver, transfer (C6)."""

from collections.abc import Callable
from datetime import datetime

from moneyed import Money

from contacts.models import User
from credit.choices import MovementKind
from credit.errors import HoldEnded
from credit.selectors import get_movement, list_movements_of
from credit.services import (
    account_for,
    adjust,
    expire,
    give_goodwill,
    release,
    reverse,
    transfer,
    waive,
)
from institution_settings.choices import ModeKind
from institution_settings.models import PaymentMode
from institution_settings.money import to_minor
from journal.services import Claim, Op, perform
from payments.choices import ApprovalReason
from payments.errors import ModeNotAuthorised, OfficeTillMissing
from payments.services.approvals import ask_supervisor, check_reason
from payments.services.tills import automatic_desk
from tills.selectors import Desk, find_office_till

_TAKEN = {
    MovementKind.ADJUSTMENT: adjust,
    MovementKind.EXPIRY: expire,
    MovementKind.WAIVER: waive,
}
_OFFICE = frozenset({MovementKind.EXPIRY, MovementKind.WAIVER})


def give_credit(
    *,
    claim: Claim,
    desk: Desk,
    contact_id: int,
    amount: Money,
    reason: str,
    approved_by: User | None,
    at: datetime | None = None,
) -> int:
    """Give goodwill (GESTE): spendable, never paid out. Returns the movement's id.

    As all acts here: raises ``ApprovalNeeded``, ``ReasonNeeded`` and the account's refusals.
    """

    def write(op: Op) -> int:
        account = account_for(contact_id=contact_id, currency=desk.currency)
        movement = give_goodwill(
            op=op,
            desk=desk,
            account_id=account.pk,
            amount=amount,
            mode=credit_mode(),
            reason=reason,
        )
        return int(movement.pk)

    content = {"contact": contact_id, "amount": to_minor(amount), "reason": reason}
    return _by_supervisor(claim, desk, "credit.goodwill", content, write, approved_by, at)


def adjust_credit(
    *,
    claim: Claim,
    desk: Desk,
    contact_id: int,
    kind: MovementKind,
    amount: Money,
    reason: str,
    approved_by: User | None,
    at: datetime | None = None,
) -> int:
    """Take credit away: adjustment down, expiry or waiver. Returns the movement's id.

    Expiry and waiver stand in the back office's own session (BO, spec C6), whoever does them at
    whichever till; an adjustment in the till it is done at. ``OfficeTillMissing`` without one.
    """
    if kind in _OFFICE:
        desk = _office_desk(desk, at)

    def write(op: Op) -> int:
        account = account_for(contact_id=contact_id, currency=desk.currency)
        movement = _TAKEN[kind](
            op=op,
            desk=desk,
            account_id=account.pk,
            amount=amount,
            mode=credit_mode(),
            reason=reason,
        )
        return int(movement.pk)

    content = {
        "contact": contact_id,
        "kind": kind.value,
        "amount": to_minor(amount),
        "reason": reason,
    }
    return _by_supervisor(claim, desk, "credit.adjust", content, write, approved_by, at)


def move_by_hand(
    *,
    claim: Claim,
    desk: Desk,
    contact_id: int,
    kind: MovementKind,
    amount: Money,
    reason: str,
    approved_by: User | None,
    at: datetime | None = None,
) -> int:
    """Give goodwill or take credit away, as ``give_credit`` and ``adjust_credit`` do."""
    if kind == MovementKind.GOODWILL:
        return give_credit(
            claim=claim,
            desk=desk,
            contact_id=contact_id,
            amount=amount,
            reason=reason,
            approved_by=approved_by,
            at=at,
        )
    return adjust_credit(
        claim=claim,
        desk=desk,
        contact_id=contact_id,
        kind=kind,
        amount=amount,
        reason=reason,
        approved_by=approved_by,
        at=at,
    )


def _office_desk(desk: Desk, at: datetime | None) -> Desk:
    till = find_office_till()
    if till is None:
        raise OfficeTillMissing
    operator = User.objects.filter(pk=desk.operator_id or 0).first()
    return automatic_desk(till=till, operator=operator, at=at)


def release_hold(*, claim: Claim, desk: Desk, hold_id: int, at: datetime | None = None) -> bool:
    """Give held credit back, sealed, once (spec C9); True.

    Raises ``HoldEnded`` when it was released before and ``HoldCaptured`` when it was used.
    """

    def write(op: Op) -> bool:
        if not release(op=op, desk=desk, hold_id=hold_id):
            raise HoldEnded
        return True

    return perform(
        claim=claim,
        kind="credit.release",
        content={"hold": hold_id},
        register=desk.register,
        write=write,
        found=lambda _operation_id: True,
        at=at,
    )


def transfer_credit(
    *,
    claim: Claim,
    desk: Desk,
    from_contact_id: int,
    to_contact_id: int,
    amount: Money,
    reason: str,
    approved_by: User | None,
    at: datetime | None = None,
) -> int:
    """Move credit between two contacts by a pair of movements; returns the credit's id."""

    def write(op: Op) -> int:
        accounts = [
            account_for(contact_id=contact_id, currency=desk.currency)
            for contact_id in (from_contact_id, to_contact_id)
        ]
        _taken, given = transfer(
            op=op,
            desk=desk,
            from_account_id=accounts[0].pk,
            to_account_id=accounts[1].pk,
            amount=amount,
            mode=credit_mode(),
            reason=reason,
        )
        return int(given.pk)

    content = {
        "from": from_contact_id,
        "to": to_contact_id,
        "amount": to_minor(amount),
        "reason": reason,
    }
    return _by_supervisor(claim, desk, "credit.transfer", content, write, approved_by, at)


def reverse_movement(
    *,
    claim: Claim,
    desk: Desk,
    movement_id: int,
    reason: str,
    approved_by: User | None,
    at: datetime | None = None,
) -> int:
    """Take back goodwill, an adjustment, an opening balance or a transfer (C4); returns the id."""

    def write(op: Op) -> int:
        movements = reverse(op=op, desk=desk, movement_id=movement_id, reason=reason)
        return int(movements[-1].pk)

    content = {"movement": get_movement(movement_id=movement_id).pk, "reason": reason}
    return _by_supervisor(claim, desk, "credit.reverse", content, write, approved_by, at)


def _by_supervisor(
    claim: Claim,
    desk: Desk,
    kind: str,
    content: dict[str, object],
    write: Callable[[Op], int],
    approved_by: User | None,
    at: datetime | None,
) -> int:
    def approved(op: Op) -> int:
        check_reason(str(content["reason"]))
        ask_supervisor(op=op, desk=desk, approver=approved_by, reason=ApprovalReason.BY_HAND)
        return write(op)

    return perform(
        claim=claim,
        kind=kind,
        content=content,
        register=desk.register,
        write=approved,
        found=lambda operation_id: list_movements_of(operation_id=operation_id)[-1].pk,
        at=at,
    )


def credit_mode() -> PaymentMode:
    """The first credit mode in use: by hand, none is chosen at a point of sale."""
    modes = PaymentMode.objects.filter(kind=ModeKind.CREDIT)
    mode = modes.order_by("-active", "position", "code").first()
    if mode is None:
        raise ModeNotAuthorised(mode=str(ModeKind.CREDIT.label))
    return mode
