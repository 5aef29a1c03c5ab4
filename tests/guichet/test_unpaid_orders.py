"""Orders that are not paid yet, cost nothing, or add to another (spec G2)."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from institution_settings.choices import Channel
from institution_settings.models import PointOfSale
from payments.models import Payment
from sales.choices import OrderState
from sales.errors import OrderNotOpen
from sales.models import Order
from sales.services import reserve
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.guichet.panel import SaleScreen

pytestmark = pytest.mark.django_db


@pytest.fixture
def reserved(counter: Counter) -> Order:
    """Two of ten seats kept a week for Zoé."""
    seat = counter.price("20.00", capacity=10)
    order = counter.basket([seat, seat], contact=counter.venue.contact())
    week = timezone.now() + timedelta(days=7)
    return reserve(order_id=order.pk, until=week, now=timezone.now())


def taken(counter: Counter) -> int:
    category = counter.price("20.00", capacity=10).category
    category.refresh_from_db()
    return category.taken


def test_a_reservation_is_found_in_its_list_and_paid_days_later(
    lea: Person, counter: Counter, reserved: Order
) -> None:
    sooner = counter.basket(["15.00"], contact=counter.venue.contact("Martin", "Jean"))
    tomorrow = timezone.now() + timedelta(days=1)
    reserve(order_id=sooner.pk, until=tomorrow, now=timezone.now())
    counter.sell(["20.00"], ("CB", "20"))
    rows = lea.get("orders", reserved=1).context["rows"]
    assert [(order.pk, order.seats) for order, _standing in rows] == [
        (sooner.pk, 1),
        (reserved.pk, 2),
    ]
    page = lea.get("order", reserved.pk)
    assert page.context["may_sell"]
    assert reverse("guichet:sale", args=[reserved.pk]) in page.content.decode()
    assert "HX-Redirect" in SaleScreen(lea, reserved).pay(("CB", "40"))
    assert Order.objects.get(pk=reserved.pk).state == OrderState.PAID
    rows = lea.get("orders", reserved=1).context["rows"]
    assert [order.pk for order, _standing in rows] == [sooner.pk]


def test_cancelling_a_reservation_puts_its_seats_on_sale_once(
    lea: Person, counter: Counter, reserved: Order
) -> None:
    assert taken(counter) == 2
    for _twice in range(2):
        answer = lea.post("cancel_order", reserved.pk)
        assert (answer.status_code, answer["Location"]) == (
            302,
            reverse("guichet:order", args=[reserved.pk]),
        )
        assert taken(counter) == 0
    page = lea.get("order", reserved.pk)
    assert (page.context["order"].state, page.context["may_sell"]) == (OrderState.CANCELLED, False)


def test_a_paid_order_is_not_cancelled(lea: Person, counter: Counter) -> None:
    paid = counter.sell(["20.00"], ("CB", "20")).order
    answer = lea.post("cancel_order", paid.pk)
    assert answer.status_code == 409
    paid.refresh_from_db()
    sentence = str(OrderNotOpen(number=paid.number, state=paid.get_state_display()))
    assert answer.context["refusal"] == sentence
    assert paid.state == OrderState.PAID


def test_the_web_shops_baskets_are_their_customers(lea: Person, counter: Counter) -> None:
    web = PointOfSale.objects.create(code="WEB", name="Boutique", channel=Channel.ONLINE)
    order = counter.basket(["20.00"])
    Order.objects.filter(pk=order.pk).update(point_of_sale=web)
    assert not lea.get("order", order.pk).context["may_sell"]
    assert lea.post("cancel_order", order.pk).status_code == 404


def test_orders_are_cancelled_by_who_sells(counter: Counter, reserved: Order, lea: Person) -> None:
    assert lea.get("cancel_order", reserved.pk).status_code == 405
    assert lea.post("cancel_order", 999).status_code == 404
    nobody = Person(counter.venue).post("cancel_order", reserved.pk)
    assert nobody["Location"].startswith(reverse("account_login"))
    assert Order.objects.get(pk=reserved.pk).state == OrderState.RESERVED


def test_a_reservation_out_of_time_lapses_with_the_tick(
    lea: Person, counter: Counter, reserved: Order
) -> None:
    Order.objects.filter(pk=reserved.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    call_command("tick")
    assert (taken(counter), Order.objects.get(pk=reserved.pk).state) == (0, OrderState.CANCELLED)
    assert SaleScreen(lea, reserved).pay(("CB", "40")).status_code == 409
    assert not Payment.objects.exists()


def test_what_is_added_to_a_paid_order_is_linked_and_both_say_so(
    lea: Person, counter: Counter
) -> None:
    zoe = counter.venue.contact()
    first = counter.sell(["20.00"], ("CB", "20"), contact=zoe).order
    begun = lea.get("new_sale", linked=first.pk)
    second = Order.objects.latest("pk")
    assert begun["Location"] == reverse("guichet:sale", args=[second.pk])
    assert (second.linked_to, second.contact) == (first, zoe)
    assert (
        reverse("guichet:order", args=[first.pk])
        in lea.client.get(begun["Location"]).content.decode()
    )
    screen = SaleScreen(lea, second)
    screen.send("sale_quantity", price=counter.price("20.00").pk, quantity=1)
    assert "HX-Redirect" in screen.pay(("CB", "20"))
    assert lea.get("order", first.pk).context["card"].linked == (second,)
    assert lea.get("order", second.pk).context["order"].linked_to == first


def test_what_costs_nothing_is_confirmed_and_gives_its_tickets(
    lea: Person, counter: Counter
) -> None:
    screen = SaleScreen(lea, counter.basket(["0.00", "0.00"]))
    done = screen.pay()
    result = lea.client.get(done["HX-Redirect"]).context["result"]
    assert (len(result.tickets), result.payments) == (2, [])
    assert Order.objects.get(pk=screen.order.pk).state == OrderState.PAID
