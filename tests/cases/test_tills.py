"""B79, B81: floats, sessions and cash by hand counted once, each in its own Z."""

import pytest

from payments.choices import RefundChoice
from payments.services import CashRequest, move_cash
from tests.counter import Counter
from tests.payments.tills.reports import close, x, z
from tests.venue import Venue
from tests.verified import findings
from tills.choices import CashReason, CashWay

pytestmark = pytest.mark.django_db


def test_b79_an_opening_difference_is_counted_once(venue: Venue) -> None:
    close(venue, venue.open("G1", float_="100.00"), ESPECES="100.00")
    desk = venue.open("G1", float_="50.00")
    Counter(venue, desk=desk).sell(["10.00"], ("ESPECES", "10.00"))
    assert x(desk)["ESPECES"].expected == venue.money("60.00")
    assert z(close(venue, desk, ESPECES="60.00"))["ESPECES"] == (1000, 0, 6000, 6000)
    assert findings() == []


def test_b79_with_cash_by_hand_and_a_difference(venue: Venue) -> None:
    first = venue.open("G1", float_="100.00")
    request = CashRequest(way=CashWay.OUT, reason=CashReason.BANK, amount=venue.money("80.00"))
    move_cash(claim=venue.claim(), desk=first, request=request)
    close(venue, first, ESPECES="19.00")
    second = venue.open("G1", float_="19.00")
    Counter(venue, desk=second).sell(["10.00"], ("ESPECES", "10.00"))
    assert x(second)["ESPECES"].expected == venue.money("29.00")
    assert findings() == []


def test_b81_each_session_has_its_own_movements_and_a_refund_is_no_sale(venue: Venue) -> None:
    first = venue.open("G1", float_="0.00")
    paid = Counter(venue, desk=first).sell(["20.00", "20.00"], ("ESPECES", "40.00"))
    one = close(venue, first, ESPECES="40.00")
    second = venue.open("G1", float_="40.00")
    Counter(venue, desk=second).refund(paid, paid.tickets[:1], to=RefundChoice.ORIGIN)
    request = CashRequest(way=CashWay.IN, reason=CashReason.CHANGE, amount=venue.money("5.00"))
    move_cash(claim=venue.claim(), desk=second, request=request)
    two = close(venue, second, ESPECES="25.00")
    assert z(one)["ESPECES"] == (4000, 0, 4000, 4000)
    assert z(two)["ESPECES"] == (0, 2000, 2500, 2500)
    assert findings() == []
