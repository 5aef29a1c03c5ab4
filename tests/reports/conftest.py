"""Readers of reports, and what they see: rows of a page, lines of a paper."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pypdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact, User
from contacts.services import create_operator
from credit.models import Movement
from institution_settings.choices import Role
from institution_settings.money import format_amount
from payments.choices import IdentityDocument
from payments.services import MoneyRequest, make_deposit, make_payout
from reports.selectors.bordereau import Bordereau
from reports.selectors.filters import BordereauFilter
from reports.selectors.sums import Sums
from tests.counter import Counter
from tests.october import October
from tests.reports.evening import Evening
from tests.venue import PASSWORD, Venue
from tills.selectors import Desk, desk_of
from tills.services import open_session

OCTOBER = BordereauFilter(first=date(2026, 10, 1), last=date(2026, 10, 31), currency="EUR")
PERIOD = {"first": "2026-10-01", "last": "2026-10-31"}


def told(sums: Sums) -> tuple[int, str, str]:
    """Count, debits and credits as they are shown."""
    return sums.count, format_amount(sums.debits), format_amount(sums.credits)


def plain(text: str) -> str:
    """A text with single spaces: on paper a no-break space is a space."""
    return " ".join(text.split())


def shown(report: Bordereau) -> list[list[str]]:
    """The cells of a bordereau's rows."""
    return [[plain(text) for _column, text in row.cells] for row in report.rows]


class _Rows(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.inside = False

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
            self.inside = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr"):
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.rows[-1][-1] += data


def table_rows(html: str) -> list[list[str]]:
    """The cells of every table row of a page."""
    parser = _Rows()
    parser.feed(html)
    return [[plain(cell) for cell in row] for row in parser.rows]


def paper_rows(pdf: bytes) -> list[list[str]]:
    """The lines of a paper, each as its cells that are not empty."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    lines = "\n".join(page.extract_text(extraction_mode="layout") for page in pages).splitlines()
    return [[plain(cell) for cell in re.split(r" {2,}", line.strip())] for line in lines]


class Reader:
    """A browser in a reader's hands."""

    def __init__(self, user: User | None) -> None:
        self.client = Client()
        if user:
            self.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def get(self, page: str = "bordereau", **query: object) -> Any:
        """Look at a page."""
        return self.client.get(reverse(f"reports:{page}"), query)

    def rows(self, **query: object) -> list[list[str]]:
        """The rows of movements on the page: those that begin with their number."""
        rows = table_rows(self.get(**query).content.decode())
        return [row for row in rows if row and row[0].isdigit()]

    def count_queries(self, **query: object) -> int:
        """Return how many queries the page costs."""
        with CaptureQueriesContext(connection) as queries:
            assert self.get(**query).status_code == 200
        return len(queries)


class Money:
    """Deposits and payouts in cash at any till, by its operator, at any moment."""

    def __init__(self, venue: Venue) -> None:
        self.venue = venue

    def open(self, code: str, at: datetime, operator: User | None = None) -> Desk:
        """Open a till; another operator than the venue's may do it."""
        operator = operator or self.venue.operator
        session = open_session(
            claim=self.venue.claim(),
            till=self.venue.tills[code],
            opening_float=self.venue.money("0"),
            operator=operator,
            at=at,
        )
        return desk_of(session=session, operator=operator)

    def deposit(self, desk: Desk, contact: Contact, amount: str, at: datetime) -> Movement:
        """Put money on a contact's credit."""
        payment = make_deposit(
            claim=self.venue.claim(), desk=desk, request=self._cash(contact, amount), at=at
        )
        return Movement.objects.get(pk=payment.movement_id)

    def payout(self, desk: Desk, contact: Contact, amount: str, at: datetime) -> Movement:
        """Give credit back as money."""
        shown = replace(self._cash(contact, amount), identity=IdentityDocument.ID_CARD)
        payment = make_payout(claim=self.venue.claim(), desk=desk, request=shown, at=at)
        return Movement.objects.get(pk=payment.movement_id)

    def _cash(self, contact: Contact, amount: str) -> MoneyRequest:
        return MoneyRequest(
            contact_id=contact.pk,
            mode_id=self.venue.modes["ESPECES"].pk,
            amount=self.venue.money(amount),
        )


@pytest.fixture
def october(venue: Venue) -> October:
    """The fixture of fiscal.md §7.4, played."""
    played = October(venue)
    played.play()
    return played


@pytest.fixture
def money(venue: Venue) -> Money:
    """Cash at the venue's tills."""
    return Money(venue)


@pytest.fixture
def person(venue: Venue) -> Callable[..., User]:
    """Somebody with a role, Karim unless named otherwise."""

    def make(role: Role, name: str = "Karim") -> User:
        if role == Role.CUSTOMER:
            return User.objects.create_user("client@example.org", PASSWORD)
        return create_operator(
            email=f"{name.lower()}@tilleuls.example",
            password=PASSWORD,
            name=name,
            code=name.lower(),
            role=role,
            points_of_sale=[venue.counter],
        )

    return make


@pytest.fixture
def claire(person: Callable[..., User]) -> Reader:
    """Claire, the accountant."""
    return Reader(person(Role.ACCOUNTANT, "Claire"))


@pytest.fixture
def evening(counter: Counter) -> Evening:
    """*Cyrano* tonight, in two hours."""
    return Evening(counter, timezone.now().replace(microsecond=0) + timedelta(hours=2))
