"""The sale on one screen (spec G2, G3, G9): basket, purchaser, payment."""

from guichet.views.sale.basket import abandon, keep, offer, programme, quantity, show, start
from guichet.views.sale.payment import done, pay, tenders
from guichet.views.sale.purchaser import purchaser

__all__ = [
    "abandon",
    "done",
    "keep",
    "offer",
    "pay",
    "programme",
    "purchaser",
    "quantity",
    "show",
    "start",
    "tenders",
]
