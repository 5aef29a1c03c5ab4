"""Paying on the sale screen, and what was done (spec G3, C7, C8)."""

from http import HTTPStatus

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from guichet.selectors.baskets import Basket
from guichet.selectors.orders import find_returned, get_done
from guichet.views.approval import Approval, approval_of
from guichet.views.consent import consent_words
from guichet.views.entry import DeskRequest, at_desk, claim_of, print_keys
from guichet.views.sale.panel import PaymentPanel, read_panel
from guichet.views.sale.screen import basket_of, go_to, show_panel, status_of
from institution_settings.permissions import Act
from journal.errors import Refusal
from payments.choices import RefundChoice
from payments.errors import ApprovalNeeded, NotSettled
from payments.selectors.results import CheckoutResult
from payments.services import ExchangeRequest, check_out, exchange_tickets


@at_desk(Act.SALE)
@require_POST
def tenders(request: DeskRequest, order_id: int) -> HttpResponse:
    """Show what the tenders typed so far come to; nothing is kept on the server.

    ``count`` asks for the sums and the notes alone, so that nobody is disturbed while typing.
    """
    basket = basket_of(request, order_id)
    counting = request.htmx and "count" in request.GET
    if not basket.is_open:
        # Sums asked for just before the payment must not lead away from what was paid.
        done = HttpResponse(status=HTTPStatus.NO_CONTENT)
        return done if counting else go_to(reverse("guichet:sale", args=[order_id]))
    panel = read_panel(request, basket)
    if counting:
        context = {
            "order": basket.order,
            "payment": panel,
            "standing": basket.standing,
            "typing": request.htmx.trigger_name,
        }
        return render(request, "guichet/sale/counted.html", context)
    return show_panel(request, basket, panel)


@at_desk(Act.SALE)
@require_POST
def pay(request: DeskRequest, order_id: int) -> HttpResponse:
    """Pay the order with the tenders as typed; a repeat of the click leads to the same result.

    What becomes of vouchers' rests is shown before it is confirmed (C8): if the screen had not
    said it, it says it now and asks again.
    """
    basket = basket_of(request, order_id)
    panel = read_panel(request, basket, to_pay=True)
    if basket.is_open and panel.has_typing_errors:
        panel.go_to_error()
        return show_panel(request, basket, panel, status=422)
    if basket.is_open and not _was_told(request, panel):
        panel.focus = "confirm"
        return show_panel(request, basket, panel)
    approval = approval_of(request, act=Act.REFUND)
    if approval.refused:
        return _asked(request, basket, panel, approval, "")
    try:
        result = _take(request, basket, panel, approval)
    except ApprovalNeeded as refusal:
        return _asked(request, basket, panel, approval, str(refusal))
    except Refusal as refusal:
        return _refused(request, basket, panel, refusal)
    return go_to(reverse("guichet:sale_done", args=[order_id, result.operation_id]))


def _take(
    request: DeskRequest, basket: Basket, panel: PaymentPanel, approval: Approval
) -> CheckoutResult:
    """Sell the basket; one that exchanges tickets takes those back in the same act (G4)."""
    tenders, confirms_loss = panel.requests(), "confirms_loss" in request.POST
    if not basket.exchanged:
        return check_out(
            claim=claim_of(request),
            desk=request.desk,
            order_id=basket.order.pk,
            tenders=tenders,
            confirms_loss=confirms_loss,
        )
    known = panel.difference in RefundChoice.values
    return exchange_tickets(
        claim=claim_of(request),
        desk=request.desk,
        request=ExchangeRequest(
            order_id=basket.order.pk,
            tenders=tenders,
            confirms_loss=confirms_loss,
            difference=RefundChoice(panel.difference) if known else None,
            consent=consent_words(request, panel.difference == RefundChoice.CREDIT),
        ),
        approved_by=approval.person,
    ).checkout


def _asked(
    request: DeskRequest, basket: Basket, panel: PaymentPanel, approval: Approval, reason: str
) -> HttpResponse:
    """Ask a supervisor in the panel, everything typed in place."""
    panel.approval, panel.approval_reason = approval.form, reason
    panel.focus = "approver_code"
    return show_panel(request, basket, panel, status=422)


def _was_told(request: DeskRequest, panel: PaymentPanel) -> bool:
    """Whether the screen had shown every amount, and what becomes of vouchers' rests."""
    if panel.changed:
        return False
    return not panel.panel.is_settled or request.POST.get("said") == panel.panel.said


def _refused(
    request: DeskRequest, basket: Basket, panel: PaymentPanel, refusal: Refusal
) -> HttpResponse:
    if not (isinstance(refusal, NotSettled) and panel.panel.has_errors):
        panel.blame(refusal.data.get("position"), str(refusal))
    panel.go_to_error()
    panel.is_over = not basket.is_open
    return show_panel(request, basket, panel, status=status_of(refusal))


@at_desk(Act.SALE)
@require_safe
def done(request: DeskRequest, order_id: int, operation_id: int) -> HttpResponse:
    """Show what was sold: the change, large, until the next key; tickets; vouchers' codes."""
    result = get_done(order_id=order_id, operation_id=operation_id)
    if result is None:
        raise Http404
    context = {
        "result": result,
        "order": result.order,
        "print_keys": print_keys(),
        "returned": find_returned(order_id=order_id, operation_id=operation_id),
    }
    return render(request, "guichet/sale/done.html", context)
