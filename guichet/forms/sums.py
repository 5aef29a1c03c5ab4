"""In which mode a sum owed is handed over."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import pgettext_lazy

from guichet.forms.credit import ModeField
from institution_settings.models import PaymentMode


class SumForm(forms.Form):
    """A money mode authorised for refund; the service decides."""

    mode = ModeField(label=pgettext_lazy("payment", "Mode"))
    credit_modes: Sequence[PaymentMode] = ()

    def __init__(self, *args: Any, modes: Sequence[PaymentMode], **options: Any) -> None:
        super().__init__(*args, **options)
        self.modes = modes

    @property
    def chosen_mode(self) -> int | None:
        """The mode to show as chosen: the one typed, none beforehand."""
        typed = str(self["mode"].value() or "")
        return int(typed) if typed.isascii() and typed.isdigit() else None
