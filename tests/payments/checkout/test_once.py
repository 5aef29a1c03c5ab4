"""Done once, whatever is sent again, and only what is open (C7, G2)."""

import uuid
from datetime import timedelta

import pytest

from journal.errors import KeyReused
from payments.errors import (
    NotSettled,
)
from payments.services import Cheque, TenderRequest, check_out
from sales.errors import OrderEmpty, OrderLapsed, OrderNotOpen
from sales.models import Order
from sales.services import abandon
from tests.counter import Counter
from tests.ledger import Ledger
from tests.payments.books import refused


class TestOnce:
    """The key made before the click: done once, whatever is sent again (C7)."""

    def test_a_repeat_returns_the_same_payments_tickets_and_vouchers(
        self, counter: Counter
    ) -> None:
        order, key = counter.basket(["21.10"], vouchers=["30.00"]), uuid.uuid4()
        first = counter.pay(order, ("CB", "51.10"), key=key)
        again = counter.pay(order, ("CB", "51.10"), key=key)
        assert again == first
        assert [p.amount_minor for p in again.payments] == [5110]
        assert (len(first.tickets), len(first.vouchers)) == (1, 1)

    def test_a_repeat_after_the_till_was_closed_returns_it_too(self, counter: Counter) -> None:
        ledger = Ledger(counter.venue)
        order, key, desk = counter.basket(["21.10"]), uuid.uuid4(), counter.desk
        first = counter.pay(order, ("CB", "21.10"), key=key, desk=desk)
        ledger.close()
        assert counter.pay(order, ("CB", "21.10"), key=key, desk=desk) == first

    @pytest.mark.parametrize(
        "other",
        [
            [("CB", "21.10"), ("CB", "0.00")],
            [("CHEQUE", "21.10")],
            [("CB", "20.10"), ("ESPECES", "1.00")],
        ],
    )
    def test_the_same_key_with_other_tenders_is_refused(
        self, counter: Counter, other: list[tuple[str, str]]
    ) -> None:
        order, key = counter.basket(["21.10"]), uuid.uuid4()
        counter.pay(order, ("CB", "21.10"), key=key)
        with refused(KeyReused):
            counter.pay(order, *other, key=key)

    def test_the_same_key_with_another_cheque_is_refused(self, counter: Counter) -> None:
        order, key = counter.basket(["21.10"]), uuid.uuid4()

        def pay(number: str) -> None:
            check_out(
                claim=counter.venue.claim(key),
                desk=counter.desk,
                order_id=order.pk,
                tenders=[
                    TenderRequest(
                        mode_id=counter.modes["CHEQUE"].pk,
                        amount=counter.venue.money("21.10"),
                        cheque=Cheque(bank="B", number=number),
                    )
                ],
            )

        pay("0001")
        pay("0001")
        with refused(KeyReused):
            pay("0002")

    def test_a_code_spelled_otherwise_is_the_same_click(self, counter: Counter) -> None:
        voucher, key = counter.sell_voucher("30.00"), uuid.uuid4()
        order = counter.basket(["30.00"])
        first = counter.pay(order, ("BON", "30.00", voucher.code), key=key)
        spelled = voucher.code.lower().replace("-", " ")
        assert counter.pay(order, ("BON", "30.00", spelled), key=key) == first

    def test_after_a_refusal_the_same_key_may_be_tried_again(self, counter: Counter) -> None:
        order, key = counter.basket(["21.10"]), uuid.uuid4()
        with refused(NotSettled):
            counter.pay(order, ("CB", "20.00"), key=key)
        assert counter.pay(order, ("CB", "21.10"), key=key).order.state == "paid"


class TestOrderStates:
    """Only what is open is paid (G2)."""

    def test_a_paid_order_is_not_paid_again_and_its_voucher_is_not_blamed(
        self, counter: Counter
    ) -> None:
        voucher = counter.sell_voucher("21.10")
        order = counter.basket(["21.10"])
        counter.pay(order, ("BON", "21.10", voucher.code))
        with refused(OrderNotOpen):
            counter.pay(order, ("BON", "21.10", voucher.code))

    def test_an_abandoned_order_is_told_as_such(self, counter: Counter) -> None:
        order = counter.basket(["21.10"])
        abandon(order_id=order.pk, now=order.created_at)
        with refused(OrderLapsed):
            counter.pay(order, ("CB", "21.10"))

    def test_an_empty_order_is_not_paid(self, counter: Counter) -> None:
        order = counter.basket()
        with refused(OrderEmpty):
            counter.pay(order)

    def test_an_order_that_awaits_its_provider_is_not_paid_at_the_counter(
        self, counter: Counter
    ) -> None:
        order = counter.basket(["21.10"])
        Order.objects.filter(pk=order.pk).update(state="awaiting")
        with refused(OrderNotOpen):
            counter.pay(order, ("CB", "21.10"))

    def test_a_basket_past_its_time_that_kept_its_seats_is_paid(self, counter: Counter) -> None:
        order = counter.basket(["21.10"])
        Order.objects.filter(pk=order.pk).update(expires_at=order.created_at - timedelta(minutes=1))
        assert counter.pay(order, ("CB", "21.10")).order.state == "paid"
