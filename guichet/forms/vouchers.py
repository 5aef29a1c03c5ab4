"""What is typed about vouchers: a code, one to sell, one to give, one to take back (spec G7)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guichet.forms.orders import RefundForm
from institution_settings.forms import AmountField
from payments.choices import VoucherReason
from payments.models import VoucherType
from payments.selectors.vouchers import VoucherFilter
from sales.services.baskets import MAX_VOUCHERS

MAX_CODE = 40
MAX_QUERY = 80


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


class VouchersForm(forms.Form):
    """Which vouchers are listed; what is not understood narrows nothing."""

    only = forms.ChoiceField(choices=[(each.value, each.value) for each in VoucherFilter])
    q = forms.CharField(max_length=MAX_QUERY)
    before = forms.IntegerField(min_value=1, max_value=2**63 - 1)

    @property
    def only_state(self) -> VoucherFilter | None:
        """The one state asked for."""
        self.is_valid()
        return VoucherFilter(self.cleaned_data["only"]) if "only" in self.cleaned_data else None

    @property
    def text(self) -> str:
        """The words asked for."""
        self.is_valid()
        return str(self.cleaned_data.get("q", ""))

    @property
    def page_before(self) -> int | None:
        """After which voucher the page begins."""
        self.is_valid()
        return self.cleaned_data.get("before")


class _TypedVoucherForm(forms.Form):
    """A voucher of one of the types the venue has made; without types, of none."""

    # Whether the page is about this form alone: then the hand is in its first amount.
    focused = False

    def __init__(
        self, *args: Any, currency: str, types: Sequence[VoucherType], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        if types:
            self.fields["type"] = forms.ChoiceField(
                label=_("Voucher type"),
                choices=[(each.code, each.label) for each in types],
                error_messages={"invalid_choice": _("Choose among what is shown.")},
            )
        label = pgettext_lazy("voucher", "Value")
        self.fields["value"] = AmountField(label=label, currency=currency)
        if self.focused:
            self.fields["value"].widget.attrs["data-autofocus"] = ""
        self.order_fields(["type", "value"])

    @property
    def type_code(self) -> str:
        """The code of the type chosen, ``""`` where the venue has none."""
        return str(self.cleaned_data.get("type", ""))


class VoucherLineForm(_TypedVoucherForm):
    """Vouchers to sell: of which type, what each is worth, and how many."""

    count = forms.IntegerField(
        label=pgettext_lazy("vouchers", "How many"),
        min_value=1,
        max_value=MAX_VOUCHERS,
        initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class SellVoucherForm(VoucherLineForm):
    """The same where the hand is in it."""

    focused = True


class FreeVoucherForm(_TypedVoucherForm):
    """A voucher nobody pays for."""

    focused = True

    expires_on = forms.DateField(
        label=pgettext_lazy("voucher", "Valid through"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(
        self,
        *args: Any,
        currency: str,
        types: Sequence[VoucherType],
        today: date,
        **options: Any,
    ) -> None:
        super().__init__(*args, currency=currency, types=types, **options)
        self.today = today
        self.fields["expires_on"].help_text = (
            _("Without a date: as long as its type says.")
            if types
            else _("Without a date it stays valid.")
        )

    def clean_expires_on(self) -> date | None:
        """Refuse a voucher that could never be spent."""
        day: date | None = self.cleaned_data["expires_on"]
        if day is not None and day < self.today:
            raise forms.ValidationError(_("This day is over: choose a later one."))
        return day


class CancelVoucherForm(forms.Form):
    """Why a voucher nobody paid for is cancelled."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", "—"), *VoucherReason.choices],
        error_messages={"required": _("Choose the reason: it is kept with what is done.")},
    )


class VoucherRefundForm(RefundForm):
    """How the money of one voucher returns; ``rest`` is what the page said to be left of it."""

    def __init__(self, *args: Any, currency: str, **options: Any) -> None:
        super().__init__(*args, currency=currency, **options)
        self.fields["rest"] = AmountField(currency=currency, widget=forms.HiddenInput())
