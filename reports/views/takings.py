"""The statement of takings of each performance, on screen and on paper (BIL-08).

Among the reports, since supervisors and accountants read and sign it; no till is needed.
Supervisors close it.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST, require_safe

from contacts.models import User
from institution_settings.permissions import Act, allows
from institution_settings.selectors import current_business_date
from journal.errors import Refusal
from journal.services import Claim
from reports.documents import render_takings
from reports.forms.takings import DaysForm
from reports.selectors.statements import Statement, get_statement
from reports.selectors.takings import list_performances
from reports.services import close_takings
from sales.choices import PerformanceState
from sales.models import Performance

# What is shown first: the evenings of the last week and of today.
LAST_DAYS = timedelta(days=7)


@login_required
@require_safe
def performances(request: HttpRequest) -> HttpResponse:
    """List the performances of some days, each with its statement."""
    _reader(request)
    today = current_business_date(at=datetime.now(UTC))
    typed = request.GET.copy()
    typed.setdefault("first", (today - LAST_DAYS).isoformat())
    typed.setdefault("last", today.isoformat())
    form = DaysForm(typed)
    found, status = [], 422
    if form.is_valid():
        found = list_performances(day=form.cleaned_data["first"], days=form.days)
        status = 200
    context = {"form": form, "performances": found}
    return render(request, "reports/performances.html", context, status=status)


@login_required
@require_safe
def takings(request: HttpRequest, performance_id: int) -> HttpResponse:
    """Show the statement of one performance, as it was closed or as of now."""
    return _page(request, _reader(request), performance_id)


@login_required
@require_POST
def close(request: HttpRequest, performance_id: int) -> HttpResponse:
    """Close the statement for good, with its number; a click twice closes once."""
    person = _reader(request)
    if not allows(person.role, Act.CLOSE_ANY_TILL):
        raise PermissionDenied
    try:
        close_takings(
            claim=Claim(f"user:{person.pk}", _key(request)),
            performance_id=performance_id,
            person=person,
        )
    except Performance.DoesNotExist:
        raise Http404 from None
    except Refusal as refusal:
        return _page(request, person, performance_id, refusal=str(refusal), status=422)
    return redirect("reports:takings", performance_id)


@login_required
@require_safe
def takings_pdf(request: HttpRequest, performance_id: int) -> HttpResponse:
    """Print the same statement, to be signed."""
    reader = _reader(request)
    statement = _statement(performance_id)
    starts_at = localtime(statement.takings.performance.starts_at)
    return HttpResponse(
        render_takings(statement=statement, edited_by=str(reader)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="releve-{starts_at:%Y-%m-%d-%H%M}.pdf"'},
    )


def _page(
    request: HttpRequest, person: User, performance_id: int, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    statement = _statement(performance_id)
    performance = statement.takings.performance
    begun = performance.starts_at <= datetime.now(UTC)
    cancelled = performance.state == PerformanceState.CANCELLED
    context = {
        "statement": statement,
        "takings": statement.takings,
        "refusal": refusal,
        "may_close": statement.closed is None
        and (begun or cancelled)
        and allows(person.role, Act.CLOSE_ANY_TILL),
        "key": str(uuid4()),
    }
    return render(request, "reports/takings.html", context, status=status)


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()


def _statement(performance_id: int) -> Statement:
    try:
        return get_statement(performance_id=performance_id)
    except Performance.DoesNotExist:
        raise Http404 from None


def _reader(request: HttpRequest) -> User:
    """Let in who reads reports."""
    user = request.user
    if isinstance(user, User) and allows(user.role, Act.SEE_REPORTS):
        return user
    raise PermissionDenied
