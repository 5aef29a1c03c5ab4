"""Reading the journal."""

from collections.abc import Iterable

from journal.models import Entry


def entry_numbers(*, subject_kind: str, subject_ids: Iterable[int]) -> dict[int, str]:
    """Return chain code and number of the entries of some rows: ``{12: "G1-000123"}`` (BIL-03)."""
    found = Entry.objects.filter(subject_kind=subject_kind, subject_id__in=list(subject_ids))
    return {
        subject_id: f"{code}-{number:06d}"
        for subject_id, code, number in found.values_list("subject_id", "chain__code", "number")
    }
