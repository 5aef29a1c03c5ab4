"""What is kept of a customer's choice of credit over money (CNS-01)."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from guichet.views.entry import DeskRequest

MAX_CONSENT = 80


def consent_words(request: DeskRequest, given: object) -> str:
    """Return what is kept of the customer's choice: said at which till, in these words."""
    if not given:
        return ""
    # Kept with the refund: in the language of the house, not of whoever refunds.
    with override(settings.LANGUAGE_CODE):
        words = _("At till %(till)s: credit chosen rather than money")
    return (words % {"till": request.desk.till_code})[:MAX_CONSENT]
