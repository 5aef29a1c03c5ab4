"""What the ground can refuse, one sentence each, with the data a caller may show."""

from django.utils.translation import gettext_lazy as _


class JournalError(Exception):
    """Base of every refusal of the journal; ``str()`` is a sentence for the person at the screen."""

    sentence = _("The operation could not be recorded. Nothing was written.")

    def __init__(self, **data: object) -> None:
        self.data = data
        super().__init__(data)

    def __str__(self) -> str:
        return str(self.sentence) % self.data


class KeyReused(JournalError):
    """The idempotency key was already used for something else (spec C7)."""

    sentence = _("This form was already used for another operation. Reload the page and try again.")


class TillClosed(JournalError):
    """The session the operation was begun in is no longer open (design.md, sessions and closings)."""

    sentence = _("Till %(till)s is closed. Nothing was written: open it again to go on.")


class DayIsOver(JournalError):
    """The business day of the session ended before the operation was sealed (spec S7)."""

    sentence = _(
        "The business day of till %(till)s is over. Close it and open it again to go on; "
        "nothing was written."
    )


class Busy(JournalError):
    """Locks were not to be had in time, three times in a row; the caller keeps the form."""

    sentence = _("Many operations are running at once. Nothing was written: please try again.")


class KeyMissing(JournalError):
    """The sealing key named by an entry or the settings is not on this machine (FIS-07)."""

    sentence = _("The sealing key “%(key_id)s” is missing.")


class GuardMissing(JournalError):
    """A trigger that protects an append-only table is not in the database."""

    sentence = _("The guard of table %(table)s is missing: run “manage.py migrate”.")


class AppendOnlyViolation(JournalError):
    """Somebody tried to change or delete what is written once (FIS-01)."""

    sentence = _("%(what)s is written once: it can be neither changed nor deleted.")
