"""Every chain re-computed: numbers, links, seals, head, and what was sealed of each row (P2).

Entries are read once, in order, in chunks: bounded memory, one HMAC an entry. A chain's first
broken link is named; how many more links are broken is counted. Nothing is ever repaired.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext_lazy as _

from journal import guards
from journal.errors import KeyMissing, StrOrPromise
from journal.models import Chain, Entry
from journal.sealing import genesis, seal_text, sealing_key, stamp
from journal.selectors.entries import entry_label
from journal.selectors.findings import Finding, SealedEntry, Step, SubjectCheck, differences

CHUNK = 2000

GUARD_MISSING = _("A guard of this table is missing: run “manage.py migrate”.")
ENTRY_MISSING = _("The entry of this number is missing.")
LINK_BROKEN = _("The seal of the entry before is not the one this entry was sealed over.")
UNREADABLE = _("The sealed content cannot be read.")
COLUMNS_DIFFER = _("The columns of this entry differ from its sealed content.")
SEAL_WRONG = _("The seal does not fit the content.")
KEY_MISSING = _("The key this entry was sealed with is not on this machine.")
MORE_BROKEN = _("More links of this chain are broken.")
HEAD_DIFFERS = _("The head of this chain is not its last entry.")
OUTSIDE = _("There are entries that belong to no chain, or share a number.")


class _Head(NamedTuple):
    id: int
    code: str
    entity: str
    number: int
    seal: str
    last_at: datetime | None


class _Row(NamedTuple):
    number: int
    at: datetime
    kind: str
    subject_kind: str
    subject_id: int
    payload: str
    previous: str
    seal: str
    key_id: str
    format: int


_HEAD = tuple(_Head.__annotations__)
_ROW = tuple(_Row.__annotations__)


def verify_guards() -> Iterator[Finding]:
    """Find the append-only tables and frozen columns whose triggers are gone (FIS-01)."""
    for table in guards.missing(connection=connection):
        yield Finding(table, GUARD_MISSING)


def verify_chains(*, subjects: Mapping[str, SubjectCheck], step: Step) -> Iterator[Finding]:
    """Re-compute every chain, and compare what it sealed with the rows it is about.

    ``subjects`` names by kind of subject who compares; ``step`` is told how many entries are done.
    """
    read = 0
    for row in Chain.objects.order_by("code").values_list(*_HEAD):
        links = _Links(_Head(*row))
        for rows in _chunks(links.head.id):
            sealed: dict[str, list[SealedEntry]] = defaultdict(list)
            for entry in rows:
                yield from links.follow(entry, sealed)
            for kind, entries in sealed.items():
                if kind in subjects:
                    yield from subjects[kind](entries)
            read += len(rows)
            step(len(rows))
        yield from links.end()
    outside = Entry.objects.count() - read
    if outside:
        yield Finding("journal", OUTSIDE, str(outside))


def _chunks(chain_id: int) -> Iterator[list[_Row]]:
    last = 0
    while True:
        found = Entry.objects.filter(chain_id=chain_id, number__gt=last).order_by("number")
        rows = [_Row(*row) for row in found.values_list(*_ROW)[:CHUNK]]
        if not rows:
            return
        yield rows
        last = rows[-1].number


class _Links:
    """One chain as it is followed from its genesis: what the next link must continue."""

    def __init__(self, head: _Head) -> None:
        self.head = head
        self.number = 0
        self.seal = genesis(entity=head.entity, till=head.code)
        self.at: datetime | None = None
        self.broken = 0

    def follow(self, row: _Row, sealed: dict[str, list[SealedEntry]]) -> Iterator[Finding]:
        """Check one entry and put the facts it sealed with those of its kind."""
        where = entry_label(code=self.head.code, number=row.number)
        facts = _read(row.payload)
        broken: StrOrPromise | None = UNREADABLE if facts is None else None
        detail = ""
        if facts is not None:
            detail = self._unlike(row, facts)
            sealed[row.subject_kind].append(
                SealedEntry(where, row.subject_id, self.head.code, facts)
            )
        if row.number != self.number + 1:
            where = entry_label(code=self.head.code, number=self.number + 1)
            broken = ENTRY_MISSING
        elif row.previous != self.seal:
            broken = LINK_BROKEN
        elif broken is None:
            broken = COLUMNS_DIFFER if detail else self._wrong_seal(row)
        if broken is not None:
            self.broken += 1
            if self.broken == 1:
                yield Finding(where, broken, detail if broken is COLUMNS_DIFFER else "")
        self.number, self.seal, self.at = row.number, row.seal, row.at

    def _unlike(self, row: _Row, facts: dict[str, object]) -> str:
        """Take the chain's own data out of ``facts``; say how it differs from the columns."""
        take = facts.pop
        sealed = (
            take("chaine", None),
            take("entite", None),
            take("enregistrement", None),
            take("format", None),
            take("inscrit", None),
            take("precedent", None),
            take("seq", None),
        )
        head = self.head
        stored = (
            head.code,
            head.entity,
            row.kind,
            row.format,
            stamp(row.at),
            row.previous,
            row.number,
        )
        if sealed == stored:
            return ""
        return differences(
            sealed=dict(zip(_OWN, sealed, strict=True)), stored=dict(zip(_OWN, stored, strict=True))
        )

    def _wrong_seal(self, row: _Row) -> StrOrPromise | None:
        try:
            key = sealing_key(key_id=row.key_id)
        except KeyMissing:
            return KEY_MISSING
        return None if seal_text(key=key, text=row.payload) == row.seal else SEAL_WRONG

    def end(self) -> Iterator[Finding]:
        """Check the head against the last entry, and say how many links were broken in all."""
        if self.broken > 1:
            yield Finding(self.head.code, MORE_BROKEN, str(self.broken - 1))
        last = {"number": self.number, "seal": self.seal, "last_at": self.at}
        head = {name: getattr(self.head, name) for name in last}
        if head != last:
            yield Finding(self.head.code, HEAD_DIFFERS, differences(sealed=last, stored=head))


_OWN = ("chaine", "entite", "enregistrement", "format", "inscrit", "precedent", "seq")


def _read(payload: str) -> dict[str, object] | None:
    try:
        facts = json.loads(payload)
    except ValueError:
        return None
    return facts if isinstance(facts, dict) else None
