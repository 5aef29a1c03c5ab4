"""What several screens read from addresses, and answer with."""

from django.http import HttpResponse

from journal.errors import DayIsOver, KeyReused, Refusal, TillClosed

# What a bigint holds in any case.
MAX_DIGITS = 18


def read_number(text: str | None) -> int | None:
    """Return a whole number of the query, None for anything else: a link somebody mistyped."""
    if text and text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS:
        return int(text)
    return None


def status_of(refusal: Refusal) -> int:
    """Return 409 where somebody or the clock was faster, 422 where something is to be mended."""
    return 409 if isinstance(refusal, TillClosed | DayIsOver | KeyReused) else 422


def pdf_response(pdf: bytes, *, name: str) -> HttpResponse:
    """Return a document that the browser shows, under its file name."""
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
