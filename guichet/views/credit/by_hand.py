"""Credit moved by hand, with a supervisor and a reason; holds released (spec C4, C6, C9)."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from contacts.models import Contact
from credit.errors import InsufficientCredit
from credit.selectors import get_hold_contact_id, get_standing
from guichet.forms.credit import ByHandForm, ReasonForm
from guichet.selectors.credit import find_by_hand
from guichet.views.approval import approval_context, approval_of, attempt
from guichet.views.credit.account import show_history
from guichet.views.entry import DeskRequest, at_desk, claim_of, key_of
from institution_settings.permissions import Act
from journal.errors import Refusal
from payments.services import move_by_hand, release_hold, reverse_movement


@at_desk(Act.DEPOSIT)
@require_http_methods(["GET", "HEAD", "POST"])
def by_hand(request: DeskRequest, contact_id: int) -> HttpResponse:
    """Give goodwill, or take credit away: adjustment, expiry, waiver; a supervisor approves."""
    contact = get_object_or_404(Contact, pk=contact_id, merged_into=None, erased_at=None)
    typed = request.POST if request.method == "POST" else None
    form = ByHandForm(typed, currency=request.desk.currency)
    approval = approval_of(request, act=Act.ADJUST)
    done = attempt(
        form=form,
        approval=approval,
        act=lambda: move_by_hand(
            claim=claim_of(request),
            desk=request.desk,
            contact_id=contact.pk,
            approved_by=approval.person,
            **form.request(),
        ),
        beside=lambda refusal: "amount" if isinstance(refusal, InsufficientCredit) else None,
    )
    if done.made:
        return _back(contact.pk, done.made)
    context = {
        "contact": contact,
        "standing": get_standing(contact_id=contact.pk, currency=request.desk.currency),
        "form": form,
        "key": key_of(request),
        **approval_context(approval, done.asked),
    }
    return render(request, "guichet/credit/by_hand.html", context, status=done.status)


@at_desk(Act.DEPOSIT)
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: DeskRequest, movement_id: int) -> HttpResponse:
    """Take a movement made by hand back, once, by its counter-movement (spec C4)."""
    line = find_by_hand(movement_id=movement_id)
    if line is None:
        raise Http404
    movement = line.movement
    contact = movement.account.contact
    form = ReasonForm(request.POST if request.method == "POST" else None)
    approval = approval_of(request, act=Act.CORRECT)
    done = attempt(
        form=form,
        approval=approval,
        act=lambda: reverse_movement(
            claim=claim_of(request),
            desk=request.desk,
            movement_id=movement.pk,
            reason=form.cleaned_data["reason"],
            approved_by=approval.person,
        ),
    )
    if done.made:
        return _back(contact.pk, done.made)
    context = {
        "contact": contact,
        "standing": get_standing(contact_id=contact.pk, currency=request.desk.currency),
        "movement": movement,
        "form": form,
        "key": key_of(request),
        **approval_context(approval, done.asked),
    }
    return render(request, "guichet/credit/take_back.html", context, status=done.status)


@at_desk(Act.SALE)
@require_POST
def release(request: DeskRequest, hold_id: int) -> HttpResponse:
    """Give held credit back to its owner, once (spec C9)."""
    contact = get_object_or_404(Contact, pk=get_hold_contact_id(hold_id=hold_id))
    try:
        release_hold(claim=claim_of(request), desk=request.desk, hold_id=hold_id)
    except Refusal as refusal:
        return show_history(request, contact, refused=refusal)
    return redirect("guichet:credit", contact.pk)


def _back(contact_id: int, movement_id: int) -> HttpResponse:
    """Go back to the history, at the line that was written."""
    return redirect(reverse("guichet:credit", args=[contact_id]) + f"#m{movement_id}")
