"""Reading the catalogue, the orders and the tickets."""

from sales.selectors.admissions import (
    Attendance,
    Door,
    count_attendance,
    list_doors,
    list_scans,
)
from sales.selectors.orders import (
    find_orders,
    get_order,
    get_order_by_number,
    get_ticket_numbers,
    lapsed_orders,
    list_order_labels,
    list_orders_of_contact,
)
from sales.selectors.papers import (
    TicketFace,
    faces_of_order,
    faces_printed,
    list_printouts,
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
from sales.selectors.sealed import sealed_sales, verify_sealed_sales
from sales.selectors.verification import (
    count_categories,
    count_lines,
    verify_seats,
    verify_tickets,
)

__all__ = [
    "LATE_SALES",
    "Attendance",
    "CategoryOffer",
    "Door",
    "PerformanceOffer",
    "PriceOffer",
    "TicketFace",
    "count_attendance",
    "count_categories",
    "count_left",
    "count_lines",
    "faces_of_order",
    "faces_printed",
    "find_orders",
    "get_order",
    "get_order_by_number",
    "get_performance_offer",
    "get_ticket_numbers",
    "lapsed_orders",
    "list_doors",
    "list_order_labels",
    "list_orders_of_contact",
    "list_printouts",
    "list_programme",
    "list_scans",
    "sealed_sales",
    "verify_sealed_sales",
    "verify_seats",
    "verify_tickets",
]
