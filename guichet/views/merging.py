"""Two contacts that are one person: merged side by side, and parted again (spec C10)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contacts.models import Contact
from credit.selectors import list_standings
from guichet.views.approval import approval_context, approval_of
from guichet.views.entry import DeskRequest, at_desk, claim_of, key_of
from guichet.views.web import status_of
from institution_settings.permissions import Act
from journal.errors import Refusal
from payments.errors import ApprovalNeeded
from payments.models import Merge
from payments.services import merge_contacts, undo_merge


@at_desk(Act.MERGE_CONTACTS)
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: DeskRequest, contact_id: int, other_id: int) -> HttpResponse:
    """Show two contacts side by side; the one that is chosen stays, with the credit of both."""
    pair = [_alone(contact_id), _alone(other_id)]
    error, asked, status = "", None, 200
    approval = approval_of(request, act=Act.MERGE_CONTACTS)
    kept = _chosen(request, pair)
    if request.method == "POST" and kept is None:
        error, status = _("Choose the contact that stays."), 422
    elif request.method == "POST" and kept is not None and not approval.refused:
        other = pair[1] if kept == pair[0] else pair[0]
        try:
            merge_contacts(
                claim=claim_of(request),
                desk=request.desk,
                kept_id=kept.pk,
                merged_id=other.pk,
                approved_by=approval.person,
            )
        except ApprovalNeeded as refusal:
            asked, status = refusal, 422
        except Refusal as refusal:
            error, status = str(refusal), status_of(refusal)
        else:
            messages.success(request, _("The contacts are merged."))
            return redirect("guichet:contact", kept.pk)
    standings = list_standings(
        contact_ids=[contact.pk for contact in pair], currency=request.desk.currency
    )
    context = {
        "pair": [(contact, standings.get(contact.pk)) for contact in pair],
        "kept": kept or pair[0],
        "error": error,
        "key": key_of(request),
        **approval_context(approval, asked),
    }
    return render(request, "guichet/contacts/merge.html", context, status=status)


@at_desk(Act.MERGE_CONTACTS)
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: DeskRequest, merge_id: int) -> HttpResponse:
    """Part two merged contacts again, while nothing moved; else say why not."""
    made = get_object_or_404(
        Merge.objects.select_related("kept", "merged", "operator"), pk=merge_id, undoes=None
    )
    error, asked, status = "", None, 200
    approval = approval_of(request, act=Act.MERGE_CONTACTS)
    if request.method == "POST" and not approval.refused:
        try:
            undo_merge(
                claim=claim_of(request),
                desk=request.desk,
                merge_id=made.pk,
                approved_by=approval.person,
            )
        except ApprovalNeeded as refusal:
            asked, status = refusal, 422
        except Refusal as refusal:
            error, status = str(refusal), status_of(refusal)
        else:
            messages.success(request, _("The contacts are apart again."))
            return redirect("guichet:contact", made.merged_id)
    context = {
        "merge": made,
        "error": error,
        "key": key_of(request),
        **approval_context(approval, asked),
    }
    return render(request, "guichet/contacts/unmerge.html", context, status=status)


def _alone(contact_id: int) -> Contact:
    """Return a contact; one that was merged already is shown as whom it was merged into."""
    contact = get_object_or_404(
        Contact.objects.select_related("merged_into"), pk=contact_id, erased_at=None
    )
    return contact.current


def _chosen(request: DeskRequest, pair: list[Contact]) -> Contact | None:
    wanted = request.POST.get("kept", "")
    return next((contact for contact in pair if str(contact.pk) == wanted), None)
