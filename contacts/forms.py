"""The forms of contacts, the same at the counter and in the administration, and of logins."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.forms import BaseUserCreationForm, ReadOnlyPasswordHashField
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from contacts.errors import LastAdministrator, PinRefused
from contacts.models import Contact, User
from contacts.search import tidy
from contacts.selectors import is_last_administrator
from contacts.services import validate_pin
from institution_settings.choices import Role


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

    def clean(self) -> dict[str, Any]:
        """Ask for a name; the constraint itself also looks at what no form shows."""
        typed = super().clean() or self.cleaned_data
        if not (typed.get("last_name") or typed.get("organisation")) and not self.errors:
            raise ValidationError(
                _("A contact needs a last name or an organisation."), code="no_name"
            )
        return typed


class PinField(forms.CharField):
    """A PIN being given: hidden, not remembered, hard to guess (``validate_pin``)."""

    widget = forms.PasswordInput(attrs={"autocomplete": "new-password", "inputmode": "numeric"})

    def validate(self, value: str) -> None:
        super().validate(value)
        if value:
            try:
                validate_pin(value)
            except PinRefused as refusal:
                raise ValidationError(str(refusal), code="pin") from refusal


STAFF = [(role.value, role.label) for role in Role if role != Role.CUSTOMER]


class OperatorMakingForm(BaseUserCreationForm[User]):
    """A new member of staff, with a password and, for supervisors, a PIN."""

    code = forms.CharField(
        label=capfirst(_("operator code")),
        max_length=20,
        help_text=_("Short, without accents; stands in the journal and never changes."),
    )
    role = forms.ChoiceField(label=capfirst(_("role")), choices=STAFF)
    new_pin = PinField(
        label=capfirst(_("PIN")),
        required=False,
        help_text=_("4 to 8 digits, to approve at the counter."),
    )

    class Meta:
        model = User
        fields = ("email", "name", "code", "role", "points_of_sale")
        field_classes: ClassVar[dict[str, type[forms.Field]]] = {"name": TidyField}
        widgets = {"points_of_sale": forms.CheckboxSelectMultiple}

    def clean_email(self) -> str:
        """Logins are kept in lower case."""
        return str(self.cleaned_data["email"]).lower()


class OperatorForm(forms.ModelForm[User]):
    """A member of staff being changed; the password has a page of its own."""

    password = ReadOnlyPasswordHashField(
        label=capfirst(_("password")),
        help_text=_("Passwords are never shown: give a new one on its own page."),
    )
    new_pin = PinField(
        label=capfirst(_("new PIN")),
        required=False,
        help_text=_("Left empty, the PIN stays as it is."),
    )
    no_pin = forms.BooleanField(label=capfirst(_("take the PIN away")), required=False)

    class Meta:
        model = User
        fields = ("email", "name", "code", "role", "is_active", "points_of_sale")
        field_classes: ClassVar[dict[str, type[forms.Field]]] = {"name": TidyField}
        widgets = {"points_of_sale": forms.CheckboxSelectMultiple}

    def clean_email(self) -> str:
        """Logins are kept in lower case."""
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        """Somebody must be able to enter the administration afterwards."""
        typed = super().clean() or self.cleaned_data
        stays = typed.get("role") == Role.ADMINISTRATOR and typed.get("is_active", False)
        if is_last_administrator(user_id=self.instance.pk) and not stays:
            raise ValidationError(str(LastAdministrator(name=str(self.instance))))
        return typed
