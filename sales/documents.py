"""Tickets on paper: A4, 80 mm roll or ticket stock, one a person, with all of BIL-02 (spec G10)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import segno
from django.utils import translation
from django.utils.translation import gettext as _

from institution_settings.choices import Paper
from institution_settings.letterhead import render_pdf
from institution_settings.selectors import get_institution
from sales.selectors.papers import TicketFace

# Papers speak the venue's language, whatever the screen does.
PAPER_LANGUAGE = "fr"
# How the stylesheet names the papers of the settings.
SHEETS: Mapping[str, str] = {Paper.A4: "portrait", Paper.ROLL: "roll", Paper.TICKET: "stock"}


def render_tickets(*, faces: Sequence[TicketFace], paper: str, order_number: str) -> bytes:
    """Return tickets as PDF; duplicates say DUPLICATA, their number and the day (FIS-16).

    The QR holds the random token and nothing else; every other mention stands in clear.
    """
    with translation.override(PAPER_LANGUAGE):
        title = _("Tickets %(what)s") % {"what": order_number}
    return render_pdf(
        template="sales/papers/tickets.html",
        title=title,
        context={
            "institution": get_institution(),
            "edited_at": datetime.now(UTC),
            "sheet": SHEETS.get(paper, "portrait"),
            "tickets": [{"face": face, "qr": qr_code(face.ticket.token)} for face in faces],
        },
        lang=PAPER_LANGUAGE,
    )


def qr_code(text: str) -> str:
    """Return a QR code as an address that holds its own picture; read even when a part is torn."""
    # Four modules of white around it: what scanners ask for, and 26 mm of code in 34 mm.
    return str(segno.make(text, error="q", micro=False).svg_data_uri(scale=4, border=4))
