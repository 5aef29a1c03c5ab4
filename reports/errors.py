"""What the reports refuse, one sentence each."""

from django.utils.translation import gettext_lazy as _

from journal.errors import Refusal


class ReportsError(Refusal):
    """Base of every refusal of the reports."""


class NotBegun(ReportsError):
    """A statement is closed once its performance began, or was cancelled."""

    sentence = _("This performance has not begun: its statement is closed afterwards.")


class AlreadyClosed(ReportsError):
    """Somebody closed the statement before; data: number."""

    sentence = _("This statement was closed already, as %(number)s.")


class DoesNotAddUp(ReportsError):
    """The payment modes are not what the tickets cost: to be looked into, never closed."""

    sentence = _("The payment modes are not what the tickets cost. Call the accountant.")
