"""Beginning a sale, its screen, and what is on."""

from datetime import UTC, datetime

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from contacts.models import Contact
from guichet.selectors.baskets import by_day, find_empty_basket, get_paid_order
from guichet.views.entry import DeskRequest, at_desk
from guichet.views.sale.screen import (
    basket_of,
    offer_of,
    programme_of,
    query_of,
    show_screen,
)
from guichet.views.web import read_number
from institution_settings.permissions import Act
from institution_settings.selectors import get_institution
from sales.models import Order
from sales.services import open_basket


@at_desk(Act.SALE)
@require_safe
def start(request: DeskRequest) -> HttpResponse:
    """Open a basket and go to its screen; one that nothing was put in yet is taken again.

    ``?contact=`` gives it its purchaser, ``?linked=`` the paid order it adds to (spec G2).
    """
    now = datetime.now(UTC)
    contact = read_number(request.GET.get("contact"))
    linked = read_number(request.GET.get("linked"))
    order = None
    if contact is None and linked is None:
        order = find_empty_basket(
            point_of_sale_id=request.desk.point_of_sale_id, operator_id=request.user.pk, now=now
        )
    return redirect("guichet:sale", (order or _open(request, contact, linked, now)).pk)


def _open(
    request: DeskRequest, contact_id: int | None, linked_id: int | None, now: datetime
) -> Order:
    linked = None
    if linked_id is not None:
        linked = get_paid_order(order_id=linked_id)
        if linked is None:
            raise Http404
        contact_id = contact_id or linked.contact_id
    contact = get_object_or_404(Contact, pk=contact_id, erased_at=None) if contact_id else None
    return open_basket(
        point_of_sale_id=request.desk.point_of_sale_id,
        operator=request.user,
        contact=contact and contact.current,
        currency=request.desk.currency,
        minutes=get_institution().basket_minutes,
        now=now,
        linked_to_id=linked.pk if linked else None,
    )


@at_desk(Act.SALE)
@require_safe
def show(request: DeskRequest, order_id: int) -> HttpResponse:
    """Show the sale on one screen; an order paid meanwhile leads to its page."""
    basket = basket_of(request, order_id)
    if basket.is_paid:
        return redirect("guichet:order", order_id)
    if request.htmx and not basket.is_open:  # the header asks again when its time is over
        return redirect("guichet:sale", order_id)
    return show_screen(request, basket, extra={})


@at_desk(Act.SALE)
@require_safe
def programme(request: DeskRequest, order_id: int) -> HttpResponse:
    """Narrow the programme as somebody types; ``pick`` (Enter) opens its first performance."""
    basket = basket_of(request, order_id)
    offers = programme_of(request)
    picked = offers[0] if "pick" in request.GET and offers else None
    if not request.htmx:
        return show_screen(request, basket, extra={"offer": picked} if picked else {})
    context = {
        "order": basket.order,
        "days": list(by_day(offers, now=datetime.now(UTC), zone=request.desk.zone)),
        "query": query_of(request),
        "offer": picked,
        "count": len(offers),
    }
    return render(request, "guichet/sale/found.html", context)


@at_desk(Act.SALE)
@require_safe
def offer(request: DeskRequest, order_id: int, performance_id: int) -> HttpResponse:
    """Show the seats and prices of one performance."""
    basket = basket_of(request, order_id)
    chosen = offer_of(performance_id)
    if not request.htmx:
        return show_screen(request, basket, extra={"offer": chosen, "step": 2})
    context = {"order": basket.order, "offer": chosen, "focus": True}
    return render(request, "guichet/sale/parts/offer.html", context)
