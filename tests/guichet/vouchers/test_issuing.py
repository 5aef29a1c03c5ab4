"""Vouchers sold at the counter, and issued free by a supervisor (spec G7)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from payments.errors import ApprovalNeeded, ModeNotAuthorised
from payments.models import Voucher
from sales.models import Order, OrderLine
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.venue import PIN
from tests.vouchers import gift_card, invitation

pytestmark = pytest.mark.django_db
BY_MARC = {"approver_code": "marc", "approver_pin": PIN}


class TestSold:
    @pytest.mark.parametrize("mode", ["ESPECES", "CB", "CHEQUE", "CHQVAC"])
    def test_it_is_paid_on_the_sale_screen_in_any_mode(
        self, lea: Person, counter: Counter, mode: str
    ) -> None:
        gift_card()
        answer = lea.post("sell_voucher", type="CADEAU", value="50", count="1")
        order = Order.objects.get()
        address = reverse("guichet:sale", args=[order.pk])
        assert (answer.status_code, answer["Location"]) == (303, f"{address}#payment")
        (voucher,) = counter.pay(order, (mode, "50.00")).vouchers
        assert voucher.type is not None
        assert (voucher.type.code, voucher.value) == ("CADEAU", counter.venue.money("50.00"))

    def test_not_in_a_mode_that_is_not_authorised(self, lea: Person, counter: Counter) -> None:
        lea.post("sell_voucher", value="50", count="1")
        counter.venue.counter.authorisations.filter(mode__code="CB").update(payment=False)
        with pytest.raises(ModeNotAuthorised):
            counter.pay(Order.objects.get(), ("CB", "50.00"))

    def test_without_types_it_is_a_plain_voucher(self, lea: Person) -> None:
        assert "type" not in lea.get("sell_voucher").context["form"].fields
        lea.post("sell_voucher", value="12,50", count="3")
        lines = OrderLine.objects.values_list("article", "unit_minor")
        assert list(lines) == [("", 1250)] * 3

    def test_the_types_are_those_that_are_sold(self, lea: Person) -> None:
        gift_card(position=2)
        gift_card(code="NOEL", label="Noël", position=1)
        gift_card(code="ANCIEN", active=False)
        invitation()
        form = lea.get("sell_voucher").context["form"]
        assert form.fields["type"].choices == [("NOEL", "Noël"), ("CADEAU", "Carte cadeau")]
        given = lea.get("new_voucher").context["form"].fields["type"].choices
        assert [code for code, _label in given] == ["INVIT", "NOEL", "CADEAU"]

    def test_an_empty_basket_is_filled(self, lea: Person) -> None:
        lea.get("new_sale")
        lea.post("sell_voucher", value="50", count="1")
        assert Order.objects.count() == 1

    @pytest.mark.parametrize(
        "typed",
        [
            {"value": ""},
            {"value": "0"},
            {"value": "-5"},
            {"value": "12,345"},
            {"value": "NaN"},
            {"count": "0"},
            {"count": "51"},
            {"count": "x"},
            {"type": ""},
            {"type": "INVIT"},
            {"type": "\x00"},
        ],
    )
    def test_what_is_wrong_opens_no_order(self, lea: Person, typed: dict[str, str]) -> None:
        gift_card()
        invitation()
        right = {"type": "CADEAU", "value": "50", "count": "1"}
        answer = lea.post("sell_voucher", **{**right, **typed})
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == list(typed)
        assert not Order.objects.exists()

    def test_the_sale_screen_fetches_the_form_when_it_is_opened(
        self, lea: Person, counter: Counter
    ) -> None:
        gift_card()
        order = counter.basket(["21.10"])
        part = lea.get("sale_vouchers", order.pk, htmx=True)
        whole = lea.get("sale_vouchers", order.pk)
        for answer in (part, whole):
            choices = answer.context["voucher_form"].fields["type"].choices
            assert choices == [("CADEAU", "Carte cadeau")]
        assert "<html" not in part.content.decode()
        assert 'name="value"' not in lea.get("sale", order.pk).content.decode()

    def test_on_the_sale_screen_too(self, lea: Person, counter: Counter) -> None:
        gift_card()
        order = counter.basket(["21.10"])
        for _twice in range(2):
            lea.post("sale_quantity", order.pk, type="CADEAU", value="30", count="1")
        lea.post("sale_quantity", order.pk, value="30", count="1")
        lines = order.lines.filter(kind="voucher").values_list("article", "unit_minor")
        assert list(lines) == [("CADEAU", 3000)] * 2


class TestFree:
    def test_a_supervisor_issues_it_on_the_operators_screen(self, lea: Person) -> None:
        asked = lea.post("new_voucher", value="25")
        assert asked.status_code == 422
        assert asked.context["approval_reason"] == str(ApprovalNeeded(reason="free_voucher"))
        assert 'value="25"' in asked.content.decode()
        key = str(uuid4())
        until = timezone.now().date() + timedelta(days=365)
        typed = {"value": "25", "expires_on": until.isoformat(), "key": key, **BY_MARC}
        issued = lea.post("new_voucher", **typed)
        again = lea.post("new_voucher", **typed)
        voucher = Voucher.objects.get()
        assert issued.context["voucher"] == again.context["voucher"] == voucher
        assert voucher.code in issued.content.decode()
        assert reverse("guichet:voucher_pdf", args=[voucher.pk]) in issued.content.decode()
        assert (voucher.value.amount, voucher.free, voucher.expires_on) == (25, True, until)

    def test_without_a_date_it_is_valid_as_long_as_its_type_says(self, marc: Person) -> None:
        invitation()
        marc.stand_at("G1").post("new_voucher", type="INVIT", value="25")
        voucher = Voucher.objects.get()
        today = marc.venue.desk("G1").venue_date(voucher.created_at)
        assert voucher.expires_on == today + timedelta(days=90)

    def test_a_supervisor_needs_no_pin_at_the_own_screen(self, marc: Person) -> None:
        assert marc.stand_at("G1").post("new_voucher", value="25").status_code == 200
        assert Voucher.objects.count() == 1

    @pytest.mark.parametrize(
        "typed",
        [
            {"value": ""},
            {"value": "0"},
            {"value": "12,345"},
            {"value": "25", "expires_on": "tomorrow"},
            {"value": "25", "expires_on": "2020-01-01"},
            {"value": "25", "approver_code": "marc", "approver_pin": "0000"},
            {"value": "25", "approver_code": "lea", "approver_pin": PIN},
        ],
    )
    def test_it_is_refused(self, lea: Person, typed: dict[str, str]) -> None:
        answer = lea.post("new_voucher", **{**BY_MARC, **typed})
        assert answer.status_code == 422
        assert not Voucher.objects.exists()

    def test_the_pages_cost_few_queries(self, lea: Person) -> None:
        gift_card()
        assert lea.count_queries("new_voucher") <= 12
        assert lea.count_queries("sell_voucher") <= 12
