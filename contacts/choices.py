"""The words of the contacts."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ContactKind(TextChoices):
    """A person or an organisation."""

    PERSON = "person", _("person")
    ORGANISATION = "organisation", _("organisation")
