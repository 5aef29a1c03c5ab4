"""Whether some rows and their entries are the same, one by one, without a hole (fiscal.md I7)."""

from typing import TypeVar

from django.db.models import Count, Max, Min, Model, Q, QuerySet

from journal.models import Entry

Row = TypeVar("Row", bound=Model)


def count_gaps(*, rows: QuerySet[Row], subject_kind: str) -> int:
    """Count what is missing: entries of ``rows``, rows of entries among theirs, numbers.

    ``rows`` are all of their kind over a time, so that on each chain their entries and everything
    between them tell of nothing else of that kind. Costs two passes over that stretch.
    """
    told = list(
        Entry.objects.filter(subject_kind=subject_kind, subject_id__in=rows.order_by().values("pk"))
        .values_list("chain_id")
        .annotate(first=Min("number"), last=Max("number"), told=Count("id"))
    )
    missing = rows.count() - sum(count for *_span, count in told)
    if not told:
        return missing
    stretches = Q()
    for chain, first, last, _count in told:
        stretches |= Q(chain_id=chain, number__gte=first, number__lte=last)
    between = {
        chain: (entries, of_kind)
        for chain, entries, of_kind in Entry.objects.filter(stretches)
        .values_list("chain_id")
        .annotate(entries=Count("id"), of_kind=Count("id", filter=Q(subject_kind=subject_kind)))
    }
    for chain, first, last, count in told:
        entries, of_kind = between[chain]
        missing += (last - first + 1 - entries) + (of_kind - count)
    return missing
