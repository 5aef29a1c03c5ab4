"""Tickets come and go inside the operation of ``payments``; nothing here opens a transaction."""

import secrets
from collections import Counter
from collections.abc import Sequence

from journal.selectors import entry_numbers
from journal.services import Op
from sales.choices import UNPAID_STATES, LineKind, OrderState, PerformanceState, TicketState
from sales.errors import NotOnSale, OrderEmpty, TicketNotValid
from sales.models import Order, OrderLine, Ticket
from sales.money import nets_of
from sales.services.facts import TICKET, cancellation_draft, sale_draft, ticket_draft
from sales.services.orders import refusal, release_seats
from tills.selectors import Desk

TOKEN_BYTES = 16


def settle_order(*, op: Op, desk: Desk, order: Order) -> list[Ticket]:
    """Make a locked order paid and issue one ticket a seat (BIL-01), free ones too.

    ``order`` comes from ``lock_order`` in the same transaction. A basket or reservation past its
    time that still has its seats may be paid. Drafts VENTE and one BILLET a ticket. Raises
    ``OrderLapsed``, ``OrderNotOpen`` (paid already), ``OrderEmpty``, and ``NotOnSale`` when a
    performance was cancelled meanwhile.
    """
    if order.state not in UNPAID_STATES:
        raise refusal(order)
    lines = _lines_of(order)
    if not lines:
        raise OrderEmpty
    order.state = OrderState.PAID
    order.paid_at = op.at
    order.save(update_fields=["state", "paid_at"])
    op.drafts.append(sale_draft(op=op, desk=desk, order=order, lines=lines))
    issued = Ticket.objects.bulk_create(
        ticket for line in lines if line.kind == LineKind.TICKET for ticket in _issue(op, line)
    )
    op.drafts.extend(
        ticket_draft(op=op, desk=desk, order=order, line=ticket.line, ticket=ticket)
        for ticket in issued
    )
    return issued


def _lines_of(order: Order) -> list[OrderLine]:
    lines = list(order.lines.select_related("category__performance__event", "rate").order_by("id"))
    for line in lines:
        performance = line.category.performance if line.category else None
        if performance and performance.state != PerformanceState.ON_SALE:
            raise NotOnSale(title=performance.event.title)
    return lines


def _issue(op: Op, line: OrderLine) -> list[Ticket]:
    """Return the tickets of a line, unsaved; their net prices add up to the line's (CPT-02)."""
    if line.category is None:  # never, says a constraint of the table
        return []
    nets = nets_of(line.unit_minor, quantity=line.quantity, vat_rate=line.vat_rate)
    return [
        Ticket(
            line=line,
            order_id=line.order_id,
            performance_id=line.category.performance_id,
            currency=line.currency,
            price_minor=line.unit_minor,
            net_minor=net,
            vat_rate=line.vat_rate,
            token=secrets.token_urlsafe(TOKEN_BYTES),
            operation_id=op.id,
        )
        for net in nets
    ]


def take_back(*, op: Op, desk: Desk, tickets: Sequence[Ticket]) -> None:
    """Cancel valid tickets, all or none, and put their seats on sale at once (spec G4).

    The caller has locked their orders; who may take back a used ticket is the caller's rule.
    Drafts one ANNULATION a ticket. Raises ``TicketNotValid`` when one was taken back before.
    """
    ids = sorted(ticket.pk for ticket in tickets)
    cancelled = Ticket.objects.filter(pk__in=ids, state=TicketState.VALID).update(
        state=TicketState.CANCELLED, cancelled_at=op.at
    )
    if cancelled != len(tickets):
        raise TicketNotValid
    fresh = list(
        Ticket.objects.filter(pk__in=ids)
        .select_related("order__contact", "line__category__performance", "line__rate")
        .order_by("id")
    )
    release_seats(seats=Counter(ticket.line.category_id or 0 for ticket in fresh))
    numbers = entry_numbers(subject_kind=TICKET, subject_ids=ids)
    op.drafts.extend(
        cancellation_draft(
            op=op,
            desk=desk,
            order=ticket.order,
            line=ticket.line,
            ticket=ticket,
            number=numbers[ticket.pk],
        )
        for ticket in fresh
    )
    for ticket in tickets:
        ticket.state = TicketState.CANCELLED
        ticket.cancelled_at = op.at
