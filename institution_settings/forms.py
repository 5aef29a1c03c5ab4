"""Form fields that any page may use, and the form of the institution."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from moneyed import Money

from institution_settings.errors import AmountError
from institution_settings.models import Institution
from institution_settings.money import format_amount, parse_amount, to_minor


class AmountField(forms.Field):
    """One text input for an amount in one currency; gives ``Money``, or ``None`` if left empty.

    ``currency`` is a code or, where only the database knows it, a function that returns it.
    ``zero`` accepts 0: prices, floats and counts, never where money is moved (spec §10). What was
    typed is shown again as it was typed when it is refused.
    """

    widget = forms.TextInput

    def __init__(
        self, *, currency: str | Callable[[], str], zero: bool = False, **kwargs: Any
    ) -> None:
        self._currency = currency
        self.zero = zero
        super().__init__(**kwargs)

    @property
    def currency(self) -> str:
        """The code of the currency amounts are typed in here."""
        return self._currency() if callable(self._currency) else self._currency

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Ask phones for the keypad with a comma, and browsers not to remember amounts."""
        return {**super().widget_attrs(widget), "inputmode": "decimal", "autocomplete": "off"}

    def to_python(self, value: Any) -> Money | None:
        """Read what was typed; an empty field is ``required``'s business."""
        if isinstance(value, Money):
            return value
        if value is None or not str(value).strip():
            return None
        try:
            return parse_amount(str(value), currency=self.currency, zero=self.zero)
        except AmountError as error:
            raise ValidationError(str(error), code=error.code) from error

    def prepare_value(self, value: Any) -> Any:
        """Show an initial amount in the house style, anything typed untouched."""
        return format_amount(value) if isinstance(value, Money) else value


class InstitutionForm(forms.ModelForm[Institution]):
    """The institution, with its limits typed as amounts in the currency typed beside them."""

    cash_limit = AmountField(
        currency="", label=capfirst(_("cash limit")), help_text=_("Per order, deposit or payout.")
    )
    payout_limit = AmountField(
        currency="",
        label=capfirst(_("payout without a supervisor")),
        help_text=_("Per contact and business day."),
    )

    class Meta:
        model = Institution
        fields = (
            "name",
            "legal_name",
            "regime",
            "siren",
            "siret",
            "vat_number",
            "licence",
            "address",
            "email",
            "phone",
            "website",
            "currency",
            "time_zone",
            "day_starts_at",
            "basket_minutes",
            "hold_minutes",
            "reservation_days",
        )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("cash_limit", "payout_limit"):
            declared = self.fields[name]
            self.fields[name] = AmountField(
                currency=self._currency,
                zero=True,
                label=declared.label,
                help_text=declared.help_text,
                initial=getattr(self.instance, name),
            )

    def _currency(self) -> str:
        """The currency being typed in the same form, or the one that is fixed."""
        return self.data.get("currency") or self.instance.currency

    def clean(self) -> dict[str, Any]:
        """Keep the limits in minor units."""
        cleaned = super().clean() or self.cleaned_data
        for name in ("cash_limit", "payout_limit"):
            if cleaned.get(name) is not None:
                setattr(self.instance, f"{name}_minor", to_minor(cleaned[name]))
        return cleaned
