"""Sums owed to customers: listed, handed over, receipted (CNS-02)."""

from datetime import UTC, datetime

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from guichet.documents.papers import render_paper
from guichet.forms.sums import SumForm
from guichet.views.approval import attempt
from guichet.views.entry import DeskRequest, at_desk, claim_of, key_of
from guichet.views.web import pdf_response
from institution_settings.choices import MONEY_KINDS
from institution_settings.permissions import Act
from institution_settings.selectors import list_modes
from journal.selectors import entry_numbers
from payments.models import SumOwed
from payments.selectors.sums_owed import SumLine, find_sum_owed, list_sums_owed
from payments.services import pay_sum_owed

MAX_ID = 2**63 - 1
SHOWN = 200


@at_desk(Act.REFUND)
@require_safe
def sums_owed(request: DeskRequest) -> HttpResponse:
    """List what nobody paid yet, the soonest due first."""
    today = request.desk.venue_date(datetime.now(UTC))
    found = list_sums_owed(today=today, limit=SHOWN)
    return render(request, "guichet/sums/list.html", {"lines": found})


@at_desk(Act.REFUND)
@require_http_methods(["GET", "HEAD", "POST"])
def sum_owed(request: DeskRequest, sum_id: int) -> HttpResponse:
    """Hand a sum over in a mode authorised here; afterwards show that it was, with its receipt."""
    owed = _find(sum_id)
    place = request.desk.point_of_sale_id
    form = SumForm(
        request.POST or None,
        modes=list_modes(point_of_sale_id=place, use="refund", kinds=MONEY_KINDS),
    )
    tried = attempt(
        form=form,
        act=lambda: pay_sum_owed(
            claim=claim_of(request),
            desk=request.desk,
            sum_id=owed.pk,
            mode_id=form.cleaned_data["mode"],
        ),
        beside=lambda _refusal: "mode",
    )
    if tried.made is not None:
        return redirect("guichet:sum_owed", owed.pk)
    line = SumLine(owed, request.desk.venue_date(datetime.now(UTC)))
    context = {
        "line": line,
        "owed": owed,
        "order": owed.refund.order,
        "paid": getattr(owed, "settled", None),
        "form": form,
        "key": key_of(request),
    }
    return render(request, "guichet/sums/sum.html", context, status=tried.status)


@at_desk(Act.REFUND)
@require_safe
def receipt_pdf(request: DeskRequest, sum_id: int) -> HttpResponse:
    """Print the receipt that whoever receives the money signs (MON-05)."""
    owed = _find(sum_id)
    paid = getattr(owed, "settled", None)
    if paid is None:
        raise Http404
    payment = paid.payment
    number = entry_numbers(subject_kind="payment", subject_ids=[payment.pk]).get(payment.pk, "")
    order = owed.refund.order
    pdf = render_paper(
        name="money_back",
        title=_("Receipt for a sum owed: order %(what)s"),
        what=order.number or "",
        edited_by=request.user,
        number=number,
        order=order,
        payments=[payment],
        amount=payment.amount,
        session=payment.session,
        operator=payment.operator,
        at=payment.at,
        signed=True,
        owed=None,
    )
    return pdf_response(pdf, name=f"recu-{number or owed.pk}.pdf")


def _find(sum_id: int) -> SumOwed:
    owed = find_sum_owed(sum_id=sum_id) if sum_id <= MAX_ID else None
    if owed is None:
        raise Http404
    return owed
