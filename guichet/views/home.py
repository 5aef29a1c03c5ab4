"""Where everybody begins: the counter's home, or the page of those who do not sell."""

from datetime import UTC, datetime

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from contacts.permissions import may
from guichet.selectors.home import get_home
from guichet.selectors.tills import list_choices
from guichet.views.entry import StaffRequest, current_session
from institution_settings.permissions import Act
from tills.selectors import current_day


@login_required
@require_safe
def home(request: StaffRequest) -> HttpResponse:
    """Show today's work to whoever keeps a till; lead the others to settings or reports."""
    user = request.user
    if may(user, Act.KEEP_TILL):
        return _show(request)
    if user.is_staff:
        return redirect("admin:index")
    if may(user, Act.SEE_REPORTS):
        return redirect("reports:home")
    raise PermissionDenied


def _show(request: StaffRequest) -> HttpResponse:
    """Show the lists of the home page, and the till or, without one, which to take."""
    now = datetime.now(UTC)
    session = current_session(request)
    request.till_session = session  # type: ignore[attr-defined]
    context = {
        "session": session,
        "day_is_over": session is not None and session.business_date < current_day(at=now).date,
        "choices": [] if session else list_choices(operator=request.user),
        "home": get_home(operator=request.user, now=now),
    }
    return render(request, "guichet/home.html", context)
