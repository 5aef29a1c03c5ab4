"""What may be spent but never paid out stays so, on a voucher too (G7, C6b)."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from moneyed import Money

from contacts.models import Contact
from credit.errors import AmountNotPositive
from institution_settings.errors import AmountError
from institution_settings.models import PaymentMode
from payments.choices import RefundChoice
from payments.errors import (
    ApprovalNeeded,
    ReasonNeeded,
    RefundNotPayable,
    VoucherUnusable,
    VoucherWasSold,
)
from payments.models import Voucher, VoucherMovement
from payments.services import cancel_free_voucher, issue_free_voucher
from tests.counter import Counter
from tests.payments.books import books, refused
from tests.verified import findings


def lines(voucher: Voucher) -> list[tuple[str, int, int]]:
    """The voucher's lines: kind, change and balance after."""
    rows = VoucherMovement.objects.filter(voucher=voucher).order_by("position")
    return list(rows.values_list("kind", "change_minor", "balance_after_minor"))


class TestFree:
    def test_a_supervisor_issues_it_and_is_recorded(self, counter: Counter) -> None:
        voucher = counter.free_voucher("20.00")
        assert (voucher.free, voucher.non_refundable) == (True, True)
        assert voucher.value == voucher.balance == counter.venue.money("20.00")
        assert findings() == []

    @pytest.mark.parametrize("who", ["nobody", "operator"])
    def test_nobody_else_does(self, counter: Counter, who: str) -> None:
        venue, desk = counter.venue, counter.desk
        with refused(ApprovalNeeded) as caught:
            issue_free_voucher(
                claim=venue.claim(),
                desk=desk,
                value=venue.money("20.00"),
                approved_by=venue.operator if who == "operator" else None,
            )
        assert caught.value.data["reason"] == "free_voucher"

    @pytest.mark.parametrize(
        ("value", "refusal"),
        [
            (Money("0.00", "EUR"), AmountNotPositive),
            (Money("-5.00", "EUR"), AmountNotPositive),
            (Money("20.00", "CHF"), AmountError),
        ],
    )
    def test_it_is_worth_something_in_the_tills_currency(
        self, counter: Counter, value: Money, refusal: type[Exception]
    ) -> None:
        venue, desk = counter.venue, counter.desk
        with refused(refusal):
            issue_free_voucher(
                claim=venue.claim(), desk=desk, value=value, approved_by=venue.supervisor
            )

    def test_a_repeat_returns_the_same_code(self, counter: Counter) -> None:
        venue, key = counter.venue, uuid.uuid4()

        def issue() -> Voucher:
            return issue_free_voucher(
                claim=venue.claim(key),
                desk=counter.desk,
                value=venue.money("20.00"),
                approved_by=venue.supervisor,
            )

        assert issue().code == issue().code
        assert Voucher.objects.count() == 1

    def test_its_surplus_is_never_paid_out(self, counter: Counter, zoe: Contact) -> None:
        voucher = counter.free_voucher("30.00")
        order = counter.basket(["21.10"], contact=zoe)
        paid = counter.pay(order, ("BON", "30.00", voucher.code))
        assert paid.payments[0].non_refundable_minor == 2110
        standing = counter.standing(zoe)
        assert standing.balance == standing.non_refundable == counter.venue.money("8.90")
        with refused(RefundNotPayable):
            counter.refund(paid, to=RefundChoice.MODE, mode="ESPECES")

    def test_its_rest_is_not_given_as_change_either(self, counter: Counter, zoe: Contact) -> None:
        PaymentMode.objects.filter(code="BON").update(gives_change=True)
        voucher = counter.free_voucher("30.00")
        paid = counter.pay(counter.basket(["21.10"], contact=zoe), ("BON", "30.00", voucher.code))
        assert paid.change == counter.venue.money("0.00")
        assert counter.standing(zoe).non_refundable == counter.venue.money("8.90")
        assert findings() == []

    def test_what_is_left_of_it_is_cancelled_by_a_supervisor(self, counter: Counter) -> None:
        venue, voucher = counter.venue, counter.free_voucher("20.00")
        counter.pay(counter.basket(["5.00"]), ("BON", "5.00", voucher.code))
        key = uuid.uuid4()

        def cancel() -> Voucher:
            return cancel_free_voucher(
                claim=venue.claim(key),
                desk=counter.desk,
                voucher_id=voucher.pk,
                reason="lost",
                approved_by=venue.supervisor,
            )

        assert cancel().state == "cancelled"
        before = books()
        assert cancel().state == "cancelled"
        assert books() == before
        assert lines(voucher)[-1] == ("cancel", -1500, 0)
        assert VoucherMovement.objects.get(kind="cancel").reason == "lost"
        assert findings() == []

    @pytest.mark.parametrize("reason", ["", "whatever"])
    def test_for_a_reason_that_is_kept(self, counter: Counter, reason: str) -> None:
        voucher = counter.free_voucher("20.00")
        with refused(ReasonNeeded):
            cancel_free_voucher(
                claim=counter.venue.claim(),
                desk=counter.desk,
                voucher_id=voucher.pk,
                reason=reason,
                approved_by=counter.venue.supervisor,
            )

    def test_one_that_was_sold_is_taken_back_with_its_money_instead(self, counter: Counter) -> None:
        venue, voucher = counter.venue, counter.sell_voucher("20.00")
        with refused(VoucherWasSold):
            cancel_free_voucher(
                claim=venue.claim(),
                desk=counter.desk,
                voucher_id=voucher.pk,
                reason="lost",
                approved_by=venue.supervisor,
            )

    def test_it_ends_with_its_last_day(self, counter: Counter) -> None:
        yesterday = counter.desk.venue_date(timezone.now() - timedelta(days=1))
        voucher = counter.free_voucher("20.00", expires_on=yesterday)
        order = counter.basket(["5.00"])
        with refused(VoucherUnusable) as caught:
            counter.pay(order, ("BON", "5.00", voucher.code))
        assert caught.value.data["expires_on"] == yesterday


class TestBoughtWithWhatIsNeverPaidOut:
    """Buying a voucher must not turn goodwill or paper vouchers into money (C6b)."""

    @pytest.fixture(params=["goodwill", "paper voucher", "free voucher", "a cent of goodwill"])
    def voucher(self, counter: Counter, zoe: Contact, request: pytest.FixtureRequest) -> Voucher:
        tenders: list[tuple[str, ...]] = {
            "goodwill": [("AVOIR", "30.00")],
            "paper voucher": [("CHQVAC", "30.00")],
            "free voucher": [("BON", "30.00", counter.free_voucher("30.00").code)],
            "a cent of goodwill": [("AVOIR", "0.01"), ("CB", "29.99")],
        }[request.param]
        counter.goodwill(zoe, "30.00")
        order = counter.basket(vouchers=["30.00"], contact=zoe)
        (voucher,) = counter.pay(order, *tenders).vouchers
        return voucher

    def test_its_surplus_stays_what_it_was(self, counter: Counter, voucher: Voucher) -> None:
        assert (voucher.free, voucher.non_refundable) == (False, True)
        martin = counter.venue.contact(last_name="Martin")
        order = counter.basket(["1.00"], contact=martin)
        counter.pay(order, ("BON", "30.00", voucher.code))
        standing = counter.standing(martin)
        assert standing.balance == counter.venue.money("29.00")
        assert standing.refundable == counter.venue.money("0.00")
        assert findings() == []

    def test_refilled_it_stays_so(self, counter: Counter, voucher: Voucher) -> None:
        paid = counter.pay(counter.basket(["30.00"]), ("BON", "30.00", voucher.code))
        with refused(RefundNotPayable):
            counter.refund(paid, to=RefundChoice.MODE, mode="ESPECES")
        counter.refund(paid, to=RefundChoice.ORIGIN)
        martin = counter.venue.contact(last_name="Martin")
        counter.pay(counter.basket(["1.00"], contact=martin), ("BON", "30.00", voucher.code))
        assert counter.standing(martin).refundable == counter.venue.money("0.00")
        assert findings() == []
