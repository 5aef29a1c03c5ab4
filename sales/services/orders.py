"""What every change of an order needs: the locked order, its seats, its total."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction
from django.db.models import F

from institution_settings.models import Institution
from journal.services import patiently
from sales.choices import LineKind, OrderState
from sales.errors import OrderLapsed, OrderNotOpen, SoldOut
from sales.models import Order, PriceCategory

P = ParamSpec("P")
T = TypeVar("T")

# A class or a group at most; also what a form may ask of the server.
MAX_QUANTITY = 999
# States whose lines may change. In AWAITING the provider is collecting the total as it was.
CHANGEABLE = frozenset({OrderState.BASKET, OrderState.RESERVED})
UNPAID = CHANGEABLE | {OrderState.AWAITING}


def short_transaction(change: Callable[P, T]) -> Callable[P, T]:
    """Give a basket change a transaction of its own, tried again for its locks, or ``Busy``."""

    @wraps(change)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        return patiently(lambda: transaction.atomic(change)(*args, **kwargs))

    return run


def lock_order(*, order_id: int) -> Order:
    """Return the order under its lock, fresh, with contact, point of sale and linked order.

    Locked first and read afterwards: a join made before the lock was had shows no contact, where
    another one was put on the order meanwhile. Must run in a transaction; ``Order.DoesNotExist``.
    """
    Order.objects.select_for_update(no_key=True).only("pk").get(pk=order_id)
    return Order.objects.select_related("contact", "point_of_sale", "linked_to").get(pk=order_id)


def lock_unpaid_orders(*, contact_id: int) -> list[Order]:
    """Return a contact's orders that are not paid yet, locked in the order of their ids."""
    return list(
        Order.objects.select_for_update(no_key=True)
        .filter(contact_id=contact_id, state__in=UNPAID)
        .order_by("pk")
    )


def rehome_orders(*, orders: Iterable[Order], contact_id: int) -> None:
    """Give locked orders that are still unpaid another purchaser: one who is the same person."""
    wanted = [order.pk for order in orders]
    Order.objects.filter(pk__in=wanted, state__in=UNPAID).update(contact_id=contact_id)


def lock_changeable(*, order_id: int) -> Order:
    """Return the order under its lock; ``OrderLapsed`` or ``OrderNotOpen`` if it is settled."""
    order = lock_order(order_id=order_id)
    if order.state not in CHANGEABLE:
        raise refusal(order)
    return order


def refusal(order: Order) -> OrderLapsed | OrderNotOpen:
    """Return the error that says why this order cannot be changed or paid."""
    if order.state == OrderState.CANCELLED:
        return OrderLapsed(number=order.number)
    return OrderNotOpen(number=order.number, state=order.get_state_display())


def take_seats(*, category_id: int, seats: int) -> None:
    """Take seats, all or none: one conditional UPDATE under its own row lock; else ``SoldOut``."""
    taken = PriceCategory.objects.filter(pk=category_id, taken__lte=F("capacity") - seats).update(
        taken=F("taken") + seats
    )
    if not taken:
        raise SoldOut(left=PriceCategory.objects.get(pk=category_id).left)


def release_seats(*, seats: Mapping[int, int]) -> None:
    """Give seats back, ``{category id: seats}``, locking the categories by id."""
    for category_id in sorted(seats):
        PriceCategory.objects.filter(pk=category_id).update(taken=F("taken") - seats[category_id])


def seats_of(order: Order) -> Counter[int]:
    """Return how many seats an unpaid order keeps, by category."""
    lines = order.lines.filter(kind=LineKind.TICKET).values_list("category_id", "quantity")
    kept: Counter[int] = Counter()
    for category_id, quantity in lines:
        if category_id is not None:  # never, says a constraint of the table
            kept[category_id] += quantity
    return kept


def recount(order: Order, *, now: datetime) -> Order:
    """Bring the total in step with the lines and start a basket's time again."""
    lines = order.lines.values_list("unit_minor", "quantity")
    order.total_minor = sum(unit * quantity for unit, quantity in lines)
    restart_timer(order, now=now)
    order.save(update_fields=["total_minor", "expires_at"])
    return order


def restart_timer(order: Order, *, now: datetime) -> None:
    """Set a basket's time anew; a reservation keeps its date."""
    if order.state == OrderState.BASKET:
        order.expires_at = now + timedelta(minutes=Institution.objects.get().basket_minutes)


def cancel(order: Order, *, now: datetime) -> Order:
    """Give the seats of an unpaid, locked order back and close it; its lines stay as a record."""
    release_seats(seats=seats_of(order))
    order.state = OrderState.CANCELLED
    order.cancelled_at = now
    order.save(update_fields=["state", "cancelled_at"])
    return order
