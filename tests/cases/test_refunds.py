"""Refund arithmetic and state (cases.md §3)."""

import pytest

from payments.choices import RefundChoice
from payments.errors import RefundExceeds, VoucherUnusable
from payments.selectors.refundable import list_paid
from payments.services import RefundRequest, refund_order
from payments.settlement import split_refund
from sales.choices import OrderState
from sales.errors import TicketNotValid
from sales.models import Order
from sales.services import set_quantity
from tests.counter import Counter
from tests.venue import Venue


def remaining(order: Order) -> int:
    """What of an order was paid and not given back, in cents."""
    return sum(paid.remaining_minor for paid in list_paid(order=order))


def test_b17_a_second_refund_gives_at_most_what_is_left(counter: Counter) -> None:
    zoe = counter.venue.contact()
    paid = counter.sell(["59.00", "1.00"], ("ESPECES", "60.00"), contact=zoe)
    counter.refund(paid, paid.tickets[:1])
    with pytest.raises(TicketNotValid):
        counter.refund(paid)
    with pytest.raises(RefundExceeds) as refused:
        split_refund(
            list_paid(order=paid.order),
            amount_minor=6000,
            currency="EUR",
            choice=RefundChoice.CREDIT,
        )
    assert refused.value.data["remaining"] == counter.venue.money("1.00")
    counter.refund(paid, paid.tickets[1:])
    assert remaining(paid.order) == 0
    assert counter.available(zoe) == "60.00"


def test_b18_a_refunded_seat_leaves_nothing_owed(counter: Counter) -> None:
    zoe = counter.venue.contact()
    paid = counter.sell(["20.00"] * 3, ("ESPECES", "60.00"), contact=zoe)
    counter.refund(paid, paid.tickets[:1])
    order = Order.objects.get(pk=paid.order.pk)
    assert order.state == OrderState.PAID
    valid = [ticket for ticket in order.tickets.all() if ticket.state == "valid"]
    assert remaining(order) == sum(ticket.price_minor for ticket in valid) == 4000


def test_b20_what_the_screen_says_is_in_the_account(counter: Counter) -> None:
    zoe = counter.venue.contact()
    paid = counter.sell(["20.00"], ("ESPECES", "20.00"), contact=zoe)
    result = counter.refund(paid)
    (payment,) = result.payments
    assert payment.movement is not None
    assert payment.movement.balance_after == result.credited == counter.venue.money("20.00")


def test_b20_a_refund_that_cannot_be_credited_is_not_recorded(counter: Counter) -> None:
    paid = counter.sell(["20.00"], ("ESPECES", "20.00"))
    request = RefundRequest(
        order_id=paid.order.pk,
        ticket_ids=[ticket.pk for ticket in paid.tickets],
        choice=RefundChoice.CREDIT,
        consent="au guichet",
    )
    with pytest.raises(Exception, match="contact"):
        refund_order(claim=counter.venue.claim(), desk=counter.desk, request=request)
    order = Order.objects.get(pk=paid.order.pk)
    assert order.refunds.count() == 0
    assert [ticket.state for ticket in order.tickets.all()] == ["valid"]


def test_b21_what_was_never_paid_is_never_given_back(counter: Counter) -> None:
    zoe = counter.venue.contact()
    paid = counter.sell(["40.00"], ("ESPECES", "40.00"), contact=zoe)
    more = counter.basket(["15.00"], contact=zoe)
    set_quantity(
        order_id=more.pk, price_id=counter.price("15.00").pk, quantity=0, now=more.created_at
    )
    assert remaining(more) == 0
    assert remaining(paid.order) == 4000
    assert counter.available(zoe) == "0.00"


def test_b23_the_rest_is_taken_from_the_next_payment(counter: Counter) -> None:
    venue, zoe = counter.venue, counter.venue.contact()
    counter.deposit(zoe, "30.00")
    paid = counter.sell(["45.00", "5.00"], ("AVOIR", "30.00"), ("CB", "20.00"), contact=zoe)
    result = counter.refund(paid, paid.tickets[:1], to=RefundChoice.ORIGIN)
    given = [(payment.mode.code, payment.amount) for payment in result.payments]
    assert given == [("AVOIR", venue.money("30.00")), ("CB", venue.money("15.00"))]
    assert counter.available(zoe) == "30.00"


def test_b24_a_reduced_seat_gives_back_what_was_really_paid(counter: Counter) -> None:
    zoe = counter.venue.contact()
    paid = counter.sell(["40.00"], ("ESPECES", "50.00"), contact=zoe)
    result = counter.refund(paid, to=RefundChoice.ORIGIN)
    assert result.cash == counter.venue.money("40.00")
    assert remaining(paid.order) == 0


def test_b26_a_refunded_voucher_is_refused_afterwards(counter: Counter) -> None:
    sale = counter.pay(counter.basket(vouchers=["50.00"]), ("ESPECES", "50.00"))
    (voucher,) = sale.vouchers
    result = counter.refund(sale, vouchers=[voucher], to=RefundChoice.ORIGIN)
    assert result.cash == counter.venue.money("50.00")
    with pytest.raises(VoucherUnusable):
        counter.pay(counter.basket(["20.00"]), ("BON", "20.00", voucher.code))


def test_b26_a_voucher_that_paid_is_filled_again(counter: Counter) -> None:
    voucher = counter.sell_voucher("50.00")
    paid = counter.pay(counter.basket(["50.00"]), ("BON", "50.00", voucher.code))
    voucher.refresh_from_db()
    assert voucher.balance == counter.venue.money("0.00")
    counter.refund(paid, to=RefundChoice.ORIGIN)
    voucher.refresh_from_db()
    assert voucher.balance == counter.venue.money("50.00")


def test_b27_what_a_friend_spent_is_not_given_back(counter: Counter) -> None:
    sale = counter.pay(counter.basket(vouchers=["50.00"]), ("ESPECES", "50.00"))
    (voucher,) = sale.vouchers
    counter.pay(counter.basket(["35.00"]), ("BON", "35.00", voucher.code))
    result = counter.refund(sale, vouchers=[voucher], to=RefundChoice.ORIGIN)
    assert result.cash == counter.venue.money("15.00")


def test_b30_an_order_paid_by_credit_goes_back_to_credit(counter: Counter) -> None:
    zoe = counter.venue.contact()
    counter.deposit(zoe, "10.00")
    paid = counter.sell(["10.00"], ("AVOIR", "10.00"), contact=zoe)
    assert counter.available(zoe) == "0.00"
    counter.refund(paid)
    assert counter.available(zoe) == "10.00"
    assert remaining(paid.order) == 0


def test_b32_money_returned_later_is_recorded_in_that_till(counter: Counter, venue: Venue) -> None:
    paid = counter.sell(["20.00"], ("ESPECES", "20.00"))
    later = venue.open("G2", float_="100.00")
    result = counter.refund(paid, to=RefundChoice.ORIGIN, desk=later)
    assert [payment.session_id for payment in result.payments] == [later.session_id]
    assert remaining(paid.order) == 0


def test_b33_the_full_sum_comes_back_without_a_fee(counter: Counter) -> None:
    zoe = counter.venue.contact()
    paid = counter.sell(["20.00"], ("CB", "20.00"), contact=zoe)
    assert counter.refund(paid).credited == counter.venue.money("20.00")
