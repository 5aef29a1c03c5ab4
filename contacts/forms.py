"""The form of a contact, the same at the counter and in the administration."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from contacts.search import tidy


class TidyField(forms.CharField):
    """A text tidied before it is validated: nothing invisible, single spaces (``search.tidy``)."""

    def to_python(self, value: Any) -> str:
        return tidy(super().to_python(value) or "")


class ContactForm(forms.ModelForm[Contact]):
    """What staff type of a person or an organisation."""

    class Meta:
        model = Contact
        fields = (
            "kind",
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
        field_classes = dict.fromkeys(
            ("last_name", "first_name", "organisation", "phone", "address", "postcode", "city"),
            TidyField,
        )
        widgets = {
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            "notes": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {"country": _("Two letters, for example FR.")}
