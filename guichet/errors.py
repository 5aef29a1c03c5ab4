"""What the counter itself refuses; everything about money is refused by the services below."""

from django.utils.translation import gettext_lazy as _

from journal.errors import Refusal


class CounterError(Refusal):
    """Base of every refusal of the counter."""

    sentence = _("This cannot be done at this counter.")


class NoOpenSession(CounterError):
    """The till to take over is closed meanwhile. Data: till."""

    sentence = _("Till %(till)s is closed meanwhile: open it to work there.")
