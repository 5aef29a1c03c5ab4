"""A mistake is taken back by a counter-movement, once (spec C4, C10; FIS-02)."""

import pytest

from credit.choices import REVERSED_WITH_MONEY
from credit.errors import AccountNotOpen, AlreadyReversed, InsufficientCredit, NotReversible
from credit.models import Movement
from credit.selectors import sum_balances
from credit.services import OpeningBalance, open_balances
from tests.credit.test_movements import state
from tests.ledger import Ledger
from tests.verified import findings


@pytest.mark.parametrize("act", ["goodwill", "adjust", "expire", "waive"])
def test_what_staff_did_by_hand_is_taken_back(ledger: Ledger, act: str) -> None:
    account = ledger.account(credit="20.00")
    ledger.goodwill(account, "4.00")
    before = state(account)[:3]
    movement: Movement = getattr(ledger, act)(account, "3.00")
    (counter,) = ledger.reverse(movement)
    assert counter.reverses == movement
    assert counter.kind == movement.kind
    assert {counter.side, movement.side} == {"C", "D"}
    assert counter.amount == movement.amount
    assert counter.non_refundable == movement.non_refundable
    assert counter.reason == "typing"
    assert state(account)[:3] == before
    assert findings() == []


def test_an_opening_balance_is_taken_back(ledger: Ledger) -> None:
    account = ledger.venue.account()
    row = OpeningBalance(
        contact_id=account.contact_id,
        amount=ledger.venue.money("20.00"),
        non_refundable=ledger.venue.money("5.00"),
    )
    ledger.do(
        lambda op, desk: open_balances(
            op=op, desk=desk, mode=ledger.venue.modes["AVOIR"], rows=[row]
        )
    )
    assert state(account) == (2000, 0, 500, 2000, 1)
    ledger.reverse(Movement.objects.get())
    assert state(account) == (0, 0, 0, 2000, 2)
    assert findings() == []


def test_it_is_taken_back_once(ledger: Ledger) -> None:
    account = ledger.account(credit="20.00")
    movement = ledger.goodwill(account, "3.00")
    ledger.reverse(movement)
    with pytest.raises(AlreadyReversed):
        ledger.reverse(movement)
    assert state(account)[0] == 2000


def test_a_counter_movement_is_not_taken_back(ledger: Ledger) -> None:
    movement = ledger.goodwill(ledger.account(credit="20.00"), "3.00")
    (counter,) = ledger.reverse(movement)
    with pytest.raises(NotReversible):
        ledger.reverse(counter)


@pytest.mark.parametrize("act", ["deposit", "refund", "surplus", "pay", "pay_out"])
def test_what_moves_money_or_belongs_to_an_order_is_not_taken_back_here(
    ledger: Ledger, act: str
) -> None:
    account = ledger.account(credit="20.00")
    movement: Movement = getattr(ledger, act)(account, "3.00")
    before = state(account)
    with pytest.raises(NotReversible):
        ledger.reverse(movement)
    assert state(account) == before


@pytest.mark.parametrize("act", ["deposit", "pay_out"])
def test_who_also_moves_the_money_may_take_back_deposits_and_payouts(
    ledger: Ledger, act: str
) -> None:
    account = ledger.account(credit="20.00")
    movement: Movement = getattr(ledger, act)(account, "3.00")
    ledger.reverse(movement, kinds=REVERSED_WITH_MONEY)
    assert state(account)[0] == 2000
    assert findings() == []


def test_what_was_spent_meanwhile_cannot_be_taken_back_and_the_missing_sum_is_named(
    ledger: Ledger,
) -> None:
    account = ledger.venue.account()
    movement = ledger.goodwill(account, "10.00")
    ledger.pay(account, "4.00")
    with pytest.raises(InsufficientCredit) as refused:
        ledger.reverse(movement)
    assert refused.value.data["missing"] == ledger.venue.money("4.00")
    assert state(account)[0] == 600


def test_what_is_held_cannot_be_taken_back_either(ledger: Ledger) -> None:
    account = ledger.venue.account()
    movement = ledger.goodwill(account, "10.00")
    ledger.hold(account, "4.00")
    with pytest.raises(InsufficientCredit) as refused:
        ledger.reverse(movement)
    assert refused.value.data["missing"] == ledger.venue.money("4.00")


def test_a_transfer_moves_credit_and_its_non_refundable_part(ledger: Ledger) -> None:
    giver, taker = ledger.account(credit="20.00"), ledger.account(credit="1.00")
    ledger.goodwill(giver, "5.00")
    before = sum_balances(currency="EUR")
    taken, given = ledger.transfer(giver, taker, "12.00")
    assert (taken.side, given.side) == ("D", "C")
    assert (taken.non_refundable_minor, given.non_refundable_minor) == (500, 500)
    assert state(giver)[:3] == (1300, 0, 0)
    assert state(taker)[:3] == (1300, 0, 500)
    assert sum_balances(currency="EUR") == before
    assert findings() == []


def test_a_transfer_takes_no_more_than_is_available(ledger: Ledger) -> None:
    giver, taker = ledger.account(credit="20.00"), ledger.venue.account()
    ledger.hold(giver, "15.00")
    with pytest.raises(InsufficientCredit):
        ledger.transfer(giver, taker, "5.01")
    assert state(taker) == (0, 0, 0, 0, 0)


@pytest.mark.parametrize("end", [0, 1])
def test_a_transfer_is_taken_back_with_its_pair_whichever_end_is_named(
    ledger: Ledger, end: int
) -> None:
    giver, taker = ledger.account(credit="20.00"), ledger.account(credit="1.00")
    ledger.goodwill(giver, "5.00")
    before = state(giver)[:3], state(taker)[:3]
    pair = ledger.transfer(giver, taker, "12.00")
    counters = ledger.reverse(pair[end])
    assert {counter.reverses_id for counter in counters} == {pair[0].pk, pair[1].pk}
    assert (state(giver)[:3], state(taker)[:3]) == before
    with pytest.raises(AlreadyReversed):
        ledger.reverse(pair[1 - end])
    assert findings() == []


def test_taking_a_transfer_back_never_makes_money_of_what_may_only_be_spent(
    ledger: Ledger,
) -> None:
    """Ten refundable euros go over, are paid out there, and only goodwill is left to go back."""
    giver, taker = ledger.account(credit="10.00"), ledger.venue.account()
    ledger.goodwill(taker, "10.00")
    pair = ledger.transfer(giver, taker, "10.00")
    ledger.pay_out(taker, "10.00")
    ledger.reverse(pair[0])
    assert state(giver)[:3] == (1000, 0, 1000)
    assert state(taker)[:3] == (0, 0, 0)
    assert findings() == []


def test_a_transfer_to_an_account_that_is_closed_takes_nothing(ledger: Ledger) -> None:
    giver, taker = ledger.account(credit="10.00"), ledger.venue.account()
    type(taker).objects.filter(pk=taker.pk).update(state="merged")
    with pytest.raises(AccountNotOpen):
        ledger.transfer(giver, taker, "1.00")
    assert state(giver)[0] == 1000
