"""The entries of fiscal.md §3.3 as payments record them: what each account's counterpart gains.

Amounts of the examples: a seat at 21,10 (20,00 and 1,10 of VAT at 5,5 %).
"""

from collections import Counter as Tally

import pytest

from contacts.models import Contact
from credit.models import Movement
from institution_settings.choices import ModeKind
from payments.choices import Direction, RefundChoice
from payments.models import Payment
from tests.counter import Counter
from tests.payments.books import told
from tests.verified import findings


def liability() -> int:
    """What account 4197 owes: the credits less the debits of all movements."""
    signed = Movement.objects.values_list("side", "amount_minor")
    return sum(amount if side == "C" else -amount for side, amount in signed)


def drawers() -> dict[str, int]:
    """What each mode of money gained: accounts 530, 5115, 512…"""
    gained: Tally[str] = Tally()
    for payment in Payment.objects.select_related("mode").exclude(mode__kind=ModeKind.CREDIT):
        sign = 1 if payment.direction == Direction.IN else -1
        gained[payment.mode.code] += sign * payment.tendered_minor
        gained["ESPECES"] -= sign * payment.change_minor
    return {mode: amount for mode, amount in gained.items() if amount}


@pytest.mark.parametrize("mode", ["ESPECES", "CB", "VIREMENT", "CHEQUE"])
def test_e1_a_deposit(counter: Counter, zoe: Contact, mode: str) -> None:
    counter.deposit(zoe, "50.00", mode=mode)
    assert (drawers(), liability()) == ({mode: 5000}, 5000)
    assert findings() == []


def test_e2_a_sale_paid_by_card(counter: Counter, zoe: Contact) -> None:
    paid = counter.sell(["21.10"], ("CB", "21.10"), contact=zoe)
    (ticket,) = paid.tickets
    assert (drawers(), liability()) == ({"CB": 2110}, 0)
    assert (ticket.price_minor, ticket.net_minor, ticket.vat_minor) == (2110, 2000, 110)


def test_e3_a_refund_of_that_order_to_credit(counter: Counter, zoe: Contact) -> None:
    paid = counter.sell(["21.10"], ("CB", "21.10"), contact=zoe)
    counter.refund(paid)
    assert (drawers(), liability()) == ({"CB": 2110}, 2110)
    (movement,) = Movement.objects.all()
    assert (movement.kind, movement.counterpart) == ("REMBOURSEMENT", None)
    assert movement.reference == paid.order.number


def test_e4_a_voucher_sold_by_card_is_no_credit(counter: Counter) -> None:
    voucher = counter.sell_voucher("30.00", mode="CB")
    assert (drawers(), liability()) == ({"CB": 3000}, 0)
    assert voucher.balance == counter.venue.money("30.00")


def test_e5_a_voucher_pays_and_its_surplus_goes_to_credit(counter: Counter, zoe: Contact) -> None:
    voucher = counter.sell_voucher("30.00", mode="CB")
    order = counter.basket(["21.10"], contact=zoe)
    paid = counter.pay(order, ("BON", "30.00", voucher.code))
    (payment,) = paid.payments
    assert (payment.tendered_minor, payment.amount_minor, payment.surplus_minor) == (
        3000,
        2110,
        890,
    )
    assert liability() == 890
    (movement,) = Movement.objects.all()
    assert (movement.kind, movement.counterpart) == ("SURPLUS_BON", counter.modes["BON"])
    voucher.refresh_from_db()
    assert voucher.balance == counter.venue.money("0.00")
    assert findings() == []


def test_e6_a_payment_by_credit(counter: Counter, zoe: Contact) -> None:
    counter.deposit(zoe, "50.00")
    counter.sell(["21.10"], ("AVOIR", "21.10"), contact=zoe)
    assert (drawers(), liability()) == ({"ESPECES": 5000}, 2890)


def test_e6_mixed_with_a_card(counter: Counter, zoe: Contact) -> None:
    counter.deposit(zoe, "8.90")
    paid = counter.sell(["21.10"], ("AVOIR", "8.90"), ("CB", "12.20"), contact=zoe)
    assert told(paid.payments) == [("in", "AVOIR", 890), ("in", "CB", 1220)]
    assert (drawers(), liability()) == ({"ESPECES": 890, "CB": 1220}, 0)
    assert findings() == []


def test_e7_an_order_paid_by_credit_goes_back_to_credit(counter: Counter, zoe: Contact) -> None:
    counter.deposit(zoe, "21.10")
    paid = counter.sell(["21.10"], ("AVOIR", "21.10"), contact=zoe)
    assert liability() == 0
    counter.refund(paid, to=RefundChoice.ORIGIN)
    assert (drawers(), liability()) == ({"ESPECES": 2110}, 2110)
    assert findings() == []


@pytest.mark.parametrize("mode", ["ESPECES", "VIREMENT"])
def test_e8_a_payout(counter: Counter, zoe: Contact, mode: str) -> None:
    counter.deposit(zoe, "50.00", mode="CHEQUE")
    counter.payout(zoe, "10.00", mode=mode)
    assert (drawers(), liability()) == ({"CHEQUE": 5000, mode: -1000}, 4000)
    (out,) = Movement.objects.filter(side="D")
    assert (out.kind, out.counterpart) == ("RESTITUTION", counter.modes[mode])


def test_e10_goodwill_moves_no_money(counter: Counter, zoe: Contact) -> None:
    counter.goodwill(zoe, "5.00")
    assert (drawers(), liability()) == ({}, 500)


def test_e12_a_counter_entry_mirrors_everything(counter: Counter, zoe: Contact) -> None:
    counter.deposit(zoe, "50.00", mode="CHEQUE")
    counter.correct(counter.payout(zoe, "10.00"))
    assert (drawers(), liability()) == ({"CHEQUE": 5000}, 5000)
    assert findings() == []
