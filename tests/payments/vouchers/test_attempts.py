"""A payment that does not come about, or is taken back, leaves a voucher whole (B04, B05)."""

import pytest

from institution_settings.models import ModeAuthorisation
from payments.choices import RefundChoice
from payments.errors import ModeNotAuthorised
from payments.models import Voucher
from sales.choices import OrderState
from tests.counter import Counter
from tests.payments.books import refused, told
from tests.verified import findings

pytestmark = pytest.mark.django_db


def worth(voucher: Voucher) -> str:
    voucher.refresh_from_db()
    return str(voucher.balance.amount)


def refuse_transfers(counter: Counter) -> None:
    """No transfers at this counter, whatever a form says."""
    mode = counter.modes["VIREMENT"]
    ModeAuthorisation.objects.filter(mode=mode, point_of_sale=counter.venue.counter).delete()


def test_b04_a_cancelled_payment_gives_the_whole_voucher_back(counter: Counter) -> None:
    voucher = counter.sell_voucher("48.00")
    paid = counter.sell(["48.00"], ("BON", "48.00", voucher.code))
    assert worth(voucher) == "0.00"
    counter.refund(paid, to=RefundChoice.ORIGIN)
    assert worth(voucher) == "48.00"
    again = counter.sell(["48.00"], ("BON", "48.00", voucher.code))
    assert (again.order.state, worth(voucher)) == (OrderState.PAID, "0.00")
    assert findings() == []


def test_b04_a_refused_payment_never_took_it(counter: Counter) -> None:
    refuse_transfers(counter)
    voucher, order = counter.sell_voucher("48.00"), counter.basket(["60.00"])
    for _attempt in range(2):
        with refused(ModeNotAuthorised):
            counter.pay(order, ("BON", "48.00", voucher.code), ("VIREMENT", "12.00"))
    assert (worth(voucher), voucher.held_minor) == ("48.00", 0)
    assert findings() == []


def test_b05_after_a_failed_attempt_the_card_pays_the_rest_alone(counter: Counter) -> None:
    refuse_transfers(counter)
    voucher, order = counter.sell_voucher("40.00"), counter.basket(["90.00"])
    with refused(ModeNotAuthorised):
        counter.pay(order, ("BON", "40.00", voucher.code), ("VIREMENT", "50.00"))
    paid = counter.pay(order, ("BON", "40.00", voucher.code), ("CB", "50.00"))
    assert told(list(paid.payments)) == [("in", "BON", 4000), ("in", "CB", 5000)]
    assert (paid.order.state, worth(voucher)) == (OrderState.PAID, "0.00")
    assert findings() == []
