"""Finding or creating the purchaser without leaving the sale (F2; spec G2, G9)."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from contacts.errors import DetailsRefused
from contacts.models import Contact
from contacts.selectors import search_contacts
from contacts.services import create_contact
from credit.selectors import list_standings
from guichet.forms.sale import NewPurchaserForm
from guichet.selectors.baskets import Basket
from guichet.views.entry import DeskRequest, at_desk
from guichet.views.sale.screen import basket_of, go_to, show_changes, status_of
from guichet.views.web import read_number
from institution_settings.permissions import Act
from journal.errors import Refusal
from sales.services import set_purchaser

FOUND = 8


@at_desk(Act.SALE)
@require_http_methods(["GET", "HEAD", "POST"])
def purchaser(request: DeskRequest, order_id: int) -> HttpResponse:
    """Search contacts as somebody types; choose one, create one, or sell to nobody.

    Enter chooses at once where exactly one contact is found; among several one is picked.
    """
    basket = basket_of(request, order_id)
    if request.method != "POST":
        return _show(request, basket)
    if "create" in request.POST:
        return _create(request, basket)
    if "search" in request.POST:
        found = search_contacts(text=_query(request), limit=FOUND)
        if len(found) != 1:
            return _show(request, basket, focus="results" if found else "search")
        return _choose(request, basket, found[0].pk)
    # Nobody is chosen by leaving it empty; what is no id names nobody there is.
    typed = request.POST.get("contact")
    return _choose(request, basket, (read_number(typed) or 0) if typed else None)


def _create(request: DeskRequest, basket: Basket) -> HttpResponse:
    form = NewPurchaserForm(request.POST)
    if not form.is_valid():
        return _show(request, basket, form=form, status=422)
    try:
        contact = create_contact(**form.cleaned_data)
    except DetailsRefused as refusal:
        for name, sentences in refusal.fields.items():
            form.add_error(name if name in form.fields else None, sentences)  # type: ignore[arg-type]
        return _show(request, basket, form=form, status=422)
    return _choose(request, basket, contact.pk)


def _choose(request: DeskRequest, basket: Basket, contact_id: int | None) -> HttpResponse:
    try:
        set_purchaser(order_id=basket.order.pk, contact_id=contact_id)
    except (Refusal, Contact.DoesNotExist) as refusal:
        status = status_of(refusal) if isinstance(refusal, Refusal) else 404
        return _show(request, basket, refusal=str(refusal), status=status)
    if not request.htmx:
        return redirect("guichet:sale", basket.order.pk)
    fresh = basket_of(request, basket.order.pk)
    if not fresh.is_open:
        return go_to(request, reverse("guichet:sale", args=[fresh.order.pk]))
    return show_changes(request, fresh, chosen=True, focus="payment" if fresh.lines else "search")


def _show(
    request: DeskRequest, basket: Basket, *, status: int = 200, **extra: object
) -> HttpResponse:
    contacts = search_contacts(text=_query(request), limit=FOUND)
    standings = list_standings(
        contact_ids=[contact.pk for contact in contacts], currency=basket.order.currency
    )
    context = {
        "order": basket.order,
        "standing": basket.standing,
        "query": _query(request),
        "found": [(contact, standings.get(contact.pk)) for contact in contacts],
        "form": NewPurchaserForm(initial=_guess(_query(request))),
        **extra,
    }
    part = "guichet/sale/parts/purchaser.html" if request.htmx else "guichet/sale/purchaser.html"
    return render(request, part, context, status=status)


def _query(request: DeskRequest) -> str:
    return (request.POST.get("q") or request.GET.get("q") or "").replace("\x00", "")[:80]


def _guess(query: str) -> dict[str, str]:
    """Put what was searched in vain into the form that creates it."""
    if "@" in query:
        return {"email": query}
    if any(char.isdigit() for char in query):
        return {"phone": query}
    first, _gap, last = query.strip().rpartition(" ")
    return {"first_name": first, "last_name": last}
