"""Contacts: found as one types, made, changed, and their orders."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from contacts.errors import ContactGone, DetailsRefused
from contacts.forms import ContactForm
from contacts.models import Contact
from contacts.selectors import find_similar, search_contacts
from contacts.services import create_contact, update_contact
from credit.selectors import get_standing, list_standings
from guichet.forms.contacts import guess_details
from guichet.views.entry import DeskRequest, at_desk
from guichet.views.web import read_number
from institution_settings.permissions import Act, allows
from payments.selectors.merges import list_merges
from sales.selectors import list_orders_of_contact

FOUND_LIMIT = 20
PAGE_ORDERS = 20
SIMILAR_BY = ("last_name", "first_name", "organisation", "email", "phone", "country")


@at_desk(Act.SALE)
@require_safe
def search(request: DeskRequest) -> HttpResponse:
    """Find contacts as the operator types; the same template gives the page and its results."""
    text = request.GET.get("q", "")
    found = search_contacts(text=text, limit=FOUND_LIMIT + 1, with_erased=True)
    context = {
        "q": text,
        "found": _with_credit(request, found[:FOUND_LIMIT]),
        "more": len(found) > FOUND_LIMIT,
        "may_merge": allows(request.user.role, Act.MERGE_CONTACTS),
    }
    page = "guichet/contacts/search.html"
    answer = render(request, f"{page}#results" if request.htmx else page, context)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@at_desk(Act.SALE)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: DeskRequest) -> HttpResponse:
    """Make a contact; who may be the same person is shown first, once."""
    if request.method != "POST":
        form = ContactForm(initial=guess_details(request.GET.get("q", "")))
        return render(request, "guichet/contacts/form.html", {"form": form})
    form = ContactForm(request.POST)
    similar: list[tuple[Contact, object]] = []
    if form.is_valid():
        if "confirmed" not in request.POST:
            typed = {name: form.cleaned_data[name] for name in SIMILAR_BY}
            similar = _with_credit(request, find_similar(**typed))
        if not similar:
            made = _keep(form, None)
            if made:
                return redirect("guichet:contact", made.pk)
    context = {"form": form, "similar": similar}
    return render(request, "guichet/contacts/form.html", context, status=422)


@at_desk(Act.SALE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: DeskRequest, contact_id: int) -> HttpResponse:
    """Change what is known of a contact."""
    contact = get_object_or_404(Contact, pk=contact_id, erased_at=None, merged_into=None)
    typed = request.POST if request.method == "POST" else None
    form = ContactForm(typed, instance=Contact.objects.get(pk=contact.pk))
    if form.is_bound and form.is_valid() and _keep(form, contact):
        messages.success(request, _("The contact is up to date."))
        return redirect("guichet:contact", contact.pk)
    context = {"form": form, "contact": contact}
    status = 422 if form.is_bound else 200
    return render(request, "guichet/contacts/form.html", context, status=status)


@at_desk(Act.SALE)
@require_safe
def show(request: DeskRequest, contact_id: int) -> HttpResponse:
    """Show a contact and a page of the orders."""
    contact = get_object_or_404(Contact.objects.select_related("merged_into"), pk=contact_id)
    if contact.merged_into_id:
        return redirect("guichet:contact", contact.merged_into_id)
    before = read_number(request.GET.get("before"))
    orders = list_orders_of_contact(contact_id=contact.pk, before_id=before, limit=PAGE_ORDERS + 1)
    context = {
        "contact": contact,
        "standing": get_standing(contact_id=contact.pk, currency=request.desk.currency),
        "orders": orders[:PAGE_ORDERS],
        "next_before": orders[PAGE_ORDERS - 1].pk if len(orders) > PAGE_ORDERS else None,
        "before": before,
        "merges": list_merges(contact_id=contact.pk),
        "similar": _same_as(request, contact),
        "may_merge": not contact.erased_at and allows(request.user.role, Act.MERGE_CONTACTS),
    }
    return render(request, "guichet/contacts/show.html", context)


def _same_as(request: DeskRequest, contact: Contact) -> list[tuple[Contact, object]]:
    """Return who may be the same person as a contact, each with the credit; nobody once erased."""
    if contact.erased_at:
        return []
    known = {name: getattr(contact, name) for name in SIMILAR_BY}
    others = [one for one in find_similar(**known, limit=6) if one.pk != contact.pk]
    return _with_credit(request, others)


def _with_credit(request: DeskRequest, found: list[Contact]) -> list[tuple[Contact, object]]:
    """Return contacts each with the credit account's figures, if any: one query for all (G1)."""
    standings = list_standings(
        contact_ids=[contact.pk for contact in found], currency=request.desk.currency
    )
    return [(contact, standings.get(contact.pk)) for contact in found]


def _keep(form: ContactForm, contact: Contact | None) -> Contact | None:
    """Create or change the contact; what is refused after all stands beside its field."""
    try:
        if contact is None:
            return create_contact(**form.cleaned_data)
        return update_contact(contact=contact, **form.cleaned_data)
    except DetailsRefused as refusal:
        for name, sentences in refusal.fields.items():
            form.add_error(name if name in form.fields else None, sentences)
    except ContactGone as refusal:
        form.add_error(None, str(refusal))
    return None
