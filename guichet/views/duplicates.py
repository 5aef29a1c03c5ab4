"""Contacts that are probably the same person, to be compared and merged (spec C10)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contacts.selectors import AlikePage, list_same_email, list_same_name
from credit.selectors import list_standings
from guichet.views.entry import DeskRequest, at_desk
from institution_settings.permissions import Act

LONGEST = 254  # an e-mail


@at_desk(Act.MERGE_CONTACTS)
@require_safe
def duplicates(request: DeskRequest) -> HttpResponse:
    """Show a page of them, by e-mail or by name; each pair leads to where it is merged."""
    by = "name" if request.GET.get("by") == "name" else "email"
    after = request.GET.get("after", "").replace("\x00", "")[:LONGEST]
    page = list_same_name(after=after) if by == "name" else list_same_email(after=after)
    context = {
        "by": by,
        "after": after,
        "groups": _with_credit(request, page),
        "next_after": page.next_after,
    }
    return render(request, "guichet/contacts/duplicates.html", context)


def _with_credit(request: DeskRequest, page: AlikePage) -> list[list[tuple[object, object]]]:
    """Return each group as its contacts with their credit, one query for all (G1)."""
    groups = [(group.first, *group.others) for group in page.groups]
    standings = list_standings(
        contact_ids=[contact.pk for group in groups for contact in group],
        currency=request.desk.currency,
    )
    return [[(contact, standings.get(contact.pk)) for contact in group] for group in groups]
