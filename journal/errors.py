"""What the ground can refuse, one sentence each, with the data a caller may show."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

StrOrPromise = str | Promise


class Refusal(Exception):
    """Base of every typed refusal of the house: one sentence for a person, and its data.

    ``str()`` is the sentence in the reader's language; ``data`` is what a program may use.
    """

    sentence: StrOrPromise = _("This cannot be done.")

    def __init__(self, **data: object) -> None:
        self.data = data
        super().__init__(data)

    def __str__(self) -> str:
        return str(self.sentence) % {name: self.shown(value) for name, value in self.data.items()}

    def __reduce__(self) -> tuple[object, ...]:
        # Races are tested with processes: a refusal must survive the trip home.
        return _revive, (type(self), vars(self))

    def shown(self, value: object) -> object:
        """Return a value of ``data`` as it stands in the sentence."""
        return value


def _revive(kind: type[Refusal], state: dict[str, object]) -> Refusal:
    refusal = kind.__new__(kind)
    vars(refusal).update(state)
    return refusal


class JournalError(Refusal):
    """Base of every refusal of the journal."""

    sentence = _("The operation could not be recorded. Nothing was written.")


class KeyReused(JournalError):
    """The idempotency key was already used for something else (spec C7)."""

    sentence = _("This form was already used for another operation. Reload the page and try again.")


class TillClosed(JournalError):
    """The session the operation was begun in is no longer open (design.md, sessions)."""

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
