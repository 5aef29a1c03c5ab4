"""What is ticked and said when tickets are printed again."""

from django import forms
from django.utils.translation import gettext_lazy as _

from guichet.forms.orders import IdsField
from sales.choices import ReprintReason


class ReprintForm(forms.Form):
    """Which tickets, and why: a duplicate is never made without a reason (FIS-16)."""

    tickets = IdsField(required=False)
    reason = forms.ChoiceField(
        label=_("Why they are printed again"),
        choices=ReprintReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say why the tickets are printed again.")},
    )

    def clean_tickets(self) -> list[int]:
        """Refuse to print nothing."""
        tickets: list[int] = self.cleaned_data["tickets"]
        if not tickets:
            raise forms.ValidationError(_("Choose the tickets to print again."))
        return tickets
