"""Where the money goes: to credit, or as it came (G4, C6b, CNS-01)."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.models import Contact
from institution_settings.choices import ModeKind
from institution_settings.models import ModeAuthorisation, PaymentMode
from journal.errors import KeyReused
from payments.choices import RefundChoice
from payments.errors import (
    ConsentNeeded,
    ContactNeeded,
    ModeCannotReturn,
)
from payments.selectors.refundable import list_paid
from payments.services import RefundRequest, refund_order
from sales.services import set_purchaser
from tests.counter import Counter
from tests.payments.books import books, refused, told
from tests.verified import findings

ORIGIN, CREDIT, MODE = RefundChoice.ORIGIN, RefundChoice.CREDIT, RefundChoice.MODE


def add_credit_mode(counter: Counter) -> PaymentMode:
    """A second credit mode, authorised both ways."""
    venue = counter.venue
    mode = PaymentMode.objects.create(
        code="SCOLAIRE", label="Avoir scolaire", kind=ModeKind.CREDIT, position=50
    )
    ModeAuthorisation.objects.create(point_of_sale=venue.counter, mode=mode)
    venue.modes[mode.code] = mode
    return mode


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

    def test_cns_01_credit_is_the_customers_choice_whoever_asks_for_it(
        self, counter: Counter, zoe: Contact
    ) -> None:
        paid = counter.sell(["20.00"], ("CB", "20.00"), contact=zoe)
        request = RefundRequest(
            order_id=paid.order.pk, ticket_ids=[paid.tickets[0].pk], choice=CREDIT, consent=" "
        )
        with refused(ConsentNeeded):
            refund_order(claim=counter.venue.claim(), desk=counter.desk, request=request)


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
