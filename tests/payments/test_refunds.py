"""Taking back and giving back: never more than was paid, never to the wrong place (G4, C6b)."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.models import Contact
from institution_settings.choices import ModeKind
from institution_settings.models import Institution, ModeAuthorisation, PaymentMode
from journal.errors import KeyReused
from payments.choices import RefundChoice
from payments.errors import (
    ApprovalNeeded,
    CashLimit,
    ContactNeeded,
    ModeCannotReturn,
    NothingToRefund,
    OrderNotPaid,
    RefundNotPayable,
    VoucherUnusable,
)
from payments.models import Approval, Refund
from payments.selectors.refundable import list_paid
from payments.services import RefundRequest, refund_order
from sales.errors import TicketNotValid
from sales.models import PriceCategory, Ticket
from sales.services import set_purchaser
from tests.counter import Counter
from tests.payments.books import books, refused, told
from tests.venue import Venue, build_venue
from tests.verified import findings

ORIGIN, CREDIT, MODE = RefundChoice.ORIGIN, RefundChoice.CREDIT, RefundChoice.MODE


@pytest.fixture
def zoe(venue: Venue) -> Contact:
    return venue.contact()


@pytest.fixture
def francs(db: None) -> Counter:
    return Counter(build_venue(currency="CHF"))


def add_credit_mode(counter: Counter) -> PaymentMode:
    """A second credit mode, authorised both ways."""
    venue = counter.venue
    mode = PaymentMode.objects.create(
        code="SCOLAIRE", label="Avoir scolaire", kind=ModeKind.CREDIT, position=50
    )
    ModeAuthorisation.objects.create(point_of_sale=venue.counter, mode=mode)
    venue.modes[mode.code] = mode
    return mode


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
            Ticket.objects.update(scanned_at=now)
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


class TestToCredit:
    """Credit is one destination like the others."""

    def test_an_order_without_contact_is_given_one_first(
        self, counter: Counter, zoe: Contact
    ) -> None:
        paid = counter.sell(["20.00"], ("CB", "20.00"))
        with refused(ContactNeeded):
            counter.refund(paid)
        set_purchaser(order_id=paid.order.pk, contact_id=zoe.pk)
        counter.refund(paid)
        assert counter.available(zoe) == "20.00"

    def test_it_gives_back_from_every_payment_in_one_movement(
        self, counter: Counter, zoe: Contact
    ) -> None:
        paid = counter.sell(["30.00"], ("CB", "10.00"), ("ESPECES", "20.00"), contact=zoe)
        result = counter.refund(paid)
        assert told(result.payments) == [("out", "AVOIR", 1000), ("out", "AVOIR", 2000)]
        assert len({payment.movement_id for payment in result.payments}) == 1
        assert result.credited == counter.venue.money("30.00")
        assert findings() == []

    def test_a_repeat_returns_the_first_refund(self, counter: Counter, zoe: Contact) -> None:
        paid = counter.sell(["20.00"], ("CB", "20.00"), contact=zoe)
        key = uuid.uuid4()
        first = counter.refund(paid, key=key)
        before = books()
        assert counter.refund(paid, key=key) == first
        assert books() == before

    @pytest.mark.parametrize("other", ["choice", "tickets", "consent"])
    def test_the_same_key_for_another_refund_is_refused(
        self, counter: Counter, zoe: Contact, other: str
    ) -> None:
        paid = counter.sell(["20.00", "5.00"], ("CB", "25.00"), contact=zoe)
        key = uuid.uuid4()
        counter.refund(paid, paid.tickets[:1], key=key)
        with refused(KeyReused):
            if other == "choice":
                counter.refund(paid, paid.tickets[:1], key=key, to=ORIGIN)
            elif other == "tickets":
                counter.refund(paid, key=key)
            else:
                request = RefundRequest(
                    order_id=paid.order.pk, ticket_ids=[paid.tickets[0].pk], choice=CREDIT
                )
                refund_order(claim=counter.venue.claim(key), desk=counter.desk, request=request)


class TestToOrigin:
    """First in, first out; the credit part to the same account."""

    def test_each_part_goes_back_where_it_came_from(self, counter: Counter, zoe: Contact) -> None:
        voucher = counter.sell_voucher("10.00")
        counter.deposit(zoe, "15.00")
        order = counter.basket(["40.00"], contact=zoe)
        paid = counter.pay(
            order, ("BON", "10.00", voucher.code), ("AVOIR", "15.00"), ("ESPECES", "15.00")
        )
        result = counter.refund(paid, to=ORIGIN)
        assert sorted(told(result.payments)) == [
            ("out", "AVOIR", 1500),
            ("out", "BON", 1000),
            ("out", "ESPECES", 1500),
        ]
        voucher.refresh_from_db()
        assert voucher.balance == counter.venue.money("10.00")
        assert counter.available(zoe) == "15.00"
        assert result.cash == counter.venue.money("15.00")
        assert list_paid(order=paid.order) == []
        assert findings() == []

    def test_two_credit_modes_each_get_their_own_part(self, counter: Counter, zoe: Contact) -> None:
        schools = add_credit_mode(counter)
        counter.deposit(zoe, "30.00")
        paid = counter.sell(["30.00"], ("AVOIR", "10.00"), (schools.code, "20.00"), contact=zoe)
        result = counter.refund(paid, to=ORIGIN)
        assert sorted(told(result.payments)) == [
            ("out", "AVOIR", 1000),
            ("out", "SCOLAIRE", 2000),
        ]
        assert {payment.movement.mode_id for payment in result.payments if payment.movement} == {
            counter.modes["AVOIR"].pk,
            schools.pk,
        }
        assert counter.available(zoe) == "30.00"
        assert findings() == []

    def test_a_voucher_gets_back_what_it_paid_and_not_its_surplus(
        self, counter: Counter, zoe: Contact
    ) -> None:
        voucher = counter.sell_voucher("30.00")
        order = counter.basket(["21.10"], contact=zoe)
        paid = counter.pay(order, ("BON", "30.00", voucher.code))
        assert counter.available(zoe) == "8.90"
        counter.refund(paid, to=ORIGIN)
        voucher.refresh_from_db()
        assert voucher.balance == counter.venue.money("21.10")
        assert counter.available(zoe) == "8.90"
        assert findings() == []

    def test_a_paper_voucher_cannot_be_handed_back(self, counter: Counter, zoe: Contact) -> None:
        paid = counter.sell(["20.00"], ("CHQVAC", "20.00"), contact=zoe)
        with refused(ModeCannotReturn):
            counter.refund(paid, to=ORIGIN)

    def test_a_cancelled_voucher_is_not_filled_where_nobody_could_spend_it(
        self, counter: Counter, zoe: Contact
    ) -> None:
        sale = counter.pay(counter.basket(vouchers=["50.00"]), ("CB", "50.00"))
        (voucher,) = sale.vouchers
        paid = counter.pay(counter.basket(["35.00"], contact=zoe), ("BON", "35.00", voucher.code))
        counter.refund(sale, vouchers=[voucher], to=ORIGIN)
        with refused(ModeCannotReturn):
            counter.refund(paid, to=ORIGIN)
        counter.refund(paid, to=CREDIT)
        assert counter.available(zoe) == "35.00"
        assert findings() == []

    def test_an_expired_voucher_is_not_filled_either(self, counter: Counter, zoe: Contact) -> None:
        today = counter.desk.venue_date(timezone.now())
        voucher = counter.free_voucher("30.00", expires_on=today)
        paid = counter.pay(counter.basket(["30.00"], contact=zoe), ("BON", "30.00", voucher.code))
        request = RefundRequest(
            order_id=paid.order.pk, ticket_ids=[paid.tickets[0].pk], choice=ORIGIN
        )
        tomorrow = timezone.now() + timedelta(days=1)
        desk = counter.venue.open("G2", at=tomorrow)
        with refused(ModeCannotReturn):
            refund_order(claim=counter.venue.claim(), desk=desk, request=request, at=tomorrow)


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


class TestSwissCoins:
    """CHF: cash in steps of 0.05; never more in all than came in (FMT-02, B64)."""

    def test_parts_in_cash_add_up_to_what_was_taken(self, francs: Counter) -> None:
        paid = francs.sell(["0.98", "0.98"], ("ESPECES", "1.95"))
        assert paid.payments[0].tendered_minor == 195
        cash = [
            francs.refund(paid, [ticket], to=MODE, mode="ESPECES").cash for ticket in paid.tickets
        ]
        assert cash == [francs.venue.money("1.00"), francs.venue.money("0.95")]
        assert findings() == []

    def test_parts_to_origin_add_up_too(self, francs: Counter) -> None:
        paid = francs.sell(["0.98", "0.98", "0.98"], ("ESPECES", "2.95"))
        cash = [francs.refund(paid, [ticket], to=ORIGIN).cash for ticket in paid.tickets]
        assert sum(part.amount for part in cash) == francs.venue.money("2.95").amount
        assert findings() == []

    def test_what_a_card_paid_is_not_multiplied_by_coins(self, francs: Counter) -> None:
        paid = francs.sell(["0.98", "0.98", "0.98"], ("CB", "2.94"))
        cash = [
            francs.refund(paid, [ticket], to=MODE, mode="ESPECES").cash for ticket in paid.tickets
        ]
        assert sum(part.amount for part in cash) == francs.venue.money("2.95").amount
        assert list_paid(order=paid.order) == []
        assert findings() == []

    def test_to_credit_goes_the_exact_price(self, francs: Counter) -> None:
        zoe = francs.venue.contact()
        paid = francs.sell(["1.98"], ("ESPECES", "2.00"), contact=zoe)
        francs.refund(paid)
        assert francs.available(zoe) == "1.98"


def test_a_till_with_a_low_limit_still_counts_in_its_own_currency(francs: Counter) -> None:
    Institution.objects.update(cash_limit_minor=200)
    paid = francs.sell(["1.98", "1.98"], ("CB", "3.96"))
    francs.refund(paid, paid.tickets[:1], to=MODE, mode="ESPECES")
    with refused(CashLimit):
        francs.refund(paid, paid.tickets[1:], to=MODE, mode="ESPECES")
    assert Refund.objects.count() == 1
