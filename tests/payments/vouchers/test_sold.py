"""Coded vouchers sold and spent; nothing is lost silently (G7, C8)."""

import pytest
from django.db import IntegrityError, transaction

from contacts.models import Contact
from institution_settings.choices import ModeKind
from institution_settings.models import ModeAuthorisation, PaymentMode
from payments.codes import ALPHABET, canonical_code, code_print, make_code
from payments.errors import (
    ModeNotAuthorised,
    VoucherShort,
    VoucherUnusable,
)
from payments.models import Voucher, VoucherMovement
from tests.counter import Counter
from tests.payments.books import refused, told
from tests.verified import findings


def lines(voucher: Voucher) -> list[tuple[str, int, int]]:
    """The voucher's lines: kind, change and balance after."""
    rows = VoucherMovement.objects.filter(voucher=voucher).order_by("position")
    return list(rows.values_list("kind", "change_minor", "balance_after_minor"))


class TestCodes:
    def test_codes_are_long_and_drawn_from_what_nobody_misreads(self) -> None:
        codes = {make_code() for _ in range(500)}
        assert len(codes) == 500
        for code in codes:
            groups = code.split("-")
            assert [len(group) for group in groups] == [4, 4, 4]
            assert set("".join(groups)) <= set(ALPHABET)
            assert canonical_code(code) == code

    def test_in_the_journal_stands_a_fingerprint(self, counter: Counter) -> None:
        voucher = counter.sell_voucher("30.00")
        assert code_print(voucher.code) not in voucher.code
        assert len(code_print(voucher.code)) == 16
        assert findings() == []


class TestSold:
    def test_a_paid_line_is_a_voucher_of_its_value(self, counter: Counter) -> None:
        paid = counter.pay(counter.basket(vouchers=["30.00", "50.00"]), ("CB", "80.00"))
        assert [voucher.value for voucher in paid.vouchers] == [
            counter.venue.money("30.00"),
            counter.venue.money("50.00"),
        ]
        for voucher in paid.vouchers:
            assert (voucher.free, voucher.non_refundable) == (False, False)
            assert lines(voucher) == [("issue", voucher.value_minor, voucher.value_minor)]

    def test_without_a_voucher_mode_none_is_sold(self, counter: Counter) -> None:
        order = counter.basket(vouchers=["30.00"])
        PaymentMode.objects.filter(kind=ModeKind.VOUCHER).update(active=False)
        with refused(ModeNotAuthorised):
            counter.pay(order, ("CB", "30.00"))

    def test_what_a_voucher_is_never_changes(self, counter: Counter) -> None:
        voucher = counter.sell_voucher("30.00")
        for change in ({"value_minor": 9900}, {"code": "AAAA"}, {"currency": "CHF"}):
            with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
                Voucher.objects.filter(pk=voucher.pk).update(**change)


class TestSpent:
    def test_the_surplus_goes_to_the_purchaser(self, counter: Counter, zoe: Contact) -> None:
        voucher = counter.sell_voucher("30.00")
        order = counter.basket(["21.10"], contact=zoe)
        paid = counter.pay(order, ("BON", "30.00", voucher.code))
        assert paid.surplus == counter.venue.money("8.90")
        assert lines(voucher)[1:] == [("payment", -3000, 0)]
        assert counter.standing(zoe).refundable == counter.venue.money("8.90")
        assert findings() == []

    def test_without_purchaser_the_rest_stays_on_it(self, counter: Counter) -> None:
        voucher = counter.sell_voucher("30.00")
        paid = counter.pay(counter.basket(["21.10"]), ("BON", "30.00", voucher.code))
        assert paid.surplus == counter.venue.money("0.00")
        assert lines(voucher)[1:] == [("payment", -2110, 890)]
        assert findings() == []

    def test_where_credit_is_not_authorised_it_stays_on_it_too(
        self, counter: Counter, zoe: Contact
    ) -> None:
        ModeAuthorisation.objects.filter(mode__kind=ModeKind.CREDIT).update(refund=False)
        voucher = counter.sell_voucher("30.00")
        counter.pay(counter.basket(["21.10"], contact=zoe), ("BON", "30.00", voucher.code))
        assert lines(voucher)[1:] == [("payment", -2110, 890)]

    def test_a_part_of_it_may_be_used(self, counter: Counter, zoe: Contact) -> None:
        voucher = counter.sell_voucher("30.00")
        order = counter.basket(["21.10"], contact=zoe)
        counter.pay(order, ("BON", "11.10", voucher.code), ("CB", "10.00"))
        assert lines(voucher)[1:] == [("payment", -1110, 1890)]
        assert counter.available(zoe) == "0.00"
        order = counter.basket(["21.10"])
        with refused(VoucherShort) as caught:
            counter.pay(order, ("BON", "21.10", voucher.code))
        assert caught.value.data["balance"] == counter.venue.money("18.90")

    def test_change_in_cash_leaves_the_drawer_not_the_credit(
        self, counter: Counter, zoe: Contact
    ) -> None:
        PaymentMode.objects.filter(code="BON").update(gives_change=True)
        voucher = counter.sell_voucher("30.00")
        paid = counter.pay(counter.basket(["21.10"], contact=zoe), ("BON", "30.00", voucher.code))
        assert paid.change == counter.venue.money("8.90")
        assert lines(voucher)[1:] == [("payment", -3000, 0)]
        assert findings() == []

    def test_a_held_voucher_says_so(self, counter: Counter) -> None:
        voucher = counter.sell_voucher("30.00")
        Voucher.objects.update(held_minor=3000)
        order = counter.basket(["21.10"])
        with refused(VoucherUnusable) as caught:
            counter.pay(order, ("BON", "21.10", voucher.code))
        assert (caught.value.data["reason"], caught.value.data["position"]) == ("held", 0)

    def test_only_what_is_not_held_may_be_used(self, counter: Counter) -> None:
        voucher = counter.sell_voucher("30.00")
        Voucher.objects.update(held_minor=2000)
        order = counter.basket(["10.01"])
        with refused(VoucherShort):
            counter.pay(order, ("BON", "10.01", voucher.code))

    def test_a_voucher_pays_in_the_mode_it_was_issued_in(self, counter: Counter) -> None:
        gift = PaymentMode.objects.create(
            code="CADEAU", label="Chèque cadeau", kind=ModeKind.VOUCHER, position=60
        )
        ModeAuthorisation.objects.create(point_of_sale=counter.venue.counter, mode=gift)
        counter.modes["CADEAU"] = gift
        voucher = counter.sell_voucher("30.00")
        paid = counter.pay(counter.basket(["10.00"]), ("CADEAU", "10.00", voucher.code))
        assert told(paid.payments) == [("in", "BON", 1000)]
        ModeAuthorisation.objects.filter(mode__code="BON").update(payment=False)
        order = counter.basket(["10.00"])
        with refused(ModeNotAuthorised):
            counter.pay(order, ("CADEAU", "10.00", voucher.code))
