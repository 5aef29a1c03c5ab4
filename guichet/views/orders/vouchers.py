"""Vouchers: looked up by their code, and issued free by a supervisor (spec G7)."""

from datetime import UTC, datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from guichet.forms.orders import CodeForm, FreeVoucherForm
from guichet.selectors.vouchers import get_voucher_card
from guichet.throttles import count_unknown_codes, too_many_codes
from guichet.views.approval import approval_of
from guichet.views.entry import DeskRequest, at_desk, claim_of, key_of
from guichet.views.sale.screen import status_of
from institution_settings.permissions import Act
from journal.errors import Refusal
from payments.errors import ApprovalNeeded, VoucherUnknown
from payments.services import issue_free_voucher


@at_desk(Act.SALE)
@require_http_methods(["GET", "HEAD", "POST"])
def vouchers(request: DeskRequest) -> HttpResponse:
    """Look a voucher up. Its code is money: it is posted, so that no address keeps it."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    card = None
    if form.is_bound and form.is_valid():
        code = form.cleaned_data["code"]
        refused = too_many_codes(user_id=request.user.pk)
        if not refused:
            today = request.desk.venue_date(datetime.now(UTC))
            card = get_voucher_card(code=code, today=today)
        if card is None:
            if not refused:
                count_unknown_codes(user_id=request.user.pk, codes=[code])
            form.add_error("code", refused or str(VoucherUnknown(code=code)))
    status = 422 if form.errors else 200
    context = {"form": form, "card": card}
    return render(request, "guichet/vouchers/vouchers.html", context, status=status)


@at_desk(Act.SALE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_voucher(request: DeskRequest) -> HttpResponse:
    """Issue a voucher nobody paid for, with a supervisor's approval.

    The answer to the post shows the code: no address leads to it. The same click again shows the
    same voucher.
    """
    typed = request.POST if request.method == "POST" else None
    today = request.desk.venue_date(datetime.now(UTC))
    form = FreeVoucherForm(typed, currency=request.desk.currency, today=today)
    approval, asked = approval_of(request, act=Act.ISSUE_VOUCHER), None
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid() and not approval.refused:
        try:
            voucher = issue_free_voucher(
                claim=claim_of(request),
                desk=request.desk,
                value=form.cleaned_data["value"],
                expires_on=form.cleaned_data["expires_on"],
                approved_by=approval.person,
            )
        except ApprovalNeeded as refusal:
            asked = refusal
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = status_of(refusal)
        else:
            return render(request, "guichet/vouchers/issued.html", {"voucher": voucher})
    context = {"form": form, "key": key_of(request)}
    if asked is not None or approval.form.is_bound:
        context |= {"approval": approval.form, "approval_reason": str(asked or "")}
    return render(request, "guichet/vouchers/new.html", context, status=status)
