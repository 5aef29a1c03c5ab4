"""Whatever an address or a form holds, the answer is a page or a refusal: never a failure of ours.

Every name of the counter's and the reports' addresses is asked with every field it reads.
"""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

import guichet.urls
import reports.urls
from tests.busy import BusyVenue
from tests.guichet.asked import PAGES, Asked
from tests.guichet.conftest import Person
from tests.venue import Venue

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
HTMX = {"HX-Request": "true"}
# What a text may be instead of what was asked for.
TEXTS = (
    "",
    "Zo\x00é",
    "\ud800",
    "1e400",
    "-1",
    "0",
    str(2**63),
    str(10**30),
    "0" * 21 + "9" * 30,
    "0" * 5000,
    "x" * 100_000,
    "١٢",
    "2026-02-31",
    "99999-01-01",
    "{'a': [1]}",
    "%s%00\u202e'\"<script>",
)
# What stands for an id in an address: whatever the converter lets through.
IDS = ("0", str(2**31), str(2**63 - 1), str(2**63), str(10**30), "9" * 5000)


@pytest.fixture(autouse=True)
def nobody_typed_anything_wrong(db: None) -> Iterator[None]:
    """Wrong codes and PINs are counted; those typed here do not hold up another test."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def busy(venue: Venue) -> BusyVenue:
    return BusyVenue(venue)


@pytest.fixture
def client(busy: BusyVenue) -> Client:
    """Léa's browser at till G1, in which a failure is an answer like any other."""
    person = Person(busy.venue, busy.venue.operator).stand_at("G1")
    person.client.raise_request_exception = False
    return person.client


def encoded(fields: Mapping[str, object]) -> str:
    """Return fields as a browser sends them; lists as several of a name; halves of characters."""
    pairs = [
        (name, one)
        for name, value in fields.items()
        for one in (value if isinstance(value, list) else [value])
    ]
    return "&".join(f"{_quoted(name)}={_quoted(str(value))}" for name, value in pairs)


def _quoted(text: str) -> str:
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="")


def spoilt(fields: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield the fields with one of them spoilt, in every way, and the words that say how."""
    for name, right in fields.items():
        for text in TEXTS:
            yield f"{name}={text[:30]!r} ({len(text)})", {**fields, name: text}
        yield f"{name} twice", {**fields, name: [right, right, "x"]}
        yield f"{name} as an array", {**fields, f"{name}[]": right, f"{name}[a][b]": right}
        yield f"{name} missing", {other: value for other, value in fields.items() if other != name}
    yield "everything spoilt", dict.fromkeys(fields, "\x00\ud800" + "9" * 400)


def addresses(name: str, asked: Asked) -> Iterator[str]:
    """Yield the address of a page with each of its ids replaced."""
    right = reverse(name, args=asked.ids)
    for at, known in enumerate(asked.ids):
        ids = list(asked.ids)
        for wrong in IDS:
            ids[at] = 987654321
            yield reverse(name, args=ids).replace("987654321", wrong)
        assert str(known) in right


def failure(answer: Any, said: str) -> list[str]:
    """Return one line about an answer that is our fault, none about any other."""
    if answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
        return []
    return [f"{answer.request['REQUEST_METHOD']} {said}: {answer.exc_info and answer.exc_info[1]}"]


def ask(client: Client, address: str, asked: Asked) -> Iterator[tuple[Any, str]]:
    """Ask one page for everything; a PDF is drawn from all its filters, not from each."""
    fields = dict(asked.query or {})
    wrong = spoilt(fields) if not address.endswith(".pdf") else _all_at_once(fields)
    for said, query in wrong:
        yield client.get(f"{address}?{encoded(query)}"), said
    for form in asked.forms:
        for at, (said, typed) in enumerate(spoilt(form)):
            headers = HTMX if at % 2 else {}
            yield client.post(address, encoded(typed), content_type=FORM, headers=headers), said


def _all_at_once(fields: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    for text in ("\x00", "\ud800", "9" * 400):
        yield f"all {text[:9]!r}", dict.fromkeys(fields, text)


@pytest.mark.parametrize("name", PAGES)
def test_garbage_is_answered(client: Client, busy: BusyVenue, name: str) -> None:
    asked = PAGES[name](busy)
    away = client.get(reverse(name, args=asked.ids)).get("Location")
    assert away != reverse("guichet:tills")
    failures: list[str] = []
    for address in addresses(name, asked):
        failures += failure(client.get(address), address[:80])
        failures += failure(client.post(address, {}), address[:80])
    for answer, said in ask(client, reverse(name, args=asked.ids), asked):
        failures += failure(answer, said)
    assert failures == []


@pytest.mark.parametrize("text", [text for text in TEXTS if text.isascii()])
def test_garbage_in_cookies_is_answered(client: Client, text: str) -> None:
    for name in ("theme", "hotkeys", "django_language", "messages"):
        client.cookies[name] = text
    assert client.get(reverse("guichet:orders")).status_code == HTTPStatus.OK
    client.cookies["sessionid"] = text
    assert client.get(reverse("guichet:orders")).status_code == HTTPStatus.FOUND


@pytest.mark.parametrize("where", ["", "http://[", "//", "%ED%A0%80", "x" * 5000])
def test_garbage_of_htmx_is_answered(client: Client, where: str) -> None:
    headers = {**HTMX, "HX-Current-URL": where, "HX-Target": where, "HX-Trigger-Name": where}
    client.cookies.clear()
    answer = client.get(reverse("guichet:orders"), headers=headers)
    assert (answer.status_code, "HX-Redirect" in answer) == (HTTPStatus.OK, True)


def test_halves_of_characters_smuggled_in_by_a_charset_are_answered(
    client: Client, busy: BusyVenue
) -> None:
    """UTF-7 may spell what no UTF-8 can: a lone surrogate, which no database takes."""
    fields = {"last_name": "+2AA-", "kind": "person", "country": "FR", "confirmed": "1"}
    body = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    kind = "multipart/form-data; boundary=x; charset=utf-7"
    for name, *ids in (("new_contact",), ("deposit", busy.zoe.pk), ("vouchers",)):
        address = reverse(f"guichet:{name}", args=ids)
        answer = client.generic("POST", address, body + "--x--\r\n", content_type=kind)
        assert answer.status_code == HTTPStatus.BAD_REQUEST


def test_no_address_is_left_out() -> None:
    named = {
        f"{urls.app_name}:{each.name}"
        for urls in (guichet.urls, reports.urls)
        for each in urls.urlpatterns
    }
    assert set(PAGES) == named
