"""Merging two contacts with their credit, and taking it back (spec C10, RGP-05, B55)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from contacts.models import Contact, User
from contacts.services import lock_contacts, mark_apart, mark_merged
from credit.services import account_for, has_moved_since, merge_accounts, part_accounts
from journal.services import Claim, Draft, Op, perform
from payments.choices import ApprovalReason
from payments.errors import MergeRefused, MergeSettled
from payments.models import Merge
from payments.selectors.merges import UNDO_DAYS, get_merge, list_merges
from payments.services.acts import credit_mode
from payments.services.approvals import ask_supervisor
from sales.models import Order
from sales.services import lock_unpaid_orders, rehome_orders
from tills.selectors import Desk


def merge_contacts(
    *,
    claim: Claim,
    desk: Desk,
    kept_id: int,
    merged_id: int,
    approved_by: User | None,
    at: datetime | None = None,
) -> Merge:
    """Merge one contact into another: its credit, holds and unpaid orders go over.

    The balance moves by a pair of transfers, its non-refundable part with it: the venue's total is
    unchanged. Paid orders and past movements stay with whom they were of, and are read under the
    kept contact; the merged account can no longer be debited. A supervisor does it
    (``ApprovalNeeded``). ``MergeRefused`` when one of them was merged or erased already.
    """

    def write(op: Op) -> Merge:
        ask_supervisor(op=op, desk=desk, approver=approved_by, reason=ApprovalReason.BY_HAND)
        kept, merged = _lock_pair(kept_id, merged_id)
        orders = lock_unpaid_orders(contact_id=merged.pk)
        over = merge_accounts(
            op=op,
            desk=desk,
            from_account_id=account_for(contact_id=merged.pk, currency=desk.currency).pk,
            to_account_id=account_for(contact_id=kept.pk, currency=desk.currency).pk,
            mode=credit_mode(),
        )
        rehome_orders(orders=orders, contact_id=kept.pk)
        mark_merged(contact=merged, kept=kept)
        return _record(
            op,
            desk,
            _Facts(
                kept=kept,
                merged=merged,
                given_id=over.given.pk if over.given else None,
                kept_position=over.kept_position,
                hold_ids=over.hold_ids,
                orders=orders,
            ),
        )

    content: dict[str, object] = {"kept": kept_id, "merged": merged_id}
    return _perform(claim, desk, "contact.merge", content, write, at)


def undo_merge(
    *,
    claim: Claim,
    desk: Desk,
    merge_id: int,
    approved_by: User | None,
    at: datetime | None = None,
) -> Merge:
    """Let two merged contacts stand by themselves again, within 30 days (spec C10).

    What went over goes back: the credit, the holds still pending, the orders still unpaid.
    ``MergeSettled`` once the kept account had a later movement or hold, or the time is over.
    """

    def write(op: Op) -> Merge:
        ask_supervisor(op=op, desk=desk, approver=approved_by, reason=ApprovalReason.BY_HAND)
        merge = _lock_merge(op, merge_id)
        kept, merged = merge.kept, merge.merged
        orders = list(Order.objects.filter(merges=merge).order_by("pk"))
        lock_unpaid_orders(contact_id=kept.pk)
        account = account_for(contact_id=kept.pk, currency=desk.currency)
        if has_moved_since(
            op=op,
            desk=desk,
            account_id=account.pk,
            position=merge.kept_position,
            operation_id=merge.operation_id,
        ):
            raise MergeSettled(reason="moved")
        hold_ids = tuple(merge.holds.values_list("pk", flat=True))
        position = part_accounts(
            op=op,
            desk=desk,
            from_account_id=account.pk,
            to_account_id=account_for(contact_id=merged.pk, currency=desk.currency).pk,
            given_id=merge.given_id,
            hold_ids=hold_ids,
        )
        rehome_orders(orders=orders, contact_id=merged.pk)
        followers = [earlier.merged_id for earlier in list_merges(contact_id=merged.pk)]
        mark_apart(contact=merged, kept=kept, followers=followers)
        facts = _Facts(kept=kept, merged=merged, kept_position=position, undoes=merge)
        return _record(op, desk, facts)

    return _perform(claim, desk, "contact.unmerge", {"merge": merge_id}, write, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What a merge, or its undoing, is about."""

    kept: Contact
    merged: Contact
    kept_position: int
    given_id: int | None = None
    hold_ids: Sequence[int] = ()
    orders: Sequence[Order] = field(default_factory=tuple)
    undoes: Merge | None = None


def _lock_pair(kept_id: int, merged_id: int) -> tuple[Contact, Contact]:
    """Return the two, locked; only such as stand by themselves are merged."""
    if kept_id == merged_id:
        raise MergeRefused(reason="same")
    found = {contact.pk: contact for contact in lock_contacts(contact_ids=[kept_id, merged_id])}
    if len(found) != 2 or any(one.merged_into_id or one.erased_at for one in found.values()):
        raise MergeRefused(reason="gone")
    return found[kept_id], found[merged_id]


def _lock_merge(op: Op, merge_id: int) -> Merge:
    """Return the merge, its contacts locked, if it may still be taken back."""
    merge: Merge = Merge.objects.get(pk=merge_id, undoes=None)
    lock_contacts(contact_ids=[merge.kept_id, merge.merged_id])
    merge = Merge.objects.select_related("kept", "merged").get(pk=merge_id)
    if merge.kept.erased_at:
        raise MergeSettled(reason="erased")
    if merge.merged.merged_into_id != merge.kept_id or hasattr(merge, "undone_by"):
        raise MergeSettled(reason="undone")
    if op.at - merge.at > timedelta(days=UNDO_DAYS):
        raise MergeSettled(reason="late", days=UNDO_DAYS)
    return merge


def _record(op: Op, desk: Desk, facts: _Facts) -> Merge:
    merge = Merge.objects.create(
        kept=facts.kept,
        merged=facts.merged,
        given_id=facts.given_id,
        kept_position=facts.kept_position,
        undoes=facts.undoes,
        operator_id=desk.operator_id,
        session_id=desk.session_id,
        operation_id=op.id,
        at=op.at,
        business_date=desk.business_date,
    )
    merge.holds.set(facts.hold_ids)
    merge.orders.set(facts.orders)
    sealed = merge.sealed_facts(
        till=desk.till_code,
        kept=facts.kept.number,
        merged=facts.merged.number,
        operator=desk.operator_code or None,
    )
    op.drafts.append(Draft("FUSION", "merge", merge.pk, sealed))
    return merge


def _perform(
    claim: Claim,
    desk: Desk,
    kind: str,
    content: dict[str, object],
    write: Callable[[Op], Merge],
    at: datetime | None,
) -> Merge:
    return perform(
        claim=claim,
        kind=kind,
        content=content,
        register=desk.register,
        write=write,
        found=lambda operation_id: get_merge(operation_id=operation_id),
        at=at,
    )
