"""What holds for every answer: refusals have a page, htmx never puts a page into a part, and what
somebody sees who is logged in is kept nowhere.
"""

import codecs
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.cache import add_never_cache_headers

from journal.errors import Busy


class PlainErrors:
    """Answer ``Busy`` with 503 and its sentence (design.md §2), what is not UTF-8 with 400.

    Django reads a form in the charset its sender names; some spell what no database takes.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.encoding and codecs.lookup(request.encoding).name != "utf-8":
            raise BadRequest(request.encoding)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Busy):
            return render(request, "503.html", {"sentence": str(error)}, status=503)
        return None


class PersonalPages:
    """Let no browser and no proxy keep what was answered to a session (cases.md B76).

    At a shared till the Back key after a logout would show the last customer. An answer that says
    by itself how long it may be kept is left alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and "Cache-Control" not in response:
            add_never_cache_headers(response)
        return response


class WholePages:
    """Send htmx to another page as to a page: a redirect would be swapped into a part of this one.

    Whoever is no longer logged in comes back to the page, not to the part that was asked for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code not in (301, 302, 303) or "HX-Request" not in request.headers:
            return response
        address = response["Location"]
        if urlsplit(address).path == resolve_url(settings.LOGIN_URL):
            address = redirect_to_login(_page_of(request) or "/")["Location"]
        whole = HttpResponse(headers={"HX-Redirect": address})
        whole.cookies = response.cookies
        return whole


def _page_of(request: HttpRequest) -> str:
    """Return the path of the page that htmx is on, nothing for what is no address."""
    try:
        return urlsplit(request.headers.get("HX-Current-URL", "")).path
    except ValueError:
        return ""
