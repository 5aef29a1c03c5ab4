"""The form of a price category in the administration: its seats and one price a rate."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from moneyed import Money

from institution_settings.forms import AmountField
from institution_settings.money import from_minor, to_minor
from sales.models import Price, PriceCategory, Rate

FRENCH_TICKET_VAT = Decimal("5.50")  # BIL-12


class CategoryForm(forms.ModelForm[PriceCategory]):
    """Seats of a category; ``category_form`` adds a field for the price at each rate."""

    rates: tuple[Rate, ...] = ()

    vat_rate = forms.DecimalField(
        label=_("VAT rate, %"),
        min_value=0,
        max_value=Decimal("99.99"),
        decimal_places=2,
        initial=FRENCH_TICKET_VAT,
    )

    class Meta:
        model = PriceCategory
        fields = ["name", "capacity", "position"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            return
        for price in self.instance.prices.all():
            amount = from_minor(to_minor(price.amount), price.amount.currency.code)
            self.initial[rate_field(price.rate_id)] = amount
            self.initial["vat_rate"] = price.vat_rate

    def clean_capacity(self) -> int:
        """Refuse fewer seats than are taken, with the category locked until they are saved."""
        capacity: int = self.cleaned_data["capacity"]
        if self.instance.pk:
            locked = PriceCategory.objects.select_for_update(no_key=True).get(pk=self.instance.pk)
            if capacity < locked.taken:
                sentence = _("Seats taken already: %(taken)s.") % {"taken": locked.taken}
                raise ValidationError(sentence, code="taken")
        return capacity

    def clean(self) -> dict[str, Any]:
        """Hold each price to the rules of its model: the largest sum differs by currency."""
        cleaned = super().clean() or self.cleaned_data
        for rate, amount in self.prices().items():
            try:
                if amount is not None:
                    Price(amount=amount).clean_fields(exclude=["category", "rate", "vat_rate"])
            except ValidationError as error:
                self.add_error(rate_field(rate.pk), error.messages)
        return cleaned

    def prices(self) -> dict[Rate, Money | None]:
        """Return what was typed for each rate; None where the category is not sold at it."""
        return {rate: self.cleaned_data.get(rate_field(rate.pk)) for rate in self.rates}


def rate_field(rate_id: int) -> str:
    """Return the name of the field for the price at a rate."""
    return f"rate_{rate_id}"


def category_form(*, rates: Iterable[Rate], currency: str) -> type[CategoryForm]:
    """Return the form with a field a rate, in the institution's one currency (spec S6)."""
    known = tuple(rates)
    fields = {
        rate_field(rate.pk): AmountField(
            currency=currency, zero=True, required=False, label=rate.label
        )
        for rate in known
    }
    return type("PricedCategoryForm", (CategoryForm,), {"rates": known, **fields})
