"""What is sold, and the orders that sell it. Knows no credit: payments joins the two."""

from sales.models.admissions import Scan
from sales.models.catalogue import Event, Performance, Price, PriceCategory, Rate
from sales.models.orders import Order, OrderLine, Ticket
from sales.models.printing import Printout

__all__ = [
    "Event",
    "Order",
    "OrderLine",
    "Performance",
    "Price",
    "PriceCategory",
    "Printout",
    "Rate",
    "Scan",
    "Ticket",
]
