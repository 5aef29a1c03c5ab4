"""Deposits and payouts taken back, movement and money together (C4)."""

import uuid

import pytest

from contacts.models import Contact
from credit.errors import NonRefundable, SpentSince
from payments.errors import (
    AlreadyCorrected,
    ApprovalNeeded,
    ReasonNeeded,
)
from payments.models import Payment
from tests.counter import Counter
from tests.ledger import Ledger
from tests.payments.books import books, refused
from tests.verified import findings


class TestCorrections:
    def test_a_deposit_and_its_money_go_back_together(self, counter: Counter, zoe: Contact) -> None:
        wrong = counter.deposit(zoe, "20.00", mode="CB")
        back = counter.correct(wrong)
        assert (back.direction, back.purpose, back.amount_minor) == ("out", "deposit", 2000)
        assert (back.mode, back.reverses) == (wrong.mode, wrong)
        assert back.movement is not None
        assert back.movement.reverses_id == wrong.movement_id
        assert back.movement.reason == "typing"
        assert counter.available(zoe) == "0.00"
        assert findings() == []

    def test_a_payout_comes_back(self, francs: Counter) -> None:
        zoe = francs.venue.contact()
        francs.deposit(zoe, "10.02", mode="VIREMENT")
        out = francs.payout(zoe, "10.02")
        back = francs.correct(out)
        assert (back.direction, back.tendered_minor, back.rounding_minor) == ("in", 1000, -2)
        assert francs.available(zoe) == "10.02"
        assert findings() == []

    def test_once_and_a_repeat_returns_the_first(self, counter: Counter, zoe: Contact) -> None:
        wrong = counter.deposit(zoe, "20.00")
        key = uuid.uuid4()
        first = counter.correct(wrong, key=key)
        before = books()
        assert counter.correct(wrong, key=key) == first
        assert books() == before
        with refused(AlreadyCorrected):
            counter.correct(wrong)
        with refused(AlreadyCorrected):
            counter.correct(first)

    def test_spent_credit_is_missed_by_its_sum(self, counter: Counter, zoe: Contact) -> None:
        wrong = counter.deposit(zoe, "20.00")
        counter.sell(["12.50"], ("AVOIR", "12.50"), contact=zoe)
        with refused(SpentSince) as caught:
            counter.correct(wrong)
        data, money = caught.value.data, counter.venue.money
        assert (data["asked"], data["available"], data["missing"]) == (
            money("20.00"),
            money("7.50"),
            money("12.50"),
        )

    def test_held_credit_is_missed_too(self, counter: Counter, zoe: Contact) -> None:
        wrong = counter.deposit(zoe, "20.00")
        Ledger(counter.venue).hold(counter.venue.account(zoe), "5.00")
        with refused(SpentSince) as caught:
            counter.correct(wrong)
        assert caught.value.data["missing"] == counter.venue.money("5.00")

    def test_goodwill_is_not_handed_out_for_a_deposit_that_was_spent(
        self, counter: Counter, zoe: Contact
    ) -> None:
        wrong = counter.deposit(zoe, "20.00")
        counter.sell(["20.00"], ("AVOIR", "20.00"), contact=zoe)
        counter.goodwill(zoe, "20.00")
        with refused(NonRefundable) as caught:
            counter.correct(wrong)
        assert caught.value.data["missing"] == counter.venue.money("20.00")

    @pytest.mark.parametrize("reason", ["", "because", "x" * 40])
    def test_a_reason_is_needed_and_known(
        self, counter: Counter, zoe: Contact, reason: str
    ) -> None:
        wrong = counter.deposit(zoe, "20.00")
        with refused(ReasonNeeded):
            counter.correct(wrong, reason=reason)

    def test_another_session_takes_back_with_a_supervisor(
        self, counter: Counter, zoe: Contact
    ) -> None:
        venue = counter.venue
        wrong = counter.deposit(zoe, "20.00")
        other = venue.open("G2", float_="50.00")
        for nobody in (None, venue.operator):
            with refused(ApprovalNeeded) as caught:
                counter.correct(wrong, desk=other, approved_by=nobody)
            assert caught.value.data["reason"] == "correction"
        back = counter.correct(wrong, desk=other, approved_by=venue.supervisor)
        assert (back.session_id, back.approved_by) == (other.session_id, venue.supervisor)
        assert findings() == []

    def test_ones_own_session_of_this_morning_is_another_one(
        self, counter: Counter, zoe: Contact
    ) -> None:
        venue = counter.venue
        wrong = counter.deposit(zoe, "20.00")
        Ledger(venue).close()
        evening = venue.open("G1")
        with refused(ApprovalNeeded):
            counter.correct(wrong, desk=evening)

    def test_the_payment_of_an_order_is_not_corrected_here(self, counter: Counter) -> None:
        paid = counter.sell(["20.00"], ("CB", "20.00"))
        with refused(Payment.DoesNotExist):
            counter.correct(paid.payments[0])
