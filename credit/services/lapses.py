"""Holds whose time is over, released by whoever next needs the credit (design.md §3, Hold)."""

from django.db.models import F

from credit.models import CreditAccount, Hold
from journal.sealing import stamp
from journal.services import Draft, Op
from tills.selectors import Desk


def release_lapsed(*, op: Op, desk: Desk, account_id: int) -> int:
    """Release the account's holds past their time, under its lock; returns how many there were.

    Their provider sessions ended five minutes before ``expires_at``, so nothing can still pay.
    """
    CreditAccount.objects.select_for_update(no_key=True).get(pk=account_id)
    lapsed = list(
        Hold.objects.filter(
            account_id=account_id, released_at=None, captured=None, expires_at__lt=op.at
        ).order_by("id")
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
            facts={
                "caisse": desk.till_code,
                "cle": str(hold.key),
                "devise": hold.currency,
                "horodatage": stamp(op.at),
                "montant": hold.amount_minor,
                "piece": hold.reference or None,
            },
        )
    )
