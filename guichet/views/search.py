"""The search of the whole counter, behind one key (spec G9)."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from contacts.models import Contact
from guichet.selectors.search import Found, code_in, find_anything
from guichet.throttles import count_unknown_codes, too_many_codes
from guichet.views.entry import DeskRequest, at_desk
from institution_settings.permissions import Act
from payments.errors import VoucherUnknown
from payments.models import Voucher
from sales.models import Order

LONGEST = 80


@at_desk(Act.SALE)
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: DeskRequest) -> HttpResponse:
    """Go to the one thing that bears what was typed, else list what was found by kind.

    It is posted: a voucher's code is money, and no address keeps it. What is no code goes on as
    an address that can be reloaded. While somebody types (htmx) nothing is jumped to and no code
    is looked up; unknown codes are counted as everywhere (B49).
    """
    sent = request.POST if request.method == "POST" else request.GET
    text = sent.get("q", "").replace("\x00", "")[:LONGEST]
    if request.method != "POST" or request.htmx:
        found = find_anything(text=text, currency=request.desk.currency)
        return _show(request, text, found)
    return _submitted(request, text)


def _submitted(request: DeskRequest, text: str) -> HttpResponse:
    code, refused = code_in(text), ""
    if code:
        refused = too_many_codes(user_id=request.user.pk)
    found = find_anything(text=text, currency=request.desk.currency, code="" if refused else code)
    if len(found.exact) == 1:
        return redirect(address_of(found.exact[0]))
    if not code:
        query = QueryDict(mutable=True)
        query["q"] = text
        return redirect(f"{reverse('guichet:search')}?{query.urlencode()}")
    if found.is_empty and not refused:
        count_unknown_codes(user_id=request.user.pk, codes=[code])
        refused = str(VoucherUnknown(code=code))
    return _show(request, text, found, refused)


def address_of(hit: object) -> str:
    """Return the page of what was found; a ticket is looked at on its order's."""
    if isinstance(hit, Contact):
        return reverse("guichet:contact", args=[hit.pk])
    if isinstance(hit, Voucher):
        return reverse("guichet:voucher", args=[hit.pk])
    order_id = hit.pk if isinstance(hit, Order) else hit.order_id  # type: ignore[attr-defined]
    return reverse("guichet:order", args=[order_id])


def _show(request: DeskRequest, text: str, found: Found, refusal: str = "") -> HttpResponse:
    context = {"q": text, "found": found, "refusal": refusal}
    page = "guichet/search/found.html" if request.htmx else "guichet/search/search.html"
    return render(request, page, context, status=422 if refusal else 200)
