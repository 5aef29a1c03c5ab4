"""A click four times, a mail server that is down: one effect, and the queue goes on (B73, B75)."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from pytest_django import Settings

from payments.models import Payment, Refund
from sales.choices import OrderState
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.guichet.panel import SaleScreen
from tests.verified import findings

pytestmark = pytest.mark.django_db

CLICKS = 4


def where(answers: list[Any]) -> set[str]:
    """Where replies lead: one place if they show the same result."""
    return {answer["Location"] for answer in answers}


def test_b73_four_clicks_deposit_once(counter: Counter, lea: Person) -> None:
    zoe = counter.venue.contact()
    form = {"amount": "20,00", "mode": counter.modes["ESPECES"].pk, "key": str(uuid4())}
    answers = [lea.post("deposit", zoe.pk, **form) for _click in range(CLICKS)]
    payment = Payment.objects.get()
    receipt = f"{reverse('guichet:credit', args=[zoe.pk])}?recu={payment.pk}"
    assert where(answers) == {receipt}
    assert counter.available(zoe) == "20.00"
    assert findings() == []


def test_b73_four_clicks_pay_once(counter: Counter, lea: Person) -> None:
    order = counter.basket(["20.00"])
    screen = SaleScreen(lea, order)
    answers = [screen.pay(("ESPECES", "20,00"), htmx=False) for _click in range(CLICKS)]
    payment = Payment.objects.get()
    done = reverse("guichet:sale_done", args=[order.pk, payment.operation_id])
    assert where(answers) == {done}
    assert findings() == []


def test_b73_four_clicks_refund_once(counter: Counter, lea: Person) -> None:
    zoe = counter.venue.contact()
    sold = counter.sell(["20.00"], ("CB", "20.00"), contact=zoe)
    form = {
        "tickets": sold.tickets[0].pk,
        "choice": "credit",
        "credit_mode": counter.modes["AVOIR"].pk,
        "consent": "1",
        "key": str(uuid4()),
    }
    answers = [lea.post("refund", sold.order.pk, **form) for _click in range(CLICKS)]
    refund = Refund.objects.get()
    assert where(answers) == {
        reverse("guichet:refunded", args=[sold.order.pk, refund.operation_id])
    }
    assert counter.available(zoe) == "20.00"
    assert findings() == []


def test_b75_the_counter_sells_while_no_mail_can_be_sent(
    counter: Counter, lea: Person, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # refuses connections
    zoe = counter.venue.contact()
    counter.deposit(zoe, "20.00")
    order = counter.basket(["20.00"], contact=zoe)
    answer = SaleScreen(lea, order).pay(("AVOIR", "20,00"), htmx=False)
    order.refresh_from_db()
    assert (answer.status_code, order.state) == (303, OrderState.PAID)
    assert lea.client.get(answer["Location"]).status_code == 200
    assert counter.available(zoe) == "0.00"
    assert findings() == []
