"""The words of the drawer."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class CashWay(TextChoices):
    """Which way cash goes that is no payment: the values are the codes that are sealed."""

    IN = "in", pgettext_lazy("cash", "put in")
    OUT = "out", pgettext_lazy("cash", "taken out")


class CashReason(TextChoices):
    """Why cash was put into a drawer or taken out of it (spec G6).

    A list, no free words: the row is kept for ever, so it must not name people (RGP-03).
    """

    CHANGE = "change", pgettext_lazy("cash", "coins and notes for change")
    BANK = "bank", pgettext_lazy("cash", "bank")
    SAFE = "safe", pgettext_lazy("cash", "safe")
    OTHER_TILL = "other_till", pgettext_lazy("cash", "another till")
    EXPENSE = "expense", pgettext_lazy("cash", "small expense")
    FLOAT = "float", pgettext_lazy("cash", "correction of the float")
