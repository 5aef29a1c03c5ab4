"""Taking a person's data away, and keeping what needs no name (spec C11, RGP-02, RGP-03)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models

from contacts.models import Contact, User
from institution_settings.choices import Role

# Everything that was typed about a person. What stays is the number, and when it was entered.
PERSONAL: Final = (
    "last_name",
    "first_name",
    "organisation",
    "email",
    "phone",
    "address",
    "postcode",
    "city",
    "country",
    "notes",
)


def pseudonymise(*, contacts: Sequence[Contact], at: datetime) -> None:
    """Empty locked contacts of everything but their numbers; their earlier versions go too.

    Those merged into another come before it: it is then found by the numbers of all, and by
    nothing else. Logins of customers are ended (``end_login``). Must run in a transaction.
    """
    for contact in contacts:
        login, contact.user = contact.user, None
        for name in PERSONAL:
            setattr(contact, name, "")
        contact.erased_at = at
        contact.save()
        if login is not None:
            end_login(user=login)
        forget_versions(model=Contact, row_id=contact.pk, called=contact.number or "")


def end_login(*, user: User) -> None:
    """Let nobody log in as a customer any more, and forget the address and the name.

    Without a password the sessions under way end with their next request. The login of somebody
    who works here is left alone: it is not the customer's.
    """
    if user.role != Role.CUSTOMER:
        return
    EmailAddress.objects.filter(user=user).delete()
    user.email, user.name = f"u{user.pk}@erased.invalid", ""
    user.is_active, user.last_login = False, None
    user.set_unusable_password()
    user.save()
    forget_versions(model=User, row_id=user.pk, called=f"u{user.pk}")


def forget_versions(*, model: type[Contact | User], row_id: int, called: str) -> None:
    """Delete the earlier versions of a row; the administration's log calls it something else."""
    model.history.filter(id=row_id).delete()
    kind = ContentType.objects.get_for_model(model)
    _logged(kind, row_id).update(object_repr=called, change_message="")


def _logged(kind: ContentType, row_id: int) -> models.QuerySet[LogEntry]:
    return LogEntry.objects.filter(content_type=kind, object_id=str(row_id))
