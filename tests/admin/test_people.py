"""Contacts and users in the administration."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contacts.errors import ContactInUse
from contacts.models import Contact, User
from contacts.services import check_pin, create_contact
from institution_settings.choices import Role
from tests.admin.conftest import Login, errors, form_of, person, said
from tests.counter import Counter
from tests.venue import PASSWORD, Venue

NEW_USER = reverse("admin:contacts_user_add")
NEW_CONTACT = reverse("admin:contacts_contact_add")
CONTACTS = reverse("admin:contacts_contact_changelist")
OTHER_PASSWORD = "quatre mots sans rapport"


def user_page(user: User, name: str = "change") -> str:
    return reverse(f"admin:contacts_user_{name}", args=(user.pk,))


def contact_page(contact: Contact, name: str = "change") -> str:
    return reverse(f"admin:contacts_contact_{name}", args=(contact.pk,))


def password_page(user: User) -> str:
    return reverse("admin:auth_user_password_change", args=(user.pk,))


def enters(email: str, password: str) -> bool:
    browser = Client()
    browser.post("/comptes/login/", {"login": email, "password": password, "next": "/admin/"})
    return "_auth_user_id" in browser.session


def new_operator(chef: Client, **changes: Any) -> dict[str, Any]:
    typed = {"email": "Ines@exemple.fr", "name": " Inês  d’Almeida ", "code": "ines"}
    typed |= {"role": "operator", "password1": OTHER_PASSWORD, "password2": OTHER_PASSWORD}
    return form_of(chef, NEW_USER, **{**typed, **changes})


# --- users -------------------------------------------------------------------------------------


def test_an_operator_made_here_logs_in_at_once(venue: Venue, chef: Client) -> None:
    chef.post(NEW_USER, new_operator(chef, points_of_sale=[venue.counter.pk], new_pin="4711"))
    ines = User.objects.get(code="ines")
    assert (ines.email, ines.name, ines.role) == ("ines@exemple.fr", "Inês d’Almeida", "operator")
    assert not ines.is_staff
    assert list(ines.points_of_sale.all()) == [venue.counter]
    assert check_pin(user=ines, pin="4711")
    assert enters("ines@exemple.fr", OTHER_PASSWORD)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email": "ines"}, "email"),
        ({"email": "LEA@tilleuls.example"}, "email"),
        ({"code": "lea"}, "code"),
        ({"code": ""}, "code"),
        ({"role": "customer"}, "role"),
        ({"role": "director"}, "role"),
        ({"password2": "autre"}, "password2"),
        ({"password1": "court", "password2": "court"}, "password2"),
        ({"new_pin": "1234"}, "new_pin"),
        ({"new_pin": "abcd"}, "new_pin"),
        ({"points_of_sale": ["0"]}, "points_of_sale"),
    ],
)
def test_what_cannot_be_is_refused_beside_the_field(
    venue: Venue, chef: Client, wrong: dict[str, Any], field: str
) -> None:
    assert list(errors(chef.post(NEW_USER, new_operator(chef, **wrong)))) == [field]
    assert list(User.objects.filter(name="Inês d’Almeida")) == []


def test_changing_somebody_moves_login_and_rights(venue: Venue, chef: Client) -> None:
    lea, address = venue.operator, user_page(venue.operator)
    typed = form_of(chef, address, email="L.Marchand@exemple.fr", role="auditor", code="leo")
    chef.post(address, typed)
    lea.refresh_from_db()
    assert (lea.email, lea.role, lea.is_staff, lea.code) == (
        "l.marchand@exemple.fr",
        Role.AUDITOR,
        True,
        "lea",
    )
    assert enters("l.marchand@exemple.fr", PASSWORD)
    assert not enters("lea@tilleuls.example", PASSWORD)


def test_a_pin_is_given_kept_and_taken_away(venue: Venue, chef: Client) -> None:
    marc, address = venue.supervisor, user_page(venue.supervisor)
    for typed, pin in (({"new_pin": "8093"}, "8093"), ({}, "8093"), ({"no_pin": "on"}, "")):
        chef.post(address, form_of(chef, address, **typed))
        marc.refresh_from_db()
        assert check_pin(user=marc, pin="8093") is bool(pin)
    page = chef.get(address).content.decode()
    assert page.count("8093") == page.count("$") == 0


def test_a_password_is_given_on_its_own_page(venue: Venue, chef: Client) -> None:
    typed = {"password1": OTHER_PASSWORD, "password2": OTHER_PASSWORD, "usable_password": "true"}
    assert chef.get(password_page(venue.operator)).status_code == 200
    chef.post(password_page(venue.operator), typed)
    assert enters("lea@tilleuls.example", OTHER_PASSWORD)
    assert not enters("lea@tilleuls.example", PASSWORD)


def test_the_last_administrator_stays(chef: Client) -> None:
    only = person(Role.ADMINISTRATOR)
    typed = form_of(chef, user_page(only), role="operator")
    assert list(errors(chef.post(user_page(only), typed))) == ["__all__"]
    only.refresh_from_db()
    assert only.role == Role.ADMINISTRATOR


def test_nobody_takes_over_whoever_was_given_everything(venue: Venue, chef: Client) -> None:
    User.objects.filter(pk=venue.supervisor.pk).update(is_superuser=True)
    typed = {"password1": OTHER_PASSWORD, "password2": OTHER_PASSWORD, "usable_password": "true"}
    assert chef.post(password_page(venue.supervisor), typed).status_code == 403
    assert chef.post(user_page(venue.supervisor), {"role": "operator"}).status_code == 403


def test_nobody_gives_themselves_everything(chef: Client) -> None:
    only = person(Role.ADMINISTRATOR)
    typed = form_of(chef, user_page(only), is_superuser="on", is_staff="on", user_permissions=["1"])
    chef.post(user_page(only), typed)
    only.refresh_from_db()
    assert not only.is_superuser
    assert list(only.user_permissions.all()) == []


def test_users_are_deactivated_never_deleted(venue: Venue, chef: Client) -> None:
    address = user_page(venue.operator, "delete")
    assert chef.post(address, {"post": "yes"}).status_code == 403
    typed = form_of(chef, user_page(venue.operator))
    del typed["is_active"]
    chef.post(user_page(venue.operator), typed)
    assert not enters("lea@tilleuls.example", PASSWORD)


@pytest.mark.parametrize("page", ["change", "delete"])
def test_an_auditor_changes_nobody(venue: Venue, login: Login, page: str) -> None:
    browser = login(Role.AUDITOR)
    assert browser.post(user_page(venue.operator, page), {"post": "yes"}).status_code == 403
    assert browser.post(password_page(venue.operator), {}).status_code == 403


# --- contacts ----------------------------------------------------------------------------------


def test_a_contact_made_here_has_a_number_and_is_found(chef: Client) -> None:
    typed = form_of(chef, NEW_CONTACT, last_name=" O’Hara ", first_name="Scarlett")
    chef.post(NEW_CONTACT, typed)
    made = Contact.objects.get()
    assert (made.number, made.last_name) == (f"C{made.pk:06d}", "O’Hara")
    listed = chef.get(CONTACTS, {"q": "ohar"}).context["cl"].result_list
    assert list(listed) == [made]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"last_name": ""}, "__all__"),
        ({"last_name": "\x00"}, "__all__"),
        ({"email": "zoe"}, "email"),
        ({"phone": "zéro"}, "phone"),
        ({"country": "France"}, "country"),
        ({"country": "F1"}, "country"),
    ],
)
def test_what_cannot_be_kept_of_a_contact_is_said(
    chef: Client, wrong: dict[str, str], field: str
) -> None:
    typed = form_of(chef, NEW_CONTACT, last_name="Lefèvre")
    assert list(errors(chef.post(NEW_CONTACT, {**typed, **wrong}))) == [field]
    assert Contact.objects.count() == 0


def test_c11_a_contact_with_credit_or_orders_is_kept(counter: Counter, chef: Client) -> None:
    rich, buyer = counter.venue.contact("Roux"), counter.venue.contact("Petit")
    counter.deposit(rich, "10.00")
    counter.sell(["20.00"], ("ESPECES", "20.00"), contact=buyer)
    for contact in (rich, buyer):
        for answer in (
            chef.get(contact_page(contact, "delete"), follow=True),
            chef.post(contact_page(contact, "delete"), {"post": "yes"}, follow=True),
        ):
            assert answer.redirect_chain == [(contact_page(contact), 302)]
            assert said(answer) == [str(ContactInUse(name=str(contact)))]
    assert Contact.objects.count() == 2


def test_a_typing_mistake_is_deleted(chef: Client) -> None:
    mistake = create_contact(last_name="Lefèver")
    assert chef.get(contact_page(mistake, "delete")).status_code == 200
    chef.post(contact_page(mistake, "delete"), {"post": "yes"})
    assert Contact.objects.count() == Contact.history.count() == 0


def test_a_merged_contact_is_only_looked_at(chef: Client) -> None:
    kept, merged = create_contact(last_name="Roux"), create_contact(last_name="Roux")
    Contact.objects.filter(pk=merged.pk).update(merged_into=kept)
    assert chef.post(contact_page(merged), {"last_name": "X"}).status_code == 403
    assert chef.get(contact_page(merged)).status_code == 200
