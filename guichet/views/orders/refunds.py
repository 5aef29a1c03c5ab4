"""Taking tickets and vouchers back, and how their money returns (spec G4, CNS-01)."""

from collections.abc import Mapping

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from guichet.documents.papers import render_paper
from guichet.forms.orders import RefundForm
from guichet.selectors.orders import OrderCard, get_refunded
from guichet.selectors.refunds import RefundForecast, forecast_refund, list_sold_vouchers
from guichet.views.approval import Approval, approval_context, approval_of
from guichet.views.consent import consent_words
from guichet.views.entry import DeskRequest, at_desk, claim_of, key_of
from guichet.views.orders.cards import card_of
from guichet.views.sale.screen import status_of
from guichet.views.web import pdf_response
from institution_settings.permissions import Act
from institution_settings.selectors import list_modes
from journal.errors import Refusal
from journal.selectors import entry_numbers
from payments.choices import RefundChoice
from payments.errors import (
    ApprovalNeeded,
    ConsentNeeded,
    ContactNeeded,
    CreditPartExceeds,
    ModeCannotReturn,
    ModeNotAuthorised,
    NothingToRefund,
)
from payments.services import RefundRequest, refund_order
from sales.errors import TicketNotValid

# Beside what a refusal stands; all others stand above the form.
BESIDE: Mapping[type[Refusal], str] = {
    NothingToRefund: "tickets",
    TicketNotValid: "tickets",
    ModeCannotReturn: "choice",
    ModeNotAuthorised: "choice",
    ContactNeeded: "choice",
    ConsentNeeded: "consent",
    CreditPartExceeds: "credit_part",
}


@at_desk(Act.REFUND)
@require_http_methods(["GET", "HEAD", "POST"])
def refund(request: DeskRequest, order_id: int) -> HttpResponse:
    """Choose what is taken back and how its money returns; nothing is chosen beforehand.

    ``count`` asks only what it comes to so far.
    """
    card = card_of(order_id, brief=True)
    modes = list_modes(point_of_sale_id=request.desk.point_of_sale_id, use="refund")
    form = RefundForm(request.POST or None, modes=modes, currency=card.order.currency)
    if request.method == "POST" and request.htmx and "count" in request.GET:
        form.is_valid()
        context = {"forecast": _forecast(card, form), "order": card.order}
        return render(request, "guichet/orders/forecast.html", context)
    approval, asked, status = approval_of(request, act=Act.REFUND), None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and not approval.refused:
            try:
                return _refund(request, order_id, form, approval)
            except ApprovalNeeded as refusal:
                asked = refusal
            except Refusal as refusal:
                form.add_error(BESIDE.get(type(refusal)), str(refusal))
                status = status_of(refusal)
    return _show(request, card, form, approval, asked, status)


def _refund(
    request: DeskRequest, order_id: int, form: RefundForm, approval: Approval
) -> HttpResponse:
    typed = form.cleaned_data
    result = refund_order(
        claim=claim_of(request),
        desk=request.desk,
        request=RefundRequest(
            order_id=order_id,
            ticket_ids=typed["tickets"],
            voucher_ids=typed["vouchers"],
            choice=RefundChoice(typed["choice"]),
            mode_id=form.mode_id(),
            credit=typed["credit_part"],
            consent=consent_words(request, typed["consent"]),
        ),
        approved_by=approval.person,
    )
    return redirect("guichet:refunded", order_id, result.refund.operation_id)


def _ticked(form: RefundForm, name: str) -> list[int]:
    """Return the rows ticked in a form sent before, to show them ticked again."""
    cleaned = getattr(form, "cleaned_data", {})
    return list(cleaned.get(name) or ())


def _forecast(card: OrderCard, form: RefundForm) -> RefundForecast:
    typed = getattr(form, "cleaned_data", {})
    return forecast_refund(
        card=card,
        ticket_ids=typed.get("tickets") or (),
        voucher_ids=typed.get("vouchers") or (),
        choice=typed.get("choice") or form.wanted_choice,
        modes=form.modes,
        mode_id=form.mode_id() if typed else None,
        credit=typed.get("credit_part"),
    )


def _show(
    request: DeskRequest,
    card: OrderCard,
    form: RefundForm,
    approval: Approval,
    asked: ApprovalNeeded | None,
    status: int,
) -> HttpResponse:
    context = {
        "card": card,
        "order": card.order,
        "vouchers": list_sold_vouchers(card=card),
        "form": form,
        "forecast": _forecast(card, form),
        "ticked": _ticked(form, "tickets"),
        "ticked_vouchers": _ticked(form, "vouchers"),
        "key": key_of(request),
        **approval_context(approval, asked),
    }
    return render(request, "guichet/orders/refund.html", context, status=status)


@at_desk(Act.REFUND)
@require_safe
def refunded(request: DeskRequest, order_id: int, operation_id: int) -> HttpResponse:
    """Show what was taken back, and what is handed over, large."""
    result = get_refunded(order_id=order_id, operation_id=operation_id)
    if result is None:
        raise Http404
    order = result.refund.order
    return render(request, "guichet/orders/refunded.html", {"result": result, "order": order})


@at_desk(Act.REFUND)
@require_safe
def receipt_pdf(request: DeskRequest, order_id: int, operation_id: int) -> HttpResponse:
    """Print what was given back of an order; cash is signed for (MON-05)."""
    result = get_refunded(order_id=order_id, operation_id=operation_id)
    if result is None:
        raise Http404
    refund = result.refund
    number = entry_numbers(subject_kind="refund", subject_ids=[refund.pk]).get(refund.pk, "")
    pdf = render_paper(
        name="money_back",
        title=_("Receipt for a refund: order %(what)s"),
        what=refund.order.number or "",
        edited_by=request.user,
        number=number,
        order=refund.order,
        payments=result.payments,
        amount=refund.amount,
        session=refund.session,
        operator=refund.operator,
        at=refund.at,
        signed=bool(result.cash),
        owed=getattr(refund, "sum_owed", None),
    )
    return pdf_response(pdf, name=f"recu-{number or refund.pk}.pdf")
