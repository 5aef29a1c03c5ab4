"""Erasing what is known of a contact, on a supervisor's word (spec C11, RGP-02, RGP-03)."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contacts.models import Contact
from credit.selectors import get_standing
from guichet.forms.contacts import ErasureForm
from guichet.views.approval import approval_context, approval_of, attempt
from guichet.views.entry import DeskRequest, at_desk, claim_of, key_of
from institution_settings.permissions import Act
from payments.selectors.erasing import list_obstacles
from payments.services import Erasure, erase_contact


@at_desk(Act.SALE)
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: DeskRequest, contact_id: int) -> HttpResponse:
    """Say what goes, what stays and why, and what is in the way; then erase, once.

    A click sent twice finds its contact erased, or gone: the service knows what the first one did.
    """
    form = ErasureForm(request.POST if request.method == "POST" else None)
    approval = approval_of(request, act=Act.ERASE_CONTACT)
    try:
        done = attempt(
            form=form,
            approval=approval,
            act=lambda: erase_contact(
                claim=claim_of(request),
                desk=request.desk,
                contact_id=contact_id,
                reason=form.cleaned_data["reason"],
                approved_by=approval.person,
            ),
        )
        if done.made:
            return _done(request, done.made)
        contact = Contact.objects.select_related("merged_into").get(pk=contact_id)
    except Contact.DoesNotExist:
        raise Http404 from None
    if request.method != "POST" and (contact.erased_at or contact.merged_into_id):
        return redirect("guichet:contact", contact.merged_into_id or contact.pk)
    currency = request.desk.currency
    context = {
        "contact": contact,
        "standing": get_standing(contact_id=contact.pk, currency=currency),
        "obstacles": list_obstacles(contact=contact, currency=currency, now=timezone.now()),
        "form": form,
        "key": key_of(request),
        **approval_context(approval, done.asked),
    }
    return render(request, "guichet/contacts/erase.html", context, status=done.status)


def _done(request: DeskRequest, erasure: Erasure) -> HttpResponse:
    if erasure.kept:
        messages.success(request, _("The contact is anonymised."))
        return redirect("guichet:contact", erasure.contact_id)
    messages.success(request, _("The contact is deleted: nothing was kept with it."))
    return redirect("guichet:contacts")
