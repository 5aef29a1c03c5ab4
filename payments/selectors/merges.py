"""What was merged into a contact, and whether it can still be taken back (spec C10)."""

from datetime import datetime, timedelta

from payments.models import Merge

UNDO_DAYS = 30


def get_merge(*, operation_id: int) -> Merge:
    """Return the merge, or its undoing, of an operation."""
    found: Merge = Merge.objects.select_related("kept", "merged").get(operation_id=operation_id)
    return found


def list_merges(*, contact_id: int) -> list[Merge]:
    """Return the merges into a contact that stand, newest first, each with who was merged."""
    return list(
        Merge.objects.filter(kept_id=contact_id, undoes=None, undone_by=None)
        .select_related("merged", "operator")
        .order_by("-pk")
    )


def is_in_time(*, merge: Merge, now: datetime) -> bool:
    """Whether the 30 days are not over; whether the account moved is decided under its lock."""
    return now - merge.at <= timedelta(days=UNDO_DAYS)
