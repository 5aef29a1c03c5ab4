"""Printing at the counter: tickets, receipts and slips, each duplicate counted (G10, FIS-16)."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guichet.forms.printing import ReprintForm
from guichet.views.entry import DeskRequest, StaffRequest, at_desk, claim_of, key_of, staff
from guichet.views.orders.cards import card_of
from guichet.views.web import pdf_response, status_of
from institution_settings.models import PointOfSale
from institution_settings.permissions import Act
from journal.errors import Refusal
from payments.documents import render_coupons, render_order_receipt
from payments.selectors.papers import get_order_receipt, list_coupons
from sales import services
from sales.choices import Document
from sales.documents import render_tickets
from sales.errors import AlreadyPrinted, NothingToPrint
from sales.models import Order, Printout
from sales.selectors import faces_printed, list_printouts

# So long may what was just printed be fetched: afterwards it is printed again, as a duplicate.
FRESH = timedelta(minutes=2)
MAX_ID = 2**63 - 1


@at_desk(Act.SALE)
@require_http_methods(["GET", "HEAD", "POST"])
def print_tickets(request: DeskRequest, order_id: int) -> HttpResponse:
    """Print what was never printed; or choose what is printed again, and why.

    The answer to the click is the PDF. The same click sent again gets the same PDF while it is
    fresh, afterwards the choice of duplicates.
    """
    again = "reprint" in request.POST
    form = ReprintForm(request.POST if request.method == "POST" and again else None)
    refusal, status = "", 200
    if request.method == "POST":
        status = 422
        if not again or form.is_valid():
            try:
                return _print(request, order_id, form if again else None)
            except Refusal as refused:
                refusal, status = str(refused), status_of(refused)
    return _choose(request, order_id, form, refusal, status)


def _print(request: DeskRequest, order_id: int, form: ReprintForm | None) -> HttpResponse:
    try:
        rows = services.print_tickets(
            claim=claim_of(request),
            desk=request.desk,
            order_id=order_id,
            ticket_ids=form.cleaned_data["tickets"] if form else None,
            reason=form.cleaned_data["reason"] if form else "",
        )
    except Order.DoesNotExist:
        raise Http404 from None
    if not _is_fresh(rows[0]):
        raise AlreadyPrinted
    return redirect("guichet:printout_pdf", rows[0].operation_id)


def _choose(
    request: DeskRequest, order_id: int, form: ReprintForm, refusal: str, status: int
) -> HttpResponse:
    card = card_of(order_id, brief=True)
    rows = [row for row in card.tickets if row.is_valid]
    ticked = getattr(form, "cleaned_data", {}).get("tickets") or []
    context = {
        "card": card,
        "order": card.order,
        "rows": rows,
        "form": form,
        "refusal": refusal,
        "ticked": ticked or [row.ticket.pk for row in rows if len(rows) == 1],
        "unprinted": sum(not row.times_printed for row in rows),
        # A key whose click was done once is of no use for another.
        "key": str(uuid4()) if refusal else key_of(request),
    }
    return render(request, "guichet/orders/printing.html", context, status=status)


@at_desk(Act.SALE)
@require_POST
def print_receipt(request: DeskRequest, order_id: int) -> HttpResponse:
    """Print the receipt of a paid order; from the second time on it says DUPLICATA."""
    try:
        rows = services.print_receipt(claim=claim_of(request), desk=request.desk, order_id=order_id)
    except (Order.DoesNotExist, NothingToPrint):
        raise Http404 from None
    except Refusal as refused:
        return _choose(request, order_id, ReprintForm(), str(refused), status_of(refused))
    return redirect("guichet:printout_pdf", rows[0].operation_id)


@staff(Act.SALE)
@require_safe
def printout_pdf(request: StaffRequest, operation_id: int) -> HttpResponse:
    """Give what was just printed to whoever printed it; later, lead to the order."""
    rows = list_printouts(operation_id=operation_id) if operation_id <= MAX_ID else []
    if not rows or rows[0].operator_id != request.user.pk:
        raise Http404
    first, order = rows[0], rows[0].order
    if not _is_fresh(first):
        return redirect("guichet:order", order.pk)
    if first.document == Document.RECEIPT:
        receipt = get_order_receipt(order_id=order.pk)
        pdf = render_order_receipt(receipt=receipt, paper=first.paper, copy=first.copy)
        return pdf_response(pdf, name=f"recu-{order.number}.pdf")
    faces = faces_printed(printouts=rows)
    pdf = render_tickets(faces=faces, paper=first.paper, order_number=order.number or "")
    return pdf_response(pdf, name=f"billets-{order.number}.pdf")


def _is_fresh(row: Printout) -> bool:
    return datetime.now(UTC) - row.at < FRESH


@at_desk(Act.SALE)
@require_safe
def coupons_pdf(request: DeskRequest, order_id: int, operation_id: int) -> HttpResponse:
    """Give the slips of what one refund took back: for the house, no way in (BIL-05)."""
    if max(order_id, operation_id) > MAX_ID:
        raise Http404
    coupons = list_coupons(order_id=order_id, operation_id=operation_id)
    if not coupons:
        raise Http404
    place = PointOfSale.objects.get(pk=request.desk.point_of_sale_id)
    pdf = render_coupons(coupons=coupons, paper=place.paper)
    return pdf_response(pdf, name=f"coupons-{coupons[0].taken.ticket.order.number}.pdf")
