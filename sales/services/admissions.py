"""Letting people in: one look at one code, answered and kept (spec G11, BIL-07)."""

import hashlib
import uuid
from datetime import datetime, timedelta

from django.utils import timezone

from contacts.models import User
from institution_settings.selectors import get_institution
from journal.selectors import entry_numbers
from journal.services import Claim, Draft, Op, Register, open_chain, perform
from sales.choices import PerformanceState, ScanOutcome, TicketState
from sales.models import Performance, Scan
from sales.selectors.admissions import find_ticket, get_scan
from sales.services.facts import ADMISSION, TICKET

# The chain of the doors: they have no till. Longer than a till's code may be, so never one's own.
CHAIN = "ENTREES-DU-PUBLIC"
# A click sent twice, or sent again because the answer got lost, is the same click for so long.
SAME_LOOK = timedelta(seconds=10)


def admit(
    *, claim: Claim, performance_id: int, code: str, operator: User, at: datetime | None = None
) -> Scan:
    """Look at a code at the door of a performance; let in whoever may, once a ticket.

    ``code`` is what the QR says, or the number printed beside it. Of two gates that look at one
    ticket at once, one gets ``ADMITTED``, the other ``ALREADY_IN`` with the time. Somebody let in
    is sealed; every look is kept. The same click again gets the same answer for ten seconds, so
    that an old page never lets a second person in. Raises ``Performance.DoesNotExist``.
    """
    performance = Performance.objects.select_related("event").get(pk=performance_id)
    wanted = code.replace("\x00", "").strip()
    chain = open_chain(code=CHAIN, entity=get_institution().siren)

    def write(op: Op) -> Scan:
        scan = _look(op, performance, wanted, operator)
        scan.save()
        if scan.outcome == ScanOutcome.ADMITTED:
            op.drafts.append(_draft(scan, operator))
        return scan

    scan = perform(
        # One page sends many codes: each is a click of its own.
        claim=Claim(claim.source, uuid.uuid5(claim.key, wanted)),
        kind="ticket.admit",
        content={"performance": performance_id, "code": _print(wanted)},
        register=Register(chain_id=chain.pk, code=chain.code),
        write=write,
        found=lambda operation_id: get_scan(operation_id=operation_id),
        at=at,
    )
    if (at or timezone.now()) - scan.at <= SAME_LOOK:
        return scan
    afresh = Claim(claim.source, uuid.uuid4())
    return admit(claim=afresh, performance_id=performance_id, code=code, operator=operator, at=at)


def _look(op: Op, performance: Performance, code: str, operator: User) -> Scan:
    """Return the answer to a code, not yet saved; the ticket is locked and marked as used."""
    ticket, typed = find_ticket(code=code)
    scan = Scan(
        performance=performance,
        ticket=ticket,
        outcome=ScanOutcome.ADMITTED,
        code_print=_print(code),
        typed=typed,
        operator=operator,
        operation_id=op.id,
        at=op.at,
    )
    if ticket is None:
        scan.outcome = ScanOutcome.UNKNOWN
    elif ticket.state == TicketState.CANCELLED:
        scan.outcome = ScanOutcome.CANCELLED
    elif ticket.performance_id != performance.pk:
        scan.outcome = ScanOutcome.ELSEWHERE
    elif performance.state == PerformanceState.CANCELLED:
        scan.outcome = ScanOutcome.CANCELLED
    elif ticket.scanned_at is not None:
        scan.outcome, scan.seen_at = ScanOutcome.ALREADY_IN, ticket.scanned_at
    else:
        ticket.scanned_at = op.at
        ticket.save(update_fields=["scanned_at"])
    return scan


def _draft(scan: Scan, operator: User) -> Draft:
    ticket_id = scan.ticket_id or 0
    numbers = entry_numbers(subject_kind=TICKET, subject_ids=[ticket_id])
    facts = scan.sealed_facts(number=numbers[ticket_id], operator=operator.code)
    return Draft("ENTREE", ADMISSION, scan.pk, facts)


def _print(code: str) -> str:
    """Return a fingerprint: what is no ticket of ours may be anybody's secret."""
    return hashlib.sha256(code.encode()).hexdigest()[:16]
