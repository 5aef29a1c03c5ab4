"""Money put on the credit (G5, MON-03)."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from moneyed import Money

from contacts.models import Contact
from credit.errors import AccountNotOpen
from credit.models import CreditAccount
from institution_settings.errors import AmountError
from journal.errors import KeyReused
from payments.errors import (
    CashLimit,
    CashStep,
    TenderNotPositive,
)
from payments.services import MoneyRequest, make_deposit
from tests.counter import Counter
from tests.payments.books import books, refused
from tests.venue import Venue
from tests.verified import findings

PARIS = ZoneInfo("Europe/Paris")


class TestDeposit:
    def test_money_and_movement_are_one_receipt(self, counter: Counter, zoe: Contact) -> None:
        payment = counter.deposit(zoe, "50.00", mode="CB")
        assert (payment.direction, payment.purpose) == ("in", "deposit")
        assert payment.movement is not None
        assert payment.movement.operation_id == payment.operation_id
        assert payment.movement.counterpart == counter.modes["CB"]
        assert payment.movement.mode == counter.modes["AVOIR"]
        assert counter.available(zoe) == "50.00"
        assert findings() == []

    @pytest.mark.parametrize("amount", ["0.00", "-5.00"])
    def test_nothing_is_no_deposit(self, counter: Counter, zoe: Contact, amount: str) -> None:
        counter.desk  # noqa: B018 (opened before the books are looked at)
        with refused(TenderNotPositive):
            counter.deposit(zoe, amount)

    def test_another_currency_is_refused(self, counter: Counter, zoe: Contact) -> None:
        request = MoneyRequest(
            contact_id=zoe.pk, mode_id=counter.modes["CB"].pk, amount=Money(50, "CHF")
        )
        desk = counter.desk
        with refused(AmountError):
            make_deposit(claim=counter.venue.claim(), desk=desk, request=request)

    def test_a_repeat_returns_the_first(self, counter: Counter, zoe: Contact) -> None:
        key = uuid.uuid4()
        first = counter.deposit(zoe, "50.00", key=key)
        before = books()
        assert counter.deposit(zoe, "50.00", key=key) == first
        assert books() == before
        with refused(KeyReused):
            counter.deposit(zoe, "50.01", key=key)
        with refused(KeyReused):
            counter.deposit(zoe, "50.00", mode="CB", key=key)
        with refused(KeyReused):
            counter.payout(zoe, "50.00", key=key)

    def test_cash_is_limited_over_the_contacts_day(self, counter: Counter, zoe: Contact) -> None:
        counter.deposit(zoe, "600.00")
        with refused(CashLimit) as caught:
            counter.deposit(zoe, "400.01")
        assert caught.value.data["limit"] == counter.venue.money("1000.00")
        counter.deposit(zoe, "400.00")
        counter.deposit(zoe, "5000.00", mode="CB")
        counter.deposit(counter.venue.contact(last_name="Martin"), "1000.00")
        with refused(CashLimit):
            counter.deposit(zoe, "0.01")
        assert findings() == []

    def test_cash_taken_back_does_not_count(self, counter: Counter, zoe: Contact) -> None:
        wrong = counter.deposit(zoe, "1000.00")
        counter.correct(wrong)
        counter.deposit(zoe, "1000.00")

    def test_the_limit_begins_anew_with_the_business_day(self, venue: Venue, zoe: Contact) -> None:
        evening = datetime(2026, 10, 5, 23, 0, tzinfo=PARIS)
        desk = venue.open("G1", at=evening)
        counter = Counter(venue, desk=desk)
        counter.deposit(zoe, "1000.00", at=evening)
        late = evening + timedelta(hours=4)  # three o'clock: still the same business day
        with refused(CashLimit):
            counter.deposit(zoe, "1.00", at=late)
        next_day = evening + timedelta(hours=8)
        counter.deposit(zoe, "1.00", desk=venue.open("G2", at=next_day), at=next_day)

    def test_cash_is_handed_over_in_coins(self, francs: Counter) -> None:
        zoe = francs.venue.contact()
        francs.deposit(zoe, "10.02", mode="CB")
        with refused(CashStep):
            francs.deposit(zoe, "10.02")

    def test_a_contact_merged_away_gets_no_new_account(
        self, counter: Counter, zoe: Contact
    ) -> None:
        kept, desk = counter.venue.contact(last_name="Martin"), counter.desk
        Contact.objects.filter(pk=zoe.pk).update(merged_into=kept)
        with refused(AccountNotOpen):
            counter.deposit(zoe, "5.00", desk=desk)
        assert not CreditAccount.objects.exists()
