"""Papers of an order, its receipt and slips of what was taken back; vouchers (G7, G10, BIL-05)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from institution_settings.choices import Paper
from institution_settings.letterhead import render_pdf
from institution_settings.selectors import get_institution
from payments.models import RefundRunLine
from payments.selectors.papers import Coupon, OrderReceipt
from payments.selectors.runs import sign_choice
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


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail, as text and as HTML."""

    subject: str
    text: str
    html: str


def render_cancellation_letter(*, line: RefundRunLine) -> Letter:
    """Return what a customer of a cancelled performance is written, as far as the run is (G8).

    A customer who has to choose gets the signed link (CNS-01); one who is owed money, the day.
    """
    path = reverse("ticketshop:choose_refund", args=[sign_choice(line=line)])
    context = {
        "institution": get_institution(),
        "line": line,
        "order": line.order,
        "performance": line.run.performance,
        "choice": line.refund.choice if line.refund else "",
        "owed": getattr(line.refund, "sum_owed", None),
        "link": settings.PUBLIC_ADDRESS.rstrip("/") + path,
    }
    with translation.override(PAPER_LANGUAGE):
        subject = _("Cancelled: %(title)s") % {"title": line.run.performance.event.title}
        text = render_to_string("payments/letters/cancelled.txt", context)
        html = render_to_string("payments/letters/cancelled.html", context)
    return Letter(subject=" ".join(subject.splitlines()), text=text, html=html)


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
