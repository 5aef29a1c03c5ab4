"""Contacts that are probably the same person: same e-mail, or same name and something else.

Both lists are read in stretches of an index, from a place on: a page costs the same among a
thousand contacts and among a million. Where a stretch holds nobody, the page is empty and goes on.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, NamedTuple

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber

from contacts.models import Contact

# Contacts looked through for one page.
STRETCH: Final = 5_000
GROUPS: Final = 20
# Of more than so many alike (a shared address of a school, say) the first are shown.
SHOWN: Final = 10
# The same number with and without its country: its last nine digits.
PHONE_DIGITS: Final = 9
MIN_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Alike:
    """Contacts who may be one person, the one entered first at the head."""

    first: Contact
    others: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class AlikePage:
    """One page of them; ``next_after`` is where the next one begins, None at the end."""

    groups: tuple[Alike, ...]
    next_after: str | None


def list_same_email(*, after: str = "", groups: int = GROUPS) -> AlikePage:
    """Return contacts with the same e-mail, in the order of the addresses after ``after``."""
    rest, end = _stretch("email", after)
    shared = _shared(rest, "email")[: groups + 1]
    emails = list(shared)
    if len(emails) > groups:
        emails, end = emails[:groups], emails[groups - 1]
    place = Window(RowNumber(), partition_by=F("email"), order_by=F("pk").asc())
    found = _alone().filter(email__in=emails).annotate(place=place).filter(place__lte=SHOWN)
    alike = groupby(found.order_by("email", "pk"), key=lambda contact: contact.email)
    return AlikePage(tuple(_group(rows) for _email, rows in alike), end)


def list_same_name(*, after: str = "", groups: int = GROUPS) -> AlikePage:
    """Return namesakes (without case and accents) with an e-mail, phone or postcode in common.

    In the order of the folded names after ``after``.
    """
    rest, end = _stretch("folded_name", after)
    rows = rest.filter(folded_name__in=_shared(rest, "folded_name"))
    read = rows.order_by("folded_name", "pk").values_list(*_NAMESAKE)[: 2 * STRETCH]
    found: list[list[int]] = []
    namesakes = (_Namesake(*row) for row in read)
    for name, same in groupby(namesakes, key=lambda row: row.folded_name):
        if len(found) >= groups:
            break
        found += _with_something_in_common(list(same))
        last = name
    else:
        return _named(found, end)
    return _named(found, last)


class _Namesake(NamedTuple):
    pk: int
    folded_name: str
    email: str
    phone: str
    postcode: str

    def marks(self) -> Iterator[tuple[str, str]]:
        """What two namesakes may have in common."""
        if self.email:
            yield "email", self.email
        if self.postcode:
            yield "postcode", self.postcode
        digits = re.sub(r"[^0-9]", "", self.phone)[-PHONE_DIGITS:]
        if len(digits) >= MIN_DIGITS:
            yield "phone", digits


_NAMESAKE: Final = tuple(_Namesake.__annotations__)


def _alone() -> QuerySet[Contact]:
    """Contacts that stand by themselves: neither merged nor erased.

    Asked in words that no index answers: nearly all are, and SQLite would read them all by it.
    """
    return Contact.objects.alias(kept=Coalesce("merged_into_id", 0)).filter(kept=0, erased_at=None)


def _stretch(field: str, after: str) -> tuple[QuerySet[Contact], str | None]:
    """Return the next contacts in the order of an indexed text, and where they end (None: all)."""
    rest = _alone().filter(**{f"{field}__gt": after})
    ends = list(rest.order_by(field).values_list(field, flat=True)[STRETCH : STRETCH + 1])
    if not ends:
        return rest, None
    return rest.filter(**{f"{field}__lte": ends[0]}), str(ends[0])


def _shared(rest: QuerySet[Contact], field: str) -> QuerySet[Contact, Any]:
    """Return the texts that several of these contacts have."""
    counted = rest.values(field).annotate(number=Count("pk")).filter(number__gt=1)
    shared: QuerySet[Contact, Any] = counted.order_by(field).values_list(field, flat=True)
    return shared


def _with_something_in_common(namesakes: list[_Namesake]) -> list[list[int]]:
    """Return the ids of namesakes who share a mark, together with whom their others share one."""
    head: dict[int, int] = {row.pk: row.pk for row in namesakes}

    def find(pk: int) -> int:
        while head[pk] != pk:
            pk = head[pk]
        return pk

    first: dict[tuple[str, str], int] = {}
    for row in namesakes:
        for mark in row.marks():
            one, other = sorted((find(row.pk), find(first.setdefault(mark, row.pk))))
            head[other] = one
    together: dict[int, list[int]] = defaultdict(list)
    for row in namesakes:
        together[find(row.pk)].append(row.pk)
    return [ids for ids in together.values() if len(ids) > 1]


def _named(found: list[list[int]], end: str | None) -> AlikePage:
    """Return the page of contacts whose ids were found together."""
    shown = [ids[:SHOWN] for ids in found]
    contacts = Contact.objects.in_bulk([pk for ids in shown for pk in ids])
    return AlikePage(tuple(_group(contacts[pk] for pk in ids) for ids in shown), end)


def _group(contacts: Iterable[Contact]) -> Alike:
    first, *others = contacts
    return Alike(first, tuple(others))
