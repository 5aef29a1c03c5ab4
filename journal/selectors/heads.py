"""The heads kept outside the database, compared with the chains: a cut tail is found (FIS-08)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from journal.models import Chain, Entry
from journal.sealing import genesis
from journal.selectors.entries import entry_label
from journal.selectors.findings import Finding

CHUNK = 500

LINE_UNREADABLE = _("This line of the heads kept outside cannot be read.")
CHAIN_CUT = _("This entry was recorded outside the database and is not in the journal any more.")
CHAIN_REWRITTEN = _("The seal recorded outside the database is not that of this entry.")
CHAIN_GONE = _("This chain was recorded outside the database and does not exist any more.")


class _Recorded(NamedTuple):
    line: int
    at: str
    chain: str
    number: int
    seal: str


@dataclass(frozen=True, slots=True)
class Unprotected:
    """The entries of a chain that a cut tail could still hide: since when, and how many."""

    chain: str
    since: str
    entries: int


def verify_heads() -> Iterator[Finding]:
    """Find chains that are shorter or other than what was recorded outside; the first of each.

    Runs before a ``snapshot`` is taken, not inside: what the log says is committed already, so
    the entries it names are there to be read, also while others go on selling.
    """
    told: set[str] = set()
    lines = _heads_log()
    while batch := list(islice(lines, CHUNK)):
        chains = {chain.code: chain for chain in Chain.objects.all()}
        seals = _seals(batch)
        for head in batch:
            if not isinstance(head, _Recorded):
                yield Finding(head, LINE_UNREADABLE)
            elif head.chain not in told:
                finding = _compare(head, chains.get(head.chain), seals)
                if finding is not None:
                    told.add(head.chain)
                    yield finding


def list_unprotected() -> list[Unprotected]:
    """Return the chains with entries newer than their last head recorded outside."""
    last = {head.chain: head for head in _heads_log() if isinstance(head, _Recorded)}
    found = []
    for code, number in Chain.objects.order_by("code").values_list("code", "number"):
        recorded = last.get(code)
        if number > (recorded.number if recorded else 0):
            since = recorded.at if recorded else ""
            found.append(Unprotected(code, since, number - (recorded.number if recorded else 0)))
    return found


def _heads_log() -> Iterator[_Recorded | str]:
    """Read the log; a head that is the same as the chain's head before is passed over.

    An unreadable line comes as its name: ``heads.log:12``.
    """
    path = settings.JOURNAL_HEADS_LOG
    if not path.exists():
        return
    last: dict[str, tuple[int, str]] = {}
    with path.open(encoding="utf-8", errors="replace") as log:
        for line, text in enumerate(log, start=1):
            head = _parse(line, text)
            if head is None:
                yield f"{path.name}:{line}"
            elif last.get(head.chain) != (head.number, head.seal):
                last[head.chain] = (head.number, head.seal)
                yield head


def _parse(line: int, text: str) -> _Recorded | None:
    try:
        head = json.loads(text)
        return _Recorded(
            line, str(head["at"]), str(head["chain"]), int(head["number"]), str(head["seal"])
        )
    except (ValueError, TypeError, KeyError):
        return None


def _seals(batch: list[_Recorded | str]) -> dict[tuple[str, int], str]:
    numbers: dict[str, set[int]] = {}
    for head in batch:
        if isinstance(head, _Recorded):
            numbers.setdefault(head.chain, set()).add(head.number)
    return {
        (code, number): seal
        for code, wanted in numbers.items()
        for number, seal in Entry.objects.filter(chain__code=code, number__in=wanted).values_list(
            "number", "seal"
        )
    }


def _compare(
    head: _Recorded, chain: Chain | None, seals: dict[tuple[str, int], str]
) -> Finding | None:
    if chain is None:
        return Finding(head.chain, CHAIN_GONE, head.at)
    where = entry_label(code=head.chain, number=head.number)
    if head.number == 0:
        seal: str | None = genesis(entity=chain.entity, till=chain.code)
    else:
        seal = seals.get((head.chain, head.number))
    if seal is None:
        return Finding(where, CHAIN_CUT, head.at)
    return None if seal == head.seal else Finding(where, CHAIN_REWRITTEN, head.at)
