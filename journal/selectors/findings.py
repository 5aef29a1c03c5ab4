"""What a verification says: nothing, or where something is wrong and what (spec P2).

Each app verifies its own rows by selectors that yield ``Finding``; ``manage.py verify`` runs them
all. What stands in a row and was sealed is compared entry by entry: an app hands the journal one
``SubjectCheck`` per kind of subject, so that every entry is read once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from journal.errors import StrOrPromise


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong: where (an entry, an account, a table), what, and the figures if any."""

    where: str
    what: StrOrPromise
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f" ({self.detail})" if self.detail else "")


class SealedEntry(NamedTuple):
    """What an entry sealed about its row: the facts alone, without the chain's own data."""

    where: str
    subject_id: int
    chain: str
    facts: dict[str, object]


# Compares some entries of one kind of subject with their rows.
SubjectCheck = Callable[[Sequence[SealedEntry]], Iterator[Finding]]
# Told, now and then, how many more rows were verified: for a progress bar.
Step = Callable[[int], None]


def differences(*, sealed: Mapping[str, object], stored: Mapping[str, object]) -> str:
    """Return what differs between sealed and stored facts: ``montant 500 ≠ 900``; "" if equal."""
    names = sorted({*sealed, *stored})
    return ", ".join(
        f"{name} {sealed.get(name)} ≠ {stored.get(name)}"
        for name in names
        if sealed.get(name) != stored.get(name) or (name in sealed) != (name in stored)
    )
