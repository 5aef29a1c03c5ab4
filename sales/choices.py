"""The words of the catalogue and the orders."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PerformanceState(TextChoices):
    """Whether a performance is sold, not yet, or no longer."""

    DRAFT = "draft", pgettext_lazy("performance", "draft")
    ON_SALE = "on_sale", pgettext_lazy("performance", "on sale")
    CANCELLED = "cancelled", pgettext_lazy("performance", "cancelled")


class OrderState(TextChoices):
    """Order states (spec G2). Tickets exist only in ``PAID``."""

    BASKET = "basket", pgettext_lazy("order", "basket")
    AWAITING = "awaiting", pgettext_lazy("order", "awaiting the payment provider")
    RESERVED = "reserved", pgettext_lazy("order", "reserved")
    PAID = "paid", pgettext_lazy("order", "paid")
    CANCELLED = "cancelled", pgettext_lazy("order", "cancelled")


# States in which an order still may change and keeps its seats until ``expires_at``.
UNPAID_STATES = frozenset({OrderState.BASKET, OrderState.AWAITING, OrderState.RESERVED})


class LineKind(TextChoices):
    """What an order line sells."""

    TICKET = "ticket", _("ticket")
    VOUCHER = "voucher", _("voucher")


class TicketState(TextChoices):
    """A ticket is valid until it is taken back."""

    VALID = "valid", pgettext_lazy("ticket", "valid")
    CANCELLED = "cancelled", pgettext_lazy("ticket", "cancelled")


class Document(TextChoices):
    """What is printed once as an original, then as a numbered duplicate (FIS-16)."""

    TICKET = "ticket", _("ticket")
    RECEIPT = "receipt", _("receipt")


class ReprintReason(TextChoices):
    """Why a ticket is printed again at a counter."""

    LOST = "lost", pgettext_lazy("ticket", "lost or forgotten")
    DAMAGED = "damaged", pgettext_lazy("ticket", "damaged or unreadable")
    PRINTER = "printer", _("the printer failed")


class ScanOutcome(TextChoices):
    """What a gate answers (spec G11). Only ``ADMITTED`` lets somebody in, once a ticket."""

    ADMITTED = "admitted", pgettext_lazy("ticket", "valid")
    ALREADY_IN = "already_in", _("already in")
    CANCELLED = "cancelled", pgettext_lazy("ticket", "cancelled")
    ELSEWHERE = "elsewhere", _("other performance")
    UNKNOWN = "unknown", pgettext_lazy("ticket", "unknown")
