"""Seats and tickets re-counted (spec P2, G2): what is taken, against orders and tickets."""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from journal.selectors import Finding, Step
from sales.models import OrderLine, PriceCategory

# Rows a statement: each takes well under a second, whatever the tables' length.
CHUNK = 2000

SEATS_DIFFER = _("The seats taken are not those of orders under way and valid tickets.")
TICKETS_DIFFER = _("The tickets of this order are not the seats it sold.")


def verify_seats(*, step: Step) -> Iterator[Finding]:
    """Find categories that count other seats as taken than are; ``step`` is told how many."""
    for row in _faulty(PriceCategory.objects.all(), _SEATS, step):
        where = f"{row['title']} {row['starts_at']} {row['name']}"
        yield Finding(where, SEATS_DIFFER, f"{row['taken']} ≠ {row['kept']}")


def verify_tickets(*, step: Step) -> Iterator[Finding]:
    """Find order lines with other tickets than they sold, or tickets that are not paid."""
    for row in _faulty(OrderLine.objects.all(), _TICKETS, step):
        yield Finding(str(row["number"]), TICKETS_DIFFER, f"{row['issued']} ≠ {row['sold']}")


def count_categories() -> int:
    """Return how many price categories there are."""
    return PriceCategory.objects.count()


def count_lines() -> int:
    """Return how many order lines there are."""
    return OrderLine.objects.count()


def _faulty(rows: QuerySet[Any], statement: str, step: Step) -> Iterator[dict[str, Any]]:
    last = 0  # the last row done
    while True:
        rest = rows.filter(pk__gt=last).order_by("pk")
        chunk = list(rest.values_list("pk", flat=True)[:CHUNK])
        if not chunk:
            return
        with connection.cursor() as cursor:
            cursor.execute(statement, {"after": last, "until": chunk[-1]})
            names = [column[0] for column in cursor.description]
            found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        yield from found
        last = chunk[-1]
        step(len(chunk))


_SEATS = """
SELECT w.taken, w.kept, w.name, e.title, p.starts_at FROM (
  SELECT c.id, c.performance_id, c.taken, c.name,
    COALESCE((SELECT SUM(l.quantity) FROM sales_orderline l JOIN sales_order o ON o.id = l.order_id
      WHERE l.category_id = c.id AND o.state IN ('basket', 'awaiting', 'reserved')), 0)
    + (SELECT COUNT(*) FROM sales_ticket t JOIN sales_orderline l ON l.id = t.line_id
      WHERE l.category_id = c.id AND t.state = 'valid') AS kept
  FROM sales_pricecategory c WHERE c.id > %(after)s AND c.id <= %(until)s
) w
JOIN sales_performance p ON p.id = w.performance_id
JOIN sales_event e ON e.id = p.event_id
WHERE w.taken <> w.kept ORDER BY w.id
"""

_TICKETS = """
SELECT w.number, w.issued, w.sold FROM (
  SELECT l.id, o.number,
    CASE WHEN o.state = 'paid' AND l.kind = 'ticket' THEN l.quantity ELSE 0 END AS sold,
    (SELECT COUNT(*) FROM sales_ticket t WHERE t.line_id = l.id AND t.order_id = o.id) AS issued
  FROM sales_orderline l JOIN sales_order o ON o.id = l.order_id
  WHERE l.id > %(after)s AND l.id <= %(until)s
) w
WHERE w.issued <> w.sold ORDER BY w.id
"""
