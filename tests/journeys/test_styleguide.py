"""The design system in a real browser: accessible, within the screen, chips and keys at work."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from config.views import STYLEGUIDE_PAGES

SMALL_TARGETS = """() => [...document.querySelectorAll(
    "button, .button, select, summary, label.choice, nav a, input:not([type=hidden], .choice *)")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 43.5)
  .map((one) => one.outerHTML.slice(0, 100))"""
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def silent_console(page: Page) -> list[str]:
    """Collect what the browser complains of: scripts that fail, styles the CSP refuses."""
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


@pytest.mark.parametrize("name", STYLEGUIDE_PAGES)
def test_page_is_accessible_and_fits_every_screen(
    live_server: LiveServer,
    page: Page,
    violations: Callable[[Page], list[str]],
    silent_console: list[str],
    name: str,
) -> None:
    page.goto(f"{live_server.url}/styleguide/{name}/")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        assert violations(page) == [], theme
    for width in (1440, 768, 320):
        page.set_viewport_size({"width": width, "height": 800})
        expect(page.locator("html")).to_have_js_property("scrollWidth", width)
    assert violations(page) == [], "at 320 px"
    assert silent_console == []


@pytest.mark.parametrize("path", ["/comptes/login/", "/comptes/password/reset/", "/nowhere/"])
def test_doors_and_dead_ends_are_accessible(
    live_server: LiveServer, page: Page, violations: Callable[[Page], list[str]], path: str
) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{live_server.url}{path}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        assert violations(page) == [], theme
    expect(page.locator("html")).to_have_js_property("scrollWidth", 320)


def test_shop_targets_fit_a_thumb(live_server: LiveServer, page: Page) -> None:
    """44 px for what is pressed; links inside text are exempt (WCAG 2.5.8)."""
    page.set_viewport_size({"width": 320, "height": 800})
    for name in ("shop", "event", "checkout"):
        page.goto(f"{live_server.url}/styleguide/{name}/")
        assert page.evaluate(SMALL_TARGETS) == []


def test_coins_tell_the_amount_on_hover_focus_and_tap(live_server: LiveServer, page: Page) -> None:
    page.goto(f"{live_server.url}/styleguide/contact/")
    coins = page.locator(".coins").first
    chip = coins.get_by_role("button")
    amount = coins.get_by_role("tooltip")
    expect(amount).not_to_be_visible()
    expect(chip).to_have_accessible_name("Solde avoir\u00a0: 12,40 €, dont 5,00 € réservés")

    chip.hover()
    expect(amount).to_have_text("12,40 € dont 5,00 € réservés")
    expect(amount).to_be_visible()
    amount.hover()  # the bubble may be hovered without closing
    expect(amount).to_be_visible()
    page.mouse.move(5, 5)
    expect(amount).not_to_be_visible()

    chip.focus()
    expect(amount).to_be_visible()
    page.keyboard.press("Escape")
    expect(amount).not_to_be_visible()
    expect(chip).to_be_focused()


def test_coins_answer_a_finger(live_server: LiveServer, browser: object) -> None:
    context = browser.new_context(has_touch=True, viewport={"width": 320, "height": 700})  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(f"{live_server.url}/styleguide/search/")
    coins = page.locator(".coins").first
    coins.get_by_role("button").tap()
    expect(coins.get_by_role("tooltip")).to_be_visible()
    box = coins.get_by_role("tooltip").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    page.get_by_role("heading", level=1).tap()
    expect(coins.get_by_role("tooltip")).not_to_be_visible()
    context.close()


def test_coins_work_without_scripts(live_server: LiveServer, browser: object) -> None:
    context = browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(f"{live_server.url}/styleguide/contact/")
    coins = page.locator(".coins").first
    expect(coins.get_by_role("tooltip")).not_to_be_visible()
    coins.get_by_role("button").focus()
    expect(coins.get_by_role("tooltip")).to_be_visible()
    context.close()


def test_keys_reach_search_panel_and_help(live_server: LiveServer, page: Page) -> None:
    page.goto(f"{live_server.url}/styleguide/counter/")
    pressed = page.evaluate(
        """() => { window.pressed = [];
           const note = (event) => window.pressed.push(event.currentTarget.dataset.hotkey);
           document.querySelectorAll("#payment [data-hotkey]")
             .forEach((one) => one.addEventListener("click", note));
           return window.pressed }"""
    )
    assert pressed == []
    page.keyboard.press("/")
    expect(page.get_by_label("Chercher une séance")).to_be_focused()
    page.keyboard.press("e")  # a letter typed in a search is a letter
    expect(page.get_by_label("Chercher une séance")).to_have_value("e")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".pick").first).to_be_focused()
    page.keyboard.press("e")  # not in the panel: nothing
    page.get_by_label("Espèces reçues").focus()
    page.keyboard.press("c")
    page.keyboard.press("a")
    assert page.evaluate("window.pressed") == ["c", "a"]
    expect(page.get_by_label("Espèces reçues")).to_have_value("50,00")
    page.keyboard.press("?")  # an amount holds no question mark
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).not_to_be_visible()


def test_money_form_is_sent_once(live_server: LiveServer, page: Page) -> None:
    page.goto(f"{live_server.url}/styleguide/counter/")
    page.evaluate(
        """() => { window.sent = 0; document.addEventListener("submit", (event) => {
           window.sent += 1; event.preventDefault(); }) }"""
    )
    button = page.get_by_role("button", name="Encaisser")
    button.dblclick()
    expect(button).to_be_disabled()
    page.get_by_label("Espèces reçues").press("Enter")
    assert page.evaluate("window.sent") == 1


def test_theme_and_keys_are_remembered(live_server: LiveServer, page: Page) -> None:
    page.goto(f"{live_server.url}/styleguide/contact/")
    page.get_by_role("button", name="Sombre").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.keyboard.press("?")
    page.get_by_role("button", name="Désactiver").click()
    expect(page.locator("html")).to_have_attribute("data-hotkeys", "off")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).not_to_be_visible()
    page.get_by_role("button", name="Comme l’appareil").click()
    expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")


def test_counter_is_steps_on_a_phone(live_server: LiveServer, page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{live_server.url}/styleguide/counter/")
    steps = page.get_by_role("navigation", name="Étapes de la vente")
    expect(page.locator("#list")).to_be_visible()
    expect(page.locator("#payment")).not_to_be_visible()
    steps.get_by_role("link", name="Payer").click()
    expect(page.locator("#payment")).to_be_visible()
    expect(page.locator("#list")).not_to_be_visible()
