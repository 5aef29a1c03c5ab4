"""Merges of contacts as they would be sealed now."""

from collections.abc import Sequence

from journal.selectors import SealedEntry
from payments.models import Merge
from payments.selectors.sealed.codes import Codes


def merges_as_sealed(entries: Sequence[SealedEntry], codes: Codes) -> dict[int, dict[str, object]]:
    """Return the facts of some merges, as their rows say them now."""
    rows = Merge.objects.filter(pk__in=[entry.subject_id for entry in entries])
    found = list(rows.select_related("kept", "merged"))
    codes.learn(
        people={row.operator_id for row in found}, sessions={row.session_id for row in found}
    )
    return {
        row.pk: row.sealed_facts(
            till=codes.sessions[row.session_id].till,
            kept=row.kept.number,
            merged=row.merged.number,
            operator=codes.people[row.operator_id],
        )
        for row in found
    }
