"""People who enter the administration."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from contacts.models import User
from contacts.services import create_operator
from institution_settings.choices import Role
from tests.venue import PASSWORD, PIN

Login = Callable[[Role | None], Client]


@pytest.fixture
def login(db: None) -> Login:
    """``login(Role.AUDITOR)``: a browser somebody with this role is logged in with, or nobody."""

    def log_in(role: Role | None) -> Client:
        client = Client()
        if role is not None:
            client.force_login(person(role), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return log_in


@pytest.fixture
def chef(login: Login) -> Client:
    """An administrator's browser."""
    return login(Role.ADMINISTRATOR)


def person(role: Role) -> User:
    """Somebody with this role, made when first asked for."""
    return User.objects.filter(role=role).first() or create_operator(
        email=f"{role.value}@tilleuls.example",
        password=PASSWORD,
        name=role.value.title(),
        code=role.value,
        role=role,
        pin=PIN,
    )


def said(response: Any) -> list[str]:
    """What the page that follows tells whoever did something."""
    return [str(message) for message in response.context["messages"]]


def form_of(client: Client, address: str, **changes: object) -> dict[str, Any]:
    """What a page's form holds, as a browser would post it, with ``changes``."""
    context = client.get(address).context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    typed = {field.html_name: field.value() for form in forms for field in form}
    # An unticked box and an empty field are not posted.
    kept = {name: value for name, value in typed.items() if value is not None}
    kept = {name: value for name, value in kept.items() if value is not False}
    return {**kept, "_save": "1", **changes}


def errors(response: Any) -> dict[str, list[str]]:
    """What the page says beside the fields."""
    return dict(response.context["adminform"].form.errors)
