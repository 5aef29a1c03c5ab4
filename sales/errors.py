"""What the catalogue and the orders refuse, one sentence each, with its data."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from institution_settings.money import MoneyRefusal


class SalesError(MoneyRefusal):
    """Base of every refusal of the catalogue and the orders."""

    sentence = _("This cannot be sold.")


class SoldOut(SalesError):
    """Fewer seats are left than asked for; data: left (a number, baskets counted as taken)."""

    sentence = _("No seat is left in this category.")

    def __str__(self) -> str:
        left = self.data["left"]
        if not isinstance(left, int) or left <= 0:
            return str(self.sentence)
        words = ngettext(
            "Only %(left)s seat is left in this category.",
            "Only %(left)s seats are left in this category.",
            left,
        )
        return words % self.data


class NotOnSale(SalesError):
    """The performance is a draft, cancelled or over; data: title."""

    sentence = _("“%(title)s” is not on sale on this date.")


class NotPriced(SalesError):
    """There is no price for this seat at this rate, or none in the order's currency."""

    sentence = _("There is no price for this seat at this rate.")


class QuantityOutOfRange(SalesError):
    """Whole numbers from 0 to a limit; data: maximum."""

    sentence = _("Enter a number between 0 and %(maximum)s.")


class VoucherValue(SalesError):
    """A voucher that is sold is worth something, in the order's currency; data: currency."""

    sentence = _("Enter the value of the voucher, above zero, in %(currency)s.")


class OrderEmpty(SalesError):
    """There is nothing in the order to reserve or to pay."""

    sentence = _("This order is empty: choose a performance first.")


class OrderNotOpen(SalesError):
    """The order is in a state that does not allow this; data: number, state (its label)."""

    sentence = _("Order %(number)s can no longer be changed: its state is “%(state)s”.")


class OrderLapsed(SalesError):
    """The order was cancelled, by somebody or because its time was over; data: number."""

    sentence = _("Order %(number)s was cancelled and its seats given back: start a new one.")


class PurchaserFixed(SalesError):
    """Once credit is used or held, or the order is paid, the purchaser stays (spec G2)."""

    sentence = _("The purchaser of order %(number)s can no longer be changed.")


class PurchaserMissing(SalesError):
    """Seats are kept for somebody (spec G2)."""

    sentence = _("Choose a purchaser before you reserve.")


class KeptUntilPast(SalesError):
    """A reservation is kept until a moment still to come."""

    sentence = pgettext_lazy("reservation", "Choose a date that is still to come.")


class TicketNotValid(SalesError):
    """One of the tickets was already taken back; nothing was."""

    sentence = _("A ticket was already taken back. Reload the order and choose again.")


class NothingToPrint(SalesError):
    """The order has no valid ticket among those named, or is not paid."""

    sentence = _("There is nothing to print: the order is not paid, or its tickets are taken back.")


class AlreadyPrinted(SalesError):
    """All tickets were printed before: printing them again makes duplicates (FIS-16)."""

    sentence = _("These tickets were printed already. Reprint them as duplicates, with a reason.")


class ReprintNeedsReason(SalesError):
    """A duplicate says why it was made; one of the known reasons."""

    sentence = _("Say why the tickets are printed again.")


class ExchangeElsewhere(SalesError):
    """An exchange takes tickets of one paid order back that are still valid (spec G4)."""

    sentence = _("Choose tickets of one paid order that are still valid: nothing was exchanged.")
