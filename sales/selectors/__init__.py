"""Reading the catalogue, the orders and the tickets."""

from sales.selectors.orders import (
    find_orders,
    get_order,
    get_order_by_number,
    get_ticket_numbers,
    lapsed_orders,
    list_order_labels,
    list_orders_of_contact,
)
from sales.selectors.programme import (
    LATE_SALES,
    CategoryOffer,
    PerformanceOffer,
    PriceOffer,
    count_left,
    get_performance_offer,
    list_programme,
)
from sales.selectors.verification import (
    count_categories,
    count_lines,
    verify_seats,
    verify_tickets,
)

__all__ = [
    "LATE_SALES",
    "CategoryOffer",
    "PerformanceOffer",
    "PriceOffer",
    "count_categories",
    "count_left",
    "count_lines",
    "find_orders",
    "get_order",
    "get_order_by_number",
    "get_performance_offer",
    "get_ticket_numbers",
    "lapsed_orders",
    "list_order_labels",
    "list_orders_of_contact",
    "list_programme",
    "verify_seats",
    "verify_tickets",
]
