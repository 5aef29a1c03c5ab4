"""Every page there is: whole, accessible and within the screen, in both themes, at three widths.

What each page does is told by the journeys beside this one.
"""

from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

import guichet.urls
import reports.urls
from tests.busy import BusyVenue
from tests.guichet.conftest import Person
from tests.journeys.walk import WAYS, Stop
from tests.venue import Venue

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

Violations = Callable[[Page], list[str]]
WIDTHS = (1440, 768, 320)
CUT_TABLES = """() => [...document.querySelectorAll("main .table-wrap")]
  .filter((one) => one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.innerText.slice(0, 60))"""
# Nothing is shown at these: tables to download, and what leads to a page that is walked.
POSTED = {
    "guichet:credit_csv",
    "guichet:credit_xlsx",
    "guichet:release_hold",
    "guichet:choose_refund",
    "guichet:take_till",
    "guichet:print_receipt",
    "reports:close_takings",
    "guichet:sale_quantity",
    "guichet:sale_tenders",
    "guichet:sale_pay",
    "guichet:sale_keep",
    "guichet:sale_reserve",
    "guichet:sale_abandon",
    "guichet:cancel_order",
}


class Inline(HTMLParser):
    """What a strict policy forbids in a page: styles, scripts and handlers written into it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what stands in a tag that should stand in a file."""
        names = {name for name, _value in attrs}
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(f"<{tag}> at {self.getpos()}")
        for name, value in attrs:
            if name == "style" or name.startswith("on") or (value or "").startswith("javascript:"):
                self.found.append(f"{name} of <{tag}> at {self.getpos()}")


class Eyes:
    """What somebody sees of a page who looks for faults only."""

    def __init__(self, page: Page, url: str, violations: Violations) -> None:
        self.page = page
        self.url = url
        self.violations = violations
        self.said: list[str] = []
        page.on("console", lambda one: self.said.append(one.text) if one.type == "error" else None)
        page.on("pageerror", lambda error: self.said.append(str(error)))

    def faults(self, stop: Stop) -> list[str]:
        """Return what is wrong with a page, one line each."""
        self.said.clear()
        if stop.is_paper:
            answer = self.page.request.get(self.url + stop.path)
            kind = answer.headers["content-type"]
            paper = (answer.status, kind) == (200, "application/pdf")
            return [] if paper else [f"{answer.status} {kind}"]
        self.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        page = self.page.goto(self.url + stop.path)
        assert page is not None
        expect(self.page.locator("h1").first).to_be_attached()
        found = [] if page.status == 200 else [f"status {page.status}"]
        if not stop.name.startswith("admin:"):  # what Django writes there is Django's
            found += Inline(page.text()).found
        if stop.hands:
            stop.hands(self.page)
        # The bordereau is as wide as its paper; what the counter needs is all in sight.
        may_scroll = not stop.name.startswith("guichet:")
        return found + self._look(may_scroll=may_scroll) + self.said

    def _look(self, *, may_scroll: bool) -> list[str]:
        found = []
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            if wide != width:
                found.append(f"{wide} px wide at {width}")
            cut = [] if may_scroll else self.page.evaluate(CUT_TABLES)
            found += [f"columns cut at {width}: {each}" for each in cut]
            if width == 768:
                continue
            for theme in ("light", "dark"):
                self.page.emulate_media(color_scheme=theme)
                found += [f"{width} px, {theme}: {each}" for each in self.violations(self.page)]
        return found


@pytest.fixture
def busy(committed_venue: Venue) -> BusyVenue:
    return BusyVenue(committed_venue)


@pytest.mark.parametrize("name", WAYS)
def test_every_page_is_whole_accessible_and_fits_every_screen(
    live_server: LiveServer, page: Page, busy: BusyVenue, violations: Violations, name: str
) -> None:
    way = WAYS[name]
    if who := way.who(busy):
        person = Person(busy.venue, who).stand_at("G1")
        cookie = person.client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    eyes = Eyes(page, live_server.url, violations)
    looked = [(stop.path, eyes.faults(stop)) for stop in way.stops(busy)]
    assert [(path, faults) for path, faults in looked if faults] == []


def test_no_page_is_left_out(busy: BusyVenue) -> None:
    walked = {stop.name for way in WAYS.values() for stop in way.stops(busy)}
    named = {
        f"{urls.app_name}:{each.name}"
        for urls in (guichet.urls, reports.urls)
        for each in urls.urlpatterns
    }
    ours = {name for name in walked if name.startswith(("guichet:", "reports:"))}
    assert ours == named - POSTED
