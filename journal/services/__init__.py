"""Operations done once, and the entries they leave on a chain."""

from journal.services.chains import open_chain
from journal.services.operations import Claim, Op, Register, perform
from journal.services.sealing import Draft, SessionChange

__all__ = ["Claim", "Draft", "Op", "Register", "SessionChange", "open_chain", "perform"]
