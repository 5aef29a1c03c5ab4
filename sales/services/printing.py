"""Printing at a counter: the original once, then numbered duplicates, all recorded (FIS-16, G10).

What a customer downloads is not printed here and is never a duplicate.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from institution_settings.choices import Paper
from institution_settings.models import PointOfSale
from journal.selectors import entry_numbers
from journal.services import Claim, Draft, Op, perform
from sales.choices import Document, OrderState, ReprintReason, TicketState
from sales.errors import AlreadyPrinted, NothingToPrint, ReprintNeedsReason
from sales.models import Order, Printout, Ticket
from sales.selectors.papers import list_printouts
from sales.services.facts import PRINTOUT, TICKET
from sales.services.orders import lock_order
from tills.selectors import Desk

Writing = Callable[[Op], list[Printout]]


def print_tickets(
    *,
    claim: Claim,
    desk: Desk,
    order_id: int,
    ticket_ids: Collection[int] | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> list[Printout]:
    """Print valid tickets of an order on the paper of this point of sale; the rows that say so.

    Without ``reason`` those that were never printed. With one, the named tickets, or all: those
    printed before are duplicates and say their number (FIS-16). A repeat of the claim returns the
    same rows. Raises ``NothingToPrint``, ``AlreadyPrinted`` and ``ReprintNeedsReason``.
    """
    if reason and reason not in ReprintReason.values:
        raise ReprintNeedsReason

    def write(op: Op) -> list[Printout]:
        order = lock_order(order_id=order_id)
        tickets = _valid(order, ticket_ids)
        copies = _copies(order)
        if not reason:
            tickets = [ticket for ticket in tickets if not copies[ticket.pk]]
            if not tickets:
                raise AlreadyPrinted
        paper = _paper_of(desk)
        rows = [
            _printout(op, desk, order, paper, ticket=ticket, copy=copies[ticket.pk], reason=reason)
            for ticket in tickets
        ]
        return _record(op, desk, rows)

    return _perform(claim, desk, "tickets.print", order_id, write, ticket_ids, reason, at)


def print_receipt(
    *, claim: Claim, desk: Desk, order_id: int, at: datetime | None = None
) -> list[Printout]:
    """Print the receipt of a paid order; again, it is a duplicate. A list of one row.

    A repeat of the claim returns the same row. Raises ``NothingToPrint``.
    """

    def write(op: Op) -> list[Printout]:
        order = lock_order(order_id=order_id)
        if order.state != OrderState.PAID:
            raise NothingToPrint
        copy = Printout.objects.filter(order=order, document=Document.RECEIPT).count()
        return _record(op, desk, [_printout(op, desk, order, _paper_of(desk), copy=copy)])

    return _perform(claim, desk, "receipt.print", order_id, write, None, "", at)


def _perform(
    claim: Claim,
    desk: Desk,
    kind: str,
    order_id: int,
    write: Writing,
    ticket_ids: Collection[int] | None,
    reason: str,
    at: datetime | None,
) -> list[Printout]:
    return perform(
        claim=claim,
        kind=kind,
        content={
            "order": order_id,
            "reason": reason,
            "tickets": None if ticket_ids is None else sorted(set(ticket_ids)),
        },
        register=desk.register,
        write=write,
        found=lambda operation_id: list_printouts(operation_id=operation_id),
        at=at,
    )


def _valid(order: Order, ticket_ids: Collection[int] | None) -> list[Ticket]:
    found = order.tickets.filter(state=TicketState.VALID).order_by("id")
    if ticket_ids is not None:
        found = found.filter(pk__in=ticket_ids)
    tickets = list(found)
    if not tickets:
        raise NothingToPrint
    return tickets


def _copies(order: Order) -> Counter[int]:
    """Return how often each ticket of a locked order was printed."""
    printed = Printout.objects.filter(order=order, document=Document.TICKET)
    return Counter(printed.values_list("ticket_id", flat=True))


def _printout(
    op: Op,
    desk: Desk,
    order: Order,
    paper: str,
    *,
    copy: int,
    ticket: Ticket | None = None,
    reason: str = "",
) -> Printout:
    return Printout(
        document=Document.TICKET if ticket else Document.RECEIPT,
        order=order,
        ticket=ticket,
        copy=copy,
        reason=reason if copy else "",
        paper=paper,
        operator_id=desk.operator_id,
        session_id=desk.session_id,
        operation_id=op.id,
        at=op.at,
        business_date=desk.business_date,
    )


def _paper_of(desk: Desk) -> str:
    papers = PointOfSale.objects.filter(pk=desk.point_of_sale_id).values_list("paper", flat=True)
    return papers.first() or Paper.A4


def _record(op: Op, desk: Desk, rows: Iterable[Printout]) -> list[Printout]:
    """Write the rows and draft an entry for each: IMPRESSION, or DUPLICATA (FIS-11, code 400)."""
    made = Printout.objects.bulk_create(rows)
    numbers = entry_numbers(
        subject_kind=TICKET, subject_ids=[row.ticket_id for row in made if row.ticket_id]
    )
    for row in made:
        facts = row.sealed_facts(
            till=desk.till_code,
            session=desk.register.session,
            operator=desk.operator_code or None,
            number=numbers.get(row.ticket_id or 0),
        )
        kind = "DUPLICATA" if row.is_duplicate else "IMPRESSION"
        op.drafts.append(Draft(kind, PRINTOUT, row.pk, facts))
    return list_printouts(operation_id=op.id)
