"""What is typed on the sale screen besides the payment panel."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.forms import TidyField
from sales.services.orders import MAX_QUANTITY

MAX_ID = 2**63 - 1


class SeatsForm(forms.Form):
    """Seats at a price: so many (``quantity``), or so many more (``add``)."""

    price = forms.IntegerField(min_value=1, max_value=MAX_ID)
    quantity = forms.IntegerField(
        label=_("Number of seats"), min_value=0, max_value=MAX_QUANTITY, required=False
    )
    add = forms.IntegerField(min_value=-MAX_QUANTITY, max_value=MAX_QUANTITY, required=False)


class ReserveForm(forms.Form):
    """Through which day the seats are kept unpaid."""

    until = forms.DateField(
        label=_("Keep through"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Without a date: as many days as the settings say."),
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def clean_until(self) -> date | None:
        """Refuse a day that is over."""
        day: date | None = self.cleaned_data["until"]
        if day is not None and day < self.today:
            raise forms.ValidationError(_("This day is over: choose a later one."))
        return day


class NewPurchaserForm(forms.Form):
    """A contact made without leaving the sale: a name is enough."""

    last_name = TidyField(label=_("Last name"), max_length=120, required=False)
    first_name = TidyField(label=_("First name"), max_length=120, required=False)
    organisation = TidyField(label=_("Organisation"), max_length=160, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = TidyField(
        label=_("Phone"), max_length=30, required=False, widget=forms.TextInput({"type": "tel"})
    )
