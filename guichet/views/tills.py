"""Choosing, opening, reading and closing a till (spec G6)."""

from datetime import UTC, datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contacts.permissions import may
from credit.selectors import list_standings
from guichet import documents
from guichet.forms.tills import CountForm, OpenTillForm
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
from guichet.views.web import pdf_response
from institution_settings.permissions import Act
from institution_settings.selectors import get_institution
from journal.errors import Refusal, TillClosed
from payments.selectors.takings import list_takings
from payments.services import close_till
from tills.errors import TillAlreadyOpen
from tills.models import Till, TillSession
from tills.selectors import desk_of
from tills.services import open_session


@login_required
@require_safe
def home(request: StaffRequest) -> HttpResponse:
    """Lead everybody to where they work: the sale, the choice of a till, settings, reports."""
    user = request.user
    if may(user, Act.KEEP_TILL):
        return redirect("guichet:new_sale" if current_session(request) else "guichet:tills")
    if user.is_staff:
        return redirect("admin:index")
    if may(user, Act.SEE_REPORTS):
        return redirect("reports:home")
    raise PermissionDenied


@staff(Act.KEEP_TILL)
@require_safe
def choose(request: StaffRequest) -> HttpResponse:
    """Show the tills of the operator's points of sale and who has opened them."""
    return _choose(request)


def _choose(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
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
            return _choose(request, refusal)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            request.session[SESSION_KEY] = session.pk
            return redirect("guichet:home")
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
        return _choose(request, refusal)
    request.session[SESSION_KEY] = session.pk
    return redirect("guichet:home")


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
        "takings": list_takings(session_id=session.pk),
        "purposes": selectors.list_purposes(session=session),
        "payments": [(payment, standings.get(payment.contact_id or 0)) for payment in payments],
        "day_is_over": not request.desk.day.holds(datetime.now(UTC)),
    }
    return render(request, "guichet/tills/show.html", context)


@staff(Act.KEEP_TILL)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: StaffRequest) -> HttpResponse:
    """Count the till and close it; the same click again leads to the same Z.

    A session closed meanwhile is still found here, so that whoever was late reads who did it.
    """
    session = selectors.find_session(
        session_id=request.session.get(SESSION_KEY, 0), operator=request.user
    )
    if session is None:
        return redirect("guichet:tills")
    if request.method != "POST" and session.closed_at:
        return redirect("guichet:closing", session.pk)
    typed = request.POST if request.method == "POST" else None
    takings = list_takings(session_id=session.pk)
    form = CountForm(typed, takings=takings, currency=session.currency)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid() and not form.needs_acceptance():
        try:
            _close(request, session, form)
        except TillClosed as refusal:
            messages.warning(request, str(refusal))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        if not form.errors:
            return redirect("guichet:closing", session.pk)
    return render(
        request, "guichet/tills/close.html", _count(request, session, form), status=status
    )


def _close(request: StaffRequest, session: TillSession, form: CountForm) -> None:
    close_till(
        claim=claim_of(request),
        desk=desk_of(session=session, operator=request.user),
        counted=form.counted(),
        operator=request.user,
    )


def _count(request: StaffRequest, session: TillSession, form: CountForm) -> dict[str, object]:
    request.till_session = session  # type: ignore[attr-defined]
    valid = form.is_bound and not form.errors
    return {
        "session": session,
        "form": form,
        "rows": form.rows(),
        "totals": form.totals(),
        "cheques": selectors.list_cheques(session_id=session.pk),
        "differences": form.differences() if valid else "",
        "key": key_of(request),
    }


@staff(Act.KEEP_TILL)
@require_safe
def closing(request: StaffRequest, session_id: int) -> HttpResponse:
    """Show a numbered Z."""
    found = selectors.get_closing(session=_closed(request, session_id))
    request.till_session = current_session(request)  # type: ignore[attr-defined]
    return render(request, "guichet/tills/closing.html", {"closing": found})


@staff(Act.KEEP_TILL)
@require_safe
def closing_pdf(request: StaffRequest, session_id: int) -> HttpResponse:
    """Give a numbered Z on paper."""
    session = _closed(request, session_id)
    pdf = documents.render_closing(
        closing=selectors.get_closing(session=session), edited_by=request.user
    )
    return pdf_response(pdf, name=f"{session}.pdf")


def _till(request: StaffRequest, till_id: int) -> Till:
    found: Till = get_object_or_404(selectors.tills_of(request.user), pk=till_id)
    return found


def _closed(request: StaffRequest, session_id: int) -> TillSession:
    session = selectors.find_session(session_id=session_id, operator=request.user)
    if session is None or session.closed_at is None:
        raise Http404
    return session
