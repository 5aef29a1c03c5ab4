"""Credit paid back as money: how much, and who allows it (G5, C6b, MON-03)."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from contacts.models import Contact
from credit.errors import InsufficientCredit, NonRefundable
from institution_settings.models import Institution
from journal.models import Entry
from payments.choices import IdentityDocument
from payments.errors import (
    ApprovalNeeded,
    CashLimit,
    CashStep,
    IdentityNotChecked,
)
from payments.models import Approval, Payment
from payments.services import close_till
from tests.counter import Counter
from tests.ledger import Ledger
from tests.payments.books import refused
from tests.venue import Venue
from tests.verified import findings

PARIS = ZoneInfo("Europe/Paris")


def sealed(payment: Payment) -> dict[str, object]:
    """What is sealed of a payment."""
    entry = Entry.objects.get(subject_kind="payment", subject_id=payment.pk)
    facts: dict[str, object] = json.loads(entry.payload)
    return facts


class TestPayout:
    def test_money_goes_and_the_balance_with_it(self, counter: Counter, zoe: Contact) -> None:
        counter.deposit(zoe, "20.00")
        payment = counter.payout(zoe, "5.00")
        assert (payment.direction, payment.purpose, payment.amount_minor) == ("out", "payout", 500)
        assert (payment.approved_by, payment.identity) == (None, "id_card")
        assert counter.available(zoe) == "15.00"
        assert findings() == []

    def test_cash_leaves_to_who_shows_who_they_are(self, counter: Counter, zoe: Contact) -> None:
        """MON-05: the kind of document is kept and sealed, and nothing else of it."""
        counter.deposit(zoe, "20.00")
        with refused(IdentityNotChecked):
            counter.payout(zoe, "5.00", identity=None)
        payment = counter.payout(zoe, "5.00", identity=IdentityDocument.PASSPORT)
        assert sealed(payment)["identite"] == "passport"
        sent = counter.payout(zoe, "5.00", "VIREMENT", identity=None)
        assert "identite" not in sealed(sent)
        assert counter.available(zoe) == "10.00"
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
