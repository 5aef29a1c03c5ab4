"""Probable duplicates on screen: group by group, each pair leading to where it is merged (C10)."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from contacts.services import create_contact
from institution_settings.choices import Role
from tests.guichet.conftest import Person
from tests.venue import Venue

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(marc: Person) -> Person:
    return marc.stand_at("G1")


def groups(answer: object) -> list[list[str]]:
    return [[contact.label for contact, _c in group] for group in answer.context["groups"]]  # type: ignore[attr-defined]


def test_each_pair_leads_to_where_it_is_merged(venue: Venue, desk: Person) -> None:
    first = create_contact(last_name="Lefèvre", first_name="Zoé", email="zoe@example.org")
    others = [create_contact(last_name=name, email="zoe@example.org") for name in ("A", "B")]
    venue.account(first, credit="5.00")
    page = desk.get("duplicates")
    assert groups(page) == [["Zoé Lefèvre", "A", "B"]]
    html = page.content.decode()
    for other in others:
        assert html.count(reverse("guichet:merge_contacts", args=[first.pk, other.pk])) == 1
    assert html.count('class="coins"') == 1


def test_namesakes_have_a_list_of_their_own(desk: Person) -> None:
    for name in ("Zoé", "ZOE"):
        create_contact(last_name="Lefèvre", first_name=name, postcode="13200")
    assert groups(desk.get("duplicates")) == []
    assert groups(desk.get("duplicates", by="name")) == [["Zoé Lefèvre", "ZOE Lefèvre"]]


def test_page_by_page(desk: Person) -> None:
    for number in range(21):
        for _twice in range(2):
            create_contact(last_name=f"N{number:02}", email=f"n{number:02}@example.org")
    first = desk.get("duplicates")
    assert groups(first) == [[f"N{number:02}"] * 2 for number in range(20)]
    rest = desk.get("duplicates", after=first.context["next_after"])
    assert (groups(rest), rest.context["next_after"]) == ([["N20", "N20"]], None)


def test_three_groups_cost_what_one_costs(desk: Person) -> None:
    def twins(name: str) -> None:
        for _twice in range(2):
            create_contact(last_name=name, email=f"{name}@example.org", postcode="13200")

    twins("a")
    once = {by: desk.count_queries("duplicates", by=by) for by in ("email", "name")}
    twins("b")
    twins("c")
    for by, number in once.items():
        assert desk.count_queries("duplicates", by=by) == number <= 12


def test_nobody_is_said(desk: Person) -> None:
    page = desk.get("duplicates")
    assert (page.status_code, groups(page)) == (200, [])


@pytest.mark.parametrize("after", ["\x00", "é" * 900, "%", "'; --", "\U0010ffff"])
def test_any_place_may_be_asked_for(desk: Person, after: str) -> None:
    for by in ("email", "name", "x"):
        page = desk.get("duplicates", by=by, after=after)
        assert (page.status_code, groups(page)) == (200, [])


def test_the_contacts_page_leads_there_for_who_may_merge(desk: Person, lea: Person) -> None:
    link = reverse("guichet:duplicates")
    assert desk.get("contacts").content.decode().count(f'href="{link}"') == 1
    assert lea.get("contacts").content.decode().count(f'href="{link}"') == 0


def test_supervisors_look(venue: Venue, lea: Person, somebody: Callable[[Role], Person]) -> None:
    assert Person(venue).get("duplicates").status_code == 302
    assert lea.get("duplicates").status_code == 403
    assert somebody(Role.CUSTOMER).get("duplicates").status_code == 403
