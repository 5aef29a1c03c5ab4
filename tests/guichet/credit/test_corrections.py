"""Deposits and payouts taken back (spec G5)."""

from uuid import uuid4

import pytest

from contacts.models import Contact
from payments.models import Payment
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.guichet.credit.account import balance
from tests.venue import PIN, Venue

pytestmark = pytest.mark.django_db


def test_a_deposit_of_the_own_session_is_taken_back_once(
    venue: Venue, lea: Person, zoe: Contact, counter: Counter
) -> None:
    payment = counter.deposit(zoe, "20.00", "CB")
    assert lea.post("correct", payment.pk, reason="typing").status_code == 302
    assert balance(venue, zoe) == "0.00"
    again = lea.post("correct", payment.pk, reason="typing")
    assert (again.status_code, list(again.context["form"].errors)) == (422, ["__all__"])
    undoing, undone = lea.get("credit", zoe.pk).context["lines"]
    assert (undoing.reverses, undone.reversed_by) == (undone.number, undoing.number)
    assert (undoing.is_correctable, undone.is_correctable) == (False, False)
    assert lea.get("correct", undoing.receipt.pk).status_code == 404


def test_a_double_click_takes_back_once(
    venue: Venue, lea: Person, zoe: Contact, counter: Counter
) -> None:
    payment, key = counter.deposit(zoe, "20.00"), str(uuid4())
    addresses = {
        lea.post("correct", payment.pk, key=key, reason="typing")["Location"] for _click in range(2)
    }
    assert (len(addresses), Payment.objects.count()) == (1, 2)


@pytest.mark.parametrize("reason", ["", "prescription", "x"])
def test_a_correction_has_one_of_its_reasons(
    lea: Person, zoe: Contact, counter: Counter, reason: str
) -> None:
    answer = lea.post("correct", counter.deposit(zoe, "20.00").pk, reason=reason)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["reason"])


def test_a_deposit_that_was_spent_is_not_taken_back(
    venue: Venue, lea: Person, zoe: Contact, counter: Counter
) -> None:
    payment = counter.deposit(zoe, "20.00")
    counter.payout(zoe, "15.00")
    answer = lea.post("correct", payment.pk, reason="typing")
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["__all__"])
    assert balance(venue, zoe) == "5.00"


def test_what_another_session_recorded_is_taken_back_with_a_supervisor(
    venue: Venue, zoe: Contact, counter: Counter
) -> None:
    payment = counter.deposit(zoe, "20.00")
    lea = Person(venue, venue.operator).stand_at("G2")
    asked = lea.post("correct", payment.pk, reason="typing")
    assert asked.status_code == 422
    assert "approval" in asked.context
    sent = {"reason": "typing", "approver_code": "marc", "approver_pin": PIN}
    assert lea.post("correct", payment.pk, **sent).status_code == 302
    undoing = Payment.objects.get(reverses=payment)
    assert (undoing.session.till.code, undoing.approved_by) == ("G2", venue.supervisor)
