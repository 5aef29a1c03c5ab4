"""Vouchers looked up by their code, listed, and shown."""

from datetime import UTC, datetime

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from contacts.models import Contact
from credit.selectors import get_standing
from guichet.forms.vouchers import CodeForm, VouchersForm
from guichet.selectors.vouchers import (
    VoucherCard,
    find_vouchers,
    get_voucher_card,
    list_contact_vouchers,
    list_voucher_rows,
)
from guichet.throttles import count_unknown_codes, too_many_codes
from guichet.views.entry import DeskRequest, at_desk
from guichet.views.web import read_number
from institution_settings.permissions import Act
from payments.errors import VoucherUnknown
from payments.models import Voucher


@at_desk(Act.SALE)
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: DeskRequest) -> HttpResponse:
    """List vouchers, or look one up. Its code is money: it is posted, no address keeps it."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        found = _look_up(request, form)
        if found is not None:
            return redirect("guichet:voucher", found.pk)
    wanted = VouchersForm(request.GET)
    context = {
        "form": form,
        "only": wanted.only_state,
        "q": wanted.text,
        "page": list_voucher_rows(
            only=wanted.only_state,
            text=wanted.text,
            before=wanted.page_before,
            today=request.desk.venue_date(datetime.now(UTC)),
            currency=request.desk.currency,
        ),
        "is_later": wanted.page_before is not None,
    }
    return render(
        request, "guichet/vouchers/search.html", context, status=422 if form.errors else 200
    )


def _look_up(request: DeskRequest, form: CodeForm) -> Voucher | None:
    """Return the voucher of a typed code; else say why not, and count the guess (B49)."""
    code = form.cleaned_data["code"]
    refused = too_many_codes(user_id=request.user.pk)
    found = None if refused else find_vouchers(codes=[code]).get(code)
    if found is None:
        if not refused:
            count_unknown_codes(user_id=request.user.pk, codes=[code])
        form.add_error("code", refused or str(VoucherUnknown(code=code)))
    return found


@at_desk(Act.SALE)
@require_safe
def of_contact(request: DeskRequest, contact_id: int) -> HttpResponse:
    """Show the vouchers a contact bought, whoever spends them; who was merged leads to the kept."""
    contact = get_object_or_404(Contact, pk=contact_id)
    if contact.merged_into_id:
        return redirect("guichet:contact_vouchers", contact.merged_into_id)
    before = read_number(request.GET.get("before"))
    context = {
        "contact": contact,
        "standing": get_standing(contact_id=contact.pk, currency=request.desk.currency),
        "page": list_contact_vouchers(
            contact_id=contact.pk,
            before=before,
            today=request.desk.venue_date(datetime.now(UTC)),
        ),
        "is_later": before is not None,
    }
    return render(request, "guichet/contacts/vouchers.html", context)


@at_desk(Act.SALE)
@require_safe
def show(request: DeskRequest, voucher_id: int) -> HttpResponse:
    """Show what a voucher is worth, until when, who bought it and what was done with it."""
    card = card_of(request, voucher_id)
    return render(request, "guichet/vouchers/show.html", {"card": card, "voucher": card.voucher})


def card_of(request: DeskRequest, voucher_id: int) -> VoucherCard:
    """Return a voucher with all its page shows; 404 if there is none."""
    today = request.desk.venue_date(datetime.now(UTC))
    card = get_voucher_card(voucher_id=voucher_id, today=today)
    if card is None:
        raise Http404
    return card
