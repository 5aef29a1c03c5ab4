"""The bordereau in a real browser: accessible and readable at any width, found by keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from contacts.services import create_operator
from institution_settings.choices import Role
from tests.october import October
from tests.reports.conftest import Reader
from tests.venue import PASSWORD, Venue

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

Violations = Callable[[Page], list[str]]
OCTOBER = "?first=2026-10-01&last=2026-10-31"


@pytest.fixture
def desk(live_server: LiveServer, page: Page, committed_venue: Venue) -> str:
    """A browser in the accountant's hands, after October; returns where the report is."""
    October(committed_venue).play()
    claire = create_operator(
        email="claire@tilleuls.example",
        password=PASSWORD,
        name="Claire",
        code="claire",
        role=Role.ACCOUNTANT,
        points_of_sale=[],
    )
    cookie = Reader(claire).client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    return f"{live_server.url}/rapports/bordereau/"


@pytest.mark.parametrize(
    "query",
    [OCTOBER, f"{OCTOBER}&tills=G1&balance=on", "", "?first=hier&z=Z-G9-1&tills=NO"],
    ids=["month", "filtered", "empty", "refused"],
)
def test_page_is_accessible_and_fits_every_screen(
    desk: str, page: Page, violations: Violations, query: str
) -> None:
    page.goto(desk + query)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        assert violations(page) == [], theme
    for width in (1440, 768, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == width
    assert violations(page) == [], "at 320 px"


def test_a_month_is_narrowed_to_one_z_without_a_mouse(desk: str, page: Page) -> None:
    page.goto(desk)
    page.get_by_label("Du", exact=True).fill("2026-10-01")
    page.get_by_label("Au", exact=True).fill("2026-10-31")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Total général, 10 mouvements, net -22,40")).to_be_visible()
    page.get_by_role("link", name="Z-G2-0002").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Total général, 3 mouvements, net -8,90")).to_be_visible()
    page.get_by_text("Autres filtres").focus()
    expect(page.get_by_role("checkbox", name="Restitution")).to_be_visible()
    page.get_by_role("checkbox", name="Versement").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Aucun mouvement sur cette période")).to_be_visible()
