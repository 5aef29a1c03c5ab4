"""The filters of the bordereau as an accountant chooses them."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from credit.choices import MovementKind
from institution_settings.choices import ModeKind, Role
from institution_settings.models import PaymentMode
from reports.selectors.bordereau import BordereauFilter
from tills.models import Till


class BordereauForm(forms.Form):
    """Period and filters; nothing chosen means all."""

    first = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}))
    last = forms.DateField(label=_("To"), widget=forms.DateInput({"type": "date"}))
    tills = forms.ModelMultipleChoiceField(
        Till.objects.order_by("code"), label=_("Tills"), required=False
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds"), choices=MovementKind.choices, required=False
    )
    operators = forms.ModelMultipleChoiceField(
        User.objects.exclude(role=Role.CUSTOMER).order_by("name"),
        label=_("Operators"),
        required=False,
    )
    modes = forms.ModelMultipleChoiceField(
        PaymentMode.objects.filter(kind=ModeKind.CREDIT).order_by("position"),
        label=_("Credit modes"),
        required=False,
    )
    counterparts = forms.ModelMultipleChoiceField(
        PaymentMode.objects.exclude(kind=ModeKind.CREDIT).order_by("position"),
        label=_("Counterparts"),
        required=False,
    )

    def clean_last(self) -> date:
        first, last = self.cleaned_data.get("first"), self.cleaned_data["last"]
        if first and last < first:
            raise ValidationError(_("The period ends before it begins."))
        return last

    def to_filter(self, *, currency: str, only_sessions_of: int | None) -> BordereauFilter:
        """Return what was chosen; ``only_sessions_of`` keeps an operator to own sessions."""
        chosen = self.cleaned_data
        return BordereauFilter(
            first=chosen["first"],
            last=chosen["last"],
            currency=currency,
            till_ids=tuple(till.pk for till in chosen["tills"]),
            kinds=tuple(chosen["kinds"]),
            operator_ids=tuple(user.pk for user in chosen["operators"]),
            mode_ids=tuple(mode.pk for mode in chosen["modes"]),
            counterpart_ids=tuple(mode.pk for mode in chosen["counterparts"]),
            only_sessions_of=only_sessions_of,
        )

    def criteria(self) -> list[str]:
        """Return the chosen filters in words, for the head of the paper (RPT-00)."""
        chosen = self.cleaned_data
        kinds = dict(MovementKind.choices)
        words = [
            (_("Tills"), [till.code for till in chosen["tills"]]),
            (_("Kinds"), [str(kinds[kind]) for kind in chosen["kinds"]]),
            (_("Operators"), [str(user) for user in chosen["operators"]]),
            (_("Credit modes"), [mode.label for mode in chosen["modes"]]),
            (_("Counterparts"), [mode.label for mode in chosen["counterparts"]]),
        ]
        return [f"{name} : {', '.join(values)}" for name, values in words if values]
