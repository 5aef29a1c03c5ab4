"""Giving an order's money back."""

from dataclasses import replace

import pytest

from payments.choices import RefundChoice
from payments.errors import RefundExceeds, RefundNotPayable, RefundNotPositive
from payments.settlement import settle, split_refund
from tests.payments.settlement.words import (
    CARD,
    CASH,
    CREDIT,
    PAPER,
    after,
    due,
    eur,
    m,
    paid,
    returned,
    tender,
)


def test_b23_what_one_payment_cannot_give_the_next_one_does() -> None:
    back = returned(paid(CREDIT, "30.00"), paid(CARD, "20.00"), amount="45.00")
    assert back == [("AVOIR", m("30.00")), ("CB", m("15.00"))]


def test_b17_a_cent_too_much_is_refused_in_two_steps_too() -> None:
    order = paid(CARD, "60.00")
    assert returned(order, amount="59.00") == [("CB", m("59.00"))]
    rest = replace(order, remaining_minor=m("1.00"))
    with pytest.raises(RefundExceeds) as caught:
        returned(rest, amount="60.00")
    assert caught.value.data == {"remaining": eur("1.00")}
    assert returned(rest, amount="1.00") == [("CB", m("1.00"))]


@pytest.mark.parametrize("amount", ["0.00", "-1.00"])
def test_a_refund_is_more_than_nothing(amount: str) -> None:
    with pytest.raises(RefundNotPositive):
        returned(paid(CARD, "60.00"), amount=amount)


def test_b30_an_order_paid_by_credit_goes_back_to_credit() -> None:
    order = paid(CREDIT, "10.00")
    assert returned(order, amount="10.00", choice=RefundChoice.CREDIT) == [("AVOIR", m("10.00"))]


def test_b64_the_cash_that_came_in_goes_out() -> None:
    sale = settle(due("1.98", currency="CHF"), [tender(CASH, "5.00")])
    assert (sale.change_minor, sale.cash_kept_minor) == (m("3.00"), m("2.00"))
    order = paid(CASH, "1.98", rounding_minor=sale.rounding_minor)
    assert returned(order, amount="1.98", currency="CHF") == [("ESP", m("2.00"))]


def test_b64_also_in_two_steps() -> None:
    order = paid(CASH, "11.98", rounding_minor=2)
    (first,) = split_refund([order], amount_minor=m("5.01"), currency="CHF")
    assert (first.handed_minor, first.rounding_minor) == (m("5.00"), -1)
    rest = replace(order, remaining_minor=m("6.97"), rounding_minor=2 - first.rounding_minor)
    assert returned(rest, amount="6.97", currency="CHF") == [("ESP", m("7.00"))]


def test_swiss_cash_given_back_as_credit_is_exact() -> None:
    order = paid(CASH, "1.98", rounding_minor=2)
    assert returned(order, amount="1.98", currency="CHF", choice=RefundChoice.CREDIT) == [
        ("ESP", m("1.98"))
    ]


def test_what_coins_cannot_make_up_is_rounded() -> None:
    """11.98 paid with 12.00, of which 5.01 went to credit: 6.99 is left, 7.00 is handed."""
    order = paid(CASH, "6.97", rounding_minor=2)
    assert returned(order, amount="6.97", currency="CHF") == [("ESP", m("7.00"))]


def test_many_small_refunds_never_hand_out_more_cash_than_came_in() -> None:
    payments, handed = [paid(CASH, "0.10")], []
    for cents in (3, 3, 3, 1):
        payments, cash = after(payments, cents, "CHF")
        handed.append(cash)
    assert handed == [5, 5, 0, 0]


def test_no_cash_is_asked_back_from_the_customer() -> None:
    """10.00 in cash: twice 0.03 as 0.05, then 9.93 to credit; of 0.01 nothing is left in coins."""
    order = paid(CASH, "0.01", rounding_minor=-4)
    assert returned(order, amount="0.01", currency="CHF") == [("ESP", 0)]


def test_non_refundable_credit_comes_back_first_and_as_such() -> None:
    order = [paid(CARD, "20.00"), paid(CREDIT, "15.00", non_refundable_minor=m("10.00"))]
    shares = split_refund(
        order, amount_minor=m("12.00"), currency="EUR", choice=RefundChoice.CREDIT
    )
    parts = [(s.paid.mode.code, s.amount_minor, s.non_refundable_minor) for s in shares]
    assert parts == [("CB", m("2.00"), 0), ("AVOIR", m("10.00"), m("10.00"))]


def test_non_refundable_credit_is_never_paid_out() -> None:
    order = [paid(PAPER, "20.00", non_refundable_minor=m("20.00")), paid(CARD, "15.00")]
    assert returned(*order, amount="15.00", choice=RefundChoice.MODE) == [("CB", m("15.00"))]
    with pytest.raises(RefundNotPayable) as caught:
        returned(*order, amount="15.01", choice=RefundChoice.MODE)
    assert caught.value.data == {"payable": eur("15.00")}


def test_to_origin_credit_comes_back_with_its_non_refundable_part_first() -> None:
    order = paid(CREDIT, "15.00", non_refundable_minor=m("10.00"))
    (share,) = split_refund([order], amount_minor=m("12.00"), currency="EUR")
    assert (share.amount_minor, share.non_refundable_minor) == (m("12.00"), m("10.00"))
