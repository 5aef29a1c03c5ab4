"""Papers on the letterhead: every name and amount is readable, nothing foreign is fetched."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest
import segno
from django.template import engines
from moneyed import Money
from weasyprint.urls import FatalURLFetchingError

from institution_settings.letterhead import render_pdf
from institution_settings.models import Institution

NAMES = ["Łukasz Šťastný", "Nguyễn Thị Ánh", "Éloïse Lefèvre"]
# The no-break space shares its glyph with the space, which is what the text layer then says.
AMOUNTS = ["1\u202f234,56 €", "CHF 1’234.56", "9\u202f899 ¥", "1,125 KWD"]

PAPER = """{% extends "base_paper.html" %}{% load money %}
{% block title %}{{ title }}{% endblock %}
{% block content %}<h1>{{ title }}</h1>{{ extra|safe }}
<p>{% for name in names %}{{ name }}<br>{% endfor %}</p>
<p>{% for amount in amounts %}{{ amount|money }}<br>{% endfor %}</p>{% endblock %}"""


@pytest.fixture(autouse=True)
def paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A template of the test's own, beside those of the house."""
    (tmp_path / "paper.html").write_text(PAPER)
    engine = engines["django"].engine  # type: ignore[attr-defined]
    monkeypatch.setattr(engine, "dirs", [*engine.dirs, str(tmp_path)])


def printed(**options: Any) -> bytes:
    context = {
        "institution": Institution(
            name="Théâtre des Tilleuls",
            legal_name="Association Les Tilleuls",
            siren="532001234",
            licence="PLATESV-R-2026-000123",
        ),
        "edited_at": datetime(2026, 11, 5, 19, 42, tzinfo=UTC),
        "names": NAMES,
        "amounts": [
            Money("1234.56", "EUR"),
            Money("1234.56", "CHF"),
            Money("9899", "JPY"),
            Money("1.125", "KWD"),
        ],
        "extra": options.pop("extra", ""),
    }
    return render_pdf(template="paper.html", context=context, title="Reçu n° 12", **options)


def test_names_amounts_and_letterhead_are_in_the_text() -> None:
    pdf = pypdf.PdfReader(io.BytesIO(printed()))
    text = pdf.pages[0].extract_text()
    for words in (*NAMES, *AMOUNTS, "Théâtre des Tilleuls", "Association Les Tilleuls"):
        assert text.count(words) >= 1, words
    assert text.count("PLATESV-R-2026-000123") == text.count("532001234") == 1
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Reçu n° 12"


def test_our_own_fonts_are_in_it() -> None:
    fonts = pypdf.PdfReader(io.BytesIO(printed())).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    names = {font.get_object()["/BaseFont"].rpartition("+")[2] for font in fonts.values()}
    assert {name for name in names if name.startswith("DejaVu")} == set()


def test_an_accessible_kind_is_made() -> None:
    catalogue = pypdf.PdfReader(io.BytesIO(printed(variant="pdf/ua-1"))).trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"].value is True  # type: ignore[index]
    assert catalogue["/Lang"] == "fr"  # type: ignore[index]


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:9/x.png", "file:///etc/hostname", "../../etc/hostname", "ftp://x/y"],
)
def test_nothing_foreign_is_fetched(address: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        printed(extra=f'<img src="{address}" alt="">')


def test_a_picture_of_ours_is_printed() -> None:
    dot = segno.make("9F3A77C104BE").png_data_uri()
    pdf = printed(extra=f'<img src="{dot}" alt="">')
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages[0].images) == 1
