"""The same seat, the same basket, the same ticket, at the same moment; on both databases."""

from functools import partial

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from journal.errors import Busy
from sales.choices import OrderState, TicketState
from sales.errors import OrderLapsed, OrderNotOpen, SoldOut, TicketNotValid
from sales.models import Order, OrderLine, PriceCategory, Ticket
from sales.services import lapse_orders, lock_order
from tests.sales.show import LATER, NOW, Show, at_once, sealed

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def outcome(results: list[object], *kinds: type) -> list[int]:
    """How many results are of each kind; whatever else came out fails the test by its number."""
    return [sum(isinstance(result, kind) for result in results) for kind in kinds]


def test_the_last_seat_is_sold_once_to_ten_at_once(committed_show: Show) -> None:
    show = committed_show
    PriceCategory.objects.filter(name="Galerie").update(capacity=1)
    baskets = [show.basket() for _each in range(10)]
    results = at_once([partial(show.fill, each, 1, category="Galerie") for each in baskets])
    assert outcome(results, Order, SoldOut) == [1, 9]
    assert show.taken("Galerie") == 1
    winner = next(result for result in results if isinstance(result, Order))
    assert len(show.settle(winner)) == 1


def test_ten_baskets_share_six_seats_and_not_one_more(committed_show: Show) -> None:
    show = committed_show
    baskets = [show.basket() for _each in range(10)]
    results = at_once([partial(show.fill, each, 1) for each in baskets])
    assert outcome(results, Order, SoldOut) == [6, 4]
    assert show.taken() == 6
    assert OrderLine.objects.aggregate(seats=Sum("quantity")) == {"seats": 6}


def test_two_operators_change_one_basket_and_the_seats_follow(committed_show: Show) -> None:
    show = committed_show
    order = show.basket()
    acts = [
        partial(show.fill, order, quantity, rate=rate)
        for rate in ("PLEIN", "REDUIT")
        for quantity in (1, 2, 1)
    ]
    results = at_once(acts)
    assert outcome(results, Order) == [6]
    order.refresh_from_db()
    lines = list(order.lines.all())
    assert len(lines) == 2
    assert show.taken() == sum(line.quantity for line in lines)
    assert order.total_minor == sum(line.total_minor for line in lines)


def test_baskets_that_swap_two_categories_do_not_block_each_other(committed_show: Show) -> None:
    show = committed_show
    first, second = show.basket(), show.basket()
    show.fill(first, 1)
    show.fill(second, 1, category="Galerie")
    acts = [
        partial(show.fill, order, quantity, category=category)
        for order, categories in (
            (first, ("Galerie", "Parterre")),
            (second, ("Parterre", "Galerie")),
        )
        for category, quantity in zip(categories, (1, 0), strict=True)
    ]
    assert outcome(at_once(acts), Order) == [4]
    assert (show.taken(), show.taken("Galerie")) == (1, 1)


def test_an_order_out_of_time_is_paid_or_lapses_never_both(committed_show: Show) -> None:
    show = committed_show
    for seats in (1, 2, 1):
        order = show.basket()
        show.fill(order, seats)
        before = show.taken() - seats
        paid, lapsed, _again = at_once(
            [
                partial(show.settle, order, at=LATER),
                partial(lapse_orders, now=LATER),
                partial(lapse_orders, now=LATER),
            ]
        )
        order.refresh_from_db()
        if order.state == OrderState.PAID:
            assert isinstance(paid, list)
            assert show.taken() == before + seats
        else:
            assert isinstance(paid, OrderLapsed)
            assert (order.state, show.taken()) == (OrderState.CANCELLED, before)
        assert isinstance(lapsed, int)
    assert Ticket.objects.count() == show.taken()


def test_baskets_short_of_seats_take_those_of_a_lapsed_one_once(committed_show: Show) -> None:
    show = committed_show
    gone = show.basket()
    show.fill(gone, 2, category="Galerie")
    baskets = [show.basket(at=LATER) for _each in range(4)]
    acts = [partial(show.fill, each, 1, category="Galerie", at=LATER) for each in baskets]
    results = at_once(acts)
    assert outcome(results, Order, SoldOut) == [2, 2]
    assert show.taken("Galerie") == 2


def test_an_order_paid_by_two_counters_at_once_is_paid_once(committed_show: Show) -> None:
    show = committed_show
    order = show.basket()
    show.fill(order, 2)
    results = at_once([partial(show.settle, order) for _each in range(4)])
    assert outcome(results, list, OrderNotOpen) == [1, 3]
    assert (Ticket.objects.count(), len(sealed("VENTE")), len(sealed("BILLET"))) == (2, 1, 2)


def test_a_ticket_is_taken_back_once_by_two_operators(committed_show: Show) -> None:
    show = committed_show
    tickets = show.sell(3)
    results = at_once([partial(show.give_back, tickets[:2], at=NOW) for _each in range(4)])
    assert outcome(results, type(None), TicketNotValid) == [1, 3]
    assert (show.taken(), len(sealed("ANNULATION"))) == (1, 2)
    assert Ticket.objects.filter(state=TicketState.VALID).count() == 1


def test_sales_and_returns_over_two_categories_never_block(committed_show: Show) -> None:
    show = committed_show
    orders = []
    for categories in (("Parterre", "Galerie"), ("Galerie", "Parterre")):
        order = show.basket()
        for category in categories:
            show.fill(order, 1, category=category)
        orders.append(order)
    returns = [show.settle(order) for order in orders]
    fresh = [show.basket() for _each in range(2)]
    acts = [
        *(partial(show.give_back, tickets) for tickets in returns),
        *(partial(show.fill, order, 2) for order in fresh),
    ]
    assert outcome(at_once(acts), type(None), Order) == [2, 2]
    assert (show.taken(), show.taken("Galerie")) == (4, 0)


def test_a_basket_that_is_locked_for_too_long_is_busy_not_broken(committed_show: Show) -> None:
    show = committed_show
    order = show.basket()

    def hurried() -> Order:
        patience = (
            "SET lock_timeout = '50ms'"
            if connection.vendor == "postgresql"
            else "PRAGMA busy_timeout = 50"
        )
        with connection.cursor() as cursor:
            cursor.execute(patience)
        return show.fill(order, 1)

    with transaction.atomic():
        lock_order(order_id=order.pk)
        (result,) = at_once([hurried])
    assert isinstance(result, Busy)
    assert show.taken() == 0
    assert show.fill(order, 1).total == show.venue.money("25")
