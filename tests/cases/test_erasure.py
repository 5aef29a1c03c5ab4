"""Spec C11, RGP-02 and RGP-03: a person's data go, the books stay as they were."""

import json
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.errors import ContactGone
from contacts.models import Contact, User
from contacts.selectors import search_contacts
from contacts.services import update_contact
from credit.errors import AccountNotEmpty, AccountNotOpen
from credit.models import CreditAccount, Movement, MovementComment
from credit.selectors import list_history
from credit.selectors.periods import figures_of, period_accounts
from credit.services import close_accounts
from institution_settings.choices import Role
from journal.errors import KeyReused
from journal.models import Entry
from payments.choices import RefundChoice, RunPolicy
from payments.errors import ApprovalNeeded, ErasureRefused, MergeSettled, ReasonNeeded
from payments.models import ChequeDrawer, Merge, Payment
from payments.selectors.erasing import list_obstacles
from payments.selectors.results import CheckoutResult
from payments.services import (
    Cheque,
    Erasure,
    MoneyRequest,
    erase_contact,
    make_deposit,
    merge_contacts,
    undo_merge,
)
from payments.services.runs import start_run
from reports.documents import digest
from reports.selectors.bordereau import get_bordereau
from reports.selectors.filters import BordereauFilter
from sales.models import Order
from sales.services import reserve, set_purchaser
from tests.counter import Counter
from tests.ledger import Ledger
from tests.payments.books import refused
from tests.venue import PASSWORD
from tests.verified import findings

pytestmark = pytest.mark.django_db

# Nothing else in the database is spelt like this.
RARE = ("zwyrtek", "zwyrtkowa", "ildiko", "0698765432", "33698765432", "06 98 76 54 32")


def begun() -> datetime:
    """A show that began a minute ago: its tickets are sold and wait for nobody any more."""
    return timezone.now().replace(microsecond=0) - timedelta(minutes=1)


class Ildiko:
    """She bought, paid by cheque, was entered twice, has a login, and owes and is owed nothing."""

    def __init__(self, counter: Counter) -> None:
        self.counter, self.venue = counter, counter.venue
        details = {"email": "ildiko@zwyrtek.example", "phone": "06 98 76 54 32"}
        self.contact = Contact.objects.create(
            last_name="Zwyrtek",
            first_name="Ildiko",
            address="3 impasse Zwyrtek",
            postcode="13200",
            city="Arles",
            notes="Ildiko préfère l’allée",
            user=self._login(),
            **details,
        )
        self.twin = Contact.objects.create(last_name="Zwyrtkowa", **details)
        update_contact(contact=self.contact, city="Zwyrtekville")
        self.deposit = self.pay_in(self.contact, "50.00")
        self.pay_in(self.twin, "10.00")
        movement = Movement.objects.get(pk=self.deposit.movement_id)
        MovementComment.objects.create(movement=movement, text="Chèque du mari d’Ildiko")
        seat = counter.price("60.00", starts_at=begun())
        self.merge = self._merge()
        self.sold: CheckoutResult = counter.sell([seat], ("AVOIR", "60.00"), contact=self.contact)

    def _login(self) -> User:
        user = User.objects.create_user(
            "ildiko@zwyrtek.example", PASSWORD, name="Ildiko Zwyrtek", role=Role.CUSTOMER
        )
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        kind = ContentType.objects.get_for_model(User)
        LogEntry.objects.create(
            user=self.venue.supervisor,
            content_type=kind,
            object_id=str(user.pk),
            object_repr=user.name,
            action_flag=CHANGE,
        )
        return user

    def pay_in(self, contact: Contact, amount: str) -> Payment:
        return make_deposit(
            claim=self.venue.claim(),
            desk=self.counter.desk,
            request=MoneyRequest(
                contact_id=contact.pk,
                mode_id=self.venue.modes["CHEQUE"].pk,
                amount=self.venue.money(amount),
                cheque=Cheque(bank="BNP", number="0042", drawer="M. Zwyrtek"),
            ),
        )

    def _merge(self) -> Merge:
        return merge_contacts(
            claim=self.venue.claim(),
            desk=self.counter.desk,
            kept_id=self.contact.pk,
            merged_id=self.twin.pk,
            approved_by=self.venue.supervisor,
        )

    def erase(self, **options: object) -> Erasure:
        """Erase what is known of her."""
        return erase(self.counter, self.contact, **options)


def erase(counter: Counter, contact: Contact, **options: object) -> Erasure:
    """The supervisor's word at till G1."""
    key = options.pop("key", None)
    chosen = {"reason": "request", "approved_by": counter.venue.supervisor, **options}
    return erase_contact(
        claim=counter.venue.claim(key),  # type: ignore[arg-type]
        desk=counter.desk,
        contact_id=contact.pk,
        **chosen,  # type: ignore[arg-type]
    )


@pytest.fixture
def ildiko(counter: Counter) -> Ildiko:
    return Ildiko(counter)


def traces() -> Iterator[tuple[str, str]]:
    """Where any table still says something of her."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                said = str(row).lower()
                yield from ((table, word) for word in RARE if word in said)


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
