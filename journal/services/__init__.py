"""Operations done once, and the entries they leave on a chain."""

from journal.services.chains import open_chain
from journal.services.events import (
    CLOSINGS,
    EVENTS,
    EventCode,
    event_draft,
    event_register,
    record_event,
    rewriting,
)
from journal.services.heads import record_heads
from journal.services.operations import Claim, Op, patiently, perform
from journal.services.registers import BusinessDay, Register
from journal.services.sealing import Draft, SessionChange, lock_chain

__all__ = [
    "CLOSINGS",
    "EVENTS",
    "BusinessDay",
    "Claim",
    "Draft",
    "EventCode",
    "Op",
    "Register",
    "SessionChange",
    "event_draft",
    "event_register",
    "lock_chain",
    "open_chain",
    "patiently",
    "perform",
    "record_event",
    "record_heads",
    "rewriting",
]
