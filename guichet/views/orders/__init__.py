"""Orders found and shown, refunds, and vouchers looked up or issued (spec G4, G7)."""

from guichet.views.orders.cards import purchaser, search, show, tickets_pdf
from guichet.views.orders.refunds import refund, refunded
from guichet.views.orders.vouchers import new_voucher, vouchers

__all__ = [
    "new_voucher",
    "purchaser",
    "refund",
    "refunded",
    "search",
    "show",
    "tickets_pdf",
    "vouchers",
]
