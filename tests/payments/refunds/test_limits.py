"""What never becomes money, and what only a supervisor lets become money (C6b, G5)."""

from contacts.models import Contact
from payments.choices import RefundChoice
from payments.errors import (
    ApprovalNeeded,
    CashLimit,
    RefundNotPayable,
)
from payments.models import Approval
from tests.counter import Counter
from tests.payments.books import refused
from tests.verified import findings

ORIGIN, CREDIT, MODE = RefundChoice.ORIGIN, RefundChoice.CREDIT, RefundChoice.MODE


class TestNonRefundable:
    """What may be spent but never paid out is spent first and comes back first (C6b)."""

    def test_goodwill_spent_never_comes_back_as_money(self, counter: Counter, zoe: Contact) -> None:
        counter.goodwill(zoe, "5.00")
        counter.deposit(zoe, "20.00")
        paid = counter.sell(["10.00", "10.00"], ("AVOIR", "20.00"), contact=zoe)
        assert paid.payments[0].non_refundable_minor == 500
        counter.refund(paid, paid.tickets[:1], to=MODE, mode="ESPECES")
        with refused(RefundNotPayable) as caught:
            counter.refund(paid, paid.tickets[1:], to=MODE, mode="ESPECES")
        assert caught.value.data["payable"] == counter.venue.money("5.00")
        counter.refund(paid, paid.tickets[1:], to=CREDIT)
        standing = counter.standing(zoe)
        assert standing.balance == counter.venue.money("15.00")
        assert standing.non_refundable == counter.venue.money("5.00")
        counter.payout(zoe, "10.00")
        assert findings() == []

    def test_at_most_what_was_refundable_comes_back_in_one_refund(
        self, counter: Counter, zoe: Contact
    ) -> None:
        counter.goodwill(zoe, "5.00")
        counter.deposit(zoe, "20.00")
        paid = counter.sell(["20.00"], ("AVOIR", "20.00"), contact=zoe)
        with refused(RefundNotPayable) as caught:
            counter.refund(paid, to=MODE, mode="ESPECES")
        assert caught.value.data["payable"] == counter.venue.money("15.00")

    def test_a_refund_to_credit_brings_the_non_refundable_back_first(
        self, counter: Counter, zoe: Contact
    ) -> None:
        counter.goodwill(zoe, "5.00")
        counter.deposit(zoe, "20.00")
        paid = counter.sell(["4.00", "16.00"], ("AVOIR", "20.00"), contact=zoe)
        by_price = sorted(paid.tickets, key=lambda ticket: ticket.price_minor)
        first = counter.refund(paid, by_price[:1], to=ORIGIN)
        second = counter.refund(paid, by_price[1:], to=CREDIT)
        assert [p.non_refundable_minor for p in first.payments + second.payments] == [400, 100]
        assert counter.standing(zoe).non_refundable == counter.venue.money("5.00")
        assert findings() == []

    def test_a_paper_voucher_becomes_credit_that_is_never_paid_out(
        self, counter: Counter, zoe: Contact
    ) -> None:
        paid = counter.sell(["20.00"], ("CHQVAC", "20.00"), contact=zoe)
        with refused(RefundNotPayable):
            counter.refund(paid, to=MODE, mode="ESPECES")
        counter.refund(paid, to=CREDIT)
        assert counter.standing(zoe).refundable == counter.venue.money("0.00")
        assert counter.available(zoe) == "20.00"

    def test_a_second_sale_with_what_came_back_remembers_it(
        self, counter: Counter, zoe: Contact
    ) -> None:
        counter.goodwill(zoe, "5.00")
        for _round in range(3):
            paid = counter.sell(["5.00"], ("AVOIR", "5.00"), contact=zoe)
            counter.refund(paid, to=CREDIT)
        assert counter.standing(zoe).refundable == counter.venue.money("0.00")
        assert counter.available(zoe) == "5.00"


class TestInAnotherMode:
    """Money, by the rules of payouts and of cash."""

    def test_the_limit_of_cash_counts_every_share_and_every_refund_of_an_order(
        self, counter: Counter, zoe: Contact
    ) -> None:
        paid = counter.sell(
            ["600.00", "600.00", "300.00"], ("CB", "750.00"), ("CB", "750.00"), contact=zoe
        )
        with refused(CashLimit):
            counter.refund(paid, to=MODE, mode="ESPECES")
        counter.refund(paid, paid.tickets[:1], to=MODE, mode="ESPECES")
        with refused(CashLimit):
            counter.refund(paid, paid.tickets[1:2], to=MODE, mode="ESPECES")
        counter.refund(paid, paid.tickets[1:], to=MODE, mode="VIREMENT")
        assert findings() == []

    def test_credit_that_paid_becomes_money_as_a_payout_would(
        self, counter: Counter, zoe: Contact
    ) -> None:
        venue = counter.venue
        counter.deposit(zoe, "200.00")
        paid = counter.sell(["150.00", "50.00"], ("AVOIR", "200.00"), contact=zoe)
        by_price = sorted(paid.tickets, key=lambda ticket: ticket.price_minor)
        counter.refund(paid, by_price[:1], to=MODE, mode="ESPECES")
        with refused(ApprovalNeeded) as caught:
            counter.refund(paid, by_price[1:], to=MODE, mode="ESPECES")
        assert caught.value.data["limit"] == venue.money("150.00")
        result = counter.refund(
            paid, by_price[1:], to=MODE, mode="ESPECES", approved_by=venue.supervisor
        )
        assert result.payments[0].approved_by == venue.supervisor
        assert Approval.objects.get().reason == "payout_limit"

    def test_it_counts_together_with_payouts_of_the_day(
        self, counter: Counter, zoe: Contact
    ) -> None:
        counter.deposit(zoe, "200.00")
        paid = counter.sell(["100.00"], ("AVOIR", "100.00"), contact=zoe)
        counter.refund(paid, to=MODE, mode="ESPECES")
        counter.payout(zoe, "50.00")
        with refused(ApprovalNeeded):
            counter.payout(zoe, "0.01")

    def test_card_money_does_not_become_cash_by_way_of_credit_and_an_order(
        self, counter: Counter, zoe: Contact
    ) -> None:
        counter.deposit(zoe, "40.00", mode="CB")
        paid = counter.sell(["40.00"], ("AVOIR", "40.00"), contact=zoe)
        with refused(ApprovalNeeded) as caught:
            counter.refund(paid, to=MODE, mode="ESPECES")
        assert caught.value.data["reason"] == "recent_card"
        counter.refund(paid, to=MODE, mode="CB")

    def test_what_was_paid_in_cash_needs_nobody(self, counter: Counter) -> None:
        paid = counter.sell(["400.00"], ("ESPECES", "400.00"))
        assert counter.refund(paid, to=MODE, mode="ESPECES").cash == counter.venue.money("400.00")
