"""Filling the basket: programme, seats, vouchers, time, and giving it up."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from contacts.models import Contact
from guichet.forms.sale import SeatsForm, VoucherLineForm
from guichet.selectors.baskets import (
    Basket,
    by_day,
    count_unpaid_vouchers,
    find_empty_basket,
    get_paid_order,
)
from guichet.views.entry import DeskRequest, at_desk
from guichet.views.sale.screen import (
    Extra,
    basket_of,
    go_to,
    offer_of,
    programme_of,
    query_of,
    show_changes,
    show_screen,
    status_of,
)
from guichet.views.web import read_number
from institution_settings.permissions import Act
from institution_settings.selectors import get_institution
from journal.errors import Refusal
from sales import services
from sales.models import Order


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
    return services.open_basket(
        point_of_sale_id=request.desk.point_of_sale_id,
        operator=request.user,
        contact=contact and (contact.merged_into or contact),
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


@at_desk(Act.SALE)
@require_POST
def quantity(request: DeskRequest, order_id: int) -> HttpResponse:
    """Change what the order holds: seats at a price, vouchers, or a line less."""
    basket = basket_of(request, order_id)
    if "remove" in request.POST:
        return _remove(request, basket)
    if "value" in request.POST:
        return _sell_vouchers(request, basket)
    return _set_seats(request, basket)


def _set_seats(request: DeskRequest, basket: Basket) -> HttpResponse:
    form = SeatsForm(request.POST)
    if not form.is_valid():
        return _refuse(request, basket, " ".join(str(e) for es in form.errors.values() for e in es))
    typed = form.cleaned_data
    wanted = typed["quantity"]
    if wanted is None:
        wanted = max(0, basket.held(typed["price"]) + (typed["add"] or 0))
    return _change(
        request,
        basket,
        lambda: services.set_quantity(
            order_id=basket.order.pk,
            price_id=typed["price"],
            quantity=wanted,
            now=datetime.now(UTC),
        ),
        price_id=typed["price"],
    )


def _sell_vouchers(request: DeskRequest, basket: Basket) -> HttpResponse:
    form = VoucherLineForm(request.POST, currency=basket.order.currency)
    if not form.is_valid():
        return _answer(request, basket, {"voucher_form": form}, status=422)
    value = form.cleaned_data["value"]
    known = count_unpaid_vouchers(order_id=basket.order.pk, amount=value)
    return _change(
        request,
        basket,
        lambda: services.set_voucher_line(
            order_id=basket.order.pk,
            amount=value,
            quantity=known + form.cleaned_data["count"],
            now=datetime.now(UTC),
        ),
    )


def _remove(request: DeskRequest, basket: Basket) -> HttpResponse:
    line_id = read_number(request.POST.get("remove"))
    return _change(
        request,
        basket,
        lambda: services.remove_line(
            order_id=basket.order.pk, line_id=line_id or 0, now=datetime.now(UTC)
        ),
        focus="lines",
    )


@at_desk(Act.SALE)
@require_POST
def keep(request: DeskRequest, order_id: int) -> HttpResponse:
    """Start the basket's time again: somebody is at it."""
    basket = basket_of(request, order_id)
    return _change(
        request, basket, lambda: services.extend(order_id=order_id, now=datetime.now(UTC))
    )


@at_desk(Act.SALE)
@require_POST
def abandon(request: DeskRequest, order_id: int) -> HttpResponse:
    """Give the order up, its seats on sale at once, and begin a new one."""
    basket = basket_of(request, order_id)
    try:
        services.abandon(order_id=order_id, now=datetime.now(UTC))
    except Refusal as refusal:
        return _refuse(request, basket, str(refusal), status=status_of(refusal))
    return go_to(reverse("guichet:new_sale"))


def _change(
    request: DeskRequest,
    basket: Basket,
    act: Callable[[], object],
    *,
    price_id: int | None = None,
    focus: str = "",
) -> HttpResponse:
    """Do one change and show what became of the order, or why it was refused."""
    try:
        act()
    except Refusal as refusal:
        return _refuse(request, basket, str(refusal), status=status_of(refusal), price_id=price_id)
    return _answer(request, basket, {"focus": focus})


def _refuse(
    request: DeskRequest,
    basket: Basket,
    sentence: str,
    *,
    status: int = 422,
    price_id: int | None = None,
) -> HttpResponse:
    """Say a refusal beside the line of this price, or above the lines where there is none."""
    held = price_id if price_id and basket.held(price_id) else None
    return _answer(request, basket, {"refusal": sentence, "refused_price": held}, status=status)


def _answer(
    request: DeskRequest, basket: Basket, extra: Extra, *, status: int = 200
) -> HttpResponse:
    """Show the order as it stands now, in parts to htmx, else by going back to its screen."""
    fresh = basket_of(request, basket.order.pk)
    address = reverse("guichet:sale", args=[fresh.order.pk])
    chosen = read_number(request.POST.get("seance"))
    if request.htmx and not fresh.is_open:
        return go_to(address)
    if request.htmx:
        shown = {"counted": offer_of(chosen)} if chosen else {}
        return show_changes(request, fresh, extra={**shown, **extra}, status=status)
    if status == 200:
        return go_to(f"{address}?seance={chosen}" if chosen else address)
    return show_screen(request, fresh, extra=extra, status=status)
