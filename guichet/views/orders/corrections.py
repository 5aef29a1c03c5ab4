"""A payment typed in the wrong mode, put right (*Corriger le règlement*, spec C4)."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from guichet.forms.orders import CorrectModeForm
from guichet.selectors.orders import find_correctable
from guichet.views.approval import approval_context, approval_of, attempt
from guichet.views.entry import DeskRequest, at_desk, claim_of, key_of
from institution_settings.permissions import Act
from institution_settings.selectors import list_modes
from payments.services import correct_mode


@at_desk(Act.SALE)
@require_http_methods(["GET", "HEAD", "POST"])
def correct_payment(request: DeskRequest, payment_id: int) -> HttpResponse:
    """Choose the mode an order was really paid in; with a supervisor once the session is over."""
    payment = find_correctable(payment_id=payment_id)
    if payment is None or payment.order_id is None:
        raise Http404
    authorised = list_modes(point_of_sale_id=request.desk.point_of_sale_id, use="payment")
    modes = [mode for mode in authorised if mode.is_counter_money and mode != payment.mode]
    form = CorrectModeForm(request.POST if request.method == "POST" else None, modes=modes)
    approval = approval_of(request, act=Act.CORRECT)
    done = attempt(
        form=form,
        approval=approval,
        act=lambda: correct_mode(
            claim=claim_of(request),
            desk=request.desk,
            payment_id=payment.pk,
            mode_id=form.cleaned_data["mode"],
            cheque=form.cheque(),
            approved_by=approval.person,
        ),
        beside=lambda _refusal: "mode",
    )
    if done.made:
        return redirect("guichet:order", payment.order_id)
    context = {
        "payment": payment,
        "order": payment.order,
        "form": form,
        "key": key_of(request),
        **approval_context(approval, done.asked),
    }
    return render(request, "guichet/orders/correct.html", context, status=done.status)
