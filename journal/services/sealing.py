"""The last beat: one read of the chain under its lock, the entries, one update of the chain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper

from journal.errors import DayIsOver, TillClosed
from journal.sealing import FORMAT, as_utc, canonical_json, seal_text, sealing_key, stamp
from journal.services.registers import Register


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry to be sealed: the row it is about and its facts, without names or row ids."""

    kind: str
    subject_kind: str
    subject_id: int
    facts: dict[str, object]


@dataclass(frozen=True, slots=True)
class SessionChange:
    """What an opening (number and date) or a closing (None) leaves on the chain."""

    session: int | None
    business_date: date


Cell = str | int | datetime | None


class _Head(NamedTuple):
    entity: str
    number: int
    seal: str
    last_at: datetime | None
    session_open: int | None


def seal(
    *,
    cursor: CursorWrapper,
    register: Register,
    drafts: Sequence[Draft],
    at: datetime,
    change: SessionChange | None = None,
) -> None:
    """Number, seal and insert ``drafts`` on the register's chain, in the caller's transaction.

    Raises ``TillClosed`` when the session the register names is not the open one and
    ``DayIsOver`` when ``at`` lies outside the session's business day (spec S7); only opening and
    closing may happen outside it. The time never goes back on a chain (FIS-03).
    """
    head = _lock_head(cursor, register.chain_id)
    moment = max(at, head.last_at) if head.last_at else at
    _check_session(register, head, moment, change)
    if not drafts and change is None:
        return  # nothing was written that needs an entry: the head stays its last entry
    rows: list[Cell] = []
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
    _insert_and_advance(cursor, register.chain_id, rows, number, previous, moment, change)


def lock_chain(*, cursor: CursorWrapper, register: Register) -> None:
    """Take the chain's lock before the seal does: for a closing, which counts under it.

    Raises ``TillClosed`` when the register's session is no longer the open one.
    """
    if _lock_head(cursor, register.chain_id).session_open != register.session:
        raise TillClosed(till=register.code)


def _check_session(
    register: Register, head: _Head, at: datetime, change: SessionChange | None
) -> None:
    opening = change is not None and change.session is not None
    if head.session_open != (None if opening else register.session):
        raise TillClosed(till=register.code)
    if change is None and register.day is not None and not register.day.holds(at):
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


def _lock_head(cursor: CursorWrapper, chain_id: int) -> _Head:
    lock = " FOR NO KEY UPDATE" if connection.vendor == "postgresql" else ""
    cursor.execute(
        "SELECT entity, number, seal, last_at, session_open "
        f"FROM journal_chain WHERE id = %s{lock}",
        [chain_id],
    )
    entity, number, last_seal, last_at, session_open = cursor.fetchone()
    return _Head(entity, number, last_seal, as_utc(last_at) if last_at else None, session_open)


_COLUMNS = 11
_ENTRY = f"({', '.join(['%s'] * _COLUMNS)})"
# Both databases bound the number of parameters of a statement; bulk postings pass it.
_CHUNK = 1000 * _COLUMNS


def _insert_and_advance(
    cursor: CursorWrapper,
    chain_id: int,
    rows: list[Cell],
    number: int,
    last_seal: str,
    at: datetime,
    change: SessionChange | None,
) -> None:
    moment = connection.ops.adapt_datetimefield_value(at)
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        places = ", ".join([_ENTRY] * (len(chunk) // _COLUMNS))
        cursor.execute(
            "INSERT INTO journal_entry (chain_id, number, at, kind, subject_kind, subject_id,"
            f" payload, previous, seal, key_id, format) VALUES {places}",
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
