"""Reading orders and tickets."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from contacts.models import Contact
from contacts.search import fold
from journal.selectors import entry_numbers
from sales.choices import OrderState, TicketState
from sales.models import Order, OrderLine, Ticket

# Largest id of a row: what is longer is no order number.
MAX_DIGITS = 18


def lapsed_orders(*, now: datetime) -> QuerySet[Order]:
    """Return the unpaid orders out of time whose seats may be given to somebody else.

    Those that await a payment provider are none of them: it is asked first (spec C9).
    """
    return Order.objects.filter(
        state__in=[OrderState.BASKET, OrderState.RESERVED], expires_at__lt=now
    )


def get_order(*, order_id: int) -> Order:
    """Return an order with all that its page shows, in three queries; ``Order.DoesNotExist``."""
    return _whole_orders().get(pk=order_id)


def get_order_by_number(*, number: str) -> Order:
    """Return the order ``2026-000123`` as ``get_order`` does; ``Order.DoesNotExist``."""
    return _whole_orders().get(number=number.replace("\x00", "").strip())


def _whole_orders() -> QuerySet[Order]:
    seats = ("category__performance__event", "rate")
    lines = OrderLine.objects.select_related(*seats).order_by("id")
    tickets = Ticket.objects.select_related(*(f"line__{seat}" for seat in seats)).order_by("id")
    return Order.objects.select_related(
        "contact", "operator", "point_of_sale", "linked_to"
    ).prefetch_related(Prefetch("lines", lines), Prefetch("tickets", tickets))


def list_orders_of_contact(
    *, contact_id: int, before_id: int | None = None, limit: int = 20
) -> list[Order]:
    """Return a page of a contact's orders, newest first, with lines and ``seats`` (valid tickets).

    The orders of who was merged into the contact are among them (spec C10). The next page begins
    ``before_id`` of the last one; any depth costs the same two queries.
    """
    same = Contact.objects.filter(Q(pk=contact_id) | Q(merged_into=contact_id))
    orders = Order.objects.filter(contact__in=same.values("pk"))
    if before_id is not None:
        orders = orders.filter(pk__lt=before_id)
    return _page(orders, limit)


def find_orders(*, text: str, limit: int = 20) -> list[Order]:
    """Return the orders that ``text`` names, newest first: a number or words of the purchaser.

    ``2026-000123`` and ``123`` are numbers; ``eloise lef`` finds by name, e-mail, phone or town.
    """
    wanted = text.replace("\x00", "").strip()
    if not wanted:
        return []
    if wanted.isascii() and wanted.isdigit() and len(wanted) <= MAX_DIGITS:
        found = Q(pk=int(wanted))
    else:
        found = Q(number=wanted)
    words = fold(wanted).split()
    if words:
        named = Q()
        for word in words:
            named &= Q(contact__search__contains=word)
        found |= named
    return _page(Order.objects.filter(found), limit)


def _page(orders: QuerySet[Order], limit: int) -> list[Order]:
    lines = OrderLine.objects.select_related("category__performance__event", "rate").order_by("id")
    return list(
        orders.select_related("contact", "point_of_sale")
        .prefetch_related(Prefetch("lines", lines))
        .annotate(seats=Count("tickets", filter=Q(tickets__state=TicketState.VALID)))
        .order_by("-id")[:limit]
    )


def get_ticket_numbers(*, tickets: Iterable[Ticket]) -> dict[int, str]:
    """Return the numbers of tickets, by id, in one query: ``{12: "G1-000123"}`` (BIL-03)."""
    return entry_numbers(subject_kind="ticket", subject_ids=[ticket.pk for ticket in tickets])


def list_order_labels(*, numbers: Iterable[str]) -> dict[str, tuple[str, datetime | None]]:
    """Return what some orders sold, by order number: the first show and when it begins.

    A voucher begins never. One query (columns of the reports, RPT-00).
    """
    lines = (
        OrderLine.objects.filter(order__number__in=list(numbers))
        .order_by("-id")
        .values_list("order__number", "label", "category__performance__starts_at")
    )
    return {str(number): (label, starts_at) for number, label, starts_at in lines}
