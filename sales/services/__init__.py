"""Writing the catalogue, the orders and the tickets.

Basket changes open a short transaction of their own and say what shall stand, so that repeating
them changes nothing. ``lock_order``, ``settle_order`` and ``take_back`` run inside the operation of
``payments``. Locks everywhere in one order: order, price categories by id (design.md §2).
"""

from sales.services.admissions import admit
from sales.services.baskets import (
    empty_basket,
    extend,
    open_basket,
    remove_line,
    set_purchaser,
    set_quantity,
    set_voucher_line,
)
from sales.services.catalogue import (
    CategoryPlan,
    PerformancePlan,
    add_performance,
    create_event,
    create_rate,
    set_prices,
)
from sales.services.exchanges import plan_exchange
from sales.services.orders import lock_order, lock_unpaid_orders, rehome_orders
from sales.services.printing import print_receipt, print_tickets
from sales.services.reservations import abandon, lapse_orders, reserve
from sales.services.tickets import settle_order, take_back

__all__ = [
    "CategoryPlan",
    "PerformancePlan",
    "abandon",
    "add_performance",
    "admit",
    "create_event",
    "create_rate",
    "empty_basket",
    "extend",
    "lapse_orders",
    "lock_order",
    "lock_unpaid_orders",
    "open_basket",
    "plan_exchange",
    "print_receipt",
    "print_tickets",
    "rehome_orders",
    "remove_line",
    "reserve",
    "set_prices",
    "set_purchaser",
    "set_quantity",
    "set_voucher_line",
    "settle_order",
    "take_back",
]
