"""Keeping an order unpaid, giving it up, and what becomes of those out of time."""

from datetime import timedelta

import pytest

from sales.choices import OrderState
from sales.errors import (
    KeptUntilPast,
    OrderEmpty,
    OrderLapsed,
    OrderNotOpen,
    PurchaserMissing,
    SoldOut,
)
from sales.models import Order
from sales.services import abandon, extend, lapse_orders, reserve
from tests.sales.show import LATER, NOW, Show
from tests.venue import euros

IN_A_WEEK = NOW + timedelta(days=7)


def reserved(show: Show, seats: int = 2) -> Order:
    order = show.basket(contact=show.venue.contact())
    show.fill(order, seats)
    return reserve(order_id=order.pk, until=IN_A_WEEK, now=NOW)


def test_a_school_reserves_brings_a_child_more_and_pays_days_later(show: Show) -> None:
    order = reserved(show, 4)
    assert (order.state, order.expires_at) == (OrderState.RESERVED, IN_A_WEEK)
    assert show.fill(order, 5).expires_at == IN_A_WEEK
    assert extend(order_id=order.pk, now=LATER).expires_at == IN_A_WEEK
    assert lapse_orders(now=LATER) == 0
    assert len(show.settle(order, at=NOW + timedelta(hours=8))) == 5
    assert show.taken() == 5


def test_a_reservation_is_given_a_later_date(show: Show) -> None:
    order = reserved(show)
    again = reserve(order_id=order.pk, until=IN_A_WEEK + timedelta(days=1), now=LATER)
    assert again.expires_at == IN_A_WEEK + timedelta(days=1)


def test_an_abandoned_order_frees_its_seats_at_once_and_only_once(show: Show) -> None:
    order = reserved(show)
    show.fill(show.basket(), 1)
    cancelled = abandon(order_id=order.pk, now=LATER)
    assert (cancelled.state, cancelled.cancelled_at) == (OrderState.CANCELLED, LATER)
    assert show.taken() == 1
    again = abandon(order_id=order.pk, now=LATER + timedelta(minutes=1))
    assert (again.cancelled_at, show.taken()) == (LATER, 1)
    assert order.lines.get().quantity == 2  # what was reserved stays on record (BIL-04)


def test_baskets_and_reservations_out_of_time_lapse_once(show: Show) -> None:
    basket, kept, awaiting = show.basket(), reserved(show), show.basket()
    show.fill(basket, 1)
    show.fill(awaiting, 1)
    Order.objects.filter(pk=awaiting.pk).update(state=OrderState.AWAITING)
    assert lapse_orders(now=NOW + timedelta(minutes=15)) == 0
    assert lapse_orders(now=LATER) == 1
    assert lapse_orders(now=LATER) == 0
    assert show.taken() == 3
    assert lapse_orders(now=IN_A_WEEK + timedelta(seconds=1)) == 1
    assert show.taken() == 1
    states = {order.pk: order.state for order in Order.objects.all()}
    assert states == {
        basket.pk: OrderState.CANCELLED,
        kept.pk: OrderState.CANCELLED,
        awaiting.pk: OrderState.AWAITING,
    }


def test_where_seats_are_short_those_of_lapsed_orders_are_taken(show: Show) -> None:
    gone, other = show.basket(), show.basket(at=LATER)
    show.fill(gone, 2, category="Galerie")
    show.fill(gone, 2)
    assert show.fill(other, 1, category="Galerie", at=LATER).total == euros("12.50")
    assert (show.taken("Galerie"), show.taken()) == (1, 0)
    gone.refresh_from_db()
    assert gone.state == OrderState.CANCELLED


def test_a_basket_out_of_time_goes_on_while_nobody_needs_its_seats(show: Show) -> None:
    order = show.basket()
    show.fill(order, 2, category="Galerie")
    other = show.basket(at=LATER)
    show.fill(other, 2, at=LATER)
    assert show.fill(order, 1, category="Galerie", at=LATER).state == OrderState.BASKET
    assert len(show.settle(order, at=LATER)) == 1


def test_a_basket_out_of_time_is_not_cancelled_by_its_own_wish_for_more(show: Show) -> None:
    order = show.basket()
    show.fill(order, 2, category="Galerie")
    with pytest.raises(SoldOut) as refused:
        show.fill(order, 3, category="Galerie", at=LATER)
    assert refused.value.data == {"left": 2}
    order.refresh_from_db()
    assert order.state == OrderState.BASKET


# What is refused.


def test_nothing_is_reserved_for_nobody_for_nothing_or_until_yesterday(show: Show) -> None:
    order = show.basket()
    show.fill(order, 1)
    with pytest.raises(PurchaserMissing):
        reserve(order_id=order.pk, until=IN_A_WEEK, now=NOW)
    empty = show.basket(contact=show.venue.contact())
    with pytest.raises(OrderEmpty):
        reserve(order_id=empty.pk, until=IN_A_WEEK, now=NOW)
    with pytest.raises(KeptUntilPast):
        reserve(order_id=reserved(show).pk, until=NOW, now=NOW)


def test_settled_orders_are_neither_reserved_nor_abandoned(show: Show) -> None:
    paid, cancelled, awaiting = show.sell(1)[0].order, reserved(show), reserved(show)
    abandon(order_id=cancelled.pk, now=NOW)
    Order.objects.filter(pk=awaiting.pk).update(state=OrderState.AWAITING)
    with pytest.raises(OrderNotOpen):
        abandon(order_id=paid.pk, now=NOW)
    with pytest.raises(OrderNotOpen):
        abandon(order_id=awaiting.pk, now=NOW)
    with pytest.raises(OrderLapsed):
        reserve(order_id=cancelled.pk, until=IN_A_WEEK, now=NOW)
    assert show.taken() == 3
