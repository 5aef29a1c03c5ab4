"""Preferences kept in a cookie, and the styleguide's door."""

import pytest
from django.test import Client
from django.urls import reverse


def test_a_theme_is_kept_and_leads_back(client: Client) -> None:
    answer = client.post(reverse("preferences"), {"theme": "dark", "next": "/styleguide/shop/?a=1"})
    assert (answer.status_code, answer["Location"]) == (302, "/styleguide/shop/?a=1")
    cookie = answer.cookies["theme"]
    assert (cookie.value, cookie["samesite"], cookie["httponly"]) == ("dark", "Lax", True)


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""]
)
def test_it_never_leads_elsewhere(client: Client, target: str) -> None:
    answer = client.post(reverse("preferences"), {"theme": "light", "next": target})
    assert answer["Location"] == "/"


@pytest.mark.parametrize(
    "data", [{"theme": "<script>"}, {"theme": ""}, {"hotkeys": "dark"}, {"other": "on"}, {}]
)
def test_what_is_not_known_changes_nothing(client: Client, data: dict[str, str]) -> None:
    assert len(client.post(reverse("preferences"), data).cookies) == 0


def test_it_only_answers_a_form(client: Client) -> None:
    assert client.get(reverse("preferences")).status_code == 405
    assert Client(enforce_csrf_checks=True).post(reverse("preferences")).status_code == 403


@pytest.mark.django_db
def test_an_unknown_specimen_is_not_found(client: Client) -> None:
    assert client.get("/styleguide/../settings/").status_code == 404
    assert client.get("/styleguide/nothing/").status_code == 404
