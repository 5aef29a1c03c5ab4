"""Échange: tickets taken back and others sold in one settlement (spec G4)."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from payments.choices import Direction, RefundChoice
from payments.errors import (
    ApprovalNeeded,
    DifferenceNeedsChoice,
    ExchangePending,
    ExchangePurchaser,
    NotSettled,
)
from payments.models import Payment, Refund
from payments.selectors.takings import list_takings
from sales.choices import OrderState, TicketState
from sales.errors import ExchangeElsewhere
from sales.models import Order, Ticket
from sales.services import plan_exchange, set_purchaser
from tests.counter import Counter
from tests.verified import findings


def incoming(order: Order) -> list[tuple[str, str]]:
    """What paid an order: mode and amount."""
    rows = Payment.objects.filter(order=order, direction=Direction.IN).order_by("pk")
    return [(row.mode.code, f"{row.amount.amount:.2f}") for row in rows.select_related("mode")]


def drawer(counter: Counter) -> dict[str, tuple[int, int]]:
    """What each mode of the session took and gave."""
    takings = list_takings(session_id=counter.desk.session_id)
    return {row.mode.code: (row.in_minor, row.out_minor) for row in takings}


def test_a_dearer_seat_is_paid_by_the_old_one_and_the_difference(counter: Counter) -> None:
    zoe = counter.venue.contact("Lefèvre")
    old = counter.sell(["40.00", "40.00"], ("CB", "80.00"), contact=zoe)
    done = counter.exchange(old, old.tickets[:1], ["55.00"], ("ESPECES", "15.00"))
    assert incoming(done.checkout.order) == [("CB", "40.00"), ("ESPECES", "15.00")]
    assert (done.refund.refund.choice, done.refund.refund.exchanged_for) == (
        RefundChoice.EXCHANGE,
        done.checkout.order,
    )
    assert done.refund.payments == []  # nothing was handed over
    assert [t.state for t in Ticket.objects.filter(order=old.order).order_by("pk")] == [
        TicketState.CANCELLED,
        TicketState.VALID,
    ]
    assert drawer(counter)["CB"] == (12000, 4000)
    assert findings() == []


def test_a_cheaper_seat_gives_the_difference_to_the_credit_account(counter: Counter) -> None:
    zoe = counter.venue.contact("Lefèvre")
    old = counter.sell(["40.00"], ("ESPECES", "40.00"), contact=zoe)
    with pytest.raises(DifferenceNeedsChoice, match="15,00"):
        counter.exchange(old, old.tickets, ["25.00"])
    assert not Refund.objects.exists()
    done = counter.exchange(old, old.tickets, ["25.00"], difference=RefundChoice.CREDIT)
    assert incoming(done.checkout.order) == [("ESPECES", "25.00")]
    assert [(row.mode.code, row.amount_minor) for row in done.refund.payments] == [("AVOIR", 1500)]
    assert counter.available(zoe) == "15.00"
    assert findings() == []


def test_without_a_contact_the_difference_goes_back_as_it_came(counter: Counter) -> None:
    old = counter.sell(["40.00"], ("ESPECES", "40.00"))
    done = counter.exchange(old, old.tickets, ["25.00"], difference=RefundChoice.ORIGIN)
    assert done.refund.cash == counter.venue.money("15.00")
    assert findings() == []


def test_credit_voucher_and_paper_are_carried_over_as_what_they_are(counter: Counter) -> None:
    zoe = counter.venue.contact("Lefèvre")
    counter.goodwill(zoe, "5.00")
    counter.deposit(zoe, "10.00")
    voucher = counter.sell_voucher("8.00")
    old = counter.sell(
        ["40.00"],
        ("CHQVAC", "10.00"),
        ("BON", "8.00", voucher.code),
        ("AVOIR", "15.00"),
        ("CB", "7.00"),
        contact=zoe,
    )
    done = counter.exchange(old, old.tickets, ["40.00"])
    assert sorted(incoming(done.checkout.order)) == sorted(incoming(old.order))
    assert counter.available(zoe) == "0.00"
    voucher.refresh_from_db()
    assert voucher.balance_minor == 0
    # Given back later as if it had been paid for this order: nothing became money on the way.
    counter.refund(done.checkout, to=RefundChoice.CREDIT)
    assert counter.standing(zoe).non_refundable == counter.venue.money("15.00")
    assert findings() == []


def test_exchanged_twice_the_money_still_goes_back_to_the_card(counter: Counter) -> None:
    old = counter.sell(["40.00"], ("CB", "40.00"))
    second = counter.exchange(old, old.tickets, ["40.00"]).checkout
    third = counter.exchange(second, second.tickets, ["55.00"], ("ESPECES", "15.00")).checkout
    given = counter.refund(third, to=RefundChoice.ORIGIN)
    assert [(row.mode.code, row.amount_minor) for row in given.payments] == [
        ("CB", 4000),
        ("ESPECES", 1500),
    ]
    assert findings() == []


def test_goodwill_does_not_become_money_by_an_exchange(counter: Counter) -> None:
    zoe = counter.venue.contact("Lefèvre")
    counter.deposit(zoe, "40.00")
    old = counter.sell(["40.00"], ("AVOIR", "40.00"), contact=zoe)
    counter.goodwill(zoe, "30.00")
    done = counter.exchange(old, old.tickets, ["40.00"])
    standing = counter.standing(zoe)
    money = counter.venue.money
    assert (standing.balance, standing.refundable) == (money("30.00"), money("0.00"))
    counter.refund(done.checkout, to=RefundChoice.ORIGIN)
    assert counter.standing(zoe).refundable == money("40.00")
    assert findings() == []


def test_an_exchange_is_done_once_and_all_or_nothing(counter: Counter) -> None:
    old = counter.sell(["40.00"], ("CB", "40.00"))
    basket = counter.basket(["55.00"])
    plan_exchange(order_id=basket.pk, ticket_ids=[old.tickets[0].pk])
    with pytest.raises(NotSettled, match="15,00"):
        counter.confirm_exchange(basket)
    assert Ticket.objects.get(order=old.order).state == TicketState.VALID
    key = uuid.uuid4()
    first = counter.confirm_exchange(basket, ("CB", "15.00"), key=key)
    again = counter.confirm_exchange(basket, ("CB", "15.00"), key=key)
    assert again.checkout.order == first.checkout.order
    assert Refund.objects.count() == 1


def test_what_was_taken_back_meanwhile_is_not_exchanged(counter: Counter) -> None:
    old = counter.sell(["40.00"], ("CB", "40.00"))
    basket = counter.basket(["40.00"])
    plan_exchange(order_id=basket.pk, ticket_ids=[old.tickets[0].pk])
    counter.refund(old, to=RefundChoice.ORIGIN)
    with pytest.raises(ExchangeElsewhere):
        counter.confirm_exchange(basket)
    assert Order.objects.get(pk=basket.pk).state == OrderState.BASKET
    counter.pay(basket, ("CB", "40.00"))  # it is a sale like any other then


def test_an_exchange_is_not_sold_as_if_it_were_none(counter: Counter) -> None:
    old = counter.sell(["40.00"], ("CB", "40.00"))
    basket = counter.basket(["40.00"])
    plan_exchange(order_id=basket.pk, ticket_ids=[old.tickets[0].pk])
    with pytest.raises(ExchangePending):
        counter.pay(basket, ("CB", "40.00"))


def test_what_an_order_is_worth_stays_with_its_purchaser(counter: Counter) -> None:
    zoe, karim = counter.venue.contact("Lefèvre"), counter.venue.contact("Haddad")
    old = counter.sell(["40.00"], ("CB", "40.00"), contact=zoe)
    basket = counter.basket(["40.00"], contact=karim)
    plan_exchange(order_id=basket.pk, ticket_ids=[old.tickets[0].pk])
    with pytest.raises(ExchangePurchaser, match="Lefèvre"):
        counter.confirm_exchange(basket)
    set_purchaser(order_id=basket.pk, contact_id=zoe.pk)
    counter.confirm_exchange(basket)


def test_only_tickets_of_one_paid_order_are_planned(counter: Counter) -> None:
    one = counter.sell(["40.00"], ("CB", "40.00"))
    other = counter.sell(["40.00"], ("CB", "40.00"))
    basket = counter.basket(["40.00"])
    for wrong in ([], [one.tickets[0].pk, other.tickets[0].pk], [10**9]):
        with pytest.raises(ExchangeElsewhere):
            plan_exchange(order_id=basket.pk, ticket_ids=wrong)


def test_a_ticket_whose_show_began_is_exchanged_by_a_supervisor(counter: Counter) -> None:
    begun = counter.price("40.00", starts_at=timezone.now() - timedelta(minutes=5))
    old = counter.sell([begun], ("CB", "40.00"))
    with pytest.raises(ApprovalNeeded):
        counter.exchange(old, old.tickets, ["40.00"])
    counter.exchange(old, old.tickets, ["40.00"], approved_by=counter.venue.supervisor)
