"""Vouchers looked up, listed and shown (spec G7, cases B43, B46, B47, B49)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact
from guichet.throttles import UNKNOWN_CODES
from payments.choices import RefundChoice
from payments.errors import VoucherUnknown
from payments.models import Voucher
from payments.selectors.vouchers import PAGE
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.vouchers import gift_card, sell

pytestmark = pytest.mark.django_db


def look_up(person: Person, code: str) -> Any:
    """Type a code; a voucher that is found is shown."""
    answer = person.post("vouchers", code=code)
    return person.client.get(answer["Location"]) if answer.status_code == 302 else answer


def test_b47_a_code_is_found_however_it_is_typed(lea: Person, voucher: Voucher) -> None:
    plain = voucher.code.replace("-", "")
    for typed in (voucher.code, f" {voucher.code.lower()} ", plain, voucher.code.replace("-", "–")):
        card = look_up(lea, typed).context["card"]
        assert card.voucher == voucher
    assert card.available == lea.venue.money("30.00")
    assert [line.change.amount for line in card.movements] == [-20, 50]
    assert card.refusal is None


def test_no_address_holds_the_code(lea: Person, voucher: Voucher) -> None:
    answer = lea.post("vouchers", code=voucher.code)
    assert answer["Location"] == reverse("guichet:voucher", args=[voucher.pk])


@pytest.mark.parametrize("typed", [" ", "", "%", "_", "null", "\x00", "x" * 500])
def test_b46_what_is_no_code_finds_nothing(lea: Person, voucher: Voucher, typed: str) -> None:
    answer = lea.post("vouchers", code=typed)
    assert answer.status_code == 422
    assert answer.context["form"].errors


def test_staff_see_why_a_voucher_cannot_be_spent(
    lea: Person, voucher: Voucher, counter: Counter
) -> None:
    yesterday = counter.desk.venue_date(timezone.now() - timedelta(days=1))
    expired = counter.free_voucher("5.00", expires_on=yesterday)
    cancelled = counter.sell_voucher("5.00")
    lea.client.post(
        reverse("guichet:refund_voucher", args=[cancelled.pk]),
        {"vouchers": cancelled.pk, "rest": "5,00", "choice": "origin"},
    )
    counter.sell(["30.00"], ("BON", "30.00", voucher.code))
    reasons = {
        code: look_up(lea, code).context["card"].refusal.data["reason"]
        for code in (voucher.code, expired.code, cancelled.code)
    }
    assert list(reasons.values()) == ["spent", "expired", "cancelled"]
    unknown = look_up(lea, "ZZZZ-ZZZZ-ZZZZ")
    assert unknown.context["form"].errors["code"] == [str(VoucherUnknown(code="ZZZZ-ZZZZ-ZZZZ"))]


def test_a_held_one_says_so(lea: Person, voucher: Voucher) -> None:
    Voucher.objects.update(held_minor=3000)
    card = lea.get("voucher", voucher.pk).context["card"]
    assert card.refusal.data["reason"] == "held"
    assert (card.can_refund, card.can_cancel) == (False, False)


def test_b49_codes_are_guessed_at_a_throttled_rate(lea: Person, voucher: Voucher) -> None:
    for guess in range(30):
        answer = lea.post("vouchers", code=f"ZZZZ-ZZZZ-ZZ{guess:02}")
        [said] = answer.context["form"].errors["code"]
        assert (said == str(VoucherUnknown(code=f"ZZZZ-ZZZZ-ZZ{guess:02}"))) == (
            guess < UNKNOWN_CODES
        )
    answer = lea.post("vouchers", code=voucher.code)
    assert answer.status_code == 422
    assert answer.context["form"].errors["code"] == [said]


def test_b49_a_colleague_is_not_held_up(lea: Person, marc: Person, voucher: Voucher) -> None:
    for guess in range(UNKNOWN_CODES):
        lea.post("vouchers", code=f"ZZZZ-ZZZZ-ZZ{guess:02}")
    assert marc.stand_at("G1").post("vouchers", code=voucher.code).status_code == 302


def test_the_page_says_who_bought_it_and_who_used_it(lea: Person, counter: Counter) -> None:
    zoe = counter.venue.contact()
    counter.deposit(zoe, "12.40")
    voucher = sell(counter, "50.00", gift_card(), contact=zoe)
    using = [counter.sell(["20.00"], ("BON", "20.00", voucher.code)).order for _twice in range(2)]
    answer = lea.get("voucher", voucher.pk)
    card = answer.context["card"]
    assert card.order.contact == zoe
    assert list(card.used_by) == using
    assert card.standing.balance == counter.venue.money("12.40")
    page = answer.content.decode()
    for order in (card.order, *using):
        assert reverse("guichet:order", args=[order.pk]) in page
    assert "Carte cadeau" in page


def test_a_free_one_says_who_gave_it(lea: Person, counter: Counter) -> None:
    card = lea.get("voucher", counter.free_voucher("5.00").pk).context["card"]
    assert card.approved_by == counter.venue.supervisor
    assert card.issued.movement.operator == counter.venue.operator
    assert (card.can_refund, card.can_cancel, card.order) == (False, True, None)


class TestList:
    @pytest.fixture
    def all_states(self, counter: Counter) -> dict[str, Voucher]:
        """A voucher in each state."""
        yesterday = counter.desk.venue_date(timezone.now() - timedelta(days=1))
        sale = counter.pay(counter.basket(vouchers=["20.00"]), ("CB", "20.00"))
        counter.refund(sale, vouchers=sale.vouchers, to=RefundChoice.ORIGIN)
        spent = counter.sell_voucher("20.00")
        counter.sell(["20.00"], ("BON", "20.00", spent.code))
        return {
            "cancelled": sale.vouchers[0],
            "spent": spent,
            "expired": counter.free_voucher("20.00", expires_on=yesterday),
            "usable": counter.sell_voucher("20.00"),
        }

    def listed(self, person: Person, **query: object) -> list[Voucher]:
        return [row.voucher for row in person.get("vouchers", **query).context["page"].rows]

    def test_each_is_in_one_state(self, lea: Person, all_states: dict[str, Voucher]) -> None:
        assert self.listed(lea) == list(reversed(all_states.values()))
        for state, voucher in all_states.items():
            assert self.listed(lea, only=state) == [voucher]
        page = lea.get("vouchers").context["page"]
        assert {row.voucher: row.state for row in page.rows} == {
            voucher: state for state, voucher in all_states.items()
        }

    def test_it_shows_no_whole_code(self, lea: Person, all_states: dict[str, Voucher]) -> None:
        page = lea.get("vouchers").content.decode()
        for voucher in all_states.values():
            assert voucher.code not in page
            assert f"…{voucher.code[-4:]}" in page

    def test_it_is_searched_by_order_and_purchaser(self, lea: Person, counter: Counter) -> None:
        zoe: Contact = counter.venue.contact()
        mine = sell(counter, "20.00", gift_card(), contact=zoe)
        other = sell(counter, "20.00", gift_card(code="NOEL"))
        assert mine.sold_on is not None
        for text in ("lefèvre", "zoe lef", zoe.number, mine.sold_on.order.number):
            assert self.listed(lea, q=text) == [mine]
        assert self.listed(lea, q="") == [other, mine]
        assert self.listed(lea, q=mine.code[:8]) == self.listed(lea, q="personne") == []

    def test_it_goes_on_over_pages(self, lea: Person, counter: Counter) -> None:
        sale = counter.pay(counter.basket(vouchers=["1.00"]), ("CB", "1.00"))
        (first,) = sale.vouchers
        rows = [
            Voucher(
                code=f"ACDE-ACDE-{at:04}",
                mode=first.mode,
                currency="EUR",
                value_minor=100,
                operation=first.operation,
                created_at=first.created_at,
            )
            for at in range(PAGE)
        ]
        Voucher.objects.bulk_create(rows)
        page = lea.get("vouchers").context["page"]
        assert len(page.rows) == PAGE
        assert self.listed(lea, before=page.next_before) == [first]
        assert lea.get("vouchers", before=page.next_before).context["page"].next_before is None

    @pytest.mark.parametrize(
        "query", [{"only": "x"}, {"before": "x"}, {"before": 10**30}, {"q": "\x00"}]
    )
    def test_garbage_narrows_nothing(
        self, lea: Person, all_states: dict[str, Voucher], query: dict[str, object]
    ) -> None:
        assert len(self.listed(lea, **query)) == len(all_states)


def test_looking_at_vouchers_costs_few_queries(
    lea: Person, voucher: Voucher, counter: Counter
) -> None:
    counter.sell_voucher("20.00")
    assert lea.count_queries("vouchers") <= 12
    assert lea.count_queries("voucher", voucher.pk) <= 12


def test_nobody_can_touch_what_it_was_worth(voucher: Voucher) -> None:
    with pytest.raises(IntegrityError):
        Voucher.objects.update(value_minor=1)


def test_what_is_no_voucher_is_not_there(lea: Person) -> None:
    for page in ("voucher", "voucher_pdf", "cancel_voucher", "refund_voucher"):
        for number in (0, 999, 10**30):
            assert lea.get(page, number).status_code == 404


@pytest.mark.parametrize("name", ["vouchers", "sell_voucher", "new_voucher"])
def test_who_may_see_vouchers(ladder: Callable[..., None], name: str) -> None:
    ladder(name)


def test_who_may_sell_one_on_the_sale_screen(ladder: Callable[..., None], counter: Counter) -> None:
    ladder("sale_vouchers", counter.basket().pk)


@pytest.mark.parametrize("name", ["voucher", "voucher_pdf", "cancel_voucher", "refund_voucher"])
def test_who_may_see_one(ladder: Callable[..., None], voucher: Voucher, name: str) -> None:
    ladder(name, voucher.pk)


def test_a_supervisor_sees_all_of_it(marc: Person, voucher: Voucher) -> None:
    marc.stand_at("G1")
    for name in ("voucher", "voucher_pdf", "cancel_voucher", "refund_voucher"):
        assert marc.get(name, voucher.pk).status_code == 200
    for name in ("vouchers", "sell_voucher", "new_voucher"):
        assert marc.get(name).status_code == 200
