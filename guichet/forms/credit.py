"""Money put on a credit account or paid back, corrections, and the filters of its history."""

from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.choices import MovementKind, ReasonCode
from institution_settings.choices import ModeKind
from institution_settings.forms import AmountField
from institution_settings.models import PaymentMode
from payments.choices import IdentityDocument
from payments.services import Cheque, MoneyRequest

# Why an operator takes a deposit or payout back; the other reasons are for moves by hand.
CORRECTION_REASONS = (
    ReasonCode.TYPING,
    ReasonCode.WRONG_CONTACT,
    ReasonCode.CUSTOMER_REQUEST,
    ReasonCode.COMPLAINT,
    ReasonCode.OTHER,
)


class ModeField(forms.Field):
    """The id of a payment mode. That it is authorised is decided by the service (spec S3)."""

    default_error_messages = {"required": _("Choose a payment mode.")}
    default_error_messages["invalid"] = default_error_messages["required"]

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        text = str(value)
        if not (text.isascii() and text.isdigit() and len(text) <= 18):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(text)


class MoneyForm(forms.Form):
    """An amount and how it is paid; the cheque's marks are kept when it is one."""

    mode = ModeField(label=pgettext_lazy("payment", "Mode"))
    credit_mode = ModeField(label=_("Credit mode"), required=False)
    cheque_bank = forms.CharField(label=_("Bank"), max_length=60, required=False)
    cheque_number = forms.CharField(label=_("Cheque number"), max_length=20, required=False)
    cheque_drawer = forms.CharField(label=_("Drawer of the cheque"), max_length=80, required=False)

    def __init__(
        self,
        *args: Any,
        currency: str,
        modes: list[PaymentMode],
        credit_modes: list[PaymentMode],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.modes = modes
        self.credit_modes = credit_modes
        self.fields["amount"] = AmountField(label=_("Amount"), currency=currency)
        self.focus("amount")

    def focus(self, name: str | None) -> None:
        """Let one field take the focus, or none of this form."""
        for key, field in self.fields.items():
            field.widget.attrs.pop("data-autofocus", None)
            if key == name:
                field.widget.attrs["data-autofocus"] = ""

    @property
    def chosen_mode(self) -> int | None:
        """The mode to show as chosen: the one typed, else the only one there is."""
        typed = self["mode"].value()
        if typed in (None, ""):
            return self.modes[0].pk if len(self.modes) == 1 else None
        return int(typed) if str(typed).isascii() and str(typed).isdigit() else None

    @property
    def chosen_credit_mode(self) -> int | None:
        """The credit mode to show as chosen: the one typed, else the first in order (spec S3)."""
        typed = str(self["credit_mode"].value() or "")
        if typed.isascii() and typed.isdigit():
            return int(typed)
        return self.credit_modes[0].pk if self.credit_modes else None

    def request(self, *, contact_id: int) -> MoneyRequest:
        """Return what was typed as the service takes it."""
        typed = self.cleaned_data
        kinds = {mode.pk: mode.kind for mode in self.modes}
        cheque = Cheque()
        if kinds.get(typed["mode"]) == ModeKind.CHEQUE:
            cheque = Cheque(
                bank=typed["cheque_bank"],
                number=typed["cheque_number"],
                drawer=typed["cheque_drawer"],
            )
        return MoneyRequest(
            contact_id=contact_id,
            mode_id=typed["mode"],
            amount=typed["amount"],
            credit_mode_id=typed["credit_mode"],
            cheque=cheque,
        )


class PayoutForm(MoneyForm):
    """Money paid back, and what whoever receives it has shown; cash asks for it (MON-05)."""

    identity = forms.ChoiceField(
        label=_("Identity document shown"),
        choices=[("", "—"), *IdentityDocument.choices],
        required=False,
        help_text=_("For cash, always; its kind alone is kept."),
    )

    def request(self, *, contact_id: int) -> MoneyRequest:
        """Return what was typed as the service takes it."""
        shown = self.cleaned_data["identity"]
        return replace(
            super().request(contact_id=contact_id),
            identity=IdentityDocument(shown) if shown else None,
        )


class CorrectionForm(forms.Form):
    """Why a deposit or payout is taken back (spec C4)."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", "—"), *((reason.value, reason.label) for reason in CORRECTION_REASONS)],
    )


# By hand: all that somebody may have decided; takeovers and merges give their own reasons.
BY_HAND_REASONS = (*CORRECTION_REASONS, ReasonCode.EVENT_CHANGE, ReasonCode.PRESCRIPTION)
BY_HAND_KINDS = (
    MovementKind.GOODWILL,
    MovementKind.ADJUSTMENT,
    MovementKind.EXPIRY,
    MovementKind.WAIVER,
)


class ReasonForm(forms.Form):
    """Why a movement made by hand is taken back (spec C4)."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", "—"), *((reason.value, reason.label) for reason in BY_HAND_REASONS)],
    )


class ByHandForm(ReasonForm):
    """Credit given or taken away by hand: what, how much and why (spec C6)."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("movement", "Kind"),
        choices=[("", "—"), *((kind.value, kind.label) for kind in BY_HAND_KINDS)],
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"] = AmountField(label=_("Amount"), currency=currency)
        self.fields["kind"].widget.attrs["data-autofocus"] = ""

    def request(self) -> dict[str, Any]:
        """Return what was typed as ``payments.services.move_by_hand`` takes it."""
        typed = self.cleaned_data
        return {
            "kind": MovementKind(typed["kind"]),
            "amount": typed["amount"],
            "reason": typed["reason"],
        }


class HistoryForm(forms.Form):
    """The filters of a history; what cannot be read filters nothing and says so."""

    since = forms.DateField(
        label=pgettext_lazy("period", "From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )
    until = forms.DateField(
        label=pgettext_lazy("period", "Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("movement", "Kind"),
        required=False,
        choices=[("", _("All kinds")), *MovementKind.choices],
    )

    def filters(self) -> dict[str, Any]:
        """Return what ``list_credit_page`` takes; call after ``is_valid``."""
        typed = getattr(self, "cleaned_data", {})
        kind = typed.get("kind")
        return {
            "since": typed.get("since"),
            "until": typed.get("until"),
            "kinds": (MovementKind(kind),) if kind else (),
        }
