"""Closing tills: counted under the chain's lock, so that no payment is in two Zs or none (G6)."""

import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from django.db.models import Max
from moneyed import Money

from contacts.models import User
from institution_settings.money import to_minor
from journal.errors import TillClosed
from journal.jobs import enqueue
from journal.sealing import canonical_json
from journal.services import Claim, Op, lock_chain, perform
from payments.selectors.takings import Taking, list_takings
from payments.services.amounts import minor_in
from tills.models import BlindCount, Till, TillSession
from tills.selectors import (
    Desk,
    check_keeper,
    current_day,
    desk_of,
    find_open_session,
    get_session,
)
from tills.services import Count, close_session, open_session, record_blind_counts


def close_till(
    *,
    claim: Claim,
    desk: Desk,
    counted: Mapping[int, Money],
    operator: User | None,
    at: datetime | None = None,
) -> TillSession:
    """Close a session with what was counted per mode id, and write its Z; returns the session.

    Expected: what each mode took less what it gave, and for cash the float and what was put in or
    taken out besides. A difference is written, never refused, also for a mode that was counted and
    took nothing. A repeat returns the same Z. Raises ``TillOfAnother`` for a till that neither
    ``operator`` opened nor may close as a supervisor, and ``TillClosed`` when it was closed by
    somebody else. The heads of all chains are kept outside afterwards (FIS-08).
    """

    def write(op: Op) -> TillSession:
        lock_chain(cursor=op.cursor, register=desk.register)
        counts = _counts(desk, counted)
        session = close_session(op=op, desk=desk, counts=counts, operator=operator)
        enqueue("journal.tasks.keep_heads")
        return session

    return perform(
        claim=claim,
        kind="till.close",
        content=_content(desk, counted),
        register=desk.register,
        write=write,
        found=lambda _operation: TillSession.objects.select_related("till").get(pk=desk.session_id),
        at=at,
    )


def record_blind_count(
    *,
    claim: Claim,
    desk: Desk,
    counted: Mapping[int, Money],
    operator: User,
    at: datetime | None = None,
) -> list[BlindCount]:
    """Keep what was counted per mode id before what is expected is shown; returns its rows.

    For a till counted blind that is not closed yet: whoever reads what is expected may count
    again, and the Z then says what was counted first. Also after the business day, as the closing.
    The claim's key is that of the form, which closes the till next: the count is done once for
    this key and what was counted. Raises ``TillOfAnother`` and ``TillClosed`` as ``close_till``.
    """
    content = _content(desk, counted)
    register = replace(desk.register, day=None)  # as late as the closing may be

    def write(op: Op) -> list[BlindCount]:
        lock_chain(cursor=op.cursor, register=register)
        check_keeper(session=get_session(session_id=desk.session_id), operator=operator)
        return record_blind_counts(op=op, desk=desk, counts=_counts(desk, counted))

    return perform(
        claim=Claim(claim.source, uuid.uuid5(claim.key, canonical_json(content))),
        kind="till.count",
        content=content,
        register=register,
        write=write,
        found=lambda operation_id: list(
            BlindCount.objects.filter(operation_id=operation_id).order_by("id")
        ),
        at=at,
    )


def _content(desk: Desk, counted: Mapping[int, Money]) -> dict[str, object]:
    """What makes a repeat the same count."""
    return {
        "session": desk.session_id,
        "counted": {str(mode): to_minor(amount) for mode, amount in counted.items()},
        "currency": desk.currency,
    }


def _counts(desk: Desk, counted: Mapping[int, Money]) -> list[Count]:
    """What each mode brought, what should be there, and what was counted."""
    return [
        Count(
            mode=taking.mode,
            payments=taking.payments,
            in_minor=taking.in_minor,
            out_minor=taking.out_minor,
            put_in_minor=taking.put_in_minor,
            taken_out_minor=taking.taken_out_minor,
            expected_minor=taking.expected_minor,
            counted_minor=_counted(counted, taking),
        )
        for taking in list_takings(session_id=desk.session_id, mode_ids=counted.keys())
    ]


def _counted(counted: Mapping[int, Money], taking: Taking) -> int | None:
    amount = counted.get(taking.mode.pk)
    return None if amount is None else minor_in(money=amount, currency=taking.currency)


def automatic_desk(*, till: Till, operator: User | None = None, at: datetime | None = None) -> Desk:
    """Return today's desk of a till that opens and closes by itself (WEB, BO, API; spec S7).

    The session of an earlier day is closed first, nothing counted. Whoever comes first does both;
    the others find them done. One that was closed during its day is followed by another.
    """
    now = at or datetime.now(UTC)
    today = current_day(at=now).date
    while True:
        number = _last_number(till)  # read first: who opens the next one meanwhile, opens this one
        session = find_open_session(till_id=till.pk)
        if session is None:
            claim = Claim("system", _key(till, f"open:{number + 1}"))
            session = open_session(claim=claim, till=till, at=now)
        if session.closed_at is None and session.business_date >= today:
            return desk_of(session=session, operator=operator)
        if session.closed_at is None:
            _close(till, session, now)


def roll_tills(*, at: datetime) -> int:
    """Close the sessions of earlier days on tills that close by themselves; returns how many.

    Repeats close nothing more; the next sale opens today's session.
    """
    today = current_day(at=at).date
    left = TillSession.objects.filter(
        till__automatic=True, closed_at=None, business_date__lt=today
    ).select_related("till")
    sessions = list(left.order_by("till__code"))
    for session in sessions:
        _close(session.till, session, at)
    return len(sessions)


def _close(till: Till, session: TillSession, now: datetime) -> None:
    with suppress(TillClosed):  # by a supervisor, at the same moment: all the better
        close_till(
            claim=Claim("system", _key(till, f"close:{session.number}")),
            desk=desk_of(session=session),
            counted={},
            operator=None,
            at=now,
        )


def _last_number(till: Till) -> int:
    last = TillSession.objects.filter(till=till).aggregate(last=Max("number"))["last"]
    return int(last or 0)


def _key(till: Till, what: str) -> uuid.UUID:
    """One opening and one closing a session, whoever comes first: the key follows from both."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"avoir:{till.code}:{what}")
