"""The history of an account as a spreadsheet opens it (spec G5, D3)."""

from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from contacts.models import Contact
from credit.selectors import get_standing
from guichet.exports import write_history
from guichet.forms.credit import HistoryForm
from guichet.selectors.credit import iter_credit_lines
from guichet.views.entry import StaffRequest, staff
from institution_settings.permissions import Act
from institution_settings.selectors import get_institution


@staff(Act.DEPOSIT)
@require_safe
def history_csv(request: StaffRequest, contact_id: int) -> HttpResponseBase:
    """Stream the movements of the filters, newest first, whatever their number."""
    contact = get_object_or_404(Contact, pk=contact_id, merged_into=None)
    form = HistoryForm(request.GET)
    form.is_valid()
    standing = get_standing(contact_id=contact.pk, currency=get_institution().currency)
    lines = iter_credit_lines(account_id=standing.account_id, **form.filters())
    return StreamingHttpResponse(
        write_history(lines=lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="avoir-{contact.number}.csv"'},
    )
