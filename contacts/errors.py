"""What the contacts and logins refuse, one sentence each."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from journal.errors import Refusal


class ContactsError(Refusal):
    """Base of every refusal of this app."""

    sentence = _("The contact or login cannot be used like this.")


class DetailsRefused(ContactsError):
    """Something typed about a person cannot be kept; ``fields`` says what, field by field."""

    sentence = _("Some of what was typed cannot be kept: %(sentences)s")

    def __init__(self, error: ValidationError) -> None:
        # The key is a field's name, or "__all__" for what concerns several.
        self.fields: dict[str, list[str]] = {
            name: [str(message) for message in messages]
            for name, messages in error.message_dict.items()
        }
        sentences = [message for messages in self.fields.values() for message in messages]
        super().__init__(sentences=" ".join(sentences))


class ContactInUse(ContactsError):
    """A contact with orders, payments or a credit account is never deleted (spec C11)."""

    sentence = _(
        "%(name)s has orders, payments or credit and is kept: it can be anonymised, not deleted."
    )


class ContactGone(ContactsError):
    """Somebody merged or anonymised the contact while it was being changed (spec C10, C11)."""

    sentence = _("This contact was merged or anonymised meanwhile: nothing was changed.")


class CodeIsFixed(ContactsError):
    """An operator code stands in sealed entries and never changes (FIS-06)."""

    sentence = _("The operator code “%(code)s” is in the journal and cannot change any more.")


class LastAdministrator(ContactsError):
    """Somebody must be able to enter the administration."""

    sentence = _("%(name)s is the last administrator: name another one first.")


class PinRefused(ContactsError):
    """A PIN is 4 to 8 digits that nobody guesses first."""

    sentence = _("Type a PIN of 4 to 8 digits that are neither all the same nor in sequence.")


class NotApproved(ContactsError):
    """The code and the PIN do not belong together; which of them is wrong is not said."""

    sentence = _("This code and PIN do not approve: check both and type them again.")


class TooManyTries(NotApproved):
    """After five wrong PINs in a row the next tries have to wait, longer each time (RGP-06)."""

    sentence = _("Too many wrong PINs: wait %(seconds)s seconds before the next try.")


class MayNotApprove(NotApproved):
    """The PIN is right, but this is not for that person to approve."""

    sentence = _("%(name)s may not approve this: ask a supervisor.")
