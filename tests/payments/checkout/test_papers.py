"""Paper vouchers worth more than the order, and forged forms (C8, S3)."""

from contacts.models import Contact
from institution_settings.choices import ModeKind
from institution_settings.models import ModeAuthorisation, PaymentMode
from payments.errors import (
    SurplusNeedsConsent,
    SurplusNeedsContact,
    VoucherTwice,
)
from payments.services import check_out
from sales.models import Order
from tests.counter import Counter
from tests.payments.books import refused
from tests.verified import findings


class TestPaperVouchers:
    """A paper voucher worth more than the order (C8)."""

    def test_the_surplus_goes_to_the_purchasers_credit_never_to_be_paid_out(
        self, counter: Counter, zoe: Contact
    ) -> None:
        paid = counter.sell(["21.10"], ("CHQVAC", "30.00"), contact=zoe)
        (payment,) = paid.payments
        assert (payment.amount_minor, payment.surplus_minor) == (2110, 890)
        assert payment.tendered_minor == 3000
        assert payment.non_refundable_minor == 2110
        standing = counter.standing(zoe)
        assert standing.balance == standing.non_refundable == counter.venue.money("8.90")
        assert standing.refundable == counter.venue.money("0.00")
        assert findings() == []

    def test_without_a_purchaser_it_waits_or_is_given_up_knowingly(self, counter: Counter) -> None:
        order = counter.basket(["21.10"])
        with refused(SurplusNeedsContact) as caught:
            counter.pay(order, ("CHQVAC", "30.00"))
        assert caught.value.data["rest"] == counter.venue.money("8.90")
        paid = counter.pay(order, ("CHQVAC", "30.00"), confirms_loss=True)
        (payment,) = paid.payments
        assert (payment.amount_minor, payment.given_up_minor) == (2110, 890)
        assert findings() == []

    def test_where_credit_is_not_authorised_a_purchaser_does_not_help(
        self, counter: Counter, zoe: Contact
    ) -> None:
        ModeAuthorisation.objects.filter(mode__kind=ModeKind.CREDIT).update(refund=False)
        order = counter.basket(["21.10"], contact=zoe)
        with refused(SurplusNeedsConsent):
            counter.pay(order, ("CHQVAC", "30.00"))

    def test_a_mode_that_gives_change_gives_it_out_of_the_drawer(
        self, counter: Counter, zoe: Contact
    ) -> None:
        PaymentMode.objects.filter(code="CHQVAC").update(gives_change=True)
        paid = counter.sell(["21.10"], ("CHQVAC", "30.00"), contact=zoe)
        assert paid.change == counter.venue.money("8.90")
        assert counter.available(zoe) == "0.00"
        assert findings() == []


class TestForgedForms:
    """What a browser never sends, somebody may."""

    def test_a_voucher_code_beside_another_mode_moves_no_voucher(self, counter: Counter) -> None:
        voucher = counter.sell_voucher("30.00")
        order = counter.basket(["21.10"])
        paid = counter.pay(order, ("BON", "10.00", voucher.code), ("CB", "11.10", voucher.code))
        voucher.refresh_from_db()
        assert voucher.balance == counter.venue.money("20.00")
        assert [p.voucher_id for p in paid.payments] == [voucher.pk, None]
        assert findings() == []

    def test_one_voucher_spelled_twice_is_used_once(self, counter: Counter) -> None:
        voucher = counter.sell_voucher("30.00")
        order = counter.basket(["40.00"])
        spelled = voucher.code.lower()
        with refused(VoucherTwice):
            counter.pay(order, ("BON", "20.00", voucher.code), ("BON", "20.00", spelled))

    def test_an_order_that_is_not_there(self, counter: Counter) -> None:
        desk = counter.desk
        with refused(Order.DoesNotExist):
            check_out(claim=counter.venue.claim(), desk=desk, order_id=0, tenders=[])
