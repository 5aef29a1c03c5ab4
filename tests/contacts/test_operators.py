"""Members of staff: they log in at once, and follow their role."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.test import Client

from contacts.errors import CodeIsFixed, DetailsRefused, LastAdministrator, PinRefused
from contacts.models import User
from contacts.services import check_pin, create_operator, set_pin, update_operator
from institution_settings.choices import Role

pytestmark = pytest.mark.django_db
PASSWORD = "une longue phrase de passe"


def make(code: str = "lea", role: Role = Role.OPERATOR, **options: Any) -> User:
    wanted = {"email": f"{code}@exemple.fr", "name": code.title(), "password": PASSWORD}
    return create_operator(**{**wanted, "code": code, "role": role, **options})


def change(user: User, **options: Any) -> User:
    wanted = {
        "email": user.email,
        "name": user.name,
        "code": user.code,
        "role": Role(user.role),
        "is_active": user.is_active,
        "points_of_sale": [],
    }
    return update_operator(user=user, **{**wanted, **options})


def log_in(client: Client, email: str, password: str = PASSWORD) -> bool:
    typed = {"login": email, "password": password, "next": "/admin/"}
    client.post("/comptes/login/", typed)
    return "_auth_user_id" in client.session


def test_an_operator_logs_in_at_once_without_mail(client: Client, mailoutbox: list[object]) -> None:
    make(email="  Lea@Exemple.FR ")
    assert log_in(client, "LEA@exemple.fr")
    assert mailoutbox == []


def test_a_wrong_password_does_not(client: Client) -> None:
    make()
    assert not log_in(client, "lea@exemple.fr", "autre chose")


@pytest.mark.parametrize(
    ("role", "enters"),
    [
        (Role.OPERATOR, False),
        (Role.SUPERVISOR, False),
        (Role.ACCOUNTANT, False),
        (Role.AUDITOR, True),
        (Role.ADMINISTRATOR, True),
    ],
)
def test_administrators_and_auditors_enter_the_administration(role: Role, enters: bool) -> None:
    make("chef", Role.ADMINISTRATOR)
    lea = make(role=role)
    assert lea.is_staff is enters
    assert change(lea, role=Role.OPERATOR).is_staff is False
    assert change(lea, role=role).is_staff is enters


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"email": "lea"}, "email"),
        ({"email": "marc@exemple.fr"}, "email"),
        ({"code": "marc", "email": "lea@exemple.fr"}, "code"),
        ({"code": "", "email": "lea@exemple.fr"}, "__all__"),
        ({"role": "director"}, "role"),
    ],
)
def test_what_cannot_be_kept_is_said(options: dict[str, Any], field: str) -> None:
    make("marc")
    with pytest.raises(DetailsRefused) as refused:
        make(**options)
    assert list(refused.value.fields) == [field]
    assert User.objects.count() == EmailAddress.objects.count() == 1


def test_the_login_follows_the_address(client: Client) -> None:
    lea = make()
    change(lea, email="Lea.Marchand@exemple.fr")
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        ("lea.marchand@exemple.fr", True, True)
    ]
    assert not log_in(client, "lea@exemple.fr")
    assert log_in(client, "lea.marchand@exemple.fr")


def test_whoever_left_does_not_log_in(client: Client) -> None:
    change(make(), is_active=False)
    assert not log_in(client, "lea@exemple.fr")


def test_fis06_a_code_is_given_once() -> None:
    lea = make()
    with pytest.raises(CodeIsFixed) as refused:
        change(lea, code="leo")
    assert refused.value.data == {"code": "lea"}
    customer = User.objects.create_user("zoe@exemple.fr", PASSWORD)
    assert change(customer, code="zoe", role=Role.OPERATOR).code == "zoe"


def test_the_last_administrator_stays() -> None:
    chef = make("chef", Role.ADMINISTRATOR)
    for options in ({"role": Role.OPERATOR}, {"is_active": False}):
        with pytest.raises(LastAdministrator):
            change(chef, **options)
    make("autre", Role.ADMINISTRATOR)
    assert change(chef, role=Role.OPERATOR).role == Role.OPERATOR


def test_a_superuser_made_from_the_command_line_logs_in(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", email="Root@exemple.fr", interactive=False, verbosity=0)
    root = User.objects.get()
    assert (root.code, root.role, root.is_superuser) == ("Root", Role.ADMINISTRATOR, True)
    assert log_in(client, "root@exemple.fr")


@pytest.mark.parametrize(
    "pin", ["123", "123456789", "12a4", "١٢٣٤", "1111", "1234", "4321", "0123", " 4711", "47 11"]
)
def test_a_pin_that_is_none_or_guessed_first_is_refused(pin: str) -> None:
    lea = make()
    with pytest.raises(PinRefused):
        set_pin(user=lea, pin=pin)
    with pytest.raises(PinRefused):
        make("marc", pin=pin)
    lea.refresh_from_db()
    assert lea.pin == ""


def test_a_pin_is_stored_hashed_and_taken_away() -> None:
    lea = make(pin="4711")
    assert check_pin(user=lea, pin="4711")
    assert not check_pin(user=lea, pin="4712")
    assert lea.pin.partition("$")[0] == "md5"
    assert not hasattr(lea.history.get(), "pin")
    set_pin(user=lea, pin="")
    assert not check_pin(user=lea, pin="")
    assert not check_pin(user=lea, pin="4711")
