"""Whether some rows and their entries are the same, one by one, without a hole (fiscal.md I7)."""

from typing import TypeVar

from django.db.models import Count, F, Max, Min, Model, Q, QuerySet

from journal.models import Entry

Row = TypeVar("Row", bound=Model)
Session = TypeVar("Session", bound=Model)


def count_gaps(
    *,
    rows: QuerySet[Row],
    subject_kind: str,
    sessions: QuerySet[Session],
    bounds: tuple[str, str],
) -> int:
    """Count what is missing: entries of ``rows``, rows of the entries, numbers between them.

    ``rows`` are all of their kind that were written in ``sessions``, which follow each other on
    each chain. ``bounds`` names the kinds of the entries that open and close a session; an open
    one reaches to the head of its chain. Four queries; they read these sessions' entries.
    """
    told = Entry.objects.filter(
        subject_kind=subject_kind, subject_id__in=rows.order_by().values("pk")
    ).count()
    inside, missing = 0, rows.count() - told
    stretches = _stretches(sessions, bounds)
    for chain, entries, of_kind in _count_inside(stretches, subject_kind):
        first, last = stretches[chain]
        inside += of_kind
        missing += last - first + 1 - entries
    return missing + abs(inside - told)


def _stretches(sessions: QuerySet[Session], bounds: tuple[str, str]) -> dict[int, tuple[int, int]]:
    """The first and last number of the sessions on each chain."""
    opens, closes = bounds
    found = (
        Entry.objects.filter(
            subject_kind__in=bounds, subject_id__in=sessions.order_by().values("pk")
        )
        .values_list("chain_id")
        .annotate(
            first=Min("number"),
            last=Max("number"),
            head=F("chain__number"),
            still_open=Count("id", filter=Q(subject_kind=opens))
            - Count("id", filter=Q(subject_kind=closes)),
        )
    )
    return {
        chain: (first, head if still_open > 0 else last)
        for chain, first, last, head, still_open in found
    }


def _count_inside(
    stretches: dict[int, tuple[int, int]], subject_kind: str
) -> list[tuple[int, int, int]]:
    """How many entries each stretch has, and how many of them tell of this kind."""
    if not stretches:
        return []
    between = Q()
    for chain, (first, last) in stretches.items():
        between |= Q(chain_id=chain, number__gte=first, number__lte=last)
    return list(
        Entry.objects.filter(between)
        .values_list("chain_id")
        .annotate(entries=Count("id"), of_kind=Count("id", filter=Q(subject_kind=subject_kind)))
    )
