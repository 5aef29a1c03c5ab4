"""What the counter prints on the letterhead: receipts, statements and Z (spec G5, G6)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import segno
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from guichet.selectors.credit import Receipt, Statement
from guichet.selectors.orders import OrderCard
from guichet.selectors.tills import Closing
from institution_settings.letterhead import render_pdf
from institution_settings.selectors import get_institution
from journal.errors import StrOrPromise

# Papers speak the venue's language, whatever the operator's screen does.
PAPER_LANGUAGE = "fr"


def render_receipt(*, receipt: Receipt, edited_by: User) -> bytes:
    """Return the receipt of a deposit, payout or correction (MON-05)."""
    return _render("receipt", _("Receipt %(what)s"), receipt.number, edited_by, receipt=receipt)


def render_statement(*, statement: Statement, edited_by: User) -> bytes:
    """Return the statement of a credit account over a period (spec G5)."""
    title, contact = _("Credit account of %(what)s"), statement.contact.label
    return _render("statement", title, contact, edited_by, statement=statement)


def render_closing(*, closing: Closing, edited_by: User) -> bytes:
    """Return the numbered Z of a till session (spec G6, FIS-15)."""
    software = f"{settings.SOFTWARE_NAME} {settings.SOFTWARE_VERSION}"
    what = str(closing.session)
    return _render("closing", "%(what)s", what, edited_by, closing=closing, software=software)


def render_tickets(*, card: OrderCard, edited_by: User) -> bytes:
    """Return the valid tickets of an order, one a person, with the mentions of BIL-02."""
    tickets = [
        {"ticket": row.ticket, "number": row.number, "qr": _qr(row.ticket.token)}
        for row in card.tickets
        if row.is_valid
    ]
    what, order = card.order.number or "", card.order
    return _render("tickets", _("Tickets %(what)s"), what, edited_by, tickets=tickets, order=order)


def _qr(text: str) -> str:
    """Return a QR code as an address that holds its own picture; read again when half is torn."""
    return str(segno.make(text, error="q", micro=False).svg_data_uri(scale=4, border=2))


def _render(name: str, title: StrOrPromise, what: str, edited_by: User, **context: object) -> bytes:
    with translation.override(PAPER_LANGUAGE):
        named = str(title) % {"what": what}
    shared: Mapping[str, Any] = {
        "institution": get_institution(),
        "edited_at": datetime.now(UTC),
        "edited_by": str(edited_by),
    }
    return render_pdf(
        template=f"guichet/papers/{name}.html",
        context={**shared, **context},
        title=named,
        lang=PAPER_LANGUAGE,
    )
