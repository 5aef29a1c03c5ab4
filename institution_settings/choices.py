"""The words of the settings: kinds of payment mode, channels, roles."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ModeKind(TextChoices):
    """What a payment mode is (spec S2)."""

    CASH = "cash", _("cash")
    CARD = "card", _("card")
    CHEQUE = "cheque", _("cheque")
    TRANSFER = "transfer", _("bank transfer")
    ONLINE_CARD = "online_card", _("online card")
    VOUCHER = "voucher", _("voucher")
    PAPER_VOUCHER = "paper_voucher", _("paper voucher")
    CREDIT = "credit", pgettext_lazy("payment mode", "credit account")
    EXTERNAL = "external", _("external")
    OWED = "owed", pgettext_lazy("payment mode", "sum owed")


# Money that goes in or out by itself; deposits and payouts use nothing else (spec S3).
MONEY_KINDS = frozenset(ModeKind) - {
    ModeKind.CREDIT,
    ModeKind.VOUCHER,
    ModeKind.PAPER_VOUCHER,
    ModeKind.OWED,
}


class Channel(TextChoices):
    """Where a point of sale sells (spec S4)."""

    COUNTER = "counter", _("counter")
    ONLINE = "online", _("online")
    OFFICE = "office", _("back office")


class Paper(TextChoices):
    """What a point of sale prints on (spec G10)."""

    A4 = "a4", _("A4")
    ROLL = "roll", _("80 mm roll")
    TICKET = "ticket", _("ticket stock")


class Role(TextChoices):
    """What a member of staff may do (spec §1); customers have none."""

    CUSTOMER = "customer", _("customer")
    OPERATOR = "operator", _("operator")
    SUPERVISOR = "supervisor", _("supervisor")
    ACCOUNTANT = "accountant", _("accountant")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator")


class Regime(TextChoices):
    """Which law the institution sells under (fiscal.md, tenant types)."""

    FR_TVA = "FR_TVA", _("France, liable to VAT")
    FR_EXO = "FR_EXO", _("France, exempt from VAT")
    FR_REGIE = "FR_REGIE", _("France, public receipts office")
    CH = "CH", _("Switzerland")
