"""An exchange on the screens: tickets chosen on the order, the rest on the sale (spec G4)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from payments.choices import RefundChoice
from payments.models import Refund
from sales.models import Order
from sales.services import set_quantity
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.guichet.panel import SaleScreen

pytestmark = pytest.mark.django_db


def begin(lea: Person, order: Order, *tickets: int) -> Order:
    """Choose the tickets on the order's page; returns the basket one is led to."""
    answer = lea.post("exchange", order.pk, tickets=tickets)
    assert answer.status_code == 302
    return Order.objects.get(pk=int(answer["Location"].strip("/").split("/")[-1]))


def put(counter: Counter, basket: Order, amount: str) -> None:
    set_quantity(
        order_id=basket.pk, price_id=counter.price(amount).pk, quantity=1, now=timezone.now()
    )


def test_the_old_ticket_is_taken_off_what_is_due(counter: Counter, lea: Person) -> None:
    zoe = counter.venue.contact()
    old = counter.sell(["20.00", "20.00"], ("CB", "40.00"), contact=zoe)
    assert len(lea.get("exchange", old.order.pk).context["card"].tickets) == 2
    basket = begin(lea, old.order, old.tickets[0].pk)
    assert (basket.contact, basket.linked_to) == (zoe, old.order)
    put(counter, basket, "32.00")
    panel = lea.get("sale", basket.pk).context["payment"].panel
    money = counter.venue.money
    assert (panel.exchanged, panel.due, panel.left) == (
        money("20.00"),
        money("12.00"),
        money("12.00"),
    )
    answer = SaleScreen(lea, basket).pay(("ESPECES", "20,00"), htmx=False)
    assert answer.status_code == 303
    done = lea.client.get(answer["Location"]).context
    assert (done["result"].change, done["result"].taken) == (money("8.00"), money("12.00"))
    assert done["returned"].refund.amount == money("20.00")


def test_a_cheaper_seat_asks_how_the_difference_returns(counter: Counter, lea: Person) -> None:
    old = counter.sell(["32.00"], ("ESPECES", "32.00"), contact=counter.venue.contact())
    basket = begin(lea, old.order, old.tickets[0].pk)
    put(counter, basket, "20.00")
    screen = SaleScreen(lea, basket)
    refused = screen.pay()
    assert refused.status_code == 422
    assert refused.context["payment"].notice == (
        "12,00\u00a0€ sont à rendre\u00a0: demandez au client comment."
    )
    assert not Refund.objects.exists()
    assert screen.pay(difference="credit", htmx=False).status_code == 303
    assert counter.available(old.order.contact) == "12.00"


def test_a_supervisor_is_asked_for_in_the_panel(counter: Counter, lea: Person) -> None:
    begun = counter.price("20.00", starts_at=timezone.now() - timedelta(minutes=5))
    old = counter.sell([begun], ("CB", "20.00"))
    basket = begin(lea, old.order, old.tickets[0].pk)
    put(counter, basket, "20.00")
    screen = SaleScreen(lea, basket)
    asked = screen.pay()
    assert (asked.status_code, asked.context["payment"].approval is not None) == (422, True)
    wrong = screen.pay(approver_code="marc", approver_pin="0000")
    assert (wrong.status_code, Refund.objects.count()) == (422, 0)
    given = screen.pay(approver_code="marc", approver_pin="4711", htmx=False)
    assert given.status_code == 303


def test_what_cannot_be_exchanged_is_said(counter: Counter, lea: Person) -> None:
    one = counter.sell(["20.00"], ("CB", "20.00"))
    other = counter.sell(["20.00"], ("CB", "20.00"))
    nothing = lea.post("exchange", one.order.pk)
    assert nothing.context["form"].errors["tickets"] == ["Choisissez ce qui est échangé."]
    mixed = lea.post("exchange", one.order.pk, tickets=[one.tickets[0].pk, other.tickets[0].pk])
    assert mixed.status_code == 422
    counter.refund(one, to=RefundChoice.ORIGIN)
    gone = lea.post("exchange", one.order.pk, tickets=[one.tickets[0].pk])
    assert gone.status_code == 422
    assert Order.objects.filter(state="basket", lines__isnull=False).count() == 0
