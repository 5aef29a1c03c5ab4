"""Papers of an order, its receipt and slips of what was taken back; vouchers (G7, G10, BIL-05)."""

from collections.abc import Sequence
from datetime import UTC, datetime

import segno
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from institution_settings.choices import Paper
from institution_settings.letterhead import render_pdf
from institution_settings.selectors import get_institution
from payments.selectors.papers import Coupon, OrderReceipt
from payments.selectors.voucher_papers import VoucherPaper

# Papers speak the venue's language, whatever the screen does.
PAPER_LANGUAGE = "fr"


def render_order_receipt(*, receipt: OrderReceipt, paper: str, copy: int = 0) -> bytes:
    """Return the receipt of an order as PDF; ``copy`` is the number of the duplicate (FIS-16).

    On the 80 mm roll where the point of sale has one, else A4: ticket stock holds tickets only.
    """
    with translation.override(PAPER_LANGUAGE):
        title = _("Receipt %(what)s") % {"what": receipt.order.number}
    return _render("order", title, paper, receipt=receipt, copy=copy)


def render_coupons(*, coupons: Sequence[Coupon], paper: str) -> bytes:
    """Return the slips for the house of tickets taken back: no code, no way in (BIL-05)."""
    with translation.override(PAPER_LANGUAGE):
        title = _("Management slips %(what)s") % {"what": coupons[0].taken.ticket.order.number}
    return _render("coupons", title, paper, coupons=coupons)


def render_voucher(*, face: VoucherPaper) -> bytes:
    """Return a voucher to hand over as PDF, A5 across: its code in clear and as QR (spec G7)."""
    with translation.override(PAPER_LANGUAGE):
        title = _("Voucher %(what)s") % {"what": face.voucher.code}
    qr = segno.make(face.voucher.code, error="q", micro=False)
    return _render(
        "voucher",
        title,
        Paper.A4,
        voucher=face.voucher,
        face=face,
        qr=str(qr.svg_data_uri(scale=4, border=2)),
    )


def _render(name: str, title: str, paper: str, **context: object) -> bytes:
    return render_pdf(
        template=f"payments/papers/{name}.html",
        title=title,
        context={
            "institution": get_institution(),
            "edited_at": datetime.now(UTC),
            "sheet": "roll" if paper == Paper.ROLL else "portrait",
            "software": f"{settings.SOFTWARE_NAME} {settings.SOFTWARE_VERSION}",
            **context,
        },
        lang=PAPER_LANGUAGE,
    )
