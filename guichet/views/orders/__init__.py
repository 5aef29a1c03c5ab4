"""Orders found, shown, printed; refunds (spec G4, G10)."""

from guichet.views.orders.cards import cancel, purchaser, search, show
from guichet.views.orders.choices import choose_refund
from guichet.views.orders.corrections import correct_payment
from guichet.views.orders.exchanges import exchange
from guichet.views.orders.papers import coupons_pdf, print_receipt, print_tickets, printout_pdf
from guichet.views.orders.refunds import receipt_pdf, refund, refunded

__all__ = [
    "cancel",
    "choose_refund",
    "correct_payment",
    "coupons_pdf",
    "exchange",
    "print_receipt",
    "print_tickets",
    "printout_pdf",
    "purchaser",
    "receipt_pdf",
    "refund",
    "refunded",
    "search",
    "show",
]
