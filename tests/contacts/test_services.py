"""Creating, changing and deleting contacts."""

import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from contacts.choices import ContactKind
from contacts.errors import ContactInUse, DetailsRefused
from contacts.models import Contact
from contacts.services import create_contact, delete_contact, update_contact
from tests.venue import Venue


@pytest.mark.django_db
def test_a_person_gets_a_number_and_a_tidy_name() -> None:
    zoe = create_contact(last_name="  Lefe\u0300vre ", first_name="Zoé\x00", email=" Zoe@EX.fr ")
    zoe.refresh_from_db()
    assert (zoe.last_name, zoe.first_name, zoe.email) == ("Lefèvre", "Zoé", "zoe@ex.fr")
    assert zoe.number == f"C{zoe.pk:06d}"
    assert zoe.label == "Zoé Lefèvre"
    assert zoe.kind == ContactKind.PERSON


@pytest.mark.django_db
def test_an_organisation_may_have_somebody_to_speak_to() -> None:
    cse = create_contact(organisation="CSE Dassault")
    assert (cse.kind, cse.label) == (ContactKind.ORGANISATION, "CSE Dassault")
    cse = update_contact(contact=cse, last_name="Roux", first_name="Ève")
    assert cse.label == "CSE Dassault (Ève Roux)"
    assert cse.search == "cse dassault roux eve"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({}, ["__all__"]),
        ({"first_name": "Zoé"}, ["__all__"]),
        ({"last_name": " \x00 "}, ["__all__"]),
        ({"last_name": "X", "email": "zoe"}, ["email"]),
        ({"last_name": "X", "phone": "zéro six"}, ["phone"]),
        ({"last_name": "X", "phone": "٠٦"}, ["phone"]),
        ({"last_name": "X", "country": "France"}, ["country"]),
        ({"last_name": "X", "kind": "robot"}, ["kind"]),
        ({"last_name": "X" * 121}, ["last_name"]),
        ({"last_name": "X", "email": "zoe", "phone": "?"}, ["email", "phone"]),
    ],
)
def test_what_cannot_be_kept_is_said_field_by_field(
    typed: dict[str, Any], fields: list[str]
) -> None:
    with pytest.raises(DetailsRefused) as refused:
        create_contact(**typed)
    assert sorted(refused.value.fields) == fields
    assert Contact.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "Łukasz Šťastný", "Nguyễn Thị Ánh", "محمد", "李小龙", "😀", "=1+1", "+33…", "@x", "null",
        "Robert'); DROP TABLE contacts_contact;--", "X" * 80, "\u0085x", "ﷺ" * 100, "K" * 120,
    ],
)  # fmt: skip
def test_b84e_any_name_survives(name: str) -> None:
    made = create_contact(last_name=name)
    made.refresh_from_db()
    assert made.last_name == name.strip("\u0085")


@pytest.mark.django_db
def test_a_refused_change_changes_nothing() -> None:
    zoe = create_contact(last_name="Lefèvre", email="zoe@exemple.fr")
    with pytest.raises(DetailsRefused):
        update_contact(contact=zoe, last_name="Marchand", email="?")
    zoe.refresh_from_db()
    assert (zoe.last_name, zoe.email) == ("Lefèvre", "zoe@exemple.fr")


@pytest.mark.django_db
def test_a_nameless_row_is_refused_by_the_database_too() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.create(first_name="Zoé")


@pytest.mark.django_db
def test_a_typing_mistake_goes_with_its_history() -> None:
    zoe = create_contact(last_name="Lefèvre")
    update_contact(contact=zoe, city="Lyon")
    assert Contact.history.count() == 2
    delete_contact(contact=zoe)
    assert Contact.objects.count() == Contact.history.count() == 0


@pytest.mark.django_db
def test_c11_a_contact_with_an_account_is_kept(venue: Venue) -> None:
    zoe = venue.contact()
    venue.account(zoe, credit="10.00")
    with pytest.raises(ContactInUse) as refused:
        delete_contact(contact=zoe)
    assert refused.value.data == {"name": "Zoé Lefèvre"}
    zoe.refresh_from_db()
    assert zoe.history.count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_numbers_are_unique_whoever_else_is_adding() -> None:
    start = threading.Barrier(6)
    numbers: list[str | None] = []

    def add() -> None:
        start.wait()
        try:
            numbers.extend(create_contact(last_name="Lefèvre").number for _ in range(5))
        finally:
            connection.close()

    threads = [threading.Thread(target=add) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(numbers) == len(set(numbers)) == 30
    assert set(numbers) == set(Contact.objects.values_list("number", flat=True))
