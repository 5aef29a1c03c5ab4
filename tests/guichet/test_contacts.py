"""Contacts on screen: found as one types, made once, changed, and their orders."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact
from contacts.services import create_contact
from sales.services import open_basket, set_purchaser
from tests.guichet.conftest import Person
from tests.venue import Venue

pytestmark = pytest.mark.django_db

TYPED = {"kind": "person", "last_name": "Lefèvre", "first_name": "Zoé", "country": "FR"}


def found(answer: object) -> list[str]:
    return [contact.label for contact, _standing in answer.context["found"]]  # type: ignore[attr-defined]


def order(venue: Venue, contact: Contact) -> int:
    made = open_basket(
        point_of_sale_id=venue.counter.pk,
        operator=venue.operator,
        currency=venue.currency,
        minutes=15,
        now=timezone.now(),
    )
    set_purchaser(order_id=made.pk, contact_id=contact.pk)
    return int(made.pk)


def test_three_letters_find_a_contact_with_the_coins_and_the_amount(
    venue: Venue, lea: Person
) -> None:
    venue.account(venue.contact(), credit="12.40")
    venue.contact("Benali", "Karim")
    answer = lea.get("contacts", q="lef")
    assert found(answer) == ["Zoé Lefèvre"]
    page = answer.content.decode()
    assert len(re.findall(r'class="coins"', page)) == 1
    (tooltip,) = re.findall(r'role="tooltip">\s*<strong>(.*?)</strong>', page)
    assert tooltip == "12,40\u00a0€"


def test_a_contact_without_credit_has_no_coins(venue: Venue, lea: Person) -> None:
    venue.account(venue.contact())
    assert 'class="coins"' not in lea.get("contacts", q="lef").content.decode()


def test_typing_answers_with_the_results_alone(venue: Venue, lea: Person) -> None:
    venue.contact()
    whole, part = lea.get("contacts", q="lef"), lea.get("contacts", q="lef", htmx=True)
    assert whole.content.lstrip().startswith(b"<!doctype html>")
    assert part.content.lstrip().startswith(
        b'<div hx-swap-oob="innerHTML:#found-count">1 contact</div>'
    )
    assert found(part) == found(whole)


def test_more_than_twenty_say_that_there_are_more(venue: Venue, lea: Person) -> None:
    for number in range(21):
        create_contact(last_name=f"Lemaire {number:02d}")
    answer = lea.get("contacts", q="lem")
    assert len(found(answer)) == 20
    assert answer.context["more"] is True


def test_three_results_cost_what_one_costs(venue: Venue, lea: Person) -> None:
    venue.account(venue.contact(), credit="5.00")
    once = lea.count_queries("contacts", q="lef")
    for name in ("Lefort", "Lefebvre"):
        venue.account(venue.contact(name), credit="5.00")
    assert lea.count_queries("contacts", q="lef") == once <= 12


@pytest.mark.parametrize("typed", ["", "\x00", "%", "'; --", "é" * 500, "👩‍🎤", "\u202e"])
def test_any_text_may_be_looked_for(lea: Person, typed: str) -> None:
    answer = lea.get("contacts", q=typed)
    assert answer.status_code == 200
    assert found(answer) == []


def test_a_contact_is_made_and_shown(lea: Person) -> None:
    answer = lea.post("new_contact", **TYPED, email="ZOE@example.org", phone="06 12 34 56 78")
    made = Contact.objects.get()
    assert answer["Location"] == reverse("guichet:contact", args=[made.pk])
    assert (made.label, made.email) == ("Zoé Lefèvre", "zoe@example.org")


def test_who_may_be_the_same_person_is_shown_first(venue: Venue, lea: Person) -> None:
    known = venue.contact()
    venue.account(known, credit="5.00")
    asked = lea.post("new_contact", **TYPED, email="zoe@example.org")
    assert asked.status_code == 422
    assert [(c.pk, s.balance) for c, s in asked.context["similar"]] == [
        (known.pk, venue.money("5.00"))
    ]
    assert asked.context["form"]["email"].value() == "zoe@example.org"
    assert Contact.objects.count() == 1
    lea.post("new_contact", **TYPED, email="zoe@example.org", confirmed="1")
    assert Contact.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "typed"),
    [("last_name", ""), ("phone", "douze"), ("email", "zoe@"), ("country", "France")],
)
def test_what_cannot_be_kept_is_said_beside_its_field(lea: Person, field: str, typed: str) -> None:
    answer = lea.post("new_contact", **{**TYPED, field: typed})
    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == ["__all__" if field == "last_name" else field]
    assert form[field].value() == typed
    assert Contact.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "field"),
    [("zoe@example.org", "email"), ("06 12 34", "phone"), ("Lefèvre", "last_name")],
)
def test_a_search_that_found_nobody_begins_the_new_contact(
    lea: Person, typed: str, field: str
) -> None:
    assert lea.get("new_contact", q=typed).context["form"].initial == {field: typed}


def test_a_contact_is_changed(venue: Venue, lea: Person) -> None:
    contact = venue.contact()
    answer = lea.post("edit_contact", contact.pk, **{**TYPED, "city": "Arles"})
    assert answer["Location"] == reverse("guichet:contact", args=[contact.pk])
    contact.refresh_from_db()
    assert contact.city == "Arles"


def test_a_change_that_is_refused_changes_nothing(venue: Venue, lea: Person) -> None:
    contact = venue.contact()
    answer = lea.post("edit_contact", contact.pk, **{**TYPED, "last_name": "", "city": "Arles"})
    assert answer.status_code == 422
    contact.refresh_from_db()
    assert (contact.last_name, contact.city) == ("Lefèvre", "")


def test_an_erased_contact_is_shown_but_not_changed(venue: Venue, lea: Person) -> None:
    contact = venue.contact()
    Contact.objects.filter(pk=contact.pk).update(erased_at=timezone.now())
    assert lea.get("contact", contact.pk).status_code == 200
    assert lea.get("edit_contact", contact.pk).status_code == 404
    assert lea.post("edit_contact", contact.pk, **TYPED).status_code == 404


def test_a_merged_contact_leads_to_the_one_that_was_kept(venue: Venue, lea: Person) -> None:
    gone, kept = venue.contact(), venue.contact()
    Contact.objects.filter(pk=gone.pk).update(merged_into=kept)
    for page in ("contact", "credit"):
        expected = reverse(f"guichet:{page}", args=[kept.pk])
        assert lea.get(page, gone.pk)["Location"] == expected


def test_orders_are_shown_page_by_page_newest_first(venue: Venue, lea: Person) -> None:
    contact = venue.contact()
    numbers = [order(venue, contact) for _number in range(21)][::-1]
    first = lea.get("contact", contact.pk)
    assert [one.pk for one in first.context["orders"]] == numbers[:20]
    second = lea.get("contact", contact.pk, before=first.context["next_before"])
    assert [one.pk for one in second.context["orders"]] == numbers[20:]
    assert second.context["next_before"] is None


def test_three_orders_cost_what_one_costs(venue: Venue, lea: Person) -> None:
    contact = venue.contact()
    order(venue, contact)
    once = lea.count_queries("contact", contact.pk)
    order(venue, contact)
    order(venue, contact)
    assert lea.count_queries("contact", contact.pk) == once <= 12


@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 40, "١٢", "1.5"])
def test_a_mistyped_link_shows_the_first_page(venue: Venue, lea: Person, before: str) -> None:
    contact = venue.contact()
    wanted = order(venue, contact)
    shown = lea.get("contact", contact.pk, before=before)
    assert [one.pk for one in shown.context["orders"]] == [wanted]


def test_contacts_that_do_not_exist_are_not_found(lea: Person) -> None:
    for page in ("contact", "edit_contact", "credit", "deposit", "payout", "statement_pdf"):
        assert [lea.get(page, wanted).status_code for wanted in (0, 10**30)] == [404, 404]


@pytest.mark.parametrize("page", ["contacts", "new_contact"])
def test_contacts_are_for_the_counter(ladder: Callable[..., None], page: str) -> None:
    ladder(page)


@pytest.mark.parametrize("page", ["contact", "edit_contact"])
def test_a_contact_is_for_the_counter(venue: Venue, ladder: Callable[..., None], page: str) -> None:
    ladder(page, venue.contact().pk)
