"""Keeping an unpaid order, giving it up, and what becomes of those out of time."""

from datetime import datetime

from django.db.models import QuerySet

from sales.choices import OrderState
from sales.errors import KeptUntilPast, OrderEmpty, PurchaserMissing
from sales.models import Order
from sales.selectors import lapsed_orders
from sales.services.orders import (
    CHANGEABLE,
    cancel,
    lock_changeable,
    lock_order,
    refusal,
    short_transaction,
)

# How many orders one call lapses; the next tick goes on.
MAX_LAPSED = 1000


@short_transaction
def reserve(*, order_id: int, until: datetime, now: datetime) -> Order:
    """Keep the seats of a basket, unpaid, until a moment; a reservation gets the new moment (G2).

    Raises ``OrderEmpty``, ``PurchaserMissing``, ``KeptUntilPast``, ``OrderLapsed`` and
    ``OrderNotOpen``.
    """
    order = lock_changeable(order_id=order_id)
    if order.contact_id is None:
        raise PurchaserMissing
    if not order.lines.exists():
        raise OrderEmpty
    if until <= now:
        raise KeptUntilPast
    order.state = OrderState.RESERVED
    order.expires_at = until
    order.save(update_fields=["state", "expires_at"])
    return order


@short_transaction
def abandon(*, order_id: int, now: datetime) -> Order:
    """Cancel an unpaid order; its seats are on sale at once. Repeating it changes nothing.

    While a payment provider is awaited this is ``OrderNotOpen``: its session is ended first.
    """
    order = lock_order(order_id=order_id)
    if order.state == OrderState.CANCELLED:
        return order
    if order.state not in CHANGEABLE:
        raise refusal(order)
    return cancel(order, now=now)


def lapse_orders(*, now: datetime) -> int:
    """Cancel the baskets and reservations out of time; returns how many.

    Each in its own transaction, for ``tick``; may be repeated and run twice at once. An order
    that awaits its provider is never touched: ``payments`` asks the provider first (spec C9).
    """
    return lapse(lapsed_orders(now=now), now=now, wait=False)


def lapse(orders: QuerySet[Order], *, now: datetime, wait: bool) -> int:
    """Cancel those of ``orders`` that are out of time; returns how many.

    An order that somebody is working on is left to them or, with ``wait``, looked at again when
    they are done: paid or extended, it has not lapsed.
    """
    found = list(orders.order_by("expires_at").values_list("pk", flat=True)[:MAX_LAPSED])
    return sum(_lapse(order_id, now, wait) for order_id in found)


@short_transaction
def _lapse(order_id: int, now: datetime, wait: bool) -> bool:
    order = (
        lapsed_orders(now=now)
        .select_for_update(no_key=True, skip_locked=not wait)
        .filter(pk=order_id)
        .first()
    )
    if order:
        cancel(order, now=now)
    return order is not None
