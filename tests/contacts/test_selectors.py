"""Finding a contact as the operator types (spec G9, cases.md B84 g)."""

import unicodedata
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import Contact, ContactKey
from contacts.search import TOP
from contacts.selectors import find_contacts, find_similar, search_contacts
from contacts.services import create_contact, index_contacts, update_contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def zoe() -> Contact:
    return create_contact(
        last_name="Lefèvre",
        first_name="Éloïse Zoé",
        email="Zoe.Lefevre@Exemple.fr",
        phone="06 12 34 56 78",
        city="Lyon",
    )


@pytest.fixture
def others() -> list[Contact]:
    rows = [
        ("Lefebvre", "Anne"),
        ("Le Fèvre", "Bruno"),
        ("Martin", "Zoé"),
        ("O’Hara", "Scarlett"),
        ("d’Almeida", "Inês"),
        ("Šťastný", "Łukasz"),
    ]
    made = [create_contact(last_name=last, first_name=first) for last, first in rows]
    made.append(create_contact(organisation="Compagnie du Théâtre", email="compagnie@exemple.fr"))
    return made


def found(text: str, **options: Any) -> list[str]:
    return [contact.label for contact in search_contacts(text=text, **options)]


@pytest.mark.parametrize(
    "typed",
    [
        "lef", "LEFÈVRE", "Lefèvre ", "eloise", "ELOISE", "zoe", "zo lef", "lefevre elo z",
        "zoe.lef", "zoe.lefevre@exemple.fr", "ZOE.LEFEVRE@EXEMPLE.FR", "06 12", "0612345678",
        "+33 6 12 34", "33612345678", "zoé 06", "lefevre lyon",
        unicodedata.normalize("NFD", "Lefèvre"),
    ],
)  # fmt: skip
def test_b84g_three_letters_of_anything_find_a_contact(typed: str, zoe: Contact) -> None:
    assert found(typed) == ["Éloïse Zoé Lefèvre"]


def test_the_number_finds_as_it_is_printed(zoe: Contact, others: list[Contact]) -> None:
    assert search_contacts(text=zoe.number or "") == [zoe]
    assert search_contacts(text=(zoe.number or "").lower()) == [zoe]


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("o'hara", "Scarlett O’Hara"),
        ("ohara", "Scarlett O’Hara"),
        ("hara", "Scarlett O’Hara"),
        ("dalmeida", "Inês d’Almeida"),
        ("almei", "Inês d’Almeida"),
        ("stastny", "Łukasz Šťastný"),
        ("lukasz", "Łukasz Šťastný"),
        ("theatre", "Compagnie du Théâtre"),
        ("compagnie the", "Compagnie du Théâtre"),
    ],
)
def test_any_word_of_a_name_finds_it(typed: str, label: str, others: list[Contact]) -> None:
    assert found(typed) == [label]


@pytest.mark.parametrize(
    "typed",
    ["", " ", "l", "%", "_", "'", "\x00", "\ud800", "😀", "xyz", "lef xyz", "efevre", "null"],
)
def test_what_begins_no_word_finds_nobody(typed: str, zoe: Contact) -> None:
    assert found(typed) == []


@pytest.mark.parametrize("sign", ["%", "_", "\\", "*", "?"])
def test_signs_that_databases_know_mean_nothing(sign: str, zoe: Contact) -> None:
    assert found(f"zoe le{sign}vre") == []


def test_results_are_in_alphabetical_order_own_names_first(
    zoe: Contact, others: list[Contact]
) -> None:
    assert found("lef") == ["Anne Lefebvre", "Éloïse Zoé Lefèvre"]
    assert found("le") == ["Bruno Le Fèvre", "Anne Lefebvre", "Éloïse Zoé Lefèvre"]
    create_contact(last_name="Zoébel", first_name="Max")
    assert found("zoe") == ["Max Zoébel", "Éloïse Zoé Lefèvre", "Zoé Martin"]


def test_who_has_exactly_this_address_comes_first(zoe: Contact) -> None:
    create_contact(last_name="Abadie", email="zoe.lefevre@exemple.france")
    assert found("zoe.lefevre@exemple.fr") == ["Éloïse Zoé Lefèvre", "Abadie"]


def test_at_most_so_many_are_shown_in_one_query(
    others: list[Contact], django_assert_num_queries: CaptureQueriesContext
) -> None:
    for number in range(30):
        create_contact(last_name=f"Dupont{number:02}", email=f"dupont{number}@exemple.fr")
    with django_assert_num_queries(1):
        names = found("dupont")
    assert names == [f"Dupont{number:02}" for number in range(10)]
    assert found("dupont", limit=3) == ["Dupont00", "Dupont01", "Dupont02"]


def test_renaming_changes_what_finds(zoe: Contact) -> None:
    update_contact(contact=zoe, last_name="Marchand")
    assert found("lefevre") == []
    assert found("march") == ["Éloïse Zoé Marchand"]


def test_merged_and_erased_contacts_are_not_found(zoe: Contact) -> None:
    other = create_contact(last_name="Lefèvre", first_name="Zoé")
    other.merged_into = zoe
    other.save()
    assert found("lefevre") == ["Éloïse Zoé Lefèvre"]


def test_a_list_is_narrowed_to_what_search_finds(zoe: Contact, others: list[Contact]) -> None:
    everybody = Contact.objects.order_by("pk")
    assert list(find_contacts(text="zoe", among=everybody)) == [zoe, others[2]]
    assert list(find_contacts(text="", among=everybody)) == []


def test_contacts_written_in_bulk_are_found_once_indexed() -> None:
    rows = [Contact(number=f"C9{n}", last_name=f"Brück{n}", kind="person") for n in range(3)]
    Contact.objects.bulk_create(rows)
    assert found("bruck") == []
    index_contacts(contacts=rows)
    index_contacts(contacts=rows)
    assert found("bruck") == ["Brück0", "Brück1", "Brück2"]


def test_the_range_of_an_index_answers(zoe: Contact) -> None:
    """The plan names our index, ordered by it: no sort, no scan of the contacts."""
    rows = ContactKey.objects.filter(key__gte="lef", key__lt="lef" + TOP, key__contains=" zo")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
    plan = rows.order_by("key").select_related("contact")[:40].explain()
    assert plan.count("contact_key_found") == 1
    assert plan.lower().count("sort") + plan.upper().count("TEMP B-TREE") == 0


def test_the_order_of_names_is_that_of_bytes_on_every_database() -> None:
    """Whatever the locale of the database, or prefixes would not be ranges of the index."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT attrelid::regclass::text, collname FROM pg_attribute "
                "JOIN pg_collation ON pg_collation.oid = attcollation "
                "WHERE attrelid IN ('contacts_contactkey'::regclass, 'contacts_contact'::regclass) "
                "AND attname IN ('key', 'search') ORDER BY 1"
            )
            assert cursor.fetchall() == [("contacts_contact", "C"), ("contacts_contactkey", "C")]
    for name in ("Ab", "A b", "Ac", "Z", "Ž", "Éa"):
        create_contact(last_name=name)
    names = Contact.objects.order_by("search", "pk").values_list("last_name", flat=True)
    assert list(names) == ["A b", "Ab", "Ac", "Éa", "Z", "Ž"]


@pytest.mark.parametrize(
    "typed",
    [
        {"last_name": "LEFEVRE", "first_name": "Eloïse-Zoé"},
        {"last_name": "Autre", "email": "zoe.lefevre@exemple.fr "},
        {"last_name": "Autre", "phone": "+33612345678"},
    ],
)
def test_somebody_known_is_noticed_before_being_created_again(
    typed: dict[str, str], zoe: Contact, django_assert_num_queries: CaptureQueriesContext
) -> None:
    with django_assert_num_queries(1):
        assert find_similar(**typed) == [zoe]  # type: ignore[arg-type]


def test_namesakes_of_half_a_name_are_not_noticed(zoe: Contact, others: list[Contact]) -> None:
    assert find_similar(last_name="Lefèvre") == [zoe]
    assert find_similar(last_name="Lefèvre", first_name="Anne") == []
    assert find_similar(organisation="compagnie du theatre") == [others[-1]]
    assert find_similar() == []
