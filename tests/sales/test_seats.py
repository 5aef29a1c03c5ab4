"""Whatever happens to baskets and tickets, seats taken are those of live orders and tickets."""

import random
from collections import Counter
from datetime import timedelta

import pytest
from django.db.models import Sum

from sales.choices import UNPAID_STATES, OrderState, TicketState
from sales.errors import SalesError
from sales.models import Order, OrderLine, PriceCategory, Ticket
from sales.services import abandon, empty_basket, lapse_orders, remove_line, reserve
from tests.sales.show import NOW, Show


def seats_owed() -> dict[str, int]:
    """Seats of unpaid orders and valid tickets, counted from the rows themselves."""
    owed: Counter[str] = Counter({"Parterre": 0, "Galerie": 0})
    unpaid = OrderLine.objects.filter(order__state__in=UNPAID_STATES)
    for name, seats in unpaid.values_list("category__name").annotate(seats=Sum("quantity")):
        owed[str(name)] += seats
    for ticket in Ticket.objects.filter(state=TicketState.VALID).select_related("line__category"):
        owed[str(ticket.line.category)] += 1
    return dict(owed)


class Crowd:
    """People who do anything at any time; refusals are part of it."""

    def __init__(self, show: Show, seed: int) -> None:
        self.show = show
        self.choose = random.Random(seed)
        self.now = NOW
        self.refusals = 0

    def act(self) -> None:
        self.now += timedelta(minutes=self.choose.choice([0, 1, 5, 20]))
        acts = [self.arrive, self.fill, self.fill, self.fill, self.pay, self.give_back]
        acts += [self.abandon, self.empty, self.remove, self.reserve, self.tick]
        try:
            self.choose.choice(acts)()
        except SalesError:
            self.refusals += 1

    def order(self) -> Order:
        return self.choose.choice(list(Order.objects.order_by("-id")[:5]))

    def arrive(self) -> None:
        self.show.basket(at=self.now, contact=self.show.venue.contact())

    def fill(self) -> None:
        category = self.choose.choice(["Parterre", "Galerie"])
        self.show.fill(self.order(), self.choose.randint(0, 4), category=category, at=self.now)

    def pay(self) -> None:
        self.show.settle(self.order(), at=self.now)

    def give_back(self) -> None:
        tickets = list(Ticket.objects.order_by("id"))
        if tickets:
            self.show.give_back(self.choose.sample(tickets, min(2, len(tickets))), at=self.now)

    def abandon(self) -> None:
        abandon(order_id=self.order().pk, now=self.now)

    def empty(self) -> None:
        empty_basket(order_id=self.order().pk, now=self.now)

    def remove(self) -> None:
        line = self.choose.choice([None, *OrderLine.objects.order_by("id")])
        if line:
            remove_line(order_id=line.order_id, line_id=line.pk, now=self.now)

    def reserve(self) -> None:
        until = self.now + timedelta(hours=self.choose.choice([0, 1]))
        reserve(order_id=self.order().pk, until=until, now=self.now)

    def tick(self) -> None:
        lapse_orders(now=self.now)


@pytest.mark.parametrize("seed", range(4))
def test_seats_taken_are_those_of_live_orders_and_tickets(show: Show, seed: int) -> None:
    crowd = Crowd(show, seed)
    crowd.arrive()
    for _step in range(60):
        crowd.act()
        taken = dict(PriceCategory.objects.values_list("name", "taken"))
        assert taken == seats_owed()
        for order in Order.objects.filter(state=OrderState.BASKET).prefetch_related("lines"):
            assert order.total_minor == sum(line.total_minor for line in order.lines.all())
    assert 0 < crowd.refusals < 60
