"""The words of the credit account."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Side(TextChoices):
    """Credit raises the balance, debit lowers it: the same sides as account 419700."""

    CREDIT = "C", pgettext_lazy("accounting", "credit")
    DEBIT = "D", pgettext_lazy("accounting", "debit")


class MovementKind(TextChoices):
    """What a movement is (spec C6); the values are the codes that are sealed and printed."""

    DEPOSIT = "DEPOT", _("deposit")
    REFUND = "REMBOURSEMENT", _("order refund")
    SURPLUS = "SURPLUS_BON", _("voucher surplus")
    PAYMENT = "PAIEMENT", _("order payment")
    PAYOUT = "RESTITUTION", _("payout")
    GOODWILL = "GESTE", _("goodwill")
    ADJUSTMENT = "AJUSTEMENT", _("adjustment")
    OPENING = "REPRISE", _("opening balance")
    TRANSFER = "TRANSFERT", _("transfer")
    EXPIRY = "EXPIRATION", _("expiry")
    WAIVER = "RENONCIATION", _("waiver")


# What ``credit.services.reverse`` takes back by itself; deposits and payouts also move money, so
# payments corrects them; order payments, refunds and surplus are corrected on the order (C4).
REVERSED_HERE = frozenset(
    {
        MovementKind.GOODWILL,
        MovementKind.ADJUSTMENT,
        MovementKind.OPENING,
        MovementKind.EXPIRY,
        MovementKind.WAIVER,
    }
)
REVERSED_WITH_MONEY = frozenset({MovementKind.DEPOSIT, MovementKind.PAYOUT})


class AccountState(TextChoices):
    """An account is open until its contact is merged into another or erased."""

    OPEN = "open", _("open")
    MERGED = "merged", _("merged")
    ERASED = "erased", _("erased")


class ReasonCode(TextChoices):
    """Why staff moved credit by hand; a free comment stands apart and can be erased (C5)."""

    NONE = "", _("no reason")
    TYPING = "typing", _("typing mistake")
    WRONG_CONTACT = "wrong_contact", _("wrong contact")
    COMPLAINT = "complaint", _("complaint")
    EVENT_CHANGE = "event_change", _("change of programme")
    CUSTOMER_REQUEST = "customer_request", _("customer’s request")
    PRESCRIPTION = "prescription", _("legal time over")
    TAKEOVER = "takeover", _("takeover from another system")
    MERGE = "merge", _("contacts merged")
    OTHER = "other", _("other")
