"""A voucher on paper, to hand over or to give as a present."""

from datetime import UTC, datetime

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from guichet.views.entry import DeskRequest, at_desk
from guichet.views.web import pdf_response
from institution_settings.permissions import Act
from payments.documents import render_voucher
from payments.selectors.voucher_papers import get_voucher_paper


@at_desk(Act.SALE)
@require_safe
def pdf(request: DeskRequest, voucher_id: int) -> HttpResponse:
    """Give a voucher that may still be spent as PDF; 404 for any other: it is worth nothing.

    It may be printed as often as wanted: whoever shows the code first spends it.
    """
    today = request.desk.venue_date(datetime.now(UTC))
    face = get_voucher_paper(voucher_id=voucher_id, today=today)
    if face is None:
        raise Http404
    # No code in the name: files lie about in download folders.
    return pdf_response(render_voucher(face=face), name=f"bon-{voucher_id}.pdf")
