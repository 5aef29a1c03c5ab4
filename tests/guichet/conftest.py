"""People at the counter's screens: who they are, where they stand, what they press."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.models import User
from contacts.services import create_operator
from guichet.views.entry import SESSION_KEY
from institution_settings.choices import Role
from tests.venue import PASSWORD, Venue


class Person:
    """A browser in somebody's hands; pages are named as in ``guichet.urls``."""

    def __init__(self, venue: Venue, user: AbstractBaseUser | None = None) -> None:
        self.venue = venue
        self.user = user
        self.client = Client()
        if user:
            self.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def stand_at(self, code: str = "G1") -> "Person":
        """Work at a till, opened by the venue's operator when it is first asked for."""
        session = self.client.session
        session[SESSION_KEY] = self.venue.desk(code).session_id
        session.save()
        return self

    def get(self, page: str, *args: object, htmx: bool = False, **query: object) -> Any:
        """Look at a page."""
        headers = {"HX-Request": "true"} if htmx else {}
        return self.client.get(reverse(f"guichet:{page}", args=args), query, headers=headers)

    def post(self, page: str, *args: object, **typed: object) -> Any:
        """Send a form; it has a key of its own unless one is given."""
        sent = {"key": str(uuid4()), **typed}
        return self.client.post(reverse(f"guichet:{page}", args=args), sent)

    def count_queries(self, page: str, *args: object, **query: object) -> int:
        """Return how many queries a page costs."""
        with CaptureQueriesContext(connection) as queries:
            assert self.get(page, *args, **query).status_code == 200
        return len(queries)


@pytest.fixture
def lea(venue: Venue) -> Person:
    """Léa, the operator, at till G1."""
    return Person(venue, venue.operator).stand_at("G1")


@pytest.fixture
def marc(venue: Venue) -> Person:
    """Marc, the supervisor, at no till yet."""
    return Person(venue, venue.supervisor)


@pytest.fixture
def somebody(venue: Venue) -> Callable[..., Person]:
    """Somebody else with a role, at the venue's counter unless ``places`` says otherwise."""

    def make(role: Role, *, places: list[Any] | None = None) -> Person:
        if role == Role.CUSTOMER:
            user = User.objects.create_user("client@example.org", PASSWORD)
        else:
            user = create_operator(
                email=f"{role}2@tilleuls.example",
                password=PASSWORD,
                name="Karim",
                code="karim",
                role=role,
                points_of_sale=[venue.counter] if places is None else places,
            )
        return Person(venue, user)

    return make


@pytest.fixture
def ladder(venue: Venue, somebody: Callable[..., Person]) -> Callable[..., None]:
    """Who is let in: nobody, a customer, an operator without a till, one of another place."""

    def climb(page: str, *args: object, desk: bool = True) -> None:
        def answer(person: Person) -> Any:
            return person.get(page, *args)

        address = reverse(f"guichet:{page}", args=args)
        anonymous = answer(Person(venue))
        assert anonymous.status_code == 302
        assert anonymous["Location"] == f"{reverse('account_login')}?next={address}"
        assert answer(somebody(Role.CUSTOMER)).status_code == 403
        if desk:
            tills = reverse("guichet:tills")
            idle = answer(Person(venue, venue.operator))
            assert (idle.status_code, idle["Location"]) == (302, tills)
            elsewhere = answer(somebody(Role.OPERATOR, places=[venue.office]).stand_at("G1"))
            assert (elsewhere.status_code, elsewhere["Location"]) == (302, tills)

    return climb
