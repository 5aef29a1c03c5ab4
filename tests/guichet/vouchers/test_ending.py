"""A free voucher cancelled, a sale taken back, and one that ended (spec G7; B26, B27, B43)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from payments.choices import Direction
from payments.errors import ApprovalNeeded, VoucherUnusable
from payments.models import Payment, Voucher
from sales.choices import OrderState
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.venue import PIN
from tests.vouchers import gift_card, sell

pytestmark = pytest.mark.django_db
BY_MARC = {"approver_code": "marc", "approver_pin": PIN}


def given_back() -> list[tuple[str, int]]:
    """What went out, by mode."""
    rows = Payment.objects.filter(direction=Direction.OUT).order_by("id")
    return list(rows.values_list("mode__code", "amount_minor"))


class TestCancelled:
    def test_with_a_supervisor_and_a_reason(self, lea: Person, counter: Counter) -> None:
        voucher = counter.free_voucher("20.00")
        asked = lea.post("cancel_voucher", voucher.pk, reason="lost")
        assert asked.status_code == 422
        assert asked.context["approval_reason"] == str(ApprovalNeeded(reason="free_voucher"))
        key = str(uuid4())
        for _twice in range(2):
            done = lea.post("cancel_voucher", voucher.pk, reason="lost", key=key, **BY_MARC)
            assert done["Location"] == reverse("guichet:voucher", args=[voucher.pk])
        voucher.refresh_from_db()
        assert (voucher.state, voucher.balance_minor) == ("cancelled", 0)
        shown = lea.get("voucher", voucher.pk).context["card"]
        assert shown.movements[0].movement.reason == "lost"

    @pytest.mark.parametrize("reason", ["", "whatever", "\x00"])
    def test_not_without_a_reason(self, lea: Person, counter: Counter, reason: str) -> None:
        voucher = counter.free_voucher("20.00")
        answer = lea.post("cancel_voucher", voucher.pk, reason=reason, **BY_MARC)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["reason"])
        voucher.refresh_from_db()
        assert voucher.state == "active"

    def test_one_that_was_sold_leads_to_its_refund(self, lea: Person, voucher: Voucher) -> None:
        page = lea.get("cancel_voucher", voucher.pk).content.decode()
        assert reverse("guichet:refund_voucher", args=[voucher.pk]) in page
        answer = lea.post("cancel_voucher", voucher.pk, reason="lost", **BY_MARC)
        assert answer.status_code == 422
        voucher.refresh_from_db()
        assert voucher.state == "active"


class TestTakenBack:
    def send(self, person: Person, voucher: Voucher, **typed: object) -> Any:
        right = {"vouchers": voucher.pk, "rest": "30,00", "choice": "origin"}
        return person.post("refund_voucher", voucher.pk, **{**right, **typed})

    def test_b27_the_page_warns_with_the_orders_that_used_it(
        self, lea: Person, voucher: Voucher
    ) -> None:
        using = voucher.payments.get().order
        assert using is not None
        answer = lea.get("refund_voucher", voucher.pk)
        assert answer.context["card"].used_by == (using,)
        assert answer.context["forecast"].amount == lea.venue.money("30.00")
        assert reverse("guichet:order", args=[using.pk]) in answer.content.decode()

    def test_b27_at_most_the_rest_goes_back(self, lea: Person, voucher: Voucher) -> None:
        key = str(uuid4())
        for _twice in range(2):
            answer = self.send(lea, voucher, key=key)
            assert answer.status_code == 302
        assert given_back() == [("ESPECES", 3000)]
        assert lea.client.get(answer["Location"]).status_code == 200

    def test_b27_used_meanwhile_it_is_asked_again(
        self, lea: Person, voucher: Voucher, counter: Counter
    ) -> None:
        counter.sell(["10.00"], ("BON", "10.00", voucher.code))
        answer = self.send(lea, voucher)
        assert answer.status_code == 409
        assert 'name="rest" value="20,00"' in answer.content.decode()
        assert given_back() == []
        assert self.send(lea, voucher, rest="20,00").status_code == 302
        assert given_back() == [("ESPECES", 2000)]

    def test_b26_its_code_is_refused_afterwards(
        self, lea: Person, voucher: Voucher, counter: Counter
    ) -> None:
        self.send(lea, voucher)
        order = counter.basket(["20.00"])
        with pytest.raises(VoucherUnusable):
            counter.pay(order, ("BON", "20.00", voucher.code))
        page = lea.get("refund_voucher", voucher.pk)
        assert (page.status_code, page.context["card"].can_refund) == (200, False)

    def test_to_credit_the_choice_is_recorded(self, lea: Person, counter: Counter) -> None:
        zoe = counter.venue.contact()
        voucher = sell(counter, "30.00", gift_card(), contact=zoe)
        assert self.send(lea, voucher, choice="credit").status_code == 422
        assert self.send(lea, voucher, choice="credit", consent="1").status_code == 302
        assert counter.available(zoe) == "30.00"

    def test_what_it_comes_to_is_shown_while_choosing(self, lea: Person, voucher: Voucher) -> None:
        address = reverse("guichet:refund_voucher", args=[voucher.pk])
        answer = lea.client.post(
            f"{address}?count=1", {"choice": "origin"}, headers={"HX-Request": "true"}
        )
        [part] = answer.context["forecast"].destinations
        assert part.amount == lea.venue.money("30.00")

    def test_a_supervisor_takes_back_what_is_not_refundable(
        self, lea: Person, counter: Counter
    ) -> None:
        voucher = sell(counter, "30.00", gift_card(refundable=False))
        asked = self.send(lea, voucher)
        assert asked.context["approval_reason"] == str(ApprovalNeeded(reason="final_voucher"))
        assert self.send(lea, voucher, **BY_MARC).status_code == 302

    @pytest.mark.parametrize(
        "typed",
        [
            {"choice": ""},
            {"choice": "nothing"},
            {"choice": "mode"},
            {"choice": "mode", "mode": "x"},
            {"choice": "credit"},
            {"rest": ""},
            {"rest": "x"},
            {"rest": "50,00"},
        ],
    )
    def test_what_is_wrong_gives_nothing_back(
        self, lea: Person, voucher: Voucher, typed: dict[str, str]
    ) -> None:
        assert self.send(lea, voucher, **typed).status_code in {409, 422}
        assert given_back() == []

    def test_a_free_one_leads_to_its_cancellation(self, lea: Person, counter: Counter) -> None:
        voucher = counter.free_voucher("30.00")
        page = lea.get("refund_voucher", voucher.pk).content.decode()
        assert reverse("guichet:cancel_voucher", args=[voucher.pk]) in page
        assert self.send(lea, voucher).status_code == 422
        assert given_back() == []


def test_b43_on_the_screen_one_that_ended_is_refused_with_its_last_day(
    lea: Person, counter: Counter
) -> None:
    order = counter.basket(["20.00"])
    yesterday = counter.desk.venue_date(timezone.now() - timedelta(days=1))
    voucher = counter.free_voucher("20.00", expires_on=yesterday)
    tender = {"t0-mode": counter.modes["BON"].pk, "t0-amount": "20,00", "t0-code": voucher.code}
    answer = lea.post("sale_pay", order.pk, said="0/0/0", **tender)
    assert answer.status_code == 422
    assert f"{yesterday:%d/%m/%Y}" in answer.content.decode()
    order.refresh_from_db()
    assert order.state == OrderState.BASKET
