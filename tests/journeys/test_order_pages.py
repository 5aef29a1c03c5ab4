"""Orders, refunds and vouchers in a browser: accessible, at any width, coins at once (G1, G4)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from contacts.models import Contact
from payments.selectors.results import CheckoutResult
from sales.models import Performance
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.venue import PIN, Venue

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

Violations = Callable[[Page], list[str]]


@pytest.fixture
def counter(committed_venue: Venue) -> Counter:
    return Counter(committed_venue)


@pytest.fixture
def zoe(counter: Counter) -> Contact:
    return counter.venue.contact()


@pytest.fixture
def sold(counter: Counter, zoe: Contact) -> CheckoutResult:
    """Two seats of Zoé, paid in cash."""
    return counter.sell(["32.00", "32.00"], ("ESPECES", "70.00"), contact=zoe)


@pytest.fixture
def guichet(live_server: LiveServer, page: Page, counter: Counter) -> str:
    """A browser in Léa's hands at till G1; returns where the counter begins."""
    lea = Person(counter.venue, counter.venue.operator).stand_at("G1")
    cookie = lea.client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    return f"{live_server.url}/guichet"


def check(page: Page, violations: Violations) -> None:
    """Nothing that axe finds, nothing wider than the screen."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.evaluate("scrollTo(0, 0)")  # nothing half under the bar
        assert violations(page) == [], theme
    for width in (1440, 768, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert violations(page) == [], width
    page.set_viewport_size({"width": 1280, "height": 800})


def test_a_refund_to_credit_shows_the_coins_at_once(
    guichet: str, page: Page, sold: CheckoutResult, violations: Violations
) -> None:
    page.goto(f"{guichet}/commandes/")
    expect(page.get_by_label("Chercher une commande")).to_be_focused()
    page.keyboard.type("lef")
    expect(page.get_by_role("status").first).to_have_text("1 commande")
    check(page, violations)
    page.get_by_role("link", name=str(sold.order.number)).click()
    expect(page.locator(".coins")).to_have_count(0)
    check(page, violations)
    page.keyboard.press("r")
    expect(page.get_by_role("heading", level=1)).to_have_text("Remboursement")
    expect(page.locator("input:checked")).to_have_count(0)
    page.get_by_label("Le Misanthrope").first.check()
    consent = page.locator("#id_consent")
    expect(consent).to_be_hidden()  # nobody is asked for it before choosing credit
    page.get_by_label("Au compte d’avoir").check()
    expect(consent).to_be_visible()
    expect(page.locator("#forecast")).to_contain_text("32,00 €")
    page.get_by_role("button", name="Rembourser").click()
    expect(page.get_by_role("alert")).to_contain_text("choix du client")
    check(page, violations)
    consent.check()
    page.get_by_role("button", name="Rembourser").click()
    expect(page.locator(".change-due-value")).to_have_text("32,00 €")
    check(page, violations)
    page.keyboard.press("Enter")
    coins = page.locator(".coins").first
    coins.get_by_role("button").focus()
    expect(coins.get_by_role("tooltip")).to_have_text("32,00 €")
    check(page, violations)


def test_a_supervisor_approves_on_the_operators_screen(
    guichet: str, page: Page, sold: CheckoutResult, violations: Violations
) -> None:
    Performance.objects.update(starts_at=timezone.now() - timedelta(hours=1))
    page.goto(f"{guichet}/commandes/{sold.order.pk}/rembourser/")
    for ticket in page.get_by_label("Le Misanthrope").all():
        ticket.check()
    page.get_by_label("Comme il a été payé").check()
    page.get_by_role("button", name="Rembourser").click()
    expect(page.get_by_label("Code du responsable")).to_be_visible()
    expect(page.locator("input:checked")).to_have_count(3)
    check(page, violations)
    page.get_by_label("Code du responsable").fill("marc")
    page.get_by_label("PIN").fill(PIN)
    page.get_by_role("button", name="Rembourser").click()
    expect(page.locator(".change-due-value")).to_have_text("64,00 €")


def test_vouchers_are_looked_up_and_issued(
    guichet: str, page: Page, counter: Counter, violations: Violations
) -> None:
    voucher = counter.sell_voucher("50.00")
    counter.sell(["32.00"], ("BON", "32.00", voucher.code))
    page.goto(f"{guichet}/bons/")
    check(page, violations)
    page.get_by_label("Code du bon").fill(voucher.code.lower())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=voucher.code)).to_be_visible()
    expect(page.locator(".figure").first).to_contain_text("18,00 €")
    check(page, violations)
    page.goto(f"{guichet}/bons/")
    page.get_by_role("link", name="Émettre un bon gratuit").click()
    page.get_by_label("Valeur").fill("25")
    page.get_by_role("button", name="Émettre").click()
    page.get_by_label("Code du responsable").fill("marc")
    page.get_by_label("PIN").fill(PIN)
    check(page, violations)
    page.get_by_role("button", name="Émettre").click()
    expect(page.locator(".change-due")).to_contain_text("25,00 €")
    check(page, violations)


def test_the_coins_of_a_contact_without_credit_are_not_there(
    guichet: str, page: Page, sold: CheckoutResult, zoe: Contact
) -> None:
    page.goto(f"{guichet}/commandes/{sold.order.pk}/")
    expect(page.locator(".contact").first).to_contain_text(zoe.label)
    expect(page.locator(".coins")).to_have_count(0)
