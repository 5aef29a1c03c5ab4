"""The words of the contacts."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ErasureReason(TextChoices):
    """Why what is known of a contact is erased (RGP-01, RGP-02)."""

    REQUEST = "request", _("the person asked for it")
    RETENTION = "retention", _("the time for keeping it is over")
    MISTAKE = "mistake", _("entered by mistake")


class ContactKind(TextChoices):
    """A person or an organisation."""

    PERSON = "person", _("person")
    ORGANISATION = "organisation", _("organisation")
