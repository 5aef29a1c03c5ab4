"""A voucher cancelled for nothing, or its sale taken back (spec G4, G7; cases.md B26, B27)."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from guichet.forms.vouchers import CancelVoucherForm, VoucherRefundForm
from guichet.selectors.refunds import RefundForecast, forecast_refund
from guichet.selectors.vouchers import VoucherCard
from guichet.views.approval import Approval, approval_context, approval_of, attempt
from guichet.views.consent import consent_words
from guichet.views.entry import DeskRequest, at_desk, claim_of, key_of
from guichet.views.orders.cards import card_of as order_card_of
from guichet.views.orders.refunds import BESIDE
from guichet.views.sale.screen import status_of
from guichet.views.vouchers.finding import card_of
from institution_settings.permissions import Act
from institution_settings.selectors import list_modes
from journal.errors import Refusal
from payments.choices import RefundChoice
from payments.errors import ApprovalNeeded, ReasonNeeded, VoucherChanged
from payments.services import VoucherRefundRequest, cancel_free_voucher, refund_voucher_sale


@at_desk(Act.SALE)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: DeskRequest, voucher_id: int) -> HttpResponse:
    """Cancel what is left of a voucher nobody paid for, with a supervisor and a reason."""
    card = card_of(request, voucher_id)
    form = CancelVoucherForm(request.POST if request.method == "POST" else None)
    approval = approval_of(request, act=Act.ISSUE_VOUCHER)
    done = attempt(
        form=form,
        approval=approval,
        act=lambda: cancel_free_voucher(
            claim=claim_of(request),
            desk=request.desk,
            voucher_id=voucher_id,
            reason=form.cleaned_data["reason"],
            approved_by=approval.person,
        ),
        beside=lambda refusal: "reason" if isinstance(refusal, ReasonNeeded) else None,
    )
    if done.made:
        return redirect("guichet:voucher", voucher_id)
    context = {
        "card": card,
        "voucher": card.voucher,
        "form": form,
        "key": key_of(request),
        **approval_context(approval, done.asked),
    }
    return render(request, "guichet/vouchers/cancel.html", context, status=done.status)


@at_desk(Act.REFUND)
@require_http_methods(["GET", "HEAD", "POST"])
def refund(request: DeskRequest, voucher_id: int) -> HttpResponse:
    """Take the sale of a voucher back: at most what is left of it, as the customer chooses.

    ``count`` asks only what it comes to so far.
    """
    card = card_of(request, voucher_id)
    modes = list_modes(point_of_sale_id=request.desk.point_of_sale_id, use="refund")
    sent = request.POST if request.method == "POST" else None
    form = VoucherRefundForm(sent, modes=modes, currency=card.voucher.currency)
    if sent is not None and request.htmx and "count" in request.GET:
        form.is_valid()
        counted = {"forecast": _forecast(card, form), "order": card.order}
        return render(request, "guichet/orders/forecast.html", counted)
    approval, asked = approval_of(request, act=Act.REFUND), None
    status = 422 if sent is not None else 200
    if form.is_bound and form.is_valid() and not approval.refused:
        try:
            return _refund(request, card, form, approval)
        except ApprovalNeeded as refusal:
            asked = refusal
        except Refusal as refusal:
            form.add_error(BESIDE.get(type(refusal)), str(refusal))
            status = 409 if isinstance(refusal, VoucherChanged) else status_of(refusal)
            card = card_of(request, voucher_id)
    context = {
        "card": card,
        "voucher": card.voucher,
        "order": card.order,
        "form": form,
        "forecast": _forecast(card, form),
        "key": key_of(request),
        **approval_context(approval, asked),
    }
    return render(request, "guichet/vouchers/refund.html", context, status=status)


def _refund(
    request: DeskRequest, card: VoucherCard, form: VoucherRefundForm, approval: Approval
) -> HttpResponse:
    typed = form.cleaned_data
    result = refund_voucher_sale(
        claim=claim_of(request),
        desk=request.desk,
        request=VoucherRefundRequest(
            voucher_id=card.voucher.pk,
            rest=typed["rest"],
            choice=RefundChoice(typed["choice"]),
            mode_id=form.mode_id(),
            credit=typed["credit_part"],
            consent=consent_words(request, typed["consent"]),
        ),
        approved_by=approval.person,
    )
    return redirect("guichet:refunded", result.refund.order_id, result.refund.operation_id)


def _forecast(card: VoucherCard, form: VoucherRefundForm) -> RefundForecast | None:
    """Return what taking it back would give, and by which modes; None for one not sold."""
    if card.order is None:
        return None
    typed = getattr(form, "cleaned_data", {})
    return forecast_refund(
        card=order_card_of(card.order.pk, brief=True),
        ticket_ids=(),
        voucher_ids=(card.voucher.pk,),
        choice=typed.get("choice") or form.wanted_choice,
        modes=form.modes,
        mode_id=form.mode_id() if typed else None,
        credit=typed.get("credit_part"),
    )
