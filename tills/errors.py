"""What the tills refuse."""

from django.utils.translation import gettext_lazy as _

from journal.errors import Refusal


class TillsError(Refusal):
    """Base of every refusal of the tills."""

    sentence = _("The till cannot do this.")


class TillAlreadyOpen(TillsError):
    """One open session per till (spec G6)."""

    sentence = _("Till %(till)s is open already, by %(operator)s.")


class TillInactive(TillsError):
    """A deactivated till opens no more (spec S5)."""

    sentence = _("Till %(till)s is not in use any more.")


class TillIsAutomatic(TillsError):
    """Virtual tills open and close by themselves (spec S7)."""

    sentence = _("Till %(till)s opens and closes by itself.")


class TillOfAnother(TillsError):
    """A till opened by somebody else is worked at, and closed, by a supervisor only (spec §1).

    Data: till, operator.
    """

    sentence = _(
        "Till %(till)s was opened by %(operator)s: choose another one, or ask a supervisor to "
        "take it over."
    )


class NotYourTill(TillsError):
    """An operator sells only at the points of sale attached to the account (spec S4)."""

    sentence = _("You are not registered at this point of sale.")
