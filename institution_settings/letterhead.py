"""Everything printed: a template on the letterhead, made a PDF by WeasyPrint (spec G10, look.md).

In a low layer, so that every app can print: it knows no model. Templates extend
``base_paper.html`` and get ``institution``, ``edited_at`` and their own rows by ``context``.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

if TYPE_CHECKING:
    from weasyprint.document import Page
    from weasyprint.urls import URLFetcher, URLFetcherResponse

STATIC = Path(settings.BASE_DIR) / "static"
STYLESHEET = STATIC / "css" / "paper.css"

# A roll is as long as what stands on it: it is laid out once without end, measured, and cut there.
ROLL = 'class="roll"'
ENDLESS_MM = 3000
ROLL_MARGIN_MM = 4
MM_PER_PX = 25.4 / 96


def render_pdf(
    *,
    template: str,
    context: Mapping[str, Any],
    title: str,
    lang: str = "fr",
    variant: str | None = None,
) -> bytes:
    """Return ``template`` as a PDF, its words in ``lang`` and its document title ``title``.

    ``variant`` asks for an archival or accessible kind (``"pdf/a-3u"``, ``"pdf/ua-1"``). Nothing
    is fetched but our own static files and ``data:`` addresses; a template that names anything
    else is a mistake, and WeasyPrint's ``FatalURLFetchingError``. Never call it inside a
    transaction: it takes 3 ms a row, and a second to import the first time.
    """
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    with translation.override(lang):
        text = render_to_string(template, {"title": title, **context})
    fonts, fetcher = FontConfiguration(), _own_files()
    sheet = CSS(filename=STYLESHEET, font_config=fonts, url_fetcher=fetcher)
    page = HTML(string=text, base_url=STATIC.as_uri() + "/", url_fetcher=fetcher)
    sheets = [sheet]
    if ROLL in text:
        endless = page.render(stylesheets=[sheet, CSS(string=_roll(ENDLESS_MM))], font_config=fonts)
        sheets.append(CSS(string=_roll(_height_mm(endless.pages))))
    document = page.render(stylesheets=sheets, font_config=fonts)
    document.metadata.title = title
    pdf: bytes = document.write_pdf(pdf_variant=variant)
    return pdf


def _roll(height_mm: float) -> str:
    """Return the sheet of a roll cut at this length."""
    return f"@page roll {{ size: 80mm {height_mm:.1f}mm }}"


def _height_mm(pages: "Sequence[Page]") -> float:
    """Return the length that holds the longest of some pieces, margins and a hair included."""
    ends = [
        box.position_y + box.margin_height()
        for page in pages
        for box in page._page_box.children[0].children[0].children  # noqa: SLF001 (all of the body)
    ]
    return float(max(ends)) * MM_PER_PX + ROLL_MARGIN_MM + 1


def _own_files() -> "URLFetcher":
    """Return what fetches for WeasyPrint: our static files, ``data:``, nothing of the machine."""
    from weasyprint.urls import URLFetcher

    class OwnFiles(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> "URLFetcherResponse":
            if url.startswith("file:") and not _is_ours(url):
                raise ValueError(f"Not one of our own files: {url}")
            return super().fetch(url, headers)

    return OwnFiles(allowed_protocols=("file", "data"), fail_on_errors=True)


def _is_ours(url: str) -> bool:
    return Path(unquote(urlsplit(url).path)).resolve().is_relative_to(STATIC.resolve())
