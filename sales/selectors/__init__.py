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

__all__ = [
    "LATE_SALES",
    "CategoryOffer",
    "PerformanceOffer",
    "PriceOffer",
    "count_left",
    "find_orders",
    "get_order",
    "get_order_by_number",
    "get_performance_offer",
    "get_ticket_numbers",
    "lapsed_orders",
    "list_order_labels",
    "list_orders_of_contact",
    "list_programme",
]
