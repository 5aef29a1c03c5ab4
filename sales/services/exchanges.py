"""Which tickets a basket is to be exchanged for; ``payments`` does it once it is paid (G4)."""

from collections.abc import Sequence

from sales.choices import OrderState, TicketState
from sales.errors import ExchangeElsewhere
from sales.models import Order, Ticket
from sales.services.orders import lock_changeable, short_transaction


@short_transaction
def plan_exchange(*, order_id: int, ticket_ids: Sequence[int]) -> Order:
    """Say which tickets of one paid order a basket is to be exchanged for; returns the basket.

    Nothing is taken back before it is confirmed. The same again changes nothing, other tickets
    replace the first. The basket is linked to that order. Raises ``ExchangeElsewhere``,
    ``OrderLapsed`` and ``OrderNotOpen``.
    """
    basket = lock_changeable(order_id=order_id)
    tickets = list(
        Ticket.objects.filter(
            pk__in=ticket_ids, state=TicketState.VALID, order__state=OrderState.PAID
        )
    )
    orders = {ticket.order_id for ticket in tickets}
    if len(orders) != 1 or len(tickets) != len(set(ticket_ids)):
        raise ExchangeElsewhere
    basket.exchanged_tickets.set(tickets)
    basket.linked_to_id = orders.pop()
    basket.save(update_fields=["linked_to"])
    return basket
