"""Who is let in where: each person before every page, to look and to send a form that is right.

An address without a row in ``doors`` fails; so does an answer that is not its row's.
"""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.busy import BusyVenue
from tests.guichet.asked import MARC
from tests.ladder.asking import (
    addresses,
    answer_of,
    ask,
    asked_of,
    everything,
    names_of_logins,
    undone,
)
from tests.ladder.doors import APPROVED, ASKED, LOGINS, NO, ROWS
from tests.ladder.people import Cast, Who
from tests.venue import PASSWORD, Venue

pytestmark = pytest.mark.django_db

# Forms of everybody, which move nothing.
OPEN_FORMS = {"root", "preferences"}


@pytest.fixture
def cast(venue: Venue) -> Cast:
    cache.clear()
    return Cast(BusyVenue(venue))


def test_no_address_is_left_out() -> None:
    assert sorted(addresses()) == sorted(ROWS)


@pytest.mark.parametrize("who", Who)
def test_each_gets_what_the_row_says(cast: Cast, who: Who) -> None:
    person = cast.browser(who)
    answers = {name: ask(name, cast, person) for name in ROWS}
    assert answers == {name: row.expected(who) for name, row in ROWS.items()}


@pytest.mark.parametrize("who", [Who.NOBODY, Who.LEFT, Who.CUSTOMER, Who.ACCOUNTANT, Who.MOVED])
def test_whoever_is_not_let_in_changes_nothing(cast: Cast, who: Who) -> None:
    person = cast.browser(who)
    before = everything()
    for name, row in ROWS.items():
        if who in row.door:
            asked = asked_of(name, cast, person)
            for form in asked.forms or ({},):
                person.client.post(reverse(name, args=asked.ids), form)
    assert everything() == before


def test_nobody_comes_back_to_the_page_after_the_login(cast: Cast) -> None:
    nobody = cast.browser(Who.NOBODY)
    for name, row in ROWS.items():
        if Who.NOBODY in row.door:
            address = reverse(name, args=asked_of(name, cast, nobody).ids)
            location = nobody.client.get(address)["Location"]
            assert location == f"{reverse('account_login')}?next={address}"


@pytest.mark.parametrize("name", APPROVED)
def test_an_operator_sends_it_in_vain_without_a_supervisor(cast: Cast, name: str) -> None:
    colleague, marc = cast.browser(Who.COLLEAGUE), cast.browser(Who.SUPERVISOR)
    asked = asked_of(name, cast, colleague)
    address = reverse(name, args=asked.ids)
    form = {key: value for key, value in asked.forms[0].items() if key not in MARC}
    before = everything()
    for wrong in ({}, {**MARC, "approver_pin": "0000"}, {**MARC, "approver_code": "lea"}):
        assert answer_of(colleague.client.post(address, {**form, **wrong})) == ASKED
    assert everything() == before
    assert answer_of(undone(lambda: marc.client.post(address, form))) == ROWS[name].posts[0]


def test_a_form_of_another_site_is_refused(cast: Cast) -> None:
    lea = cast.browser(Who.OPERATOR)
    forger = Client(enforce_csrf_checks=True)
    forger.cookies = lea.client.cookies
    before = everything()
    for name, row in ROWS.items():
        asked = asked_of(name, cast, lea)
        for form in asked.forms if name not in OPEN_FORMS and row.posts else ():
            answer = answer_of(forger.post(reverse(name, args=asked.ids), form))
            assert (name, answer) == (name, NO)
    assert everything() == before


@pytest.mark.parametrize("who", [Who.NOBODY, Who.CUSTOMER, Who.OPERATOR])
def test_the_pages_of_logins(cast: Cast, who: Who) -> None:
    person = cast.browser(who)
    assert sorted(names_of_logins()) == sorted(LOGINS)
    answers = {
        name: answer_of(person.client.get(reverse(name, args=row.ids)))
        for name, row in LOGINS.items()
    }
    known = who != Who.NOBODY
    assert answers == {name: row.known if known else row.nobody for name, row in LOGINS.items()}


def test_nobody_makes_a_login_for_themselves(cast: Cast) -> None:
    before = everything()
    typed = {"email": "intrus@example.org", "password1": PASSWORD}
    assert Client().post(reverse("account_signup"), typed).status_code == 200
    assert everything() == before
