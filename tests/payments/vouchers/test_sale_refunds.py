"""The sale of a voucher taken back (spec G4, G7; cases.md B26, B27)."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from moneyed import Money

from contacts.models import Contact, User
from institution_settings.models import ModeAuthorisation
from payments.choices import RefundChoice
from payments.errors import (
    ApprovalNeeded,
    ContactNeeded,
    ModeNotAuthorised,
    NothingToRefund,
    RefundNotPayable,
    VoucherChanged,
    VoucherUnusable,
)
from payments.models import Approval, PaymentShare, Voucher
from payments.selectors.results import RefundResult
from payments.services import VoucherRefundRequest, refund_voucher_sale, set_vouchers
from tests.counter import Counter
from tests.payments.books import books, refused, told
from tests.venue import Venue
from tests.verified import findings
from tests.vouchers import gift_card, sell


def take_back(
    counter: Counter,
    voucher: Voucher,
    *,
    rest: str | Money = "50.00",
    to: RefundChoice = RefundChoice.ORIGIN,
    mode: str | None = None,
    key: uuid.UUID | None = None,
    approved_by: User | None = None,
    at: datetime | None = None,
) -> RefundResult:
    """Take a voucher's sale back, as shown to be worth ``rest``."""
    return refund_voucher_sale(
        claim=counter.venue.claim(key),
        desk=counter.desk,
        request=VoucherRefundRequest(
            voucher_id=voucher.pk,
            rest=counter.venue.money(rest) if isinstance(rest, str) else rest,
            choice=to,
            mode_id=counter.modes[mode].pk if mode else None,
            consent="au guichet" if to == RefundChoice.CREDIT else "",
        ),
        approved_by=approved_by,
        at=at,
    )


@pytest.fixture
def voucher(counter: Counter) -> Voucher:
    return counter.sell_voucher("50.00")


def spend(counter: Counter, voucher: Voucher, amount: str) -> str:
    """Spend some of it; returns the number of the order."""
    paid = counter.pay(counter.basket([amount]), ("BON", amount, voucher.code))
    return str(paid.order.number)


def test_b26_its_code_is_refused_from_then_on(counter: Counter, voucher: Voucher) -> None:
    result = take_back(counter, voucher)
    assert told(result.payments) == [("out", "ESPECES", 5000)]
    order = counter.basket(["20.00"])
    with refused(VoucherUnusable) as caught:
        counter.pay(order, ("BON", "20.00", voucher.code))
    assert caught.value.data["reason"] == "cancelled"
    shares = PaymentShare.objects.filter(payment__direction="out")
    assert list(shares.values_list("performance", "amount_minor")) == [(None, 5000)]
    assert findings() == []


def test_b27_at_most_the_rest_goes_back(counter: Counter, voucher: Voucher) -> None:
    spend(counter, voucher, "35.00")
    result = take_back(counter, voucher, rest="15.00")
    assert told(result.payments) == [("out", "ESPECES", 1500)]
    assert findings() == []


def test_b27_used_since_the_page_was_shown_it_is_shown_again(
    counter: Counter, voucher: Voucher
) -> None:
    number = spend(counter, voucher, "35.00")
    with refused(VoucherChanged) as caught:
        take_back(counter, voucher, rest="50.00")
    assert caught.value.data["orders"] == number
    assert caught.value.data["rest"] == counter.venue.money("15.00")


def test_spent_or_taken_back_before_nothing_is_left(counter: Counter, voucher: Voucher) -> None:
    spend(counter, voucher, "50.00")
    with refused(VoucherUnusable) as caught:
        take_back(counter, voucher)
    assert caught.value.data["reason"] == "spent"
    other = counter.sell_voucher("50.00")
    take_back(counter, other)
    with refused(VoucherUnusable) as caught:
        take_back(counter, other)
    assert caught.value.data["reason"] == "cancelled"


def test_a_repeat_gives_nothing_twice(counter: Counter, voucher: Voucher) -> None:
    key = uuid.uuid4()
    first = take_back(counter, voucher, key=key)
    before = books()
    assert take_back(counter, voucher, key=key).refund == first.refund
    assert books() == before


def test_to_credit_it_becomes_the_purchasers(counter: Counter, zoe: Contact) -> None:
    order = counter.basket(vouchers=["50.00"], contact=zoe)
    (voucher,) = counter.pay(order, ("CB", "50.00")).vouchers
    take_back(counter, voucher, to=RefundChoice.CREDIT)
    assert counter.standing(zoe).refundable == counter.venue.money("50.00")


def test_credit_belongs_to_somebody(counter: Counter, voucher: Voucher) -> None:
    with refused(ContactNeeded):
        take_back(counter, voucher, to=RefundChoice.CREDIT)


def test_a_voucher_that_bought_it_is_filled_again(counter: Counter, voucher: Voucher) -> None:
    order = counter.basket(vouchers=["20.00"])
    (bought,) = counter.pay(order, ("BON", "20.00", voucher.code)).vouchers
    take_back(counter, bought, rest="20.00")
    voucher.refresh_from_db()
    assert voucher.balance == counter.venue.money("50.00")
    assert findings() == []


def test_what_goodwill_bought_is_never_money(counter: Counter, zoe: Contact) -> None:
    counter.goodwill(zoe, "50.00")
    order = counter.basket(vouchers=["50.00"], contact=zoe)
    (voucher,) = counter.pay(order, ("AVOIR", "50.00")).vouchers
    with refused(RefundNotPayable):
        take_back(counter, voucher, to=RefundChoice.MODE, mode="ESPECES")
    take_back(counter, voucher, to=RefundChoice.CREDIT)
    assert counter.standing(zoe).non_refundable == counter.venue.money("50.00")


def test_only_in_a_mode_authorised_for_refund(counter: Counter, voucher: Voucher) -> None:
    ModeAuthorisation.objects.filter(mode__code="ESPECES").update(refund=False)
    with refused(ModeNotAuthorised):
        take_back(counter, voucher)


def test_nobody_paid_for_a_free_one(counter: Counter) -> None:
    free = counter.free_voucher("50.00")
    with refused(NothingToRefund):
        take_back(counter, free)


def test_held_it_waits(counter: Counter, voucher: Voucher) -> None:
    Voucher.objects.update(held_minor=5000)
    with refused(VoucherUnusable) as caught:
        take_back(counter, voucher)
    assert caught.value.data["reason"] == "held"


class TestFinal:
    """Not refundable, or its time over: a supervisor decides."""

    def test_a_supervisor_takes_one_back_that_is_not_refundable(self, counter: Counter) -> None:
        voucher = sell(counter, "50.00", gift_card(refundable=False))
        for nobody in (None, counter.venue.operator):
            with refused(ApprovalNeeded) as caught:
                take_back(counter, voucher, approved_by=nobody)
            assert caught.value.data["reason"] == "final_voucher"
        (paid,) = take_back(counter, voucher, approved_by=counter.venue.supervisor).payments
        assert paid.approved_by == counter.venue.supervisor
        assert Approval.objects.get().reason == "final_voucher"
        assert findings() == []

    def test_and_one_whose_time_is_over(self, venue: Venue) -> None:
        sold_at = datetime(2026, 10, 5, 20, 0, tzinfo=ZoneInfo("Europe/Paris"))
        counter = Counter(venue, desk=venue.open("G1", at=sold_at))
        gift_card(validity_months=None, validity_days=1)
        order = counter.basket(at=sold_at)
        set_vouchers(
            order_id=order.pk,
            amount=venue.money("50.00"),
            quantity=1,
            type_code="CADEAU",
            now=sold_at,
        )
        (voucher,) = counter.pay(order, ("CB", "50.00"), at=sold_at).vouchers
        at = sold_at + timedelta(days=2)
        later = Counter(venue, desk=venue.open("G2", at=at))
        with refused(ApprovalNeeded):
            take_back(later, voucher, at=at)
        take_back(later, voucher, at=at, approved_by=venue.supervisor)
        assert findings() == []

    def test_also_on_the_page_of_its_order_once_for_all(self, counter: Counter) -> None:
        gift_card(refundable=False)
        order = counter.basket()
        set_vouchers(
            order_id=order.pk,
            amount=counter.venue.money("20.00"),
            quantity=2,
            type_code="CADEAU",
            now=timezone.now(),
        )
        sale = counter.pay(order, ("ESPECES", "40.00"))
        with refused(ApprovalNeeded):
            counter.refund(sale, vouchers=sale.vouchers, to=RefundChoice.ORIGIN)
        result = counter.refund(
            sale,
            vouchers=sale.vouchers,
            to=RefundChoice.ORIGIN,
            approved_by=counter.venue.supervisor,
        )
        assert result.cash == counter.venue.money("40.00")
        assert Approval.objects.count() == 1
        assert findings() == []
