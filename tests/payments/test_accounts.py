"""Money put on the credit and paid back from it, and both taken back (spec G5, C4, MON-03)."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from moneyed import Money

from contacts.models import Contact
from credit.errors import AccountNotOpen, InsufficientCredit, NonRefundable
from credit.models import CreditAccount
from institution_settings.errors import AmountError
from institution_settings.models import Institution
from journal.errors import KeyReused
from payments.errors import (
    AlreadyCorrected,
    ApprovalNeeded,
    CashLimit,
    CashStep,
    ReasonNeeded,
    TenderNotPositive,
)
from payments.models import Approval, Payment
from payments.services import MoneyRequest, close_till, make_deposit
from tests.counter import Counter
from tests.ledger import Ledger
from tests.payments.books import books, refused
from tests.venue import Venue, build_venue
from tests.verified import findings

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def zoe(venue: Venue) -> Contact:
    return venue.contact()


@pytest.fixture
def francs(db: None) -> Counter:
    return Counter(build_venue(currency="CHF"))


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


class TestPayout:
    def test_money_goes_and_the_balance_with_it(self, counter: Counter, zoe: Contact) -> None:
        counter.deposit(zoe, "20.00")
        payment = counter.payout(zoe, "5.00")
        assert (payment.direction, payment.purpose, payment.amount_minor) == ("out", "payout", 500)
        assert payment.approved_by is None
        assert counter.available(zoe) == "15.00"
        assert findings() == []

    def test_at_most_what_is_available_and_refundable(self, counter: Counter, zoe: Contact) -> None:
        counter.goodwill(zoe, "5.00")
        counter.deposit(zoe, "20.00")
        Ledger(counter.venue).hold(counter.venue.account(zoe), "3.00")
        with refused(InsufficientCredit):
            counter.payout(zoe, "22.01")
        with refused(NonRefundable) as caught:
            counter.payout(zoe, "17.01")
        assert caught.value.data["refundable"] == counter.venue.money("17.00")
        counter.payout(zoe, "17.00")

    def test_a_payout_that_cannot_be_made_asks_for_no_supervisor(
        self, counter: Counter, zoe: Contact
    ) -> None:
        counter.deposit(zoe, "20.00")
        with refused(InsufficientCredit):
            counter.payout(zoe, "500.00")

    def test_the_days_limit_is_cumulated_and_a_supervisor_lifts_it(
        self, counter: Counter, zoe: Contact
    ) -> None:
        venue = counter.venue
        counter.deposit(zoe, "500.00", mode="VIREMENT")
        counter.payout(zoe, "100.00")
        with refused(ApprovalNeeded) as caught:
            counter.payout(zoe, "50.01", mode="VIREMENT")
        assert (caught.value.data["reason"], caught.value.data["limit"]) == (
            "payout_limit",
            venue.money("150.00"),
        )
        counter.payout(zoe, "50.00")
        payment = counter.payout(zoe, "50.01", approved_by=venue.supervisor)
        assert payment.approved_by == venue.supervisor
        approval = Approval.objects.get()
        assert (approval.reason, approval.operation_id) == ("payout_limit", payment.operation_id)
        assert findings() == []

    def test_a_payout_taken_back_does_not_count(self, counter: Counter, zoe: Contact) -> None:
        counter.deposit(zoe, "500.00", mode="VIREMENT")
        counter.correct(counter.payout(zoe, "150.00"))
        counter.payout(zoe, "150.00")
        with refused(ApprovalNeeded):
            counter.payout(zoe, "0.01")

    def test_the_limit_is_a_setting(self, counter: Counter, zoe: Contact) -> None:
        Institution.objects.update(payout_limit_minor=0)
        counter.deposit(zoe, "5.00")
        with refused(ApprovalNeeded):
            counter.payout(zoe, "0.01")

    def test_nobody_lifts_the_legal_limit_of_cash(self, counter: Counter, zoe: Contact) -> None:
        supervisor = counter.venue.supervisor
        counter.deposit(zoe, "3000.00", mode="VIREMENT")
        counter.payout(zoe, "600.00", approved_by=supervisor)
        with refused(CashLimit):
            counter.payout(zoe, "400.01", approved_by=supervisor)
        counter.payout(zoe, "400.00", approved_by=supervisor)
        counter.payout(zoe, "2000.00", mode="VIREMENT", approved_by=supervisor)

    @pytest.mark.parametrize(("days", "asked"), [(0, True), (14, True), (15, False)])
    def test_cash_soon_after_a_card_deposit_needs_a_supervisor(
        self, venue: Venue, zoe: Contact, days: int, asked: bool
    ) -> None:
        then = datetime(2026, 10, 5, 12, 0, tzinfo=PARIS)
        now = then + timedelta(days=days)
        first = venue.open("G1", at=then)
        Counter(venue, desk=first).deposit(zoe, "20.00", mode="CB", at=then)
        close_till(claim=venue.claim(), desk=first, counted={}, operator=venue.operator, at=then)
        counter = Counter(venue, desk=venue.open("G1", at=now))
        counter.payout(zoe, "1.00", mode="CB", at=now)
        if asked:
            with refused(ApprovalNeeded) as caught:
                counter.payout(zoe, "5.00", at=now)
            assert caught.value.data["reason"] == "recent_card"
            counter.payout(zoe, "5.00", approved_by=venue.supervisor, at=now)
        else:
            counter.payout(zoe, "5.00", at=now)
        assert Approval.objects.filter(reason="recent_card").count() == asked

    def test_a_card_deposit_taken_back_is_forgotten(self, counter: Counter, zoe: Contact) -> None:
        counter.deposit(zoe, "20.00")
        counter.correct(counter.deposit(zoe, "20.00", mode="CB"))
        counter.payout(zoe, "5.00")

    def test_both_reasons_are_recorded_once_each(self, counter: Counter, zoe: Contact) -> None:
        counter.deposit(zoe, "500.00", mode="CB")
        counter.payout(zoe, "200.00", approved_by=counter.venue.supervisor)
        reasons = sorted(Approval.objects.values_list("reason", flat=True))
        assert reasons == ["payout_limit", "recent_card"]
        assert findings() == []

    def test_what_no_coin_makes_up_is_not_paid_out_in_cash(self, francs: Counter) -> None:
        zoe = francs.venue.contact()
        francs.deposit(zoe, "10.02", mode="VIREMENT")
        francs.payout(zoe, "10.00")
        with refused(CashStep):
            francs.payout(zoe, "0.02")
        francs.payout(zoe, "0.02", mode="VIREMENT")
        assert findings() == []


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
        with refused(InsufficientCredit) as caught:
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
        with refused(InsufficientCredit) as caught:
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
