"""The last beat: one read of the chain under its lock, the entries, one update of the chain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db import connection

from journal.errors import DayIsOver, TillClosed
from journal.sealing import FORMAT, canonical_json, seal_text, sealing_key, stamp

if TYPE_CHECKING:
    from journal.services.operations import Register


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry to be sealed: the row it is about and its facts, without names or row ids.

    ``business_date`` is the day the row itself was given; it must be the session's.
    """

    kind: str
    subject_kind: str
    subject_id: int
    facts: dict[str, object]
    business_date: date | None = None


@dataclass(frozen=True, slots=True)
class SessionChange:
    """What an opening (number and date) or a closing (None) leaves on the chain."""

    session: int | None
    business_date: date


class _Head(NamedTuple):
    entity: str
    number: int
    seal: str
    last_at: datetime | None
    session_open: int | None
    business_date: date | None


def seal(
    *,
    register: "Register",
    drafts: Sequence[Draft],
    at: datetime,
    change: SessionChange | None = None,
) -> None:
    """Number, seal and insert ``drafts`` on the register's chain, in the caller's transaction.

    Raises ``TillClosed`` when the session the register names is not the open one and
    ``DayIsOver`` when a draft belongs to another business day than the session (spec S7).
    The time never goes back on a chain (FIS-03).
    """
    head = _lock_head(register.chain_id)
    _check_session(register, drafts, head, change)
    moment = max(at, head.last_at) if head.last_at else at
    rows: list[object] = []
    number, previous = head.number, head.seal
    key = sealing_key(key_id=settings.JOURNAL_KEY_ID)
    for draft in drafts:
        number += 1
        text = _payload(register.code, head.entity, number, previous, moment, draft)
        current = seal_text(key=key, text=text)
        rows += [
            register.chain_id,
            number,
            connection.ops.adapt_datetimefield_value(moment),
            draft.kind,
            draft.subject_kind,
            draft.subject_id,
            text,
            previous,
            current,
            settings.JOURNAL_KEY_ID,
            FORMAT,
        ]
        previous = current
    _insert_and_advance(register.chain_id, rows, number, previous, moment, change)


def _check_session(
    register: "Register", drafts: Sequence[Draft], head: _Head, change: SessionChange | None
) -> None:
    opening = change is not None and change.session is not None
    expected = None if opening else register.session
    if head.session_open != expected:
        raise TillClosed(till=register.code)
    day = change.business_date if opening and change else head.business_date
    if any(draft.business_date not in (None, day) for draft in drafts):
        raise DayIsOver(till=register.code)


def _payload(code: str, entity: str, number: int, previous: str, at: datetime, draft: Draft) -> str:
    return canonical_json(
        {
            **draft.facts,
            "chaine": code,
            "entite": entity,
            "enregistrement": draft.kind,
            "format": FORMAT,
            "inscrit": stamp(at),
            "precedent": previous,
            "seq": number,
        }
    )


def _lock_head(chain_id: int) -> _Head:
    lock = " FOR NO KEY UPDATE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entity, number, seal, last_at, session_open, business_date "
            f"FROM journal_chain WHERE id = %s{lock}",  # noqa: S608 (the lock clause is ours)
            [chain_id],
        )
        entity, number, last_seal, last_at, session_open, business_date = cursor.fetchone()
    if isinstance(last_at, str):  # SQLite keeps times and dates as text
        last_at = datetime.fromisoformat(last_at).replace(tzinfo=UTC)
    if isinstance(business_date, str):
        business_date = date.fromisoformat(business_date)
    return _Head(entity, number, last_seal, last_at, session_open, business_date)


_COLUMNS = 11
_ENTRY = f"({', '.join(['%s'] * _COLUMNS)})"
# Both databases bound the number of parameters of a statement; bulk postings pass it.
_CHUNK = 1000 * _COLUMNS


def _insert_and_advance(
    chain_id: int,
    rows: list[object],
    number: int,
    last_seal: str,
    at: datetime,
    change: SessionChange | None,
) -> None:
    moment = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        for start in range(0, len(rows), _CHUNK):
            chunk = rows[start : start + _CHUNK]
            places = ", ".join([_ENTRY] * (len(chunk) // _COLUMNS))
            cursor.execute(
                "INSERT INTO journal_entry (chain_id, number, at, kind, subject_kind, subject_id,"
                f" payload, previous, seal, key_id, format) VALUES {places}",  # noqa: S608
                chunk,
            )
        if change is None:
            cursor.execute(
                "UPDATE journal_chain SET number = %s, seal = %s, last_at = %s WHERE id = %s",
                [number, last_seal, moment, chain_id],
            )
        else:
            day = connection.ops.adapt_datefield_value(change.business_date)
            cursor.execute(
                "UPDATE journal_chain SET number = %s, seal = %s, last_at = %s,"
                " session_open = %s, business_date = %s WHERE id = %s",
                [number, last_seal, moment, change.session, day, chain_id],
            )
