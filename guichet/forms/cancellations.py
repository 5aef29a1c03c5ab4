"""Cancelling a performance (spec G8)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from payments.choices import RunPolicy

# Money is the law's default (CNS-01).
OFFERED = (RunPolicy.MONEY, RunPolicy.CHOICE, RunPolicy.CREDIT)


class CancellationForm(forms.Form):
    """The policy; credit for all needs its reason, which the service asks for."""

    policy = forms.ChoiceField(
        label=_("What customers get back"),
        choices=[(policy.value, policy.label) for policy in OFFERED],
        initial=OFFERED[0],
    )
    reason = forms.CharField(
        label=_("Why no money is due (credit for all)"), max_length=200, required=False
    )
