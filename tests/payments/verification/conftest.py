"""The evening that is tampered with."""

import pytest

from payments.choices import RefundChoice
from payments.services import close_till
from tests.counter import Counter
from tests.payments.verification.evening import Evening
from tests.venue import Venue
from tests.verified import findings


@pytest.fixture
def evening(counter: Counter, venue: Venue) -> Evening:
    zoe = venue.contact()
    voucher = counter.sell_voucher("30.00")
    by_voucher = counter.pay(counter.basket(["21.10"], contact=zoe), ("BON", "30.00", voucher.code))
    counter.goodwill(zoe, "5.00")
    deposit = counter.deposit(zoe, "500.00", mode="VIREMENT")
    correction = counter.correct(counter.deposit(zoe, "40.00"))
    mixed = counter.sell(["21.10", "21.10"], ("AVOIR", "30.00"), ("ESPECES", "20.00"), contact=zoe)
    refund = counter.refund(mixed, mixed.tickets[:1], to=RefundChoice.ORIGIN)
    payout = counter.payout(zoe, "200.00", approved_by=venue.supervisor)
    closed = close_till(
        claim=venue.claim(),
        desk=counter.desk,
        counted={venue.modes["ESPECES"].pk: venue.money("42.20")},
        operator=venue.operator,
    )
    assert findings() == []
    return Evening(
        counter,
        zoe,
        voucher,
        by_voucher,
        mixed,
        refund,
        deposit,
        correction,
        payout,
        closed,
    )
