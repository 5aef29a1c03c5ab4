"""Orders found, shown, printed; refunds (spec G4, G10)."""

from guichet.views.orders.cards import cancel, purchaser, search, show
from guichet.views.orders.corrections import correct_payment
from guichet.views.orders.papers import coupons_pdf, print_receipt, print_tickets, printout_pdf
from guichet.views.orders.refunds import refund, refunded

__all__ = [
    "cancel",
    "correct_payment",
    "coupons_pdf",
    "print_receipt",
    "print_tickets",
    "printout_pdf",
    "purchaser",
    "refund",
    "refunded",
    "search",
    "show",
]
