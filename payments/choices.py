"""The words of payments, refunds and vouchers."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Direction(TextChoices):
    """Money coming in or going out."""

    IN = "in", pgettext_lazy("money", "in")
    OUT = "out", pgettext_lazy("money", "out")


class Purpose(TextChoices):
    """What a payment is for: each is a line of its own on a Z (fiscal.md I6)."""

    SALE = "sale", _("sale")
    REFUND = "refund", _("refund")
    DEPOSIT = "deposit", pgettext_lazy("credit account", "deposit")
    PAYOUT = "payout", pgettext_lazy("credit account", "payout")
    OWED = "owed", pgettext_lazy("payment", "sum owed")


class IdentityDocument(TextChoices):
    """What was shown by whoever received money: its kind alone, never a number (MON-05)."""

    ID_CARD = "id_card", _("identity card")
    PASSPORT = "passport", _("passport")
    RESIDENCE = "residence", _("residence permit")
    DRIVING = "driving", _("driving licence")
    OTHER = "other", _("other document")


class RefundChoice(TextChoices):
    """How the money of a refund returns (spec G4)."""

    ORIGIN = "origin", _("as it was paid")
    CREDIT = "credit", _("to the credit account")
    MODE = "mode", _("in another mode")
    OWED = "owed", _("later: the sum is owed")
    EXCHANGE = "exchange", _("exchanged for other tickets")


# What a customer may be asked: an exchange is a sale, not an answer.
ASKED_CHOICES = (RefundChoice.ORIGIN, RefundChoice.CREDIT, RefundChoice.MODE, RefundChoice.OWED)


class VoucherState(TextChoices):
    """A voucher is spent down to nothing, or cancelled."""

    ACTIVE = "active", _("active")
    CANCELLED = "cancelled", pgettext_lazy("voucher", "cancelled")


class VoucherUse(TextChoices):
    """How vouchers of a type may be had."""

    ANY = "any", _("sold, or issued free by a supervisor")
    SOLD = "sold", _("sold only")
    FREE = "free", _("issued free only")


class VoucherReason(TextChoices):
    """Why a voucher nobody paid for was cancelled (spec G7)."""

    LOST = "lost", _("lost or stolen")
    MISTAKE = "mistake", _("issued by mistake")
    REPLACED = "replaced", _("replaced by another one")
    WITHDRAWN = "withdrawn", _("offer withdrawn")


class VoucherMove(TextChoices):
    """What moves a voucher's balance."""

    ISSUE = "issue", _("issue")
    PAYMENT = "payment", _("payment")
    REFUND = "refund", _("refill after a refund")
    CANCEL = "cancel", _("cancellation")


class ApprovalReason(TextChoices):
    """Why a supervisor was asked (spec §1, G4, G5, G7, C4, C6)."""

    PAYOUT_LIMIT = "payout_limit", _("payout above the day’s limit")
    RECENT_CARD = "recent_card", _("cash soon after a card deposit")
    FREE_VOUCHER = "free_voucher", _("voucher nobody paid for")
    FINAL_VOUCHER = "final_voucher", _("voucher not refundable, or its time over")
    BY_HAND = "by_hand", _("credit moved by hand")
    CORRECTION = "correction", _("correction in another till session")
    USED_TICKET = "used_ticket", _("ticket used or its show begun")
    ERASURE = "erasure", _("erasure of a contact")


class RunPolicy(TextChoices):
    """What customers of a cancelled performance get back (spec G8)."""

    MONEY = "money", _("money")
    CHOICE = "choice", _("credit or money, as each customer chooses")
    CREDIT = "credit", _("credit for all")


class RunLineState(TextChoices):
    """How far the refund of one order of a cancelled performance is."""

    WAITING = "waiting", pgettext_lazy("refund run", "waiting")
    DONE = "done", pgettext_lazy("refund run", "given back")
    CHOICE = "choice", _("the customer has to choose")
    OWED = "owed", pgettext_lazy("refund run", "owed")
    PERSON = "person", _("needs a person")
