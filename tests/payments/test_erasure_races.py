"""Erased while somebody else pays in or changes the name: one of the two is refused (RGP-02)."""

from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from contacts.errors import ContactGone
from contacts.models import Contact
from contacts.services import update_contact
from credit.errors import AccountNotEmpty, AccountNotOpen
from credit.models import CreditAccount
from journal.models import Entry
from payments.errors import ErasureRefused
from payments.models import Payment
from payments.services import Erasure, erase_contact
from tests.counter import Counter
from tests.processes import count_deadlocks, in_processes
from tests.venue import Venue
from tests.verified import findings

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def counter(committed_venue: Venue) -> Counter:
    return Counter(committed_venue)


@pytest.fixture
def zoe(counter: Counter) -> Contact:
    """Zoé, who bought something once and never had credit."""
    zoe = counter.venue.contact()
    begun = timezone.now().replace(microsecond=0) - timedelta(minutes=1)
    counter.sell([counter.price("20.00", starts_at=begun)], ("CB", "20.00"), contact=zoe)
    return zoe


def erase(counter: Counter, contact: Contact, key: UUID | None = None) -> Erasure:
    return erase_contact(
        claim=counter.venue.claim(key),
        desk=counter.desk,
        contact_id=contact.pk,
        reason="request",
        approved_by=counter.venue.supervisor,
    )


def test_either_the_money_comes_in_or_the_name_goes(counter: Counter, zoe: Contact) -> None:
    before = count_deadlocks()
    erased, paid = in_processes(
        [partial(erase, counter, zoe), partial(counter.deposit, zoe, "5.00", "CB")]
    )
    gone = Contact.objects.get(pk=zoe.pk).erased_at is not None
    if gone:
        assert (type(erased), type(paid)) == (Erasure, AccountNotOpen)
    else:
        assert type(erased) in (AccountNotEmpty, ErasureRefused)
        assert type(paid) is Payment
    account = CreditAccount.objects.get(contact=zoe)
    expected = ("erased", 0) if gone else ("open", 500)
    assert (account.state, account.balance_minor) == expected
    assert count_deadlocks() == before
    assert findings() == []


def test_a_name_typed_meanwhile_does_not_stay(counter: Counter, zoe: Contact) -> None:
    rename = partial(update_contact, contact=Contact.objects.get(pk=zoe.pk), notes="Rue des Lices")
    erased, renamed = in_processes([partial(erase, counter, zoe), rename])
    assert type(erased) is Erasure
    assert type(renamed) in (Contact, ContactGone)
    zoe.refresh_from_db()
    assert (zoe.last_name, zoe.notes, Contact.history.count()) == ("", "", 0)


def test_one_click_sent_four_times_is_one_erasure(counter: Counter, zoe: Contact) -> None:
    key = uuid4()
    counter.desk  # noqa: B018 (the till is opened before the race)
    results = in_processes([partial(erase, counter, zoe, key)] * 4)
    assert results == [Erasure(zoe.pk, kept=True)] * 4
    assert Entry.objects.filter(subject_kind="event").count() == 1
    assert findings() == []
