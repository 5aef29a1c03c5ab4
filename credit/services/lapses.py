"""Holds whose time is over, released by whoever next needs the credit (design.md §3, Hold)."""

from django.db.models import F

from credit.models import CreditAccount, Hold
from journal.services import Draft, Op
from tills.selectors import Desk


def release_lapsed(
    *, op: Op, desk: Desk, account_id: int, except_hold_id: int | None = None
) -> int:
    """Release the account's holds past their time, under its lock; returns how many there were.

    Their provider sessions ended five minutes before ``expires_at``, so nothing can still pay.
    ``except_hold_id`` is the hold being captured by this very operation, late as it may be.
    """
    list(CreditAccount.objects.select_for_update(no_key=True).filter(pk=account_id))
    lapsed = list(
        Hold.objects.filter(
            account_id=account_id, released_at=None, captured=None, expires_at__lt=op.at
        )
        .exclude(pk__in=[] if except_hold_id is None else [except_hold_id])
        .order_by("id")
    )
    for hold in lapsed:
        end_hold(op=op, desk=desk, hold=hold)
    return len(lapsed)


def end_hold(*, op: Op, desk: Desk, hold: Hold) -> None:
    """Give the held amount back to what is available; the account is locked by the caller."""
    CreditAccount.objects.filter(pk=hold.account_id).update(
        held_minor=F("held_minor") - hold.amount_minor
    )
    hold.released_at = op.at
    hold.save(update_fields=["released_at"])
    op.drafts.append(
        Draft(
            kind="LIBERATION",
            subject_kind="hold_release",
            subject_id=hold.pk,
            facts=hold.release_facts(till=desk.till_code),
        )
    )
