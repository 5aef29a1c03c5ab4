"""Composing the sale screen, whole or in parts, for a page or for htmx."""

from collections.abc import Mapping
from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django_htmx.http import reswap, retarget

from guichet.forms.sale import ReserveForm
from guichet.selectors.baskets import Basket, by_day, get_basket
from guichet.views import web
from guichet.views.entry import DeskRequest
from guichet.views.sale.panel import PaymentPanel, read_panel
from journal.errors import Busy, Refusal
from sales.errors import OrderLapsed, OrderNotOpen, TicketNotValid
from sales.models import Order, Performance
from sales.selectors import PerformanceOffer, get_performance_offer, list_programme

LOST = (OrderLapsed, OrderNotOpen, TicketNotValid)
# What a view adds to the context of the screen.
Extra = Mapping[str, object]


def basket_of(request: DeskRequest, order_id: int) -> Basket:
    """Return the order sold at this desk; 404 for another point of sale's basket, or none."""
    try:
        return get_basket(order_id=order_id, point_of_sale_id=request.desk.point_of_sale_id)
    except (Order.DoesNotExist, OverflowError):
        raise Http404 from None


def status_of(refusal: Refusal) -> int:
    """Return 409 for what was lost to somebody else or to time, 503 when busy, else 422."""
    if isinstance(refusal, Busy):
        return 503
    return 409 if isinstance(refusal, LOST) else web.status_of(refusal)


def go_to(address: str) -> HttpResponse:
    """Leave the screen for another page, after a post (the middleware tells htmx)."""
    return HttpResponseRedirect(address, status=303)


def show_screen(
    request: DeskRequest, basket: Basket, *, extra: Extra, status: int = 200
) -> HttpResponse:
    """Return the whole screen. Typed tenders are shown again; ``extra`` adds to the context."""
    offers = programme_of(request)
    context = {
        **_common(request, basket),
        "days": _days(request, offers),
        "query": query_of(request),
        "offer": _chosen(request, offers),
        **_forms(request),
        **extra,
    }
    if not basket.is_open and not basket.is_paid:
        return render(request, "guichet/sale/lapsed.html", context, status=status)
    return render(request, "guichet/sale/sale.html", context, status=status)


def show_changes(
    request: DeskRequest, basket: Basket, *, extra: Extra, status: int = 200, focus: str = ""
) -> HttpResponse:
    """Return what a change of the basket changes: lines, header, panel, steps (htmx)."""
    panel = read_panel(request, basket)
    panel.focus = focus
    context = {
        **_common(request, basket, panel),
        **_forms(request),
        **extra,
    }
    response = render(request, "guichet/sale/changes.html", context, status=status)
    return retarget(reswap(response, "outerHTML"), "#lines")


def show_panel(
    request: DeskRequest, basket: Basket, panel: PaymentPanel, *, status: int = 200
) -> HttpResponse:
    """Return the payment panel, in the whole screen where no htmx asked."""
    if not request.htmx:
        return show_screen(request, basket, extra={"payment": panel, "step": 3}, status=status)
    context = {**_common(request, basket, panel), "step": 3}
    return render(request, "guichet/sale/parts/panel.html", context, status=status)


def programme_of(request: DeskRequest) -> list[PerformanceOffer]:
    """Return what is on, narrowed by what was typed."""
    return list_programme(now=datetime.now(UTC), text=query_of(request))


def query_of(request: HttpRequest) -> str:
    """Return what was typed to find a performance."""
    return request.GET.get("q", "").replace("\x00", "")[:80]


def offer_of(performance_id: int) -> PerformanceOffer:
    """Return one performance with its seats; 404 if there is none."""
    try:
        return get_performance_offer(performance_id=performance_id, now=datetime.now(UTC))
    except (Performance.DoesNotExist, OverflowError):
        raise Http404 from None


def _common(
    request: DeskRequest, basket: Basket, panel: PaymentPanel | None = None
) -> dict[str, object]:
    return {
        "basket": basket,
        "order": basket.order,
        "standing": basket.standing,
        "payment": panel or read_panel(request, basket),
        "seconds_left": _seconds_left(basket.order),
        "purchaser_url": reverse("guichet:sale_purchaser", args=[basket.order.pk]),
    }


def _forms(request: DeskRequest) -> dict[str, object]:
    today = request.desk.venue_date(datetime.now(UTC))
    return {
        "reserve_form": ReserveForm(today=today),
    }


def _days(request: DeskRequest, offers: list[PerformanceOffer]) -> list[object]:
    return list(by_day(offers, now=datetime.now(UTC), zone=request.desk.zone))


def _chosen(request: DeskRequest, offers: list[PerformanceOffer]) -> PerformanceOffer | None:
    """Return the performance named by ``?seance=``: of the programme, so without another query."""
    wanted = request.GET.get("seance", "")
    return next((offer for offer in offers if str(offer.id) == wanted), None)


def _seconds_left(order: Order) -> int:
    if order.expires_at is None:
        return 0
    return max(0, int((order.expires_at - datetime.now(UTC)).total_seconds()) + 1)
