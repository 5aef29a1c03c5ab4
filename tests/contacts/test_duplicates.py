"""Contacts that are probably one person: same e-mail, or same name and something in common."""

import pytest
from django.db import connection

from contacts.models import Contact
from contacts.selectors import AlikePage, duplicates, list_same_email, list_same_name
from contacts.services import create_contact, index_contacts

pytestmark = pytest.mark.django_db


def numbers(page: AlikePage) -> list[list[int]]:
    return [[group.first.pk, *(other.pk for other in group.others)] for group in page.groups]


def zoe(**details: str) -> int:
    made = {"last_name": "Lefèvre", "first_name": "Zoé", **details}
    return create_contact(**made).pk  # type: ignore[arg-type]


def test_the_same_address_whatever_the_name() -> None:
    one, other = zoe(email="zoe@example.org"), zoe(email="ZOE@example.org", last_name="Benali")
    zoe(email="zoe@example.com")
    zoe()
    zoe()
    assert numbers(list_same_email()) == [[one, other]]


@pytest.mark.parametrize(
    "common",
    [
        ({"email": "zoe@example.org"}, {"email": "zoe@example.org"}),
        ({"phone": "06 12 34 56 78"}, {"phone": "+33 6 12 34 56 78"}),
        ({"postcode": "13200", "city": "Arles"}, {"postcode": "13200"}),
    ],
)
def test_namesakes_with_something_in_common(common: tuple[dict[str, str], dict[str, str]]) -> None:
    one = zoe(**common[0])
    other = zoe(last_name="LEFEVRE", first_name="zoe", **common[1])
    zoe()
    zoe(email="autre@example.org", phone="01 00 00 00 00", postcode="75001")
    zoe(last_name="Lefèvre-Durand", **common[0])
    assert numbers(list_same_name()) == [[one, other]]


def test_one_who_is_like_two_joins_them() -> None:
    by_mail = zoe(email="zoe@example.org")
    by_phone = zoe(phone="06 12 34 56 78")
    apart = [zoe(postcode="75001"), zoe(postcode="75001")]
    both = zoe(email="zoe@example.org", phone="0612345678")
    assert numbers(list_same_name()) == [[by_mail, by_phone, both], apart]


def test_an_organisation_is_no_namesake_of_its_person() -> None:
    create_contact(organisation="Lefèvre", postcode="13200")
    create_contact(last_name="Lefèvre", organisation="Zoé", kind="organisation", postcode="13200")
    one = create_contact(organisation="École Zola", postcode="13200").pk
    other = create_contact(organisation="ecole zola", postcode="13200").pk
    assert numbers(list_same_name()) == [[one, other]]


def test_the_merged_and_the_erased_are_nobodys_duplicates() -> None:
    zoe(email="zoe@example.org")
    for change in ({"merged_into": Contact.objects.get()}, {"erased_at": "2026-10-05T08:00Z"}):
        other = zoe(email="zoe@example.org")
        Contact.objects.filter(pk=other).update(**change)
    assert (numbers(list_same_email()), numbers(list_same_name())) == ([], [])


def test_a_page_ends_where_the_next_begins() -> None:
    made = [
        [zoe(last_name=name, email=f"{name}@example.org") for _twice in range(2)] for name in "abc"
    ]
    for listed in (list_same_email, list_same_name):
        first = listed(groups=2)
        assert numbers(first) == made[:2]
        rest = listed(groups=2, after=first.next_after or "")
        assert (numbers(rest), rest.next_after) == (made[2:], None)


def test_a_stretch_without_anybody_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "STRETCH", 2)
    for name in "abc":
        zoe(last_name=name, email=f"{name}@example.org")
    twins = [zoe(last_name="d", email="d@example.org") for _twice in range(3)]
    for listed in (list_same_email, list_same_name):
        after, found, pages = "", [], 0
        while after is not None:
            page = listed(after=after)
            found += numbers(page)
            after, pages = page.next_after, pages + 1  # type: ignore[assignment]
        assert (found, pages) == ([twins], 3)


def test_of_very_many_the_first_are_shown() -> None:
    made = [zoe(email="ecole@example.org") for _each in range(12)]
    assert numbers(list_same_email()) == [made[:10]]
    assert numbers(list_same_name()) == [made[:10]]


def test_contacts_written_in_bulk_are_compared_once_indexed() -> None:
    rows = [
        Contact(number=f"C9{n}", last_name="Brück", kind="person", postcode="1") for n in (1, 2)
    ]
    Contact.objects.bulk_create(rows)
    assert numbers(list_same_name()) == []
    index_contacts(contacts=rows)
    assert numbers(list_same_name()) == [[row.pk for row in rows]]


@pytest.mark.parametrize(
    ("field", "index"), [("email", "contact_email"), ("folded_name", "contact_same_name")]
)
def test_the_range_of_an_index_answers(field: str, index: str) -> None:
    """Neither the end of a stretch nor what several have is looked for in the whole table."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
    rest, _end = duplicates._stretch(field, "a")
    ends = rest.order_by(field).values_list(field, flat=True)[10:11]
    for query in (ends, duplicates._shared(rest, field)[:21]):
        plan = query.explain()
        assert plan.count(index) == 1
        assert plan.upper().count("TEMP B-TREE") + plan.count("Sort") == 0
