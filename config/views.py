"""The few pages that belong to no app: how the screen looks, and the design system shown whole."""

from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe
from moneyed import Money

PREFERENCES = {"theme": {"auto", "light", "dark"}, "hotkeys": {"on", "off"}}
YEAR_SECONDS = 365 * 24 * 60 * 60
STYLEGUIDE_PAGES = (
    "components", "counter", "contact", "search", "closing", "report", "login", "shop", "event",
    "checkout",
)  # fmt: skip


@login_not_required
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep the colours or the shortcuts a person chose in a cookie; go back where they were.

    An unknown value changes nothing. The cookie holds no identity and needs no consent.
    """
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(target if safe else "/")
    for name, allowed in PREFERENCES.items():
        value = request.POST.get(name)
        if value in allowed:
            response.set_cookie(
                name, value, max_age=YEAR_SECONDS, httponly=True, samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
    return response


@login_not_required
@require_safe
def styleguide(request: HttpRequest, page: str = "components") -> HttpResponse:
    """Show every component, and specimens of the screens made of them, with invented figures."""
    if page not in STYLEGUIDE_PAGES:
        raise Http404
    cents = (0, 250, 500, 580, 740, 840, 1240, 2000, 3000, 3200, 5000, 6400, 8400, 15000, 123456)
    context = {
        "page": page,
        "pages": STYLEGUIDE_PAGES,
        "m": {f"c{value}": Money(value, "EUR") / 100 for value in cents},
        "at": datetime(2026, 11, 5, 18, 42, tzinfo=UTC),
        "counter": {"till": "Caisse G1", "operator": "Léa Marchand"},
    }
    return render(request, f"styleguide/{page}.html", context)
