"""Paper: one report page in our own fonts, whatever the names in it."""

import io
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pypdf
import segno
from django.conf import settings
from django.template.loader import render_to_string
from moneyed import Money
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

NAMES = [
    "Zoé Lefèvre",
    "Łukasz Šímová-Dvořák",
    "Nguyễn Thị Hạnh Quế",
    "Œuvre d’Étienne Ÿvon",
    "Ñuño Gößling-Þórsson",
]


def printed(rows: int) -> pypdf.PdfReader:
    """The specimen report with ``rows`` rows in each of two tills."""
    amount = Money("1234.56", "EUR")
    lines = [
        {
            "at": datetime(2026, 11, 5, 18, 42, tzinfo=UTC),
            "reference": f"R-2026-{number:04}",
            "contact": NAMES[number % len(NAMES)],
            "number": f"C{number:06}",
            "kind": "Versement",
            "counterpart": "Carte bancaire",
            "operator": "Léa",
            "debit": None,
            "credit": amount,
        }
        for number in range(rows)
    ]
    till = {"rows": lines, "debit": amount * 0, "credit": amount * rows}
    context = {
        "institution": SimpleNamespace(name="Théâtre des Lices", legal_name="", siren="532001234"),
        "edited_at": datetime(2026, 11, 6, 8, 0, tzinfo=UTC),
        "tills": [{"name": "Caisse G1", **till}, {"name": "Caisse G2", **till}],
        "debit": amount * 0,
        "credit": amount * rows * 2,
        "qr": segno.make("9F3A77C104BE").svg_data_uri(),
    }
    fonts = FontConfiguration()
    sheet = CSS(filename=Path(settings.BASE_DIR) / "static/css/paper.css", font_config=fonts)
    html = HTML(string=render_to_string("styleguide/paper.html", context))
    return pypdf.PdfReader(io.BytesIO(html.write_pdf(stylesheets=[sheet], font_config=fonts)))


def test_names_and_amounts_are_printed_in_our_fonts() -> None:
    document = printed(rows=10)
    text = "\n".join(page.extract_text() for page in document.pages)
    assert [name for name in NAMES if name not in text] == []
    assert text.count("1\u202f234,56") == 20
    fonts = {
        font.get_object()["/BaseFont"].partition("+")[2]
        for page in document.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert {name for name in fonts if not name.startswith("Avoir")} == {"DejaVu-Sans"}  # the ✓


def test_a_group_heading_stays_with_its_rows() -> None:
    """Whatever the length, no page ends on a till's name and none begins with a total."""
    for rows in range(9, 14):
        for page in printed(rows=rows).pages:
            lines = [line for line in page.extract_text().splitlines() if line.strip()]
            body = [line for line in lines if line.startswith(("Caisse G", "19:42", "Total"))]
            assert not (body and body[-1].startswith("Caisse G")), rows
            assert not (body and body[0].startswith("Total Caisse")), rows
