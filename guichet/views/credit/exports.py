"""The history of an account as a spreadsheet opens it (spec G5, D3)."""

from collections.abc import Iterator

from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from contacts.models import Contact
from credit.selectors import get_standing
from guichet.exports import write_csv, write_xlsx
from guichet.forms.credit import HistoryForm
from guichet.selectors.credit import CreditLine, iter_credit_lines
from guichet.views.entry import StaffRequest, staff
from institution_settings.permissions import Act
from institution_settings.selectors import get_institution

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff(Act.DEPOSIT)
@require_safe
def history_csv(request: StaffRequest, contact_id: int) -> HttpResponseBase:
    """Stream the movements of the filters, newest first, whatever their number."""
    contact = get_object_or_404(Contact, pk=contact_id)
    text = write_csv(lines=_lines(request, contact))
    return _sent(text, name=f"avoir-{contact.number}.csv", kind="text/csv; charset=utf-8")


@staff(Act.DEPOSIT)
@require_safe
def history_xlsx(request: StaffRequest, contact_id: int) -> HttpResponseBase:
    """Stream the same rows as a workbook."""
    contact = get_object_or_404(Contact, pk=contact_id)
    book = write_xlsx(lines=_lines(request, contact))
    return _sent(book, name=f"avoir-{contact.number}.xlsx", kind=XLSX)


def _sent(parts: Iterator[str] | Iterator[bytes], *, name: str, kind: str) -> HttpResponseBase:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(parts, content_type=kind, headers=headers)


def _lines(request: StaffRequest, contact: Contact) -> Iterator[CreditLine]:
    """Return the movements of the filters; of who was merged, those of the old account (C10)."""
    form = HistoryForm(request.GET)
    form.is_valid()
    standing = get_standing(contact_id=contact.pk, currency=get_institution().currency)
    return iter_credit_lines(account_id=standing.account_id, **form.filters())
