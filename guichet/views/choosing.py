"""Choosing the purchaser of an order: found as one types, or created in place (spec G2, G4)."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from contacts.errors import DetailsRefused
from contacts.models import Contact
from contacts.selectors import search_contacts
from contacts.services import create_contact
from credit.selectors import list_standings
from guichet.forms.sale import NewPurchaserForm
from guichet.views.entry import DeskRequest
from guichet.views.web import read_number, status_of
from journal.errors import Refusal
from sales.models import Order
from sales.services import set_purchaser

FOUND = 8


@dataclass(slots=True)
class Choosing:
    """One request about the purchaser of an order; ``url`` is where it is asked, ``back`` whence.

    Enter chooses at once where exactly one contact is found; among several one is picked.
    """

    request: DeskRequest
    order: Order
    url: str
    back: str

    def answer(self) -> HttpResponse | None:
        """Return the page or part to show; None once the purchaser is chosen."""
        posted = self.request.POST
        if self.request.method != "POST":
            return self.show()
        if "create" in posted:
            return self._create()
        if "search" in posted:
            found = search_contacts(text=self._query(), limit=FOUND)
            if len(found) == 1:
                return self._choose(found[0].pk)
            return self.show(focus="results" if found else "search")
        # Nobody is chosen by leaving it empty; what is no id names nobody there is.
        typed = posted.get("contact")
        return self._choose((read_number(typed) or 0) if typed else None)

    def _create(self) -> HttpResponse | None:
        form = NewPurchaserForm(self.request.POST)
        if form.is_valid():
            try:
                return self._choose(create_contact(**form.cleaned_data).pk)
            except DetailsRefused as refusal:
                for name, sentences in refusal.fields.items():
                    form.add_error(name if name in form.fields else None, sentences)
        return self.show(form=form, status=422)

    def _choose(self, contact_id: int | None) -> HttpResponse | None:
        try:
            set_purchaser(order_id=self.order.pk, contact_id=contact_id)
        except Refusal as refusal:
            return self.show(refusal=str(refusal), status=status_of(refusal))
        except Contact.DoesNotExist:
            return self.show(status=422)
        return None

    def show(self, *, status: int = 200, **extra: object) -> HttpResponse:
        """Return what was found for the words typed, each with its coins (G1)."""
        query = self._query()
        contacts = search_contacts(text=query, limit=FOUND)
        standings = list_standings(
            contact_ids=[contact.pk for contact in contacts], currency=self.order.currency
        )
        context = {
            "order": self.order,
            "query": query,
            "found": [(contact, standings.get(contact.pk)) for contact in contacts],
            "form": NewPurchaserForm(initial=_guess(query)),
            "purchaser_url": self.url,
            "back_url": self.back,
            **extra,
        }
        part = "guichet/sale/parts/purchaser.html"
        page = part if self.request.htmx else "guichet/sale/purchaser.html"
        return render(self.request, page, context, status=status)

    def _query(self) -> str:
        typed = self.request.POST.get("q") or self.request.GET.get("q") or ""
        return typed.replace("\x00", "")[:80]


def _guess(query: str) -> dict[str, str]:
    """Put what was searched in vain into the form that creates it."""
    if "@" in query:
        return {"email": query}
    if any(char.isdigit() for char in query):
        return {"phone": query}
    first, _gap, last = query.strip().rpartition(" ")
    return {"first_name": first, "last_name": last}
