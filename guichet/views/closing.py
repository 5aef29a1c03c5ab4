"""Counting and closing a till, and its numbered Z (spec G6)."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from guichet import documents
from guichet.forms.tills import CountForm
from guichet.selectors import tills as selectors
from guichet.views.entry import SESSION_KEY, StaffRequest, claim_of, current_session, key_of, staff
from guichet.views.tills import choose_again
from guichet.views.web import pdf_response
from institution_settings.permissions import Act
from journal.errors import Refusal, TillClosed
from payments.selectors.takings import list_takings
from payments.services import close_till
from tills.models import TillSession
from tills.selectors import check_own, desk_of


@staff(Act.KEEP_TILL)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: StaffRequest) -> HttpResponse:
    """Count the till one stands at and close it; the same click again leads to the same Z.

    A session closed meanwhile is still found here, so that whoever was late reads who did it.
    """
    session = selectors.find_session(
        session_id=request.session.get(SESSION_KEY, 0), operator=request.user
    )
    if session is None:
        return redirect("guichet:tills")
    return _count_and_close(request, session)


@staff(Act.KEEP_TILL)
@require_http_methods(["GET", "HEAD", "POST"])
def close_session(request: StaffRequest, session_id: int) -> HttpResponse:
    """Count and close a till from the list, without working at it: one's own, or as a supervisor
    anybody's (``Act.CLOSE_ANY_TILL``), also after its business day.
    """
    session = selectors.find_session(session_id=session_id, operator=request.user)
    if session is None or session.till.automatic:
        raise Http404
    try:
        check_own(session=session, operator=request.user)
    except Refusal as refusal:
        return choose_again(request, refusal)
    return _count_and_close(request, session)


def _count_and_close(request: StaffRequest, session: TillSession) -> HttpResponse:
    if request.method != "POST" and session.closed_at:
        return redirect("guichet:closing", session.pk)
    typed = request.POST if request.method == "POST" else None
    takings = list_takings(session_id=session.pk)
    form = CountForm(
        typed, takings=takings, currency=session.currency, blind=session.till.blind_count
    )
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
    mine = session.pk == request.session.get(SESSION_KEY)
    request.till_session = session if mine else current_session(request)  # type: ignore[attr-defined]
    valid = form.is_bound and not form.errors
    return {
        "session": session,
        "form": form,
        "rows": form.rows(),
        "totals": form.totals(),
        "mine": mine,
        "moves": selectors.list_cash(session_id=session.pk),
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


def _closed(request: StaffRequest, session_id: int) -> TillSession:
    session = selectors.find_session(session_id=session_id, operator=request.user)
    if session is None or session.closed_at is None:
        raise Http404
    return session
