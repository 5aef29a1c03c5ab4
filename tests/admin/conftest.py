"""People who enter the administration."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from contacts.models import User
from contacts.services import create_operator
from institution_settings.choices import Role
from tests.venue import PASSWORD, PIN, Venue

Login = Callable[[Role | None], Client]


@pytest.fixture
def login(venue: Venue) -> Login:
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
