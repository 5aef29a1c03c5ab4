"""The door with a scanner: code, Enter, the next code; no hand on anything else (G11)."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from sales.models import Ticket
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.venue import Venue

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_scanner_types_one_code_after_the_other(
    live_server: LiveServer, page: Page, committed_venue: Venue
) -> None:
    counter = Counter(committed_venue)
    seat = counter.price("20.00", starts_at=timezone.now() + timedelta(hours=1))
    first, second = counter.sell([seat, seat], ("CB", "40.00")).tickets
    person = Person(committed_venue, committed_venue.operator)
    cookie = person.client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}/guichet/entree/")
    page.get_by_role("link", name="Le Misanthrope").click()
    said, field = page.locator(".door-said"), page.get_by_label("Code du billet")

    def scan(code: str, answer: str) -> None:
        expect(field).to_be_focused()
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        expect(said).to_contain_text(answer)
        expect(field).to_have_value("")

    scan(first.token, "Valable")
    scan(first.token, "Déjà entré")
    scan(second.token, "Valable")
    expect(page.locator("#door-inside")).to_have_text("2")
    scan("rien de nous", "Inconnu")
    page.locator("h1").click()  # a hand slips: the field has the focus again
    scan("encore rien", "Inconnu")
    assert Ticket.objects.exclude(scanned_at=None).count() == 2
    expect(page.get_by_role("button", name="Caméra")).to_be_hidden()
