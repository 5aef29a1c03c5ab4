"""Tills, contacts and credit in a real browser: by keyboard alone, accessible, at any width."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from contacts.models import Contact
from credit.selectors import get_standing
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.venue import PIN, Venue

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

Violations = Callable[[Page], list[str]]


@pytest.fixture
def zoe(committed_venue: Venue) -> Contact:
    """Zoé, who has credit, an order, a correction and a name-sake."""
    zoe, counter = committed_venue.contact(), Counter(committed_venue)
    counter.sell(["21.10", "21.10"], ("ESPECES", "42.20"), contact=zoe)
    counter.deposit(zoe, "50.00")
    counter.deposit(zoe, "30.00", "CHEQUE")
    committed_venue.contact("Lefort", "Marie")
    return zoe


@pytest.fixture
def desk(live_server: LiveServer, page: Page, committed_venue: Venue, zoe: Contact) -> str:
    """A browser in Léa's hands at till G1; returns where the counter begins."""
    lea = Person(committed_venue, committed_venue.operator).stand_at("G1")
    cookie = lea.client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    return f"{live_server.url}/guichet/"


def press(page: Page, *keys: str) -> None:
    """Press keys one after the other, as a hand does that sees where it is; letters are typed.

    Nobody presses Space before the focus has moved there: Tab waits for it.
    """
    for key in keys:
        if key == "Tab":
            before = page.evaluate_handle("document.activeElement")
            page.keyboard.press(key)
            page.wait_for_function("before => document.activeElement !== before", arg=before)
            continue
        if len(key) == 1 or key in ("Enter", "Space", "ArrowDown", "Escape"):
            page.keyboard.press(key)
        else:
            page.keyboard.type(key)


@pytest.mark.parametrize(
    "path",
    [
        "caisses/",
        "caisses/{g2}/ouvrir/",
        "caisse/",
        "caisse/fermer/",
        "contacts/?q=lef",
        "contacts/?q=nobody",
        "contacts/nouveau/",
        "contacts/{zoe}/",
        "contacts/{zoe}/modifier/",
        "contacts/{zoe}/avoir/",
        "contacts/{zoe}/avoir/alimenter/",
        "contacts/{zoe}/avoir/rembourser/",
    ],
)
def test_page_is_accessible_and_fits_every_screen(
    desk: str,
    page: Page,
    zoe: Contact,
    committed_venue: Venue,
    violations: Violations,
    path: str,
) -> None:
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
    page.goto(desk + path.format(zoe=zoe.pk, g2=committed_venue.tills["G2"].pk))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        assert violations(page) == [], theme
    for width in (1440, 768, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == width
    assert violations(page) == [], "at 320 px"
    assert said == []


def test_a_contact_is_found_and_credited_without_a_mouse(
    desk: str, page: Page, zoe: Contact, committed_venue: Venue, violations: Violations
) -> None:
    page.goto(desk + "contacts/")
    press(page, "lef")
    expect(page.get_by_role("status").first).to_have_text("2 contacts")
    press(page, "ArrowDown", "ArrowDown", "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Marie Lefort")

    page.get_by_role("link", name="Solde avoir").focus()
    press(page, "Enter")
    page.get_by_role("link", name="Alimenter").focus()
    press(page, "Enter")
    expect(page.get_by_label("Montant")).to_be_focused()
    press(page, "20", "Tab", "Space", "Enter")
    done = page.get_by_text("20,00 € versés sur le compte d’avoir")
    expect(done).to_be_visible()
    expect(page.get_by_role("link", name="Imprimer le reçu")).to_be_focused()
    assert violations(page) == []
    marie = Contact.objects.get(last_name="Lefort")
    standing = get_standing(contact_id=marie.pk, currency="EUR")
    assert standing.balance == committed_venue.money("20.00")


def test_the_coins_tell_the_amount_to_the_keyboard(desk: str, page: Page, zoe: Contact) -> None:
    page.goto(desk + "contacts/?q=zoe")
    expect(page.locator("main").get_by_role("searchbox")).to_be_focused()
    press(page, "Tab")
    expect(page.locator(".pick")).to_be_focused()
    press(page, "Tab")
    chip = page.locator(".coins").get_by_role("button")
    expect(chip).to_be_focused()
    expect(chip).to_have_accessible_name("Solde avoir\u00a0: 80,00 €")
    expect(page.locator(".coins").get_by_role("tooltip")).to_be_visible()


def test_a_supervisor_approves_on_the_operators_screen(
    desk: str, page: Page, zoe: Contact, committed_venue: Venue, violations: Violations
) -> None:
    Counter(committed_venue).deposit(zoe, "200.00")
    page.goto(desk + f"contacts/{zoe.pk}/avoir/rembourser/")
    press(page, "160", "Tab", "ArrowDown", "ArrowDown", "ArrowDown", "Enter")  # by transfer
    expect(page.get_by_label("Code du responsable")).to_be_focused()
    expect(page.get_by_label("Montant")).to_have_value("160")
    assert violations(page) == []
    press(page, "marc", "Tab", "0000", "Enter")
    expect(page.get_by_label("Code PIN")).to_be_focused()
    expect(page.get_by_label("Code PIN")).to_have_value("")
    assert violations(page) == []
    press(page, PIN, "Enter")
    expect(page.get_by_text("160,00 € restitués")).to_be_visible()


def test_a_till_is_counted_closed_and_printed(
    desk: str, page: Page, zoe: Contact, violations: Violations
) -> None:
    page.goto(desk + "caisse/fermer/")
    page.get_by_label("Especes, compté").focus()
    press(page, "90", "Tab", "30", "Enter")
    expect(page.get_by_role("alert")).to_contain_text("Le compte diffère de ce qui est attendu")
    assert violations(page) == []
    page.get_by_role("button", name="Fermer avec cet écart").focus()
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Z-G1-0001")
    expect(page.locator(".figure.danger dd")).to_have_text("-2,20 €")
    assert violations(page) == []
    for width in (768, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == width
