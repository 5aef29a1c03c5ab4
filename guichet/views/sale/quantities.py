"""Filling the basket: seats at a price, vouchers, a line less (spec G2, G7)."""

from datetime import UTC, datetime

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from guichet.forms.sale import SeatsForm
from guichet.forms.vouchers import SellVoucherForm
from guichet.selectors.baskets import Basket, count_unpaid_vouchers
from guichet.views.entry import DeskRequest, at_desk
from guichet.views.sale.changes import answer, change, refuse
from guichet.views.sale.screen import basket_of, show_screen
from guichet.views.web import read_number
from institution_settings.permissions import Act
from payments.choices import VoucherUse
from payments.selectors.voucher_types import list_voucher_types
from payments.services import set_vouchers
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


@at_desk(Act.SALE)
@require_safe
def vouchers(request: DeskRequest, order_id: int) -> HttpResponse:
    """Show the form that sells vouchers: asked for when it is opened, not with each screen."""
    basket = basket_of(request, order_id)
    extra = {"voucher_form": _voucher_form(basket, None)}
    if not request.htmx:
        return show_screen(request, basket, extra=extra)
    context = {"order": basket.order, **extra}
    return render(request, "guichet/sale/parts/voucher_form.html", context)


def _voucher_form(basket: Basket, typed: QueryDict | None) -> SellVoucherForm:
    types = list_voucher_types(use=VoucherUse.SOLD)
    return SellVoucherForm(typed, currency=basket.order.currency, types=types)


def _sell_vouchers(request: DeskRequest, basket: Basket) -> HttpResponse:
    form = _voucher_form(basket, request.POST)
    if not form.is_valid():
        return answer(request, basket, {"voucher_form": form}, status=422)
    value, type_code = form.cleaned_data["value"], form.type_code
    known = count_unpaid_vouchers(order_id=basket.order.pk, amount=value, article=type_code)
    return change(
        request,
        basket,
        lambda: set_vouchers(
            order_id=basket.order.pk,
            amount=value,
            quantity=known + form.cleaned_data["count"],
            type_code=type_code,
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
