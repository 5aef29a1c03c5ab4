"""The sale on one screen (spec G2, G3, G9): basket, purchaser, payment."""

from guichet.views.sale.basket import offer, programme, show, start
from guichet.views.sale.keeping import abandon, keep, reserve
from guichet.views.sale.payment import done, pay, tenders
from guichet.views.sale.purchaser import purchaser
from guichet.views.sale.quantities import quantity, vouchers

__all__ = [
    "abandon",
    "done",
    "keep",
    "offer",
    "pay",
    "programme",
    "purchaser",
    "quantity",
    "reserve",
    "show",
    "start",
    "tenders",
    "vouchers",
]
