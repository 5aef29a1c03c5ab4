"""Money owed after a refund: listed with its day, paid once at any till (CNS-02)."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connections

from journal.errors import KeyReused
from payments.choices import Purpose, RefundChoice
from payments.errors import AlreadyPaidOut, CashLimit, ContactNeeded, ModeNotAuthorised
from payments.models import Payment, SumOwed
from payments.selectors.sums_owed import list_sums_owed
from payments.selectors.takings import list_takings
from tests.counter import Counter
from tests.venue import Venue
from tests.verified import findings


def test_a_card_sale_is_owed_and_paid_by_transfer(counter: Counter) -> None:
    zoe = counter.venue.contact("Lefèvre")
    paid = counter.sell(["20.00"], ("CB", "20.00"), contact=zoe)
    given = counter.refund(paid, to=RefundChoice.OWED)
    assert given.owed == counter.venue.money("20.00")
    owed = SumOwed.objects.get()
    assert owed.amount == counter.venue.money("20.00")
    assert owed.due_on == counter.desk.venue_date(owed.at) + timedelta(days=14)
    assert [row.owed for row in list_sums_owed(today=owed.due_on)] == [owed]
    payment = counter.pay_owed(owed, "VIREMENT")
    assert (payment.purpose, payment.amount, payment.contact) == (Purpose.OWED, owed.amount, zoe)
    assert list_sums_owed(today=owed.due_on) == []
    assert findings() == []


def test_day_ten_is_the_alarm_and_day_fifteen_is_late(counter: Counter) -> None:
    counter.refund(counter.sell(["20.00"], ("CB", "20.00")), to=RefundChoice.OWED)
    made = counter.desk.venue_date(SumOwed.objects.get().at)
    told = {}
    for day in (0, 9, 10, 14, 15):
        (row,) = list_sums_owed(today=made + timedelta(days=day))
        told[day] = (row.days_left, row.is_urgent, row.is_late)
    assert told == {
        0: (14, False, False),
        9: (5, False, False),
        10: (4, True, False),
        14: (0, True, False),
        15: (-1, True, True),
    }


def test_credit_and_voucher_go_back_by_themselves_and_only_money_is_owed(counter: Counter) -> None:
    zoe = counter.venue.contact("Lefèvre")
    counter.deposit(zoe, "5.00")
    voucher = counter.sell_voucher("8.00")
    paid = counter.sell(
        ["20.00"], ("BON", "8.00", voucher.code), ("AVOIR", "5.00"), ("CB", "7.00"), contact=zoe
    )
    given = counter.refund(paid, to=RefundChoice.OWED)
    assert given.owed == SumOwed.objects.get().amount == counter.venue.money("7.00")
    voucher.refresh_from_db()
    assert voucher.balance == counter.venue.money("8.00")
    assert counter.available(zoe) == "5.00"
    assert findings() == []


def test_what_may_never_be_paid_out_becomes_credit_not_money(counter: Counter) -> None:
    paid = counter.sell(["20.00"], ("CHQVAC", "20.00"))
    with pytest.raises(ContactNeeded):
        counter.refund(paid, to=RefundChoice.OWED)
    zoe = counter.venue.contact("Lefèvre")
    paid = counter.sell(["20.00"], ("CHQVAC", "20.00"), contact=zoe)
    counter.refund(paid, to=RefundChoice.OWED)
    assert not SumOwed.objects.exists()
    assert counter.standing(zoe).non_refundable == counter.venue.money("20.00")


def test_a_sum_is_paid_once_whatever_is_pressed(counter: Counter) -> None:
    counter.refund(counter.sell(["20.00"], ("CB", "20.00")), to=RefundChoice.OWED)
    owed, key = SumOwed.objects.get(), uuid.uuid4()
    first = counter.pay_owed(owed, key=key)
    assert counter.pay_owed(owed, key=key) == first
    with pytest.raises(KeyReused):
        counter.pay_owed(owed, "CB", key=key)
    with pytest.raises(AlreadyPaidOut):
        counter.pay_owed(owed)
    assert Payment.objects.filter(purpose=Purpose.OWED).count() == 1


@pytest.mark.parametrize("mode", ["AVOIR", "BON", "CHQVAC", "DU"])
def test_only_money_pays_what_is_owed(counter: Counter, mode: str) -> None:
    counter.refund(counter.sell(["20.00"], ("CB", "20.00")), to=RefundChoice.OWED)
    owed = SumOwed.objects.get()
    counter.modes["DU"] = Payment.objects.get(refunds__isnull=False).mode
    with pytest.raises(ModeNotAuthorised):
        counter.pay_owed(owed, mode)


def test_the_laws_limit_of_cash_counts_what_the_order_gave_back_before(counter: Counter) -> None:
    zoe = counter.venue.contact("Lefèvre")
    paid = counter.sell(["600.00", "600.00"], ("CB", "1200.00"), contact=zoe)
    for ticket in paid.tickets:
        counter.refund(paid, [ticket], to=RefundChoice.OWED)
    one, other = SumOwed.objects.order_by("pk")
    counter.pay_owed(one)
    with pytest.raises(CashLimit):
        counter.pay_owed(other)
    counter.pay_owed(other, "VIREMENT")


def test_the_drawer_gives_the_money_when_it_is_paid_not_before(counter: Counter) -> None:
    paid = counter.sell(["20.00"], ("ESPECES", "20.00"))
    before = _drawer(counter)
    counter.refund(paid, to=RefundChoice.OWED)
    assert _drawer(counter) == before
    counter.pay_owed(SumOwed.objects.get())
    assert _drawer(counter) == before - 2000


def _drawer(counter: Counter) -> int:
    takings = list_takings(session_id=counter.desk.session_id)
    return next(row.expected_minor for row in takings if row.mode.code == "ESPECES")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_tills_pay_the_same_sum_once(committed_venue: Venue) -> None:
    counter = Counter(committed_venue)
    counter.refund(counter.sell(["20.00"], ("CB", "20.00")), to=RefundChoice.OWED)
    owed, told = SumOwed.objects.get(), []
    ready = threading.Barrier(2)

    def pay(till: str) -> None:
        try:
            ready.wait(10)
            counter.pay_owed(owed, desk=committed_venue.desk(till))
            told.append("paid")
        except AlreadyPaidOut:
            told.append("refused")
        finally:
            connections.close_all()

    hands = [threading.Thread(target=pay, args=(till,)) for till in ("G1", "G2")]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(told) == ["paid", "refused"]
    assert findings() == []
