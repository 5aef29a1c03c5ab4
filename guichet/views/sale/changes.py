"""One change of the basket: done or refused, then shown, whether htmx or a plain form asked."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import reverse

from guichet.selectors.baskets import Basket
from guichet.views.entry import DeskRequest
from guichet.views.sale.screen import (
    Extra,
    basket_of,
    go_to,
    offer_of,
    show_changes,
    show_screen,
    status_of,
)
from guichet.views.web import read_number
from journal.errors import Refusal


def change(
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
        return refuse(request, basket, str(refusal), status=status_of(refusal), price_id=price_id)
    return answer(request, basket, {"focus": focus})


def refuse(
    request: DeskRequest,
    basket: Basket,
    sentence: str,
    *,
    status: int = 422,
    price_id: int | None = None,
) -> HttpResponse:
    """Say a refusal beside the line of this price, or above the lines where there is none."""
    extra = {
        "refusal": sentence,
        "refused_price": price_id if price_id and basket.held(price_id) else None,
        "refused_quantity": request.POST.get("quantity") or (basket.held(price_id or 0)),
    }
    return answer(request, basket, extra, status=status)


def answer(
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
