"""Which days the performances are looked for in."""

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

# A season at most: a list, not an archive.
MOST_DAYS = 400


class DaysForm(forms.Form):
    """A first and a last day of performances, both included."""

    first = forms.DateField(
        label=_("From"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("To"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, date]:
        """Refuse days in the wrong order, or too many."""
        cleaned: dict[str, date] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and not timedelta(0) <= last - first < timedelta(days=MOST_DAYS):
            self.add_error("last", _("Choose a last day after the first, within a year."))
        return cleaned

    @property
    def days(self) -> int:
        """How many days are asked for."""
        first: date = self.cleaned_data["first"]
        last: date = self.cleaned_data["last"]
        return (last - first).days + 1
