"""Making, changing and deleting contacts."""

from collections.abc import Iterable
from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import models, transaction

from contacts.choices import ContactKind
from contacts.errors import ContactGone, ContactInUse, DetailsRefused
from contacts.models import Contact, ContactKey

KEYS_PER_INSERT = 5_000


class ContactDetails(TypedDict, total=False):
    """What may be said of a contact."""

    kind: ContactKind
    last_name: str
    first_name: str
    organisation: str
    email: str
    phone: str
    address: str
    postcode: str
    city: str
    country: str
    notes: str


def create_contact(**details: Unpack[ContactDetails]) -> Contact:
    """Create a contact with its number (``C000103``, unique whoever else is adding).

    Without ``kind`` it is an organisation when only an organisation is named. Names are tidied
    (``search.tidy``). Raises ``DetailsRefused``, field by field.
    """
    contact = Contact(**details)
    if "kind" not in details and contact.organisation and not contact.last_name:
        contact.kind = ContactKind.ORGANISATION
    return _save(contact)


@transaction.atomic
def update_contact(*, contact: Contact, **details: Unpack[ContactDetails]) -> Contact:
    """Change what is given of a contact, and what it is found by.

    Raises ``DetailsRefused``, and ``ContactGone`` where it was merged or erased meanwhile: what
    was read before must not bring an erased name back (RGP-03).
    """
    now = lock_contacts(contact_ids=[contact.pk])
    if not now or now[0].merged_into_id or now[0].erased_at:
        raise ContactGone
    for name, value in details.items():
        setattr(contact, name, value)
    return _save(contact)


def _save(contact: Contact) -> Contact:
    try:
        contact.full_clean()
    except ValidationError as error:
        raise DetailsRefused(error) from error
    contact.save()
    return contact


@transaction.atomic
def delete_contact(*, contact: Contact) -> None:
    """Delete a contact nothing points at, and its history with it (a typing mistake, say).

    ``ContactInUse`` once it has orders, payments or a credit account: it is then kept (C11).
    """
    name, row_id = str(contact), contact.pk
    try:
        contact.delete()
    except models.ProtectedError:
        raise ContactInUse(name=name) from None
    Contact.history.filter(id=row_id).delete()


def lock_contacts(*, contact_ids: Iterable[int]) -> list[Contact]:
    """Lock contacts that are to be changed or read as they stand, in the order of their ids."""
    return list(
        Contact.objects.select_for_update(no_key=True)
        .filter(pk__in=list(contact_ids))
        .order_by("pk")
    )


def mark_merged(*, contact: Contact, kept: Contact) -> None:
    """Let a contact lead to the one it was merged into, which is found by both names (C10)."""
    contact.merged.update(merged_into=kept)
    contact.merged_into = kept
    contact.save(update_fields=["merged_into"])
    kept.write_keys()


def mark_apart(*, contact: Contact, kept: Contact, followers: Iterable[int]) -> None:
    """Let a contact stand by itself again, and those merged into it before lead to it again."""
    kept.merged.filter(pk__in=list(followers)).update(merged_into=contact)
    contact.merged_into = None
    contact.save(update_fields=["merged_into"])
    kept.write_keys()


@transaction.atomic
def index_contacts(*, contacts: Iterable[Contact]) -> None:
    """Let many contacts be found that were written in bulk, past ``Contact.save``."""
    rows = list(contacts)
    for contact in rows:
        contact.tidy()
    Contact.objects.bulk_update(rows, ["search", "folded_name"], batch_size=500)
    ContactKey.objects.filter(contact__in=rows).delete()
    ContactKey.objects.bulk_create(
        (ContactKey(contact=contact, key=key) for contact in rows for key in contact.make_keys()),
        batch_size=KEYS_PER_INSERT,
    )
