"""What is still needed of a contact, so that it cannot be erased yet (RGP-02)."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from contacts.models import Contact
from credit.selectors import list_standings
from institution_settings.money import format_datetime
from payments.choices import RunLineState
from payments.errors import ErasureRefused
from payments.models import RefundRunLine, SumOwed
from sales.choices import UNPAID_STATES, OrderState, TicketState
from sales.models import Order, Ticket


def list_obstacles(*, contact: Contact, currency: str, now: datetime) -> list[ErasureRefused]:
    """Return why a contact cannot be erased now, each with its sentence; none: it can.

    Credit that is left or held, orders not paid whose time is not over, tickets for a performance
    to come (the contract still runs, and its cancellation would have to reach somebody), and
    refunds of cancelled performances that are not finished. Whoever was merged into it counts
    with it. Vouchers are a bearer's and no obstacle.
    """
    if contact.erased_at:
        return [ErasureRefused(reason="erased")]
    if contact.merged_into is not None:
        return [ErasureRefused(reason="merged", kept=contact.merged_into.number)]
    ids = [contact.pk, *contact.merged.values_list("pk", flat=True)]
    return [
        *_credit(ids, currency, now),
        *_unpaid(ids, now),
        *_upcoming(ids, now),
        *_owed(ids),
    ]


def _credit(ids: Sequence[int], currency: str, now: datetime) -> list[ErasureRefused]:
    found: list[ErasureRefused] = []
    for standing in list_standings(contact_ids=ids, currency=currency, at=now).values():
        if standing.balance.amount:
            found.append(ErasureRefused(reason="balance", balance=standing.balance))
        if standing.held.amount:
            found.append(ErasureRefused(reason="held", held=standing.held))
    return found


def _unpaid(ids: Sequence[int], now: datetime) -> list[ErasureRefused]:
    # Who is out of time keeps no seats any more; the provider's answer is waited for in any case.
    still = Q(state=OrderState.AWAITING) | Q(expires_at__gt=now)
    orders = Order.objects.filter(still, contact_id__in=ids, state__in=UNPAID_STATES)
    return [ErasureRefused(reason="unpaid", order=str(order)) for order in orders.order_by("pk")]


def _upcoming(ids: Sequence[int], now: datetime) -> list[ErasureRefused]:
    tickets = (
        Ticket.objects.filter(
            order__contact_id__in=ids, state=TicketState.VALID, performance__starts_at__gt=now
        )
        .select_related("order", "performance__event")
        .order_by("performance__starts_at", "order_id")
    )
    found = {(ticket.order_id, ticket.performance_id): ticket for ticket in tickets}
    return [
        ErasureRefused(
            reason="upcoming",
            order=str(ticket.order),
            when=f"{ticket.performance.event}, "
            f"{format_datetime(timezone.localtime(ticket.performance.starts_at))}",
        )
        for ticket in found.values()
    ]


def _owed(ids: Sequence[int]) -> list[ErasureRefused]:
    """Refunds of cancelled performances that are not finished, and sums nobody paid yet."""
    waiting = [RunLineState.WAITING, RunLineState.CHOICE, RunLineState.PERSON]
    lines = RefundRunLine.objects.filter(order__contact_id__in=ids, state__in=waiting)
    sums = SumOwed.objects.filter(refund__order__contact_id__in=ids, settled=None)
    orders = {line.order for line in lines.select_related("order")}
    orders |= {owed.refund.order for owed in sums.select_related("refund__order")}
    named = sorted(orders, key=lambda order: order.pk)
    return [ErasureRefused(reason="owed", order=str(order)) for order in named]
