"""What is typed at the counter about a contact."""

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.choices import ErasureReason
from contacts.search import tidy


def guess_details(text: str) -> dict[str, str]:
    """Return where a search that found nobody goes in a new contact: e-mail, phone or name."""
    typed = tidy(text)
    if "@" in typed:
        return {"email": typed}
    if any(char.isdigit() for char in typed):
        return {"phone": typed}
    return {"last_name": typed} if typed else {}


class ErasureForm(forms.Form):
    """Why what is known of a contact is erased; no free words: they would stay (FIS-06)."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", "—"), *((reason.value, reason.label) for reason in ErasureReason)],
    )
