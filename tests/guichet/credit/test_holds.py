"""Credit held for an order that came to nothing is free again at the counter (C9, B06)."""

import pytest

from contacts.models import Contact
from payments.errors import CreditHeld
from sales.choices import OrderState
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.ledger import Ledger
from tests.payments.books import refused
from tests.venue import Venue
from tests.verified import findings

pytestmark = pytest.mark.django_db


def test_b06_released_by_an_operator_it_pays_the_same_afternoon(
    venue: Venue, counter: Counter, lea: Person, zoe: Contact
) -> None:
    counter.deposit(zoe, "14.00")
    held = Ledger(venue).hold(venue.account(zoe), "14.00")
    order = counter.basket(["14.00"], contact=zoe)
    with refused(CreditHeld):
        counter.pay(order, ("AVOIR", "14.00"))
    assert lea.post("release_hold", held.pk).status_code == 302
    assert counter.available(zoe) == "14.00"
    assert counter.pay(order, ("AVOIR", "14.00")).order.state == OrderState.PAID
    assert counter.available(zoe) == "0.00"
    assert findings() == []
