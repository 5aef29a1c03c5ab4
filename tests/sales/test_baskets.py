"""Filling a basket: stories first, then what is refused."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from contacts.models import Contact
from institution_settings.choices import Channel
from institution_settings.models import PointOfSale
from sales.choices import LineKind, OrderState, PerformanceState
from sales.errors import (
    NotOnSale,
    NotPriced,
    OrderLapsed,
    OrderNotOpen,
    PurchaserFixed,
    PurchaserMissing,
    QuantityOutOfRange,
    SoldOut,
    VoucherValue,
)
from sales.models import Order, PriceCategory
from sales.services import (
    abandon,
    empty_basket,
    extend,
    remove_line,
    reserve,
    set_purchaser,
    set_quantity,
    set_voucher_line,
)
from tests.sales.show import LATER, NOW, STARTS_AT, Show
from tests.venue import euros

BASKET = timedelta(minutes=15)


def test_a_new_basket_is_empty_numbered_and_timed(show: Show) -> None:
    order = show.basket()
    assert order.number == f"2027-{order.pk:06d}"
    assert order.state == OrderState.BASKET
    assert order.total == euros("0")
    assert order.expires_at == NOW + BASKET


def test_an_operator_fills_a_basket_changes_it_and_the_seats_follow(show: Show) -> None:
    order = show.basket()
    assert show.fill(order, 2).total == euros("50")
    assert show.fill(order, 1, rate="REDUIT").total == euros("67")
    assert show.fill(order, 2, category="Galerie").total == euros("92")
    assert (show.taken("Parterre"), show.taken("Galerie")) == (3, 2)
    assert show.fill(order, 1).total == euros("67")
    assert show.fill(order, 0, category="Galerie").total == euros("42")
    assert (show.taken("Parterre"), show.taken("Galerie")) == (2, 0)
    assert [(line.rate_id, line.quantity) for line in order.lines.order_by("id")] == [
        (show.price("PLEIN").rate_id, 1),
        (show.price("REDUIT").rate_id, 1),
    ]


def test_saying_the_same_again_changes_nothing(show: Show) -> None:
    order = show.basket()
    show.fill(order, 2)
    assert show.fill(order, 2).total == euros("50")
    assert (order.lines.count(), show.taken()) == (1, 2)
    show.fill(order, 0)
    show.fill(order, 0)
    assert (order.lines.count(), show.taken()) == (0, 0)


def test_a_change_starts_the_time_again(show: Show) -> None:
    order = show.basket()
    later = NOW + timedelta(minutes=10)
    assert show.fill(order, 1, at=later).expires_at == later + BASKET
    assert extend(order_id=order.pk, now=LATER).expires_at == LATER + BASKET


def test_a_line_keeps_the_price_and_the_rate_of_vat_it_was_made_at(show: Show) -> None:
    order = show.basket()
    show.fill(order, 1)
    price = show.price()
    price.amount = euros("30")
    price.vat_rate = Decimal("20.00")
    price.save()
    assert show.fill(order, 2).total == euros("50")
    assert order.lines.get().vat_rate == Decimal("5.50")
    assert show.fill(show.basket(), 2).total == euros("60")


def test_a_free_seat_takes_a_seat_and_costs_nothing(show: Show) -> None:
    order = show.basket()
    assert show.fill(order, 2, rate="EXO").total == euros("0")
    assert show.taken() == 2


def test_vouchers_are_lines_of_their_own_without_vat(show: Show) -> None:
    order = show.basket()
    filled = set_voucher_line(order_id=order.pk, amount=euros("50"), quantity=2, now=NOW)
    assert filled.total == euros("100")
    set_voucher_line(order_id=order.pk, amount=euros("20"), quantity=1, now=NOW)
    filled = set_voucher_line(order_id=order.pk, amount=euros("50"), quantity=1, now=NOW)
    assert filled.total == euros("70")
    lines = order.lines.order_by("id")
    assert [(line.kind, line.label, line.unit, line.vat_rate) for line in lines] == [
        (LineKind.VOUCHER, lines[0].label, euros("50"), 0),
        (LineKind.VOUCHER, lines[0].label, euros("20"), 0),
    ]


def test_removing_a_line_gives_its_seats_back_once(show: Show) -> None:
    order = show.basket()
    show.fill(order, 2)
    set_voucher_line(order_id=order.pk, amount=euros("50"), quantity=1, now=NOW)
    seats, voucher = order.lines.order_by("id")
    assert remove_line(order_id=order.pk, line_id=seats.pk, now=NOW).total == euros("50")
    assert remove_line(order_id=order.pk, line_id=seats.pk, now=NOW).total == euros("50")
    assert remove_line(order_id=order.pk, line_id=voucher.pk, now=NOW).total == euros("0")
    assert show.taken() == 0


def test_a_line_of_another_order_is_left_alone(show: Show) -> None:
    mine, other = show.basket(), show.basket()
    show.fill(other, 2)
    remove_line(order_id=mine.pk, line_id=other.lines.get().pk, now=NOW)
    assert (other.lines.count(), show.taken()) == (1, 2)


def test_an_emptied_basket_stays_open_with_its_purchaser(show: Show) -> None:
    order = show.basket(contact=show.venue.contact())
    show.fill(order, 2)
    show.fill(order, 1, category="Galerie")
    emptied = empty_basket(order_id=order.pk, now=NOW)
    assert (emptied.state, emptied.total) == (OrderState.BASKET, euros("0"))
    assert emptied.contact_id == order.contact_id
    assert (order.lines.count(), show.taken(), show.taken("Galerie")) == (0, 0, 0)


def test_the_purchaser_of_a_basket_is_given_changed_and_taken_away(show: Show) -> None:
    order, zoe, paul = show.basket(), show.venue.contact(), show.venue.contact("Petit", "Paul")
    assert set_purchaser(order_id=order.pk, contact_id=zoe.pk).contact == zoe
    assert set_purchaser(order_id=order.pk, contact_id=paul.pk).contact == paul
    assert set_purchaser(order_id=order.pk, contact_id=None).contact is None


def test_a_merged_contact_stands_for_the_one_that_was_kept(show: Show) -> None:
    kept, merged = show.venue.contact(), show.venue.contact("Lefevre", "Zoe")
    merged.merged_into = kept
    merged.save()
    assert set_purchaser(order_id=show.basket().pk, contact_id=merged.pk).contact == kept


def test_an_order_paid_without_purchaser_is_given_one_once(show: Show) -> None:
    order = show.sell(1)[0].order
    zoe, paul = show.venue.contact(), show.venue.contact("Petit", "Paul")
    assert set_purchaser(order_id=order.pk, contact_id=zoe.pk).contact == zoe
    assert set_purchaser(order_id=order.pk, contact_id=zoe.pk).contact == zoe
    for other in (paul.pk, None):
        with pytest.raises(PurchaserFixed):
            set_purchaser(order_id=order.pk, contact_id=other)


# What is refused: nothing is written.


def test_more_seats_than_are_left_are_refused_with_their_number(show: Show) -> None:
    show.fill(show.basket(), 3)
    order = show.basket()
    show.fill(order, 1)
    with pytest.raises(SoldOut) as refused:
        show.fill(order, 4)
    assert refused.value.data == {"left": 3}
    with override("en"):
        assert str(refused.value) == "Only 3 seats are left in this category."
    assert (order.lines.get().quantity, show.taken()) == (1, 4)
    assert show.fill(order, 3).total == euros("75")


def test_a_full_category_says_so(show: Show) -> None:
    show.fill(show.basket(), 2, category="Galerie")
    with pytest.raises(SoldOut) as refused:
        show.fill(show.basket(), 1, category="Galerie")
    assert refused.value.data == {"left": 0}
    with override("en"):
        assert str(refused.value) == "No seat is left in this category."


def test_the_database_itself_refuses_an_oversold_category(show: Show) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PriceCategory.objects.filter(name="Galerie").update(taken=3)


@pytest.mark.parametrize("quantity", [-1, 1000])
def test_a_quantity_out_of_range_is_refused(show: Show, quantity: int) -> None:
    with pytest.raises(QuantityOutOfRange):
        show.fill(show.basket(), quantity)


@pytest.mark.parametrize("state", [PerformanceState.DRAFT, PerformanceState.CANCELLED])
def test_what_is_not_on_sale_can_only_be_taken_out_of_a_basket(show: Show, state: str) -> None:
    order = show.basket()
    show.fill(order, 2)
    show.performance.state = state
    show.performance.save()
    with pytest.raises(NotOnSale):
        show.fill(order, 3)
    show.fill(order, 1)
    assert show.taken() == 1


def test_a_counter_sells_to_latecomers_and_the_shop_does_not(show: Show) -> None:
    shop = PointOfSale.objects.create(code="WEB", name="Boutique", channel=Channel.ONLINE)
    just_begun = STARTS_AT + timedelta(minutes=1)
    at_counter, online = show.basket(), show.basket(point_of_sale=shop)
    assert show.fill(at_counter, 1, at=just_begun).total == euros("25")
    with pytest.raises(NotOnSale):
        show.fill(online, 1, at=just_begun)
    with pytest.raises(NotOnSale):
        show.fill(at_counter, 2, at=STARTS_AT + timedelta(hours=2))


def test_an_unknown_price_a_foreign_one_and_a_retired_rate_are_refused(show: Show) -> None:
    order = show.basket()
    with pytest.raises(NotPriced):
        set_quantity(order_id=order.pk, price_id=0, quantity=1, now=NOW)
    rate = show.price("REDUIT").rate
    rate.active = False
    rate.save()
    with pytest.raises(NotPriced):
        show.fill(order, 1, rate="REDUIT")
    Order.objects.filter(pk=order.pk).update(currency="CHF")
    with pytest.raises(NotPriced):
        show.fill(order, 1)
    assert show.taken() == 0


def test_a_voucher_is_worth_something_in_the_currency_of_the_order(show: Show) -> None:
    order = show.basket()
    for amount in (euros("0"), euros("-5"), euros("5") * 0):
        with pytest.raises(VoucherValue):
            set_voucher_line(order_id=order.pk, amount=amount, quantity=1, now=NOW)
    with pytest.raises(QuantityOutOfRange):
        set_voucher_line(order_id=order.pk, amount=euros("5"), quantity=51, now=NOW)
    assert order.lines.count() == 0


def test_a_cancelled_a_paid_and_an_awaiting_order_change_no_more(show: Show) -> None:
    cancelled, paid, awaiting = show.basket(), show.sell(1)[0].order, show.basket()
    abandon(order_id=cancelled.pk, now=NOW)
    Order.objects.filter(pk=awaiting.pk).update(state=OrderState.AWAITING)
    for order, refusal in (
        (cancelled, OrderLapsed),
        (paid, OrderNotOpen),
        (awaiting, OrderNotOpen),
    ):
        with pytest.raises(refusal):
            show.fill(order, 1)
        with pytest.raises(refusal):
            set_voucher_line(order_id=order.pk, amount=euros("5"), quantity=1, now=NOW)
        with pytest.raises(refusal):
            remove_line(order_id=order.pk, line_id=0, now=NOW)
        with pytest.raises(refusal):
            empty_basket(order_id=order.pk, now=NOW)
        with pytest.raises(refusal):
            extend(order_id=order.pk, now=NOW)
    assert show.taken() == 1


def test_a_purchaser_stays_while_a_provider_is_awaited(show: Show) -> None:
    order = show.basket(contact=show.venue.contact())
    Order.objects.filter(pk=order.pk).update(state=OrderState.AWAITING)
    with pytest.raises(PurchaserFixed):
        set_purchaser(order_id=order.pk, contact_id=None)


def test_a_cancelled_order_gets_no_purchaser_and_a_reservation_keeps_one(show: Show) -> None:
    order = show.basket(contact=show.venue.contact())
    show.fill(order, 1)
    reserve(order_id=order.pk, until=LATER, now=NOW)
    with pytest.raises(PurchaserMissing):
        set_purchaser(order_id=order.pk, contact_id=None)
    abandon(order_id=order.pk, now=NOW)
    with pytest.raises(OrderLapsed):
        set_purchaser(order_id=order.pk, contact_id=None)
    with pytest.raises(Contact.DoesNotExist):
        set_purchaser(order_id=order.pk, contact_id=0)
