"""Choosing, opening and reading a till, and the cash in its drawer (spec G6)."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from credit.selectors import list_standings
from guichet import documents
from guichet.forms.tills import CashForm, OpenTillForm
from guichet.selectors import tills as selectors
from guichet.views.entry import (
    SESSION_KEY,
    DeskRequest,
    StaffRequest,
    at_desk,
    claim_of,
    current_session,
    key_of,
    staff,
)
from guichet.views.web import pdf_response, status_of
from institution_settings.money import format_money
from institution_settings.permissions import Act
from institution_settings.selectors import get_institution
from journal.errors import Refusal
from payments.errors import NotInDrawer
from payments.services import move_cash
from tills.choices import CashWay
from tills.errors import TillAlreadyOpen
from tills.models import CashMovement, Till
from tills.services import open_session


@staff(Act.KEEP_TILL)
@require_safe
def choose(request: StaffRequest) -> HttpResponse:
    """Show the tills of the operator's points of sale and who has opened them."""
    return choose_again(request)


def choose_again(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    """Return the choice of tills, with what was refused (409)."""
    context = {
        "choices": selectors.list_choices(operator=request.user),
        "current": current_session(request),
        "refusal": refusal,
    }
    return render(request, "guichet/tills/choose.html", context, status=409 if refusal else 200)


@staff(Act.KEEP_TILL)
@require_http_methods(["GET", "HEAD", "POST"])
def open_till(request: StaffRequest, till_id: int) -> HttpResponse:
    """Open a till with its float, and work at it."""
    till = _till(request, till_id)
    typed = request.POST if request.method == "POST" else None
    form = OpenTillForm(typed, currency=get_institution().currency)
    status = 200
    if form.is_bound and form.is_valid():
        try:
            session = open_session(
                claim=claim_of(request),
                till=till,
                opening_float=form.cleaned_data["opening_float"],
                operator=request.user,
            )
        except TillAlreadyOpen as refusal:
            return choose_again(request, refusal)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            request.session[SESSION_KEY] = session.pk
            return redirect("guichet:new_sale")
    if form.is_bound:
        status = 422
    context = {"till": till, "form": form, "key": key_of(request)}
    return render(request, "guichet/tills/open.html", context, status=status)


@staff(Act.KEEP_TILL)
@require_POST
def take_till(request: StaffRequest, till_id: int) -> HttpResponse:
    """Work at a till that is open already: one's own, or anybody's for a supervisor."""
    till = _till(request, till_id)
    try:
        session = selectors.get_session_to_take(till=till, operator=request.user)
    except Refusal as refusal:
        return choose_again(request, refusal)
    request.session[SESSION_KEY] = session.pk
    return redirect("guichet:new_sale")


@at_desk(Act.KEEP_TILL)
@require_safe
def show(request: DeskRequest) -> HttpResponse:
    """Show what the session took and gave so far (the X), and its last payments."""
    session = request.till_session
    payments = selectors.list_last_payments(session_id=session.pk)
    standings = list_standings(
        contact_ids={payment.contact_id for payment in payments if payment.contact_id},
        currency=session.currency,
    )
    context = {
        "session": session,
        "report": selectors.get_report(session=session, reader=request.user),
        "payments": [(payment, standings.get(payment.contact_id or 0)) for payment in payments],
        "day_is_over": not request.desk.day.holds(datetime.now(UTC)),
    }
    return render(request, "guichet/tills/show.html", context)


@at_desk(Act.KEEP_TILL)
@require_safe
def report_pdf(request: DeskRequest) -> HttpResponse:
    """Give the X on paper: as of now, without a number; nothing is written (spec G6)."""
    session = request.till_session
    report = selectors.get_report(session=session, reader=request.user)
    pdf = documents.render_report(report=report, edited_by=request.user)
    return pdf_response(pdf, name=f"X-{session.till.code}.pdf")


@at_desk(Act.KEEP_TILL)
@require_http_methods(["GET", "HEAD", "POST"])
def cash(request: DeskRequest) -> HttpResponse:
    """Put cash into the drawer or take it out, with the reason (spec G6)."""
    typed = request.POST if request.method == "POST" else None
    form = CashForm(typed, currency=request.desk.currency)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            moved = move_cash(claim=claim_of(request), desk=request.desk, request=form.request())
        except Refusal as refusal:
            form.add_error("amount" if isinstance(refusal, NotInDrawer) else None, str(refusal))
            status = status_of(refusal)
        else:
            messages.success(request, said_of(moved))
            return redirect("guichet:till")
    context = {
        "session": request.till_session,
        "form": form,
        "moves": selectors.list_cash(session_id=request.till_session.pk),
        "key": key_of(request),
    }
    return render(request, "guichet/tills/cash.html", context, status=status)


def said_of(moved: CashMovement) -> str:
    """Return the sentence that says what was put in or taken out."""
    amount = format_money(moved.amount)
    if moved.way == CashWay.IN:
        return _("%(amount)s put into the drawer.") % {"amount": amount}
    return _("%(amount)s taken out of the drawer.") % {"amount": amount}


def _till(request: StaffRequest, till_id: int) -> Till:
    found: Till = get_object_or_404(selectors.tills_of(request.user), pk=till_id)
    return found
