"""Reading the journal, and re-computing it (spec P2)."""

from journal.selectors.entries import (
    count_entries,
    entry_label,
    entry_numbers,
    entry_seals,
    find_subject,
    unsealed,
)
from journal.selectors.findings import Finding, SealedEntry, Step, SubjectCheck, differences
from journal.selectors.gaps import count_gaps
from journal.selectors.heads import Unprotected, list_unprotected, verify_heads
from journal.selectors.snapshot import snapshot
from journal.selectors.verification import verify_chains, verify_guards

__all__ = [
    "Finding",
    "SealedEntry",
    "Step",
    "SubjectCheck",
    "Unprotected",
    "count_entries",
    "count_gaps",
    "differences",
    "entry_label",
    "entry_numbers",
    "entry_seals",
    "find_subject",
    "list_unprotected",
    "snapshot",
    "unsealed",
    "verify_chains",
    "verify_guards",
    "verify_heads",
]
