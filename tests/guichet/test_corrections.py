"""The screen that puts a payment typed in the wrong mode right (spec C4)."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.urls import reverse

from payments.errors import ApprovalNeeded, PartlyReturned
from payments.models import Payment
from payments.selectors.results import CheckoutResult
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.venue import PIN

pytestmark = pytest.mark.django_db


@pytest.fixture
def sold(counter: Counter) -> CheckoutResult:
    """A seat at 20 €, typed as cash."""
    return counter.sell(["20.00"], ("ESPECES", "20"))


def told(sold: CheckoutResult) -> list[tuple[str, str]]:
    rows = Payment.objects.filter(order=sold.order).select_related("mode").order_by("id")
    return [(row.direction, row.mode.code) for row in rows]


def test_the_order_offers_it_and_leads_back(
    lea: Person, counter: Counter, sold: CheckoutResult
) -> None:
    payment = sold.payments[0]
    assert lea.get("order", sold.order.pk).context["card"].correctable == {payment.pk}
    page = lea.get("correct_payment", payment.pk)
    assert [mode.code for mode in page.context["form"].modes] == ["CB", "CHEQUE", "VIREMENT"]
    sent = {"mode": counter.modes["CB"].pk, "key": str(uuid4())}
    for _twice in range(2):
        answer = lea.post("correct_payment", payment.pk, **sent)
        assert answer.status_code == 302
        assert answer["Location"] == reverse("guichet:order", args=[sold.order.pk])
    assert told(sold) == [("in", "ESPECES"), ("out", "ESPECES"), ("in", "CB")]
    card = lea.get("order", sold.order.pk).context["card"]
    assert (card.received.amount, card.returned.amount) == (20, 0)
    assert card.correctable == {Payment.objects.get(mode__code="CB").pk}


def test_a_mode_must_be_chosen(lea: Person, sold: CheckoutResult) -> None:
    answer = lea.post("correct_payment", sold.payments[0].pk, mode="")
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["mode"]
    assert told(sold) == [("in", "ESPECES")]


def test_at_another_till_a_supervisor_types_the_pin(counter: Counter, sold: CheckoutResult) -> None:
    lea = Person(counter.venue, counter.venue.operator).stand_at("G2")
    chosen = {"mode": counter.modes["CB"].pk}
    asked = lea.post("correct_payment", sold.payments[0].pk, **chosen)
    assert asked.status_code == 422
    assert asked.context["approval_reason"] == str(ApprovalNeeded(reason="correction"))
    pin = {"approver_code": "marc", "approver_pin": PIN}
    assert lea.post("correct_payment", sold.payments[0].pk, **chosen, **pin).status_code == 302
    assert told(sold) == [("in", "ESPECES"), ("out", "ESPECES"), ("in", "CB")]


def test_what_was_partly_given_back_says_so(
    lea: Person, counter: Counter, sold: CheckoutResult
) -> None:
    zoe = counter.venue.contact()
    both = counter.sell(["20.00", "20.00"], ("CB", "40"), contact=zoe)
    counter.refund(both, both.tickets[:1])
    paid = both.payments[0]
    assert lea.get("order", both.order.pk).context["card"].correctable == set()
    answer = lea.post("correct_payment", paid.pk, mode=counter.modes["ESPECES"].pk)
    assert answer.status_code == 422
    assert answer.context["form"].errors["mode"] == [str(PartlyReturned(mode="Cb"))]


def test_only_payments_of_orders_are_found(lea: Person, counter: Counter) -> None:
    deposit = counter.deposit(counter.venue.contact(), "20.00")
    assert lea.get("correct_payment", deposit.pk).status_code == 404
    assert lea.get("correct_payment", 999_999).status_code == 404


def test_who_may_correct(sold: CheckoutResult, ladder: Callable[..., None]) -> None:
    ladder("correct_payment", sold.payments[0].pk)
