"""Refusals of the ground that no view translated: a page with a sentence, never a 500."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from journal.errors import Busy


class PlainErrors:
    """Answer ``Busy`` with 503 and its sentence (design.md §2)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Busy):
            return render(request, "503.html", {"sentence": str(error)}, status=503)
        return None
