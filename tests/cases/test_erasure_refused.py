"""Who cannot be erased yet, and who simply goes (RGP-02)."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.models import Contact, User
from credit.errors import AccountNotEmpty
from credit.models import CreditAccount
from credit.services import close_accounts
from payments.choices import RefundChoice, RunPolicy
from payments.errors import ApprovalNeeded, ErasureRefused, ReasonNeeded
from payments.selectors.erasing import list_obstacles
from payments.services import (
    Erasure,
)
from payments.services.runs import start_run
from sales.services import reserve
from tests.cases.ildiko import Ildiko, erase, traces
from tests.counter import Counter
from tests.ledger import Ledger
from tests.payments.books import refused
from tests.venue import PASSWORD
from tests.verified import findings

pytestmark = pytest.mark.django_db


class TestNotYet:
    """What is still needed is not erased; each sentence says what to do."""

    def test_credit_that_is_left(self, ildiko: Ildiko) -> None:
        ildiko.counter.deposit(ildiko.contact, "0.01")
        with refused(ErasureRefused) as caught:
            ildiko.erase()
        assert caught.value.data == {"reason": "balance", "balance": ildiko.venue.money("0.01")}
        with pytest.raises(AccountNotEmpty):
            close_accounts(contact_ids=[ildiko.contact.pk], currency="EUR")

    def test_credit_that_is_held_is_told_apart(self, ildiko: Ildiko) -> None:
        ildiko.counter.deposit(ildiko.contact, "5.00")
        Ledger(ildiko.venue).hold(CreditAccount.objects.get(contact=ildiko.contact), "5.00")
        found = list_obstacles(contact=ildiko.contact, currency="EUR", now=timezone.now())
        assert [one.data["reason"] for one in found] == ["balance", "held"]

    def test_a_basket_and_a_reservation(self, ildiko: Ildiko) -> None:
        basket = ildiko.counter.basket(["20.00"], contact=ildiko.contact)
        with refused(ErasureRefused) as caught:
            ildiko.erase()
        assert caught.value.data == {"reason": "unpaid", "order": str(basket)}
        now = timezone.now()
        kept = reserve(order_id=basket.pk, until=now + timedelta(days=2), now=now)
        with refused(ErasureRefused) as caught:
            ildiko.erase()
        assert caught.value.data == {"reason": "unpaid", "order": str(kept)}

    def test_a_basket_out_of_time_is_in_nobodys_way(self, ildiko: Ildiko) -> None:
        earlier = timezone.now() - timedelta(hours=1)
        ildiko.counter.basket(["20.00"], contact=ildiko.contact, at=earlier)
        assert ildiko.erase().kept

    def test_tickets_for_a_performance_to_come(self, ildiko: Ildiko) -> None:
        sold = ildiko.counter.sell(["20.00"], ("CB", "20.00"), contact=ildiko.contact)
        with refused(ErasureRefused) as caught:
            ildiko.erase()
        assert (caught.value.data["reason"], caught.value.data["order"]) == (
            "upcoming",
            sold.order.number,
        )
        ildiko.counter.refund(sold, to=RefundChoice.MODE, mode="CB")
        assert ildiko.erase().kept

    def test_a_cancelled_performance_whose_money_waits(self, ildiko: Ildiko) -> None:
        show = ildiko.sold.tickets[0].performance
        start_run(
            key=uuid.uuid4(),
            performance_id=show.pk,
            policy=RunPolicy.CREDIT,
            reason="Séance annulée",
            person=ildiko.venue.supervisor,
            till=ildiko.venue.tills["BO"],
        )
        with refused(ErasureRefused) as caught:
            ildiko.erase()
        assert caught.value.data == {"reason": "owed", "order": ildiko.sold.order.number}

    def test_who_was_merged_is_erased_with_the_kept_one(self, ildiko: Ildiko) -> None:
        with refused(ErasureRefused) as caught:
            erase(ildiko.counter, ildiko.twin)
        assert caught.value.data == {"reason": "merged", "kept": ildiko.contact.number}

    def test_twice(self, ildiko: Ildiko) -> None:
        ildiko.erase()
        with refused(ErasureRefused) as caught:
            ildiko.erase()
        assert caught.value.data == {"reason": "erased"}

    def test_without_a_supervisor(self, ildiko: Ildiko) -> None:
        for nobody in (None, ildiko.venue.operator):
            with refused(ApprovalNeeded) as caught:
                ildiko.erase(approved_by=nobody)
            assert caught.value.data == {"reason": "erasure"}

    def test_without_a_known_reason(self, ildiko: Ildiko) -> None:
        for reason in ("", "because Ildiko"):
            with refused(ReasonNeeded):
                ildiko.erase(reason=reason)

    def test_nobody(self, ildiko: Ildiko) -> None:
        with refused(Contact.DoesNotExist):
            erase(ildiko.counter, Contact(pk=999_999))


def test_a_contact_never_used_is_deleted_with_its_login(counter: Counter) -> None:
    user = User.objects.create_user("ildiko@zwyrtek.example", PASSWORD, name="Ildiko")
    contact = Contact.objects.create(last_name="Zwyrtek", user=user)
    key = uuid.uuid4()
    gone = erase(counter, contact, key=key, reason="mistake")
    assert gone == Erasure(contact.pk, kept=False)
    assert not Contact.objects.filter(pk=contact.pk).exists()
    assert list(traces()) == []
    assert erase(counter, contact, key=key, reason="mistake") == gone
    assert findings() == []
