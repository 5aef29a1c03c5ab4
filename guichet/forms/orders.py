"""What is typed on an order's page."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guichet.forms.credit import ModeField
from institution_settings.choices import ModeKind
from institution_settings.forms import AmountField
from institution_settings.models import PaymentMode
from payments.choices import ASKED_CHOICES, RefundChoice
from payments.services import Cheque

MAX_ID = 2**63 - 1
MAX_DIGITS = 18


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
        choices=[(choice.value, choice.label) for choice in ASKED_CHOICES],
        widget=forms.RadioSelect,
        error_messages={"required": _("Ask the customer how the money is to return.")},
    )
    mode = forms.IntegerField(required=False, min_value=1, max_value=MAX_ID)
    credit_mode = forms.IntegerField(required=False, min_value=1, max_value=MAX_ID)
    consent = forms.BooleanField(required=False)

    def __init__(
        self, *args: Any, modes: Sequence[PaymentMode], currency: str, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["credit_part"] = AmountField(
            label=_("Of it to the credit account"), currency=currency, required=False
        )
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
        if choice == RefundChoice.CREDIT:
            cleaned["credit_part"] = None  # all of it goes there
        gives_credit = choice == RefundChoice.CREDIT or cleaned.get("credit_part")
        if gives_credit and not cleaned.get("consent"):
            self.add_error("consent", _("Credit instead of money is the customer’s own choice."))
        return cleaned


class ExchangeForm(forms.Form):
    """The tickets that are exchanged."""

    tickets = IdsField(error_messages={"required": _("Choose what is exchanged.")})


class CorrectModeForm(forms.Form):
    """The mode an order was really paid in; the cheque's marks are kept when it is one (C4)."""

    mode = ModeField(label=pgettext_lazy("payment", "Really paid in"))
    cheque_bank = forms.CharField(label=_("Bank"), max_length=60, required=False)
    cheque_number = forms.CharField(label=_("Cheque number"), max_length=20, required=False)
    cheque_drawer = forms.CharField(label=_("Drawer of the cheque"), max_length=80, required=False)

    def __init__(self, *args: Any, modes: Sequence[PaymentMode], **options: Any) -> None:
        super().__init__(*args, **options)
        self.modes = modes

    @property
    def chosen_mode(self) -> int | None:
        """The mode to show as chosen: the one typed, none beforehand."""
        typed = str(self["mode"].value() or "")
        return int(typed) if typed.isascii() and typed.isdigit() else None

    def cheque(self) -> Cheque:
        """Return what was noted of the cheque, nothing for another mode."""
        typed = self.cleaned_data
        kinds = {mode.pk: mode.kind for mode in self.modes}
        if kinds.get(typed["mode"]) != ModeKind.CHEQUE:
            return Cheque()
        return Cheque(
            bank=typed["cheque_bank"],
            number=typed["cheque_number"],
            drawer=typed["cheque_drawer"],
        )
