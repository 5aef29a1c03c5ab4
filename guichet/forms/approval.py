"""A supervisor's approval on the operator's screen (spec §1)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

CODE_LENGTH = 20
PIN_LENGTH = 8


class ApprovalForm(forms.Form):
    """Code and PIN of whoever approves; the PIN is never shown again.

    The browser does not insist on them: a smaller amount may need no approval any more.
    """

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = "approver_pin" if self.is_bound else "approver_code"
        self.fields[name].widget.attrs["data-autofocus"] = ""

    approver_code = forms.CharField(
        label=_("Supervisor’s code"),
        max_length=CODE_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    approver_pin = forms.CharField(
        label=_("PIN"),
        max_length=PIN_LENGTH,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
