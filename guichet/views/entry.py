"""Who may enter the counter, and at which till they stand."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from contacts.models import User
from institution_settings.money import format_datetime
from institution_settings.permissions import Act, allows
from journal.services import Claim
from tills.models import TillSession
from tills.selectors import Desk, desk_of

SESSION_KEY = "till_session"


class StaffRequest(HttpRequest):
    """A request of somebody who works here."""

    user: User
    htmx: HtmxDetails


class DeskRequest(StaffRequest):
    """A request made at an open till."""

    desk: Desk
    till_session: TillSession


View = Callable[..., HttpResponseBase]


def staff(act: Act) -> Callable[[View], View]:
    """Let in only those whose role allows ``act``; others log in, or are told no (403)."""

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            user = request.user
            if not isinstance(user, User) or not allows(user.role, act):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def at_desk(act: Act) -> Callable[[View], View]:
    """As ``staff``, at a till: without an open one the operator is sent to choose it.

    Who worked at one that was closed meanwhile reads by whom; a sale in progress is refused before
    anything is written and keeps its basket (spec G6).

    Sets ``request.desk``. That the session is still open is decided by the seal, not here.
    """

    def decorate(view: View) -> View:
        @staff(act)
        @wraps(view)
        def guarded(request: DeskRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            session = current_session(request)
            if session is None:
                _say_why(request)
                return redirect("guichet:tills")
            request.desk = desk_of(session=session, operator=request.user)
            request.till_session = session
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def current_session(request: StaffRequest) -> TillSession | None:
    """Return the open till session this browser works at, if the operator may still sell there."""
    return (
        TillSession.objects.select_related("till__point_of_sale")
        .filter(pk=request.session.get(SESSION_KEY, 0), closed_at=None)
        .filter(till__point_of_sale__operators=request.user)
        .first()
    )


def _say_why(request: StaffRequest) -> None:
    """Say that the till this browser worked at was closed, when and by whom."""
    session = (
        TillSession.objects.select_related("till", "closed_by")
        .filter(pk=request.session.get(SESSION_KEY, 0), till__point_of_sale__operators=request.user)
        .exclude(closed_at=None)
        .first()
    )
    if session is None:
        return
    said = {
        "till": session.till.code,
        "moment": format_datetime(timezone.localtime(session.closed_at)),
        "name": str(session.closed_by or session.till.code),
    }
    messages.warning(
        request,
        _(
            "Till %(till)s was closed on %(moment)s by %(name)s. Nothing was written; a sale in "
            "progress is kept: choose a till to go on."
        )
        % said,
    )


def claim_of(request: StaffRequest) -> Claim:
    """Return the claim of a posted form: this user, and the key its page was rendered with (C7).

    A form without a usable key gets a fresh one: it is then done once by itself.
    """
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        key = uuid4()
    return Claim(source=f"user:{request.user.pk}", key=key)


def print_keys() -> dict[str, str]:
    """Return the keys of a page's two buttons that print: tickets, receipt (FIS-16)."""
    return {"tickets": str(uuid4()), "receipt": str(uuid4())}


def key_of(request: HttpRequest) -> str:
    """Return the key a form is rendered with: what it was sent with, else a new one (C7)."""
    return request.POST.get("key") or str(uuid4())
