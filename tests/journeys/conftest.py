"""A real browser: the system's Chromium, speaking French, at the venue's time."""

import os
import shutil
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

# Playwright's synchronous API runs an event loop in this thread; our ORM calls are not inside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

# A page is there when it is there: a machine that runs many browsers at once is slow, not wrong.
expect.set_options(timeout=20_000)

BROWSERS = ("chromium", "chromium-headless-shell", "google-chrome", "chromium-browser")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the installed browser; without sandbox where the tests run as root."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    args = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": found, "args": args}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Ask for French, the venue's time zone, and no motion: nothing is measured half way."""
    return {
        **browser_context_args,
        "locale": "fr-FR",
        "timezone_id": "Europe/Paris",
        "reduced_motion": "reduce",
    }


@pytest.fixture
def violations() -> Callable[[Page], list[str]]:
    """What axe finds against WCAG 2.2 A and AA on a page, one line each."""

    only = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}

    def run(page: Page) -> list[str]:
        found = Axe().run(page, options=only)
        return [
            f"{rule['id']}: {node['target']} {node['html'][:120]}"
            for rule in found.response["violations"]
            for node in rule["nodes"]
        ]

    return run
