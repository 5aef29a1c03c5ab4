"""Vouchers sold, and issued free by a supervisor."""

from datetime import UTC, datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guichet.forms.vouchers import FreeVoucherForm, SellVoucherForm
from guichet.selectors.baskets import find_empty_basket
from guichet.views.approval import approval_context, approval_of, attempt
from guichet.views.entry import DeskRequest, at_desk, claim_of, key_of
from guichet.views.sale.screen import go_to, status_of
from institution_settings.permissions import Act
from institution_settings.selectors import get_institution
from journal.errors import Refusal
from payments.choices import VoucherUse
from payments.selectors.voucher_types import list_voucher_types
from payments.services import issue_free_voucher, sell_vouchers
from sales.models import Order


@at_desk(Act.SALE)
@require_http_methods(["GET", "HEAD", "POST"])
def sell(request: DeskRequest) -> HttpResponse:
    """Put vouchers into a new order; it is paid on the sale screen, in any mode authorised."""
    form = SellVoucherForm(
        request.POST or None,
        currency=request.desk.currency,
        types=list_voucher_types(use=VoucherUse.SOLD),
    )
    status = 422 if request.method == "POST" else 200
    if form.is_bound and form.is_valid():
        try:
            return go_to(reverse("guichet:sale", args=[_sell(request, form).pk]) + "#payment")
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = status_of(refusal)
    return render(request, "guichet/vouchers/sell.html", {"form": form}, status=status)


def _sell(request: DeskRequest, form: SellVoucherForm) -> Order:
    """Fill the operator's own basket if it is still empty, else a new one."""
    now = datetime.now(UTC)
    empty = find_empty_basket(
        point_of_sale_id=request.desk.point_of_sale_id, operator_id=request.user.pk, now=now
    )
    return sell_vouchers(
        order=empty,
        desk=request.desk,
        operator=request.user,
        amount=form.cleaned_data["value"],
        quantity=form.cleaned_data["count"],
        type_code=form.type_code,
        minutes=get_institution().basket_minutes,
        now=now,
    )


@at_desk(Act.SALE)
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: DeskRequest) -> HttpResponse:
    """Issue a voucher nobody paid for, with a supervisor's approval.

    The answer to the post shows the code: no address holds it. The same click again shows the
    same voucher.
    """
    form = FreeVoucherForm(
        request.POST if request.method == "POST" else None,
        currency=request.desk.currency,
        types=list_voucher_types(use=VoucherUse.FREE),
        today=request.desk.venue_date(datetime.now(UTC)),
    )
    approval = approval_of(request, act=Act.ISSUE_VOUCHER)
    done = attempt(
        form=form,
        approval=approval,
        act=lambda: issue_free_voucher(
            claim=claim_of(request),
            desk=request.desk,
            value=form.cleaned_data["value"],
            type_code=form.type_code,
            expires_on=form.cleaned_data["expires_on"],
            approved_by=approval.person,
        ),
    )
    if done.made:
        return render(request, "guichet/vouchers/issued.html", {"voucher": done.made})
    context = {"form": form, "key": key_of(request), **approval_context(approval, done.asked)}
    return render(request, "guichet/vouchers/new.html", context, status=done.status)
