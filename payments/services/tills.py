"""Closing tills: counted under the chain's lock, so that no payment is in two Zs or none (G6)."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from moneyed import Money

from contacts.models import User
from institution_settings.models import PaymentMode
from institution_settings.money import to_minor
from journal.jobs import enqueue
from journal.services import Claim, Op, lock_chain, perform
from payments.selectors.takings import list_takings
from tills.models import Till, TillSession
from tills.selectors import Desk, current_day, desk_of, find_open_session
from tills.services import Count, close_session, open_session


def close_till(
    *,
    claim: Claim,
    desk: Desk,
    counted: Mapping[int, Money],
    operator: User | None,
    at: datetime | None = None,
) -> TillSession:
    """Close a session with what was counted per mode id, and write its Z; returns the session.

    Expected: what each mode took less what it gave, and for cash the float besides. A difference
    is written, never refused. A repeat returns the same Z. Raises ``TillClosed`` when it was
    closed by somebody else. The heads of all chains are kept outside afterwards (FIS-08).
    """

    def write(op: Op) -> TillSession:
        lock_chain(register=desk.register)
        takings = list_takings(session_id=desk.session_id)
        counts = [
            Count(
                mode=taking.mode,
                payments=taking.payments,
                in_minor=taking.in_minor,
                out_minor=taking.out_minor,
                expected_minor=taking.expected_minor,
                counted_minor=_counted(counted, taking.mode),
            )
            for taking in takings
        ]
        session = close_session(op=op, desk=desk, counts=counts, operator=operator)
        enqueue("journal.tasks.keep_heads")
        return session

    return perform(
        claim=claim,
        kind="till.close",
        content={
            "session": desk.session_id,
            "counted": {str(mode): to_minor(amount) for mode, amount in counted.items()},
        },
        register=desk.register,
        write=write,
        found=lambda _operation: TillSession.objects.select_related("till").get(pk=desk.session_id),
        at=at,
    )


def _counted(counted: Mapping[int, Money], mode: PaymentMode) -> int | None:
    amount = counted.get(mode.pk)
    return None if amount is None else to_minor(amount)


def automatic_desk(*, till: Till, operator: User | None = None, at: datetime | None = None) -> Desk:
    """Return today's desk of a till that opens and closes by itself (WEB, BO, API; spec S7).

    The session of an earlier day is closed first, nothing counted. Whoever comes first does both;
    the others find them done.
    """
    now = at or datetime.now(UTC)
    today = current_day(at=now).date
    session = find_open_session(till_id=till.pk)
    if session and session.business_date < today:
        close_till(
            claim=Claim("system", _key(till, f"close:{session.number}")),
            desk=desk_of(session=session),
            counted={},
            operator=None,
            at=now,
        )
        session = None
    if session is None:
        session = open_session(
            claim=Claim("system", _key(till, f"open:{today.isoformat()}")), till=till, at=now
        )
    return desk_of(session=session, operator=operator)


def _key(till: Till, what: str) -> uuid.UUID:
    """One opening and one closing a day, whoever comes first: the key follows from the till."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"avoir:{till.code}:{what}")
