"""Spec C11, RGP-02 and RGP-03: a person's data go, the books stay as they were."""

import json
import uuid

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from contacts.errors import ContactGone
from contacts.models import Contact, User
from contacts.selectors import search_contacts
from contacts.services import update_contact
from credit.errors import AccountNotOpen
from credit.models import CreditAccount
from credit.selectors import list_history
from credit.selectors.periods import figures_of, period_accounts
from journal.errors import KeyReused
from journal.models import Entry
from payments.choices import RefundChoice
from payments.errors import MergeSettled
from payments.models import ChequeDrawer
from payments.services import (
    Erasure,
    undo_merge,
)
from reports.documents import digest
from reports.selectors.bordereau import get_bordereau
from reports.selectors.filters import BordereauFilter
from sales.models import Order
from sales.services import set_purchaser
from tests.cases.ildiko import Ildiko, begun, erase, traces
from tests.counter import Counter
from tests.payments.books import refused
from tests.venue import PASSWORD
from tests.verified import findings

pytestmark = pytest.mark.django_db


def told(ildiko: Ildiko) -> dict[str, object]:
    """What the reports (a), (b) and (c) say, and on which numbers."""
    today = ildiko.counter.desk.business_date
    report = get_bordereau(filter=BordereauFilter(first=today, last=today, currency="EUR"))
    accounts = period_accounts(first=today, last=today).order_by("pk")
    account = CreditAccount.objects.get(contact=ildiko.contact)
    history = list_history(account_id=account.pk)
    return {
        "a": (len(report.rows), report.sums, digest(report=report)),
        "b": [(account.contact_id, figures_of(account)) for account in accounts],
        "c": [(line.movement.pk, line.movement.balance_after) for line in history.lines],
    }


def test_rgp_03_reports_and_seals_say_what_they_said(ildiko: Ildiko) -> None:
    before = told(ildiko)
    assert ildiko.erase() == Erasure(ildiko.contact.pk, kept=True)
    assert told(ildiko) == before
    assert findings() == []


def test_no_table_has_a_trace_of_the_name(ildiko: Ildiko) -> None:
    assert {table for table, _word in traces()} == {
        "account_emailaddress",
        "contacts_contact",
        "contacts_contactkey",
        "contacts_historicalcontact",
        "contacts_historicaluser",
        "contacts_user",
        "credit_movementcomment",
        "django_admin_log",
        "payments_chequedrawer",
    }
    ildiko.erase()
    assert list(traces()) == []


def test_the_number_stays_and_finds_the_history(ildiko: Ildiko) -> None:
    contact, twin = ildiko.contact, ildiko.twin
    number, twins_number = str(contact.number), str(twin.number)
    ildiko.erase()
    for one in (contact, twin):
        one.refresh_from_db()
        assert one.erased_at is not None
        assert str(one) == f"Contact anonymisé {one.number}"
    assert (contact.number, twin.number) == (number, twins_number)
    assert search_contacts(text="zwyrtek", with_erased=True) == []
    for text in (number, twins_number):
        assert search_contacts(text=text, with_erased=True) == [contact]
        assert search_contacts(text=text) == []
    assert Order.objects.get(pk=ildiko.sold.order.pk).contact == contact
    states = CreditAccount.objects.order_by("pk").values_list("state", "balance_minor")
    assert list(states) == [("erased", 0), ("erased", 0)]


def test_the_journal_of_events_says_who_erased_which_number(ildiko: Ildiko) -> None:
    ildiko.erase()
    entry = Entry.objects.get(subject_kind="event")
    assert entry.chain.code == "EVENTS"
    sealed = json.loads(entry.payload)
    assert {name: sealed[name] for name in ("evenement", "contact", "fusionnes", "motif")} == {
        "evenement": 430,
        "contact": ildiko.contact.number,
        "fusionnes": [ildiko.twin.number],
        "motif": "request",
    }
    assert (sealed["operateur"], sealed["valide_par"]) == ("lea", "marc")


def test_the_login_is_ended_with_its_sessions(ildiko: Ildiko) -> None:
    user = User.objects.get(email="ildiko@zwyrtek.example")
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.get(reverse("guichet:home")).status_code == 403
    ildiko.erase()
    answer = browser.get(reverse("guichet:home"))
    assert answer.status_code == 302
    assert not Client().login(username="ildiko@zwyrtek.example", password=PASSWORD)
    user.refresh_from_db()
    assert (user.is_active, user.has_usable_password(), user.name) == (False, False, "")
    assert not EmailAddress.objects.filter(user=user).exists()


def test_a_member_of_staff_who_buys_keeps_the_login(counter: Counter) -> None:
    contact = counter.venue.contact("Zwyrtek")
    contact.user = counter.venue.operator
    contact.save()
    counter.deposit(contact, "5.00")
    counter.payout(contact, "5.00")
    erase(counter, contact)
    counter.venue.operator.refresh_from_db()
    assert counter.venue.operator.is_active
    assert counter.venue.operator.email == "lea@tilleuls.example"


def test_a_cheque_of_somebody_else_keeps_its_drawer(ildiko: Ildiko) -> None:
    other = ildiko.venue.contact("Benali", "Karim")
    ildiko.pay_in(other, "5.00")
    ildiko.erase()
    assert [drawer.payment.contact for drawer in ChequeDrawer.objects.all()] == [other]


def test_the_same_click_again_changes_nothing(ildiko: Ildiko) -> None:
    key = uuid.uuid4()
    first = ildiko.erase(key=key)
    erased = Contact.objects.get(pk=ildiko.contact.pk).erased_at
    assert ildiko.erase(key=key) == first
    assert Contact.objects.get(pk=ildiko.contact.pk).erased_at == erased
    assert Entry.objects.filter(subject_kind="event").count() == 1
    with refused(KeyReused):
        ildiko.erase(key=key, reason="mistake")


def test_an_erased_contact_takes_no_money_and_is_sold_nothing(ildiko: Ildiko) -> None:
    ildiko.erase()
    with refused(AccountNotOpen):
        ildiko.counter.deposit(ildiko.contact, "5.00")
    basket = ildiko.counter.basket(["20.00"])
    with pytest.raises(Contact.DoesNotExist):
        set_purchaser(order_id=basket.pk, contact_id=ildiko.contact.pk)
    stale = Contact.objects.get(pk=ildiko.contact.pk)
    stale.erased_at = None
    with pytest.raises(ContactGone):
        update_contact(contact=stale, last_name="Zwyrtek")
    assert list(traces()) == []


def test_of_its_orders_money_may_still_go_back_credit_may_not(ildiko: Ildiko) -> None:
    seat = ildiko.counter.price("30.00", starts_at=begun())
    sold = ildiko.counter.sell([seat], ("CB", "30.00"), contact=ildiko.contact)
    ildiko.erase()
    supervisor = ildiko.venue.supervisor
    with refused(AccountNotOpen):
        ildiko.counter.refund(sold, approved_by=supervisor)
    ildiko.counter.refund(sold, to=RefundChoice.MODE, mode="ESPECES", approved_by=supervisor)
    assert findings() == []


def test_a_merge_stays_once_both_are_erased(ildiko: Ildiko) -> None:
    ildiko.counter.deposit(ildiko.contact, "1.00")
    ildiko.counter.payout(ildiko.contact, "1.00")
    ildiko.erase()
    with refused(MergeSettled) as caught:
        undo_merge(
            claim=ildiko.venue.claim(),
            desk=ildiko.counter.desk,
            merge_id=ildiko.merge.pk,
            approved_by=ildiko.venue.supervisor,
        )
    assert caught.value.data == {"reason": "erased"}
