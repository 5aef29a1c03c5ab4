"""Finding an order, its page, its purchaser once missing."""

from datetime import UTC, datetime

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from credit.selectors import list_standings
from guichet.selectors.orders import OrderCard, get_order_card, list_recent, list_reserved
from guichet.views.choosing import Choosing
from guichet.views.entry import DeskRequest, at_desk, print_keys
from guichet.views.sale.screen import basket_of, status_of
from institution_settings.permissions import Act
from journal.errors import Refusal
from payments.selectors.runs import list_asked
from sales import services
from sales.choices import UNPAID_STATES, OrderState
from sales.models import Order
from sales.selectors import find_orders

FOUND = 30


def card_of(order_id: int, *, brief: bool = False) -> OrderCard:
    """Return an order with all its page shows, or what can be taken back; 404 if there is none."""
    try:
        return get_order_card(order_id=order_id, now=datetime.now(UTC), brief=brief)
    except Order.DoesNotExist:
        raise Http404 from None


@at_desk(Act.SALE)
@require_safe
def search(request: DeskRequest) -> HttpResponse:
    """Find orders by number or purchaser as somebody types; without words, the latest here.

    ``?reserved=1`` lists what is kept unpaid, wherever it was reserved, soonest over first (G2).
    """
    text = request.GET.get("q", "")[:80]
    reserved = "reserved" in request.GET
    if text.strip():
        found = find_orders(text=text, limit=FOUND)
    elif reserved:
        found = list_reserved()
    else:
        found = list_recent(point_of_sale_id=request.desk.point_of_sale_id)
    standings = list_standings(
        contact_ids={order.contact_id for order in found if order.contact_id},
        currency=request.desk.currency,
    )
    context = {
        "q": text,
        "reserved": reserved,
        "rows": [(order, standings.get(order.contact_id or 0)) for order in found],
    }
    page = "guichet/orders/found.html" if request.htmx else "guichet/orders/search.html"
    return render(request, page, context)


@at_desk(Act.SALE)
@require_safe
def show(request: DeskRequest, order_id: int) -> HttpResponse:
    """Show an order: lines, tickets, what was paid and given back, what it is linked to."""
    return show_card(request, order_id)


def show_card(
    request: DeskRequest, order_id: int, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    """Return the page of an order, with the sentence of what was refused on it."""
    card = card_of(order_id)
    context = {
        "card": card,
        "order": card.order,
        "refusal": refusal,
        "asked": list_asked(order_id=order_id) if card.is_paid else [],
        "may_sell": card.is_unpaid and _is_ours(request, card.order),
        **_printing(card),
    }
    return render(request, "guichet/orders/order.html", context, status=status)


def _is_ours(request: DeskRequest, order: Order) -> bool:
    """Whether this counter may go on with an unpaid order, or give it up (``basket_of``)."""
    here = order.point_of_sale_id == request.desk.point_of_sale_id
    return here or order.state == OrderState.RESERVED


@at_desk(Act.SALE)
@require_POST
def cancel(request: DeskRequest, order_id: int) -> HttpResponse:
    """Cancel an order that nobody paid: its seats are on sale at once (spec G2).

    Those this counter may sell: its own, and whatever is reserved. Repeating it changes nothing.
    """
    basket_of(request, order_id)
    try:
        services.abandon(order_id=order_id, now=datetime.now(UTC))
    except Refusal as refusal:
        return show_card(request, order_id, refusal=str(refusal), status=status_of(refusal))
    return redirect("guichet:order", order_id)


def _printing(card: OrderCard) -> dict[str, object]:
    """What the buttons that print need to know."""
    times = [row.times_printed for row in card.tickets if row.is_valid]
    return {
        "print_keys": print_keys(),
        "has_new": 0 in times,
        "has_old": any(times),
    }


@at_desk(Act.SALE)
@require_http_methods(["GET", "HEAD", "POST"])
def purchaser(request: DeskRequest, order_id: int) -> HttpResponse:
    """Give an order its purchaser, as a refund to credit needs one (spec G4).

    A paid one anywhere; one nobody paid only where this counter may sell it.
    """
    order = Order.objects.select_related("contact").filter(pk=order_id).first()
    if order is None:
        raise Http404
    if order.state in UNPAID_STATES:
        basket_of(request, order_id)
    back = reverse("guichet:order", args=[order_id])
    url = reverse("guichet:order_purchaser", args=[order_id])
    choosing = Choosing(request, order, url=url, back=back)
    return choosing.answer() or redirect(back)
