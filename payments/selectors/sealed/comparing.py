"""Entries against the rows they are about, and what is said where they differ."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from journal.selectors import Finding, SealedEntry, differences

ROW_GONE = _("The row of this entry does not exist any more.")
ROW_DIFFERS = _("The row differs from what was sealed.")
OTHER_DAY = _("The time of this payment does not fall in its business day.")
UNSEALED = _("This row has no entry in the journal.")


def compare(
    entries: Sequence[SealedEntry], stored: dict[int, dict[str, object]]
) -> Iterator[Finding]:
    """Find the entries whose row is gone or says something else than was sealed."""
    for entry in entries:
        facts = stored.get(entry.subject_id)
        if facts is None:
            yield Finding(entry.where, ROW_GONE)
        else:
            yield from differs(entry, facts)


def differs(entry: SealedEntry, stored: dict[str, object]) -> Iterator[Finding]:
    """Say what differs between one entry and its row."""
    if stored != entry.facts:
        yield Finding(entry.where, ROW_DIFFERS, differences(sealed=entry.facts, stored=stored))
