"""Reading entries: their numbers, and which rows have none."""

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, QuerySet

from journal.models import Entry

Row = TypeVar("Row", bound=Model)

# What a bigint holds in any case.
MAX_DIGITS = 18


def entry_numbers(*, subject_kind: str, subject_ids: Iterable[int]) -> dict[int, str]:
    """Return chain code and number of the entries of some rows: ``{12: "G1-000123"}`` (BIL-03)."""
    found = Entry.objects.filter(subject_kind=subject_kind, subject_id__in=list(subject_ids))
    return {
        subject_id: entry_label(code=code, number=number)
        for subject_id, code, number in found.values_list("subject_id", "chain__code", "number")
    }


def find_subject(*, label: str, subject_kind: str) -> int | None:
    """Return the row whose entry bears a number: ``G1-000123``, ``g1-123``; None if there is none.

    The other way round from ``entry_numbers``: for numbers that people type.
    """
    code, _dash, digits = label.strip().upper().rpartition("-")
    if not code or not (digits.isascii() and digits.isdigit()) or len(digits) > MAX_DIGITS:
        return None
    found = Entry.objects.filter(
        chain__code=code, number=int(digits), subject_kind=subject_kind
    ).values_list("subject_id", flat=True)
    return found.first()


def entry_seals(*, subject_kind: str, subject_ids: Iterable[int]) -> dict[int, str]:
    """Return the seals of the entries of some rows: a closing's is printed on its Z (FIS-08)."""
    found = Entry.objects.filter(subject_kind=subject_kind, subject_id__in=list(subject_ids))
    return dict(found.values_list("subject_id", "seal"))


def entry_label(*, code: str, number: int) -> str:
    """Return how an entry is named everywhere: ``G1-000123``."""
    return f"{code}-{number:06d}"


def count_entries() -> int:
    """Return how many entries all chains hold."""
    return Entry.objects.count()


def unsealed(*, rows: QuerySet[Row], subject_kind: str) -> QuerySet[Row]:
    """Return those of ``rows`` that no entry of this kind tells about."""
    entries = Entry.objects.filter(subject_kind=subject_kind, subject_id=OuterRef("pk"))
    return rows.filter(~Exists(entries))
