"""Everything at once on one till, closings included: no deadlock, and the books are right."""

import os
import random
import time
from dataclasses import dataclass
from functools import partial

import pytest
from django.db.models import Sum

from contacts.models import Contact
from credit.errors import CreditError
from credit.selectors import sum_balances
from institution_settings.money import to_minor
from journal.errors import JournalError, TillClosed
from payments.choices import RefundChoice
from payments.errors import PaymentsError
from payments.models import Payment
from payments.services import close_till, transfer_credit
from sales.errors import SalesError
from tests.counter import Counter
from tests.processes import count_deadlocks, in_processes
from tests.venue import Venue
from tests.verified import findings
from tills.errors import TillsError
from tills.models import TillSession
from tills.selectors import Desk, desk_of, find_open_session

SECONDS = float(os.environ.get("AVOIR_RACE_SECONDS", "6"))
REFUSALS = (CreditError, JournalError, PaymentsError, SalesError, TillsError)

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@dataclass
class Hand:
    """One operator's hands: random acts on the one till until the time is over."""

    venue: Venue
    contacts: list[Contact]
    seed: int

    def work(self) -> dict[str, int]:
        """Return how often each act was done, and each refusal met."""
        chance = random.Random(self.seed)
        told: dict[str, int] = {}
        ends_at = time.monotonic() + SECONDS
        while time.monotonic() < ends_at:
            act = chance.choice(["deposit", "credit", "voucher", "mixed", "refund", "transfer"])
            try:
                self._do(act, chance)
            except REFUSALS as refusal:
                act = type(refusal).__name__
            told[act] = told.get(act, 0) + 1
        return told

    def _do(self, act: str, chance: random.Random) -> None:
        counter = Counter(self.venue, desk=self._desk())
        one, other = chance.sample(self.contacts, 2)
        if act == "deposit":
            counter.deposit(one, "15.00")
        elif act == "credit":
            counter.sell(["10.00"], ("AVOIR", "10.00"), contact=one)
        elif act == "voucher":
            voucher = counter.sell_voucher("30.00")
            order = counter.basket(["21.10"], contact=one)
            counter.pay(order, ("BON", "30.00", voucher.code))
        elif act == "mixed":
            counter.sell(["21.10"], ("AVOIR", "5.00"), ("ESPECES", "20.00"), contact=one)
        elif act == "refund":
            paid = counter.sell(["10.00"], ("ESPECES", "10.00"), contact=one)
            counter.refund(paid, to=chance.choice([RefundChoice.CREDIT, RefundChoice.ORIGIN]))
        else:
            transfer_credit(
                claim=self.venue.claim(),
                desk=counter.desk,
                from_contact_id=one.pk,
                to_contact_id=other.pk,
                amount=self.venue.money("1.00"),
                reason="other",
                approved_by=self.venue.supervisor,
            )

    def close_and_open(self) -> dict[str, int]:
        """The supervisor's hands: close the till and open it again, all the time."""
        closings, ends_at = 0, time.monotonic() + SECONDS
        while time.monotonic() < ends_at:
            time.sleep(0.3)
            close_till(
                claim=self.venue.claim(),
                desk=self._desk(),
                counted={},
                operator=self.venue.operator,
            )
            self.venue.open("G1")
            closings += 1
        return {"closings": closings}

    def _desk(self) -> Desk:
        session = find_open_session(till_id=self.venue.tills["G1"].pk)
        if session is None:
            raise TillClosed(till="G1")
        return desk_of(session=session, operator=self.venue.operator)


def test_eight_hands_on_one_till_leave_the_books_right(committed_venue: Venue) -> None:
    venue = committed_venue
    counter = Counter(venue, desk=venue.open("G1"))
    contacts = [venue.contact(last_name=f"Client {number}") for number in range(6)]
    for amount in ("10.00", "21.10"):
        counter.price(amount)
    for contact in contacts:
        counter.deposit(contact, "50.00")
    before = count_deadlocks()
    hands = [Hand(venue, contacts, seed) for seed in range(7)]
    told = in_processes(
        [*(hand.work for hand in hands), partial(Hand(venue, contacts, 8).close_and_open)]
    )
    assert all(isinstance(one, dict) for one in told), told
    assert count_deadlocks() == before
    assert findings() == []
    _the_zs_hold_every_payment()
    assert to_minor(sum_balances(currency="EUR")) == sum(
        to_minor(counter.standing(contact).balance) for contact in contacts
    )


def _the_zs_hold_every_payment() -> None:
    """A payment that raced a closing is in that Z or was refused: none is between two."""
    for session in TillSession.objects.exclude(closed_at=None):
        counted = session.counts.aggregate(total=Sum("in_minor"), number=Sum("payments"))
        paid = Payment.objects.filter(session=session)
        taken = sum(p.drawer_minor for p in paid if p.direction == "in")
        assert (counted["total"] or 0, counted["number"] or 0) == (taken, len(paid))
        assert all(payment.at <= session.closed_at for payment in paid)
