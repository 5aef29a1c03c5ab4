"""Filling the basket: seats at a price, vouchers, a line less (spec G2, G7)."""

from datetime import UTC, datetime

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from guichet.forms.sale import SeatsForm, VoucherLineForm
from guichet.selectors.baskets import Basket, count_unpaid_vouchers
from guichet.views.entry import DeskRequest, at_desk
from guichet.views.sale.changes import answer, change, refuse
from guichet.views.sale.screen import basket_of
from guichet.views.web import read_number
from institution_settings.permissions import Act
from sales import services


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
        return refuse(request, basket, " ".join(str(e) for es in form.errors.values() for e in es))
    typed = form.cleaned_data
    wanted = typed["quantity"]
    if wanted is None:
        wanted = max(0, basket.held(typed["price"]) + (typed["add"] or 0))
    return change(
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
        return answer(request, basket, {"voucher_form": form}, status=422)
    value = form.cleaned_data["value"]
    known = count_unpaid_vouchers(order_id=basket.order.pk, amount=value)
    return change(
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
    return change(
        request,
        basket,
        lambda: services.remove_line(
            order_id=basket.order.pk, line_id=line_id or 0, now=datetime.now(UTC)
        ),
        focus="lines",
    )
