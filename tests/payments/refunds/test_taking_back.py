"""What is taken back: tickets and vouchers, once, with their seats (G4, B26, B27)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.models import Contact
from payments.choices import RefundChoice
from payments.errors import (
    ApprovalNeeded,
    NothingToRefund,
    OrderNotPaid,
    VoucherUnusable,
)
from payments.models import Approval
from payments.services import RefundRequest, refund_order
from sales.errors import TicketNotValid
from sales.models import PriceCategory
from sales.services import admit
from tests.counter import Counter
from tests.payments.books import refused, told
from tests.verified import findings

ORIGIN, CREDIT, MODE = RefundChoice.ORIGIN, RefundChoice.CREDIT, RefundChoice.MODE


class TestWhatIsTakenBack:
    """Tickets, once, of the order, with their seats."""

    def test_the_seats_are_on_sale_at_once(self, counter: Counter, zoe: Contact) -> None:
        seat = counter.price("20.00", capacity=2)
        paid = counter.sell([seat, seat], ("CB", "40.00"), contact=zoe)
        counter.refund(paid)
        assert PriceCategory.objects.get().taken == 0
        counter.sell([seat, seat], ("CB", "40.00"))
        assert findings() == []

    def test_the_refund_says_what_came_back_and_why(self, counter: Counter, zoe: Contact) -> None:
        paid = counter.sell(["20.00", "5.00"], ("CB", "25.00"), contact=zoe)
        result = counter.refund(paid, paid.tickets[:1])
        refund = result.refund
        assert refund.amount == counter.venue.money("20.00")
        assert (refund.choice, refund.consent) == ("credit", "au guichet")
        assert [ticket.pk for ticket in result.tickets] == [paid.tickets[0].pk]
        assert told(result.payments) == [("out", "AVOIR", 2000)]
        assert result.payments[0].refunds_id == paid.payments[0].pk

    def test_a_ticket_goes_back_once(self, counter: Counter, zoe: Contact) -> None:
        paid = counter.sell(["20.00"], ("CB", "20.00"), contact=zoe)
        counter.refund(paid)
        with refused(TicketNotValid):
            counter.refund(paid)

    def test_nothing_chosen_is_nothing_to_refund(self, counter: Counter, zoe: Contact) -> None:
        paid = counter.sell(["20.00"], ("CB", "20.00"), contact=zoe)
        with refused(NothingToRefund):
            counter.refund(paid, [])

    def test_tickets_of_another_order_are_not_of_this_one(
        self, counter: Counter, zoe: Contact
    ) -> None:
        mine = counter.sell(["20.00"], ("CB", "20.00"), contact=zoe)
        other = counter.sell(["20.00"], ("CB", "20.00"), contact=zoe)
        with refused(NothingToRefund):
            counter.refund(mine, other.tickets)

    def test_an_order_that_is_not_paid_gives_nothing_back(self, counter: Counter) -> None:
        order = counter.basket(["20.00"])
        request = RefundRequest(order_id=order.pk, ticket_ids=[1], choice=ORIGIN)
        with refused(OrderNotPaid):
            refund_order(claim=counter.venue.claim(), desk=counter.desk, request=request)

    def test_a_free_ticket_goes_back_without_money(self, counter: Counter) -> None:
        paid = counter.sell(["0.00"])
        result = counter.refund(paid, to=CREDIT)
        assert (result.payments, result.refund.amount_minor) == ([], 0)
        assert findings() == []

    @pytest.mark.parametrize("used", ["scanned", "begun"])
    def test_a_used_ticket_needs_a_supervisor_who_is_recorded(
        self, counter: Counter, zoe: Contact, used: str
    ) -> None:
        venue, now = counter.venue, timezone.now()
        starts_at = now + timedelta(minutes=5) if used == "scanned" else now - timedelta(minutes=5)
        seat = counter.price("20.00", starts_at=starts_at)
        paid = counter.sell([seat], ("CB", "20.00"), contact=zoe)
        if used == "scanned":
            (ticket,) = paid.tickets
            admit(
                claim=venue.claim(),
                performance_id=ticket.performance_id,
                code=ticket.token,
                operator=venue.operator,
            )
        for nobody in (None, venue.operator):
            with refused(ApprovalNeeded) as caught:
                counter.refund(paid, approved_by=nobody)
            assert caught.value.data["reason"] == "used_ticket"
        result = counter.refund(paid, approved_by=venue.supervisor)
        approval = Approval.objects.get()
        assert (approval.person, approval.operator) == (venue.supervisor, venue.operator)
        assert approval.operation_id == result.refund.operation_id
        assert result.payments[0].approved_by == venue.supervisor
        assert findings() == []

    def test_an_approval_nobody_needed_is_not_recorded(
        self, counter: Counter, zoe: Contact
    ) -> None:
        paid = counter.sell(["20.00"], ("CB", "20.00"), contact=zoe)
        result = counter.refund(paid, approved_by=counter.venue.supervisor)
        assert result.payments[0].approved_by is None
        assert not Approval.objects.exists()


class TestVouchersSold:
    """A voucher sold is taken back as far as it was not spent (B26, B27)."""

    def test_a_spent_voucher_is_nothing_to_take_back(self, counter: Counter) -> None:
        sale = counter.pay(counter.basket(vouchers=["20.00"]), ("CB", "20.00"))
        counter.pay(counter.basket(["20.00"]), ("BON", "20.00", sale.vouchers[0].code))
        with refused(VoucherUnusable) as caught:
            counter.refund(sale, vouchers=sale.vouchers, to=ORIGIN)
        assert caught.value.data["reason"] == "spent"

    def test_a_voucher_is_taken_back_once(self, counter: Counter) -> None:
        sale = counter.pay(counter.basket(vouchers=["20.00"]), ("CB", "20.00"))
        counter.refund(sale, vouchers=sale.vouchers, to=ORIGIN)
        with refused(VoucherUnusable) as caught:
            counter.refund(sale, vouchers=sale.vouchers, to=ORIGIN)
        assert caught.value.data["reason"] == "cancelled"

    def test_a_held_voucher_stays_until_its_payment_is_over(self, counter: Counter) -> None:
        sale = counter.pay(counter.basket(vouchers=["20.00"]), ("CB", "20.00"))
        (voucher,) = sale.vouchers
        type(voucher).objects.update(held_minor=500)
        with refused(VoucherUnusable) as caught:
            counter.refund(sale, vouchers=[voucher], to=ORIGIN)
        assert caught.value.data["reason"] == "held"

    def test_a_voucher_of_another_order_is_not_of_this_one(self, counter: Counter) -> None:
        mine = counter.pay(counter.basket(vouchers=["20.00"]), ("CB", "20.00"))
        other = counter.pay(counter.basket(vouchers=["20.00"]), ("CB", "20.00"))
        with refused(NothingToRefund):
            counter.refund(mine, vouchers=other.vouchers, to=ORIGIN)

    def test_tickets_and_vouchers_of_one_order_go_back_together(self, counter: Counter) -> None:
        sale = counter.pay(counter.basket(["21.10"], vouchers=["30.00"]), ("CB", "51.10"))
        result = counter.refund(sale, vouchers=sale.vouchers, to=ORIGIN)
        assert told(result.payments) == [("out", "CB", 5110)]
        assert findings() == []
