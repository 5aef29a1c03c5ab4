"""What each act does to an account, refusals included (spec C1, C2, C5, C6, C6b)."""

from decimal import Decimal
from typing import Any

import pytest
from moneyed import Money

from credit.choices import MovementKind, Side
from credit.errors import (
    AccountNotOpen,
    AmountNotPositive,
    InsufficientCredit,
    NonRefundable,
    WrongCurrency,
)
from credit.models import CreditAccount, Movement
from credit.services import pay
from institution_settings.errors import AmountError
from institution_settings.money import to_minor
from journal.selectors import entry_numbers
from tests.ledger import Ledger
from tests.venue import build_venue
from tests.verified import findings


def state(account: CreditAccount) -> tuple[int, int, int, int, int]:
    """Balance, held, non-refundable part, credits and position of an account."""
    account.refresh_from_db()
    return (
        account.balance_minor,
        account.held_minor,
        account.non_refundable_minor,
        account.credits_minor,
        account.position,
    )


@pytest.mark.parametrize(
    ("act", "kind", "side", "part"),
    [
        ("deposit", MovementKind.DEPOSIT, Side.CREDIT, 0),
        ("refund", MovementKind.REFUND, Side.CREDIT, 0),
        ("surplus", MovementKind.SURPLUS, Side.CREDIT, 0),
        ("goodwill", MovementKind.GOODWILL, Side.CREDIT, 500),
        ("pay", MovementKind.PAYMENT, Side.DEBIT, 0),
        ("pay_out", MovementKind.PAYOUT, Side.DEBIT, 0),
        ("adjust", MovementKind.ADJUSTMENT, Side.DEBIT, 0),
        ("expire", MovementKind.EXPIRY, Side.DEBIT, 0),
        ("waive", MovementKind.WAIVER, Side.DEBIT, 0),
    ],
)
def test_each_act_has_its_kind_and_side(
    ledger: Ledger, act: str, kind: MovementKind, side: Side, part: int
) -> None:
    account = ledger.venue.account(credit="20.00")
    movement: Movement = getattr(ledger, act)(account, "5.00")
    written = Movement.objects.get(pk=movement.pk)
    credited = side == Side.CREDIT
    assert (written.kind, written.side, written.amount_minor) == (kind, side, 500)
    assert written.non_refundable_minor == part
    assert written.balance_after_minor == (2500 if credited else 1500)
    assert written.credits_after_minor == (2500 if credited else 2000)
    assert written.position == 2
    assert state(account) == (
        written.balance_after_minor,
        0,
        part,
        written.credits_after_minor,
        2,
    )
    assert findings() == []


def test_a_movement_says_everything_about_itself(ledger: Ledger) -> None:
    account = ledger.venue.account()
    movement = ledger.deposit(account, "20.00", counterpart="CB", reference="R-2001")
    written = Movement.objects.get(pk=movement.pk)
    assert written.mode == ledger.venue.modes["AVOIR"]
    assert written.counterpart == ledger.venue.modes["CB"]
    assert written.session_id == ledger.desk.session_id
    assert written.operator == ledger.venue.operator
    assert written.operation.kind == "test"
    assert written.reference == "R-2001"
    assert written.currency == "EUR"
    assert written.business_date == ledger.desk.business_date
    assert written.at == movement.at
    assert written.reverses is None
    assert entry_numbers(subject_kind="movement", subject_ids=[written.pk]) == {
        written.pk: "G1-000002"
    }


def test_the_non_refundable_part_is_spent_first(ledger: Ledger) -> None:
    account = ledger.venue.account(credit="20.00")
    ledger.goodwill(account, "5.00")
    assert state(account) == (2500, 0, 500, 2500, 2)
    assert ledger.pay(account, "3.00").non_refundable_minor == 300
    assert state(account) == (2200, 0, 200, 2500, 3)
    assert ledger.pay(account, "12.00").non_refundable_minor == 200
    assert state(account) == (1000, 0, 0, 2500, 4)


def test_the_non_refundable_part_is_never_paid_out(ledger: Ledger) -> None:
    account = ledger.venue.account(credit="20.00")
    ledger.goodwill(account, "5.00")
    with pytest.raises(NonRefundable) as refused:
        ledger.pay_out(account, "20.01")
    assert refused.value.data == {
        "asked": ledger.venue.money("20.01"),
        "refundable": ledger.venue.money("20.00"),
    }
    assert ledger.pay_out(account, "20.00").non_refundable_minor == 0
    assert state(account) == (500, 0, 500, 2500, 3)
    with pytest.raises(NonRefundable):
        ledger.pay_out(account, "0.01")


def test_what_is_held_is_not_paid_out_either(ledger: Ledger) -> None:
    account = ledger.venue.account(credit="20.00")
    ledger.goodwill(account, "5.00")
    ledger.hold(account, "8.00")
    with pytest.raises(NonRefundable) as refused:
        ledger.pay_out(account, "12.01")
    assert refused.value.data["refundable"] == ledger.venue.money("12.00")
    ledger.pay_out(account, "12.00")
    assert state(account) == (1300, 800, 500, 2500, 3)


def test_what_was_paid_so_comes_back_so(ledger: Ledger) -> None:
    account = ledger.venue.account(credit="10.00")
    ledger.goodwill(account, "5.00")
    paid = ledger.pay(account, "8.00")
    assert paid.non_refundable_minor == 500
    ledger.refund(account, "8.00", non_refundable_minor=paid.non_refundable_minor)
    assert state(account) == (1500, 0, 500, 2300, 4)


def test_the_surplus_of_a_free_voucher_may_only_be_spent(ledger: Ledger) -> None:
    account = ledger.venue.account()
    ledger.surplus(account, "7.00", non_refundable=True)
    assert state(account) == (700, 0, 700, 700, 1)
    with pytest.raises(NonRefundable):
        ledger.pay_out(account, "1.00")
    ledger.pay(account, "7.00")
    assert state(account) == (0, 0, 0, 700, 2)


@pytest.mark.parametrize("act", ["pay", "pay_out", "adjust", "expire", "waive"])
def test_no_act_takes_more_than_there_is(ledger: Ledger, act: str) -> None:
    account = ledger.venue.account(credit="5.00")
    before = state(account)
    with pytest.raises(InsufficientCredit) as refused:
        getattr(ledger, act)(account, "5.01")
    assert refused.value.data == {
        "asked": ledger.venue.money("5.01"),
        "available": ledger.venue.money("5.00"),
        "held": ledger.venue.money("0.00"),
        "missing": ledger.venue.money("0.01"),
    }
    assert state(account) == before
    assert getattr(ledger, act)(account, "5.00").balance_after == ledger.venue.money("0.00")


CREDITING = ["deposit", "refund", "surplus", "goodwill"]
DEBITING = ["pay", "pay_out", "adjust", "expire", "waive"]
ACTS = [*CREDITING, *DEBITING, "hold"]


@pytest.mark.parametrize("amount", ["0", "-1.00"])
def test_only_something_can_be_moved(ledger: Ledger, amount: str) -> None:
    account = ledger.venue.account(credit="5.00")
    for act in ACTS:
        with pytest.raises(AmountNotPositive):
            getattr(ledger, act)(account, amount)
    assert state(account) == (500, 0, 0, 500, 1)


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1.005", "1e30"])
def test_b65_what_is_no_amount_of_this_currency_is_refused(ledger: Ledger, amount: str) -> None:
    account = ledger.venue.account(credit="5.00")
    for act in ACTS:
        with pytest.raises(AmountError):
            getattr(ledger, act)(account, amount)
    assert state(account) == (500, 0, 0, 500, 1)


def test_b45_another_currency_cannot_pay(ledger: Ledger) -> None:
    account = ledger.venue.account(credit="50.00")

    def write(op: Any, desk: Any) -> Movement:
        return pay(
            op=op,
            desk=desk,
            account_id=account.pk,
            amount=Money(Decimal("5.00"), "CHF"),
            mode=ledger.venue.modes["AVOIR"],
            reference="CMD-1",
        )

    with pytest.raises(WrongCurrency) as refused:
        ledger.do(write)
    assert refused.value.data == {"currency": "EUR"}
    assert state(account) == (5000, 0, 0, 5000, 1)


@pytest.mark.parametrize("closed", ["merged", "erased"])
def test_an_account_that_is_not_open_moves_no_more(ledger: Ledger, closed: str) -> None:
    account = ledger.venue.account(credit="5.00")
    CreditAccount.objects.filter(pk=account.pk).update(state=closed)
    for act in ACTS:
        with pytest.raises(AccountNotOpen):
            getattr(ledger, act)(account, "1.00")


def test_an_account_that_does_not_exist_is_refused_the_same_way(ledger: Ledger) -> None:
    account = CreditAccount(pk=0, currency="EUR")
    for act in ACTS:
        with pytest.raises(AccountNotOpen):
            getattr(ledger, act)(account, "1.00")


@pytest.mark.parametrize(
    ("currency", "put", "spent", "left"),
    [
        ("JPY", "9899", "5800", 4099),
        ("KWD", "1.125", "0.125", 1000),
        ("CHF", "20.05", "0.05", 2000),
    ],
)
def test_b58_b60_every_currency_moves_in_its_own_decimals(
    db: None, currency: str, put: str, spent: str, left: int
) -> None:
    ledger = Ledger(build_venue(currency=currency))
    account = ledger.venue.account(credit=put)
    assert ledger.pay(account, spent).balance_after_minor == left
    ledger.refund(account, spent)
    assert state(account)[0] == to_minor(ledger.venue.money(put))
    assert findings() == []


def test_two_movements_of_one_instant_keep_their_order(ledger: Ledger) -> None:
    account = ledger.venue.account()
    first, second = ledger.deposit(account, "1.00"), ledger.deposit(account, "2.00")
    ledger.at = second.at
    third = ledger.deposit(account, "3.00")
    assert [first.position, second.position, third.position] == [1, 2, 3]
    assert third.at == second.at
    assert findings() == []
