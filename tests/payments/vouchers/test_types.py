"""Types of vouchers: their rules hold whoever sells or spends (spec G7, C6b, C8, S5)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from contacts.models import Contact
from institution_settings.selectors import is_used
from journal.models import Entry
from payments.errors import VoucherTypeMissing
from payments.models import Voucher, VoucherType
from payments.services import issue_free_voucher, set_vouchers
from sales.models import OrderLine
from tests.counter import Counter
from tests.payments.books import refused
from tests.verified import findings
from tests.vouchers import gift_card, give, invitation, sell


class TestValidity:
    @pytest.mark.parametrize(
        ("months", "days", "issued", "last"),
        [
            (12, None, date(2026, 11, 25), date(2027, 11, 25)),
            (1, None, date(2026, 1, 31), date(2026, 2, 28)),
            (1, None, date(2028, 1, 31), date(2028, 2, 29)),
            (1, None, date(2026, 12, 15), date(2027, 1, 15)),
            (13, None, date(2026, 12, 31), date(2028, 1, 31)),
            (120, None, date(2026, 2, 28), date(2036, 2, 28)),
            (None, 90, date(2026, 11, 25), date(2027, 2, 23)),
            (None, None, date(2026, 11, 25), None),
        ],
    )
    def test_its_last_day(
        self, months: int | None, days: int | None, issued: date, last: date | None
    ) -> None:
        type_ = VoucherType(validity_months=months, validity_days=days)
        assert type_.last_day(issued=issued) == last

    def test_it_counts_from_the_day_in_the_venue(self, counter: Counter) -> None:
        voucher = sell(counter, "30.00", gift_card(validity_months=None, validity_days=10))
        today = counter.desk.venue_date(voucher.created_at)
        assert voucher.expires_on == today + timedelta(days=10)

    def test_a_day_of_its_own_goes_before(self, counter: Counter) -> None:
        until = timezone.now().date() + timedelta(days=5)
        voucher = issue_free_voucher(
            claim=counter.venue.claim(),
            desk=counter.desk,
            value=counter.venue.money("10.00"),
            type_code=invitation().code,
            expires_on=until,
            approved_by=counter.venue.supervisor,
        )
        assert voucher.expires_on == until


class TestUse:
    def test_the_order_says_of_which_type(self, counter: Counter) -> None:
        voucher = sell(counter, "30.00", gift_card())
        assert voucher.type is not None
        assert voucher.type.code == "CADEAU"
        line = OrderLine.objects.get()
        assert (line.label, line.article) == ("Carte cadeau", "CADEAU")
        entry = Entry.objects.get(kind="BON")
        assert '"modele":"CADEAU"' in entry.payload
        assert findings() == []

    @pytest.mark.parametrize("code", ["", "INVIT", "ANCIEN", "AUCUN"])
    def test_only_a_type_that_is_sold_is_sold(self, counter: Counter, code: str) -> None:
        gift_card()
        invitation()
        gift_card(code="ANCIEN", active=False)
        order = counter.basket()
        with pytest.raises(VoucherTypeMissing):
            set_vouchers(
                order_id=order.pk,
                amount=counter.venue.money("30.00"),
                quantity=1,
                type_code=code,
                now=timezone.now(),
            )
        assert not OrderLine.objects.exists()

    @pytest.mark.parametrize("code", ["", "VENTE", "AUCUN"])
    def test_only_a_type_that_is_given_is_given(self, counter: Counter, code: str) -> None:
        invitation()
        gift_card(code="VENTE", use="sold")
        desk = counter.desk
        with refused(VoucherTypeMissing):
            issue_free_voucher(
                claim=counter.venue.claim(),
                desk=desk,
                value=counter.venue.money("30.00"),
                type_code=code,
                approved_by=counter.venue.supervisor,
            )

    def test_of_the_same_value_each_type_has_its_line(self, counter: Counter) -> None:
        gift_card()
        gift_card(code="NOEL", label="Noël")
        order = counter.basket()
        for code, quantity in (("CADEAU", 2), ("NOEL", 1), ("CADEAU", 1)):
            set_vouchers(
                order_id=order.pk,
                amount=counter.venue.money("30.00"),
                quantity=quantity,
                type_code=code,
                now=timezone.now(),
            )
        lines = OrderLine.objects.order_by("article").values_list("article", flat=True)
        assert list(lines) == ["CADEAU", "NOEL"]

    def test_what_lies_in_a_basket_is_sold_although_deactivated_since(
        self, counter: Counter
    ) -> None:
        type_ = gift_card()
        order = counter.basket()
        set_vouchers(
            order_id=order.pk,
            amount=counter.venue.money("30.00"),
            quantity=1,
            type_code="CADEAU",
            now=timezone.now(),
        )
        VoucherType.objects.update(active=False)
        (voucher,) = counter.pay(order, ("CB", "30.00")).vouchers
        assert voucher.type == type_

    def test_one_that_is_gone_is_not(self, counter: Counter) -> None:
        type_ = gift_card()
        order = counter.basket()
        set_vouchers(
            order_id=order.pk,
            amount=counter.venue.money("30.00"),
            quantity=1,
            type_code="CADEAU",
            now=timezone.now(),
        )
        type_.delete()
        with refused(VoucherTypeMissing):
            counter.pay(order, ("CB", "30.00"))


class TestRest:
    def test_change_in_cash_as_the_type_says(self, counter: Counter, zoe: Contact) -> None:
        voucher = sell(counter, "30.00", gift_card(gives_change=True))
        paid = counter.pay(counter.basket(["21.10"], contact=zoe), ("BON", "30.00", voucher.code))
        assert paid.change == counter.venue.money("8.90")
        assert counter.available(zoe) == "0.00"
        assert findings() == []

    def test_no_change_though_the_mode_gives_it(self, counter: Counter, zoe: Contact) -> None:
        mode = counter.modes["BON"]
        mode.gives_change = True
        mode.save()
        voucher = sell(counter, "30.00", gift_card())
        paid = counter.pay(counter.basket(["21.10"], contact=zoe), ("BON", "30.00", voucher.code))
        assert paid.change == counter.venue.money("0.00")
        assert counter.standing(zoe).refundable == counter.venue.money("8.90")

    def test_not_refundable_it_is_never_paid_out(self, counter: Counter, zoe: Contact) -> None:
        voucher = sell(counter, "30.00", gift_card(refundable=False))
        assert (voucher.free, voucher.non_refundable) == (False, True)
        counter.pay(counter.basket(["21.10"], contact=zoe), ("BON", "30.00", voucher.code))
        standing = counter.standing(zoe)
        assert standing.balance == standing.non_refundable == counter.venue.money("8.90")
        assert findings() == []

    def test_issued_free_a_refundable_type_is_not_either(
        self, counter: Counter, zoe: Contact
    ) -> None:
        voucher = give(counter, "30.00", gift_card(gives_change=True))
        paid = counter.pay(counter.basket(["21.10"], contact=zoe), ("BON", "30.00", voucher.code))
        assert paid.change == counter.venue.money("0.00")
        assert counter.standing(zoe).non_refundable == counter.venue.money("8.90")


@pytest.mark.usefixtures("db")
class TestKept:
    """S5: a type that was used is deactivated; its rules stay those it was sold under."""

    @pytest.mark.parametrize(
        "change",
        [
            {"code": "AUTRE"},
            {"refundable": False},
            {"gives_change": True},
            {"validity_months": 6},
            {"validity_days": 6, "validity_months": None},
        ],
    )
    def test_its_rules_never_change(self, change: dict[str, object]) -> None:
        gift_card()
        with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
            VoucherType.objects.update(**change)

    def test_its_words_and_its_place_do(self) -> None:
        gift_card()
        changed = VoucherType.objects.update(label="Carte", conditions="…", active=False)
        assert changed == 1

    def test_a_voucher_keeps_its_type(self, counter: Counter) -> None:
        voucher = sell(counter, "30.00", gift_card())
        with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
            Voucher.objects.filter(pk=voucher.pk).update(type=None)

    def test_once_used_it_is_known_to_be(self, counter: Counter) -> None:
        type_ = gift_card()
        assert not is_used(row=type_)
        sell(counter, "30.00", type_)
        assert is_used(row=type_)

    @pytest.mark.parametrize(
        "rules",
        [
            {"gives_change": True, "refundable": False},
            {"use": "free", "refundable": True},
            {"validity_days": 10},
            {"validity_months": 0},
            {"validity_months": 121},
            {"validity_months": None, "validity_days": 3661},
        ],
    )
    def test_rules_that_contradict_each_other_are_refused(self, rules: dict[str, object]) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            gift_card(**rules)
