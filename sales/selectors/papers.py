"""What stands on a ticket, and what was printed of an order (BIL-02, FIS-16)."""

from collections.abc import Iterable
from dataclasses import dataclass

from journal.selectors import entry_numbers
from sales.choices import TicketState
from sales.models import Printout, Ticket

# What a ticket says is read with it.
SHOWN = (
    "performance__event",
    "line__category",
    "line__rate",
    "order__contact",
    "order__point_of_sale",
)


@dataclass(frozen=True, slots=True)
class TicketFace:
    """One person's ticket as it is printed; ``copy`` is the number of the duplicate, 0 if none."""

    ticket: Ticket
    number: str
    copy: int = 0


def list_printouts(*, operation_id: int) -> list[Printout]:
    """Return what one operation printed, in order, with tickets and order."""
    shown = (f"ticket__{each}" for each in SHOWN)
    return list(
        Printout.objects.filter(operation_id=operation_id)
        .select_related("order", "operator", *shown)
        .order_by("id")
    )


def faces_printed(*, printouts: Iterable[Printout]) -> list[TicketFace]:
    """Return the tickets of some printouts as they were printed, duplicates with their number."""
    copies = {row.ticket: row.copy for row in printouts if row.ticket is not None}
    numbers = entry_numbers(subject_kind="ticket", subject_ids=[ticket.pk for ticket in copies])
    return [TicketFace(ticket, numbers.get(ticket.pk, ""), copy) for ticket, copy in copies.items()]


def faces_of_order(*, order_id: int) -> list[TicketFace]:
    """Return the valid tickets of an order as its purchaser gets them: never duplicates (G10)."""
    tickets = list(
        Ticket.objects.filter(order_id=order_id, state=TicketState.VALID)
        .select_related(*SHOWN)
        .order_by("id")
    )
    numbers = entry_numbers(subject_kind="ticket", subject_ids=[ticket.pk for ticket in tickets])
    return [TicketFace(ticket, numbers.get(ticket.pk, "")) for ticket in tickets]
