"""Somebody who asks to be forgotten (spec C11)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone

from contacts.models import Contact, User
from contacts.services import update_contact
from credit.models import Movement, MovementComment
from institution_settings.choices import Role
from payments.models import Merge, Payment
from payments.selectors.results import CheckoutResult
from payments.services import (
    Cheque,
    Erasure,
    MoneyRequest,
    erase_contact,
    make_deposit,
    merge_contacts,
)
from tests.counter import Counter
from tests.venue import PASSWORD

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


def traces() -> Iterator[tuple[str, str]]:
    """Where any table still says something of her."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                said = str(row).lower()
                yield from ((table, word) for word in RARE if word in said)
