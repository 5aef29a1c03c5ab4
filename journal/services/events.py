"""The event log (FIS-11): what happened to the system itself, sealed on a chain of its own."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from django.db import connection

from journal.guards import unguarded
from journal.models import Chain
from journal.services.operations import Claim, Op, perform
from journal.services.registers import Register
from journal.services.sealing import Draft

EVENTS = "EVENTS"
CLOSINGS = "CLOSINGS"


class EventCode(IntEnum):
    """The codes of FIS-11 that are recorded so far."""

    COMPLIANCE_SETTING = 270
    PSEUDONYMISED = 430


def event_register() -> Register:
    """Return where events are sealed: a chain without sessions, made with the institution."""
    chain = Chain.objects.get(code=EVENTS)
    return Register(chain_id=chain.pk, code=chain.code)


def event_draft(*, op: Op, code: EventCode, facts: dict[str, object]) -> Draft:
    """Return the entry of an event that is an operation's own, to be sealed with it.

    ``facts`` hold no personal data (FIS-06).
    """
    return Draft(
        kind="EVENEMENT",
        subject_kind="event",
        subject_id=op.id,
        facts={"evenement": int(code), **facts},
    )


def record_event(*, code: EventCode, facts: dict[str, object], claim: Claim | None = None) -> int:
    """Seal one event on the chain EVENTS, as an operation of its own; returns the operation's id.

    ``facts`` hold no personal data (FIS-06). The chain is made when the institution is set up.
    """

    def write(op: Op) -> int:
        op.drafts.append(event_draft(op=op, code=code, facts=facts))
        return op.id

    return perform(
        claim=claim or Claim("system", uuid.uuid4()),
        kind="event",
        content={"code": int(code), **facts},
        register=event_register(),
        write=write,
        found=lambda operation_id: operation_id,
    )


@contextmanager
def rewriting(*, table: str, reason: str) -> Iterator[None]:
    """Let a migration rewrite rows of an append-only table, and leave an event that says why.

    The only way there is (design.md §3). Sealed payloads are never rewritten: ``format`` tells
    how old ones are read. On a database that is not set up yet there is nothing to tell.
    """
    with unguarded(connection=connection, table=table):
        yield
    if Chain.objects.filter(code=EVENTS).exists():
        record_event(code=EventCode.COMPLIANCE_SETTING, facts={"motif": reason, "table": table})
