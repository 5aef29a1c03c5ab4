"""One operation in five beats: claim, lock, decide, write, seal (design.md §2)."""

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from django.db import OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper

from journal.errors import Busy, DayIsOver, KeyReused
from journal.sealing import canonical_json
from journal.services.registers import Register
from journal.services.sealing import Draft, SessionChange, seal

T = TypeVar("T")

# A deadlock, a lock not had in 5 s, or SQLite busy: the whole operation is tried twice more.
ATTEMPTS = 3
_PASSING = {"40P01", "55P03", "40001"}


@dataclass(frozen=True, slots=True)
class Claim:
    """Who asks, and the key made before the click (spec C7).

    ``source`` is the user, shop session or token: ``user:12``. A key is unique within it.
    """

    source: str
    key: uuid.UUID


@dataclass(slots=True)
class Op:
    """The operation under way; inner services take it, write rows that carry ``id``, add drafts.

    ``cursor`` is the one of all its plain SQL: to make one a statement cost a fifth of a posting.
    """

    cursor: CursorWrapper
    id: int
    kind: str
    source: str
    key: uuid.UUID
    at: datetime
    register: Register
    drafts: list[Draft] = field(default_factory=list)
    session_change: SessionChange | None = None


def perform(
    *,
    claim: Claim,
    kind: str,
    content: dict[str, object],
    register: Register,
    write: Callable[[Op], T],
    found: Callable[[int], T],
    at: datetime | None = None,
) -> T:
    """Do ``write`` once for this claim, seal what it drafted, and return its result.

    A repeat of the claim waits for the first and returns ``found(operation id)``: the same
    result, read from the rows that carry the operation. The same key with other ``content`` is
    ``KeyReused``. Whatever ``write`` raises rolls everything back, the claim too, so that the
    same key may be tried again. ``at`` is the clock of tests and demo data.

    Must be the outermost transaction. Raises ``TillClosed``, ``DayIsOver`` or ``Busy`` besides
    the errors of ``write``.
    """
    fingerprint = hashlib.sha256(canonical_json({"kind": kind, **content}).encode()).hexdigest()
    return patiently(lambda: _once(claim, kind, fingerprint, register, write, found, at))


def patiently(work: Callable[[], T]) -> T:
    """Do ``work``, one whole transaction, again after a deadlock or a lock not had in time.

    Three times at most, then ``Busy``; nothing is written by an attempt that fails.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return work()
        except OperationalError as error:
            if not _passing(error):
                raise
            if attempt == ATTEMPTS:
                raise Busy from error
    raise Busy


def _once(
    claim: Claim,
    kind: str,
    fingerprint: str,
    register: Register,
    write: Callable[[Op], T],
    found: Callable[[int], T],
    at: datetime | None,
) -> T:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        now = at or datetime.now(UTC)
        if register.day is not None and now < register.day.begins_at:
            # A clock put back behind the session's day; its end is checked at the seal (spec S7).
            raise DayIsOver(till=register.code)
        operation_id = _claim(cursor, claim, kind, fingerprint, now)
        if operation_id is None:
            return found(_repeated(claim, fingerprint))
        op = Op(cursor, operation_id, kind, claim.source, claim.key, now, register)
        result = write(op)
        seal(
            cursor=cursor,
            register=register,
            drafts=op.drafts,
            at=op.at,
            change=op.session_change,
        )
        return result


_CLAIM = """
INSERT INTO journal_operation (source, key, kind, fingerprint, at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (source, key) DO NOTHING RETURNING id
"""


def _claim(
    cursor: CursorWrapper, claim: Claim, kind: str, fingerprint: str, at: datetime
) -> int | None:
    """Insert the operation; None when its key is known (after waiting for the one under way)."""
    key = claim.key if connection.features.has_native_uuid_field else claim.key.hex
    moment = connection.ops.adapt_datetimefield_value(at)
    cursor.execute(_CLAIM, [claim.source, key, kind, fingerprint, moment])
    row = cursor.fetchone()
    return row[0] if row else None


def _repeated(claim: Claim, fingerprint: str) -> int:
    from journal.models import Operation

    known = Operation.objects.get(source=claim.source, key=claim.key)
    if known.fingerprint != fingerprint:
        raise KeyReused
    return int(known.pk)


def _passing(error: OperationalError) -> bool:
    code = getattr(error.__cause__, "sqlstate", None)
    return code in _PASSING or "database is locked" in str(error)
