"""What is typed on an order's page and about vouchers."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from institution_settings.forms import AmountField
from institution_settings.models import PaymentMode
from payments.choices import RefundChoice

MAX_ID = 2**63 - 1
MAX_DIGITS = 18
MAX_CODE = 40


class IdsField(forms.Field):
    """Ids of rows ticked in a list; what is no id is refused as such."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[int]:
        ids = []
        for each in map(str, value or []):
            if not (each.isascii() and each.isdigit() and len(each) <= MAX_DIGITS):
                raise forms.ValidationError(_("Choose among what is shown."))
            ids.append(int(each))
        return ids


class RefundForm(forms.Form):
    """What is taken back and how its money returns; nothing is chosen beforehand (CNS-01).

    ``modes`` are those authorised for refund at this point of sale. Any id may be posted: the
    service refuses what is not authorised.
    """

    tickets = IdsField(required=False)
    vouchers = IdsField(required=False)
    choice = forms.ChoiceField(
        choices=RefundChoice.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Ask the customer how the money is to return.")},
    )
    mode = forms.IntegerField(required=False, min_value=1, max_value=MAX_ID)
    credit_mode = forms.IntegerField(required=False, min_value=1, max_value=MAX_ID)
    consent = forms.BooleanField(required=False)

    def __init__(self, *args: Any, modes: Sequence[PaymentMode], **options: Any) -> None:
        super().__init__(*args, **options)
        self.money_modes = [mode for mode in modes if mode.is_money]
        self.credit_modes = [mode for mode in modes if mode.is_credit]
        self.modes = modes

    @property
    def wanted_choice(self) -> str:
        """The choice as typed so far, ``""`` for none."""
        return self.data.get("choice", "") if self.is_bound else ""

    def mode_id(self) -> int | None:
        """Return the mode that the choice needs: a money mode, or another credit mode."""
        cleaned = self.cleaned_data
        if cleaned.get("choice") == RefundChoice.MODE:
            return cleaned.get("mode")
        if cleaned.get("choice") == RefundChoice.CREDIT:
            return cleaned.get("credit_mode")
        return None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not (cleaned.get("tickets") or cleaned.get("vouchers")) and not self.errors:
            self.add_error("tickets", _("Choose what is taken back."))
        choice = cleaned.get("choice")
        if choice == RefundChoice.MODE and not cleaned.get("mode") and "mode" not in self.errors:
            self.add_error("mode", _("Choose the mode the money is given back in."))
        if choice == RefundChoice.CREDIT and not cleaned.get("consent"):
            self.add_error("consent", _("Credit instead of money is the customer’s own choice."))
        return cleaned


class CodeForm(forms.Form):
    """A voucher’s code as read aloud or typed."""

    code = forms.CharField(
        label=_("Voucher code"),
        max_length=MAX_CODE,
        widget=forms.TextInput(
            {
                "autocomplete": "off",
                "spellcheck": "false",
                "autocapitalize": "characters",
                "data-autofocus": True,
            }
        ),
    )


class FreeVoucherForm(forms.Form):
    """A voucher nobody pays for."""

    field_order = ["value", "expires_on"]
    expires_on = forms.DateField(
        label=pgettext_lazy("voucher", "Valid through"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Without a date it stays valid."),
    )

    def __init__(self, *args: Any, currency: str, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        label = pgettext_lazy("voucher", "Value")
        self.fields["value"] = AmountField(label=label, currency=currency)
        self.order_fields(self.field_order)

    def clean_expires_on(self) -> date | None:
        """Refuse a voucher that could never be spent."""
        day: date | None = self.cleaned_data["expires_on"]
        if day is not None and day < self.today:
            raise forms.ValidationError(_("This day is over: choose a later one."))
        return day
