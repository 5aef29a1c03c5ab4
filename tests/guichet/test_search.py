"""The search of the whole counter: one field, jumped to where one row bears the very number."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from contacts.models import Contact
from journal.selectors import entry_numbers
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.venue import Venue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_guesses_before(db: None) -> None:
    """Unknown codes are counted in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture
def eloise(venue: Venue) -> Contact:
    """Somebody with accents, an e-mail and an order."""
    return Contact.objects.create(
        last_name="Lefèvre", first_name="Éloïse", email="eloise@example.org"
    )


def jump(lea: Person, text: str) -> str:
    answer = lea.post("search", q=text)
    assert answer.status_code == 302
    return str(answer["Location"])


def listed(lea: Person, text: str) -> Any:
    return lea.get("search", q=text).context["found"]


def page(name: str, pk: int) -> str:
    return reverse(f"guichet:{name}", args=[pk])


def test_a_contact_is_jumped_to_by_number_or_e_mail(lea: Person, eloise: Contact) -> None:
    number = str(eloise.number)
    short = f"c{eloise.pk}"
    for text in (number, number.lower(), short, f" {short} ", "Eloise@Example.ORG"):
        assert jump(lea, text) == page("contact", eloise.pk)


def test_an_order_is_jumped_to_by_number(venue: Venue, lea: Person) -> None:
    order = Counter(venue).sell(["21.10"], ("CB", "21.10")).order
    year, digits = str(order.number).split("-")
    for text in (str(order.number), f"{year} {int(digits)}", f"{year}–{digits}", str(order.pk)):
        assert jump(lea, text) == page("order", order.pk)


def test_a_ticket_leads_to_its_order(venue: Venue, lea: Person) -> None:
    sold = Counter(venue).sell(["21.10", "21.10"], ("CB", "42.20"))
    ticket = sold.tickets[1]
    number = entry_numbers(subject_kind="ticket", subject_ids=[ticket.pk])[ticket.pk]
    code, digits = number.split("-")
    for text in (number, f"{code.lower()} {int(digits)}", f"{code} – {digits}"):
        assert jump(lea, text) == page("order", sold.order.pk)
    found = listed(lea, number)
    assert (found.ticket.ticket, found.ticket.number) == (ticket, number)


def test_a_voucher_is_jumped_to_by_its_code_in_no_address(venue: Venue, lea: Person) -> None:
    voucher = Counter(venue).free_voucher("15.00")
    for text in (
        voucher.code,
        voucher.code.lower().replace("-", " "),
        voucher.code.replace("-", ""),
    ):
        assert jump(lea, text) == page("voucher", voucher.pk)
    assert listed(lea, voucher.code).voucher is None
    typing = lea.client.post(
        reverse("guichet:search"), {"q": voucher.code}, headers={"HX-Request": "true"}
    )
    assert typing.context["found"].voucher is None


def test_unknown_codes_are_said_and_counted(venue: Venue, lea: Person) -> None:
    letters = "ACDEFGHJKMN"
    for letter in letters[:10]:
        assert lea.post("search", q=f"ACDEF34GHJK{letter}").status_code == 422
    voucher = Counter(venue).free_voucher("15.00")
    refused = lea.post("search", q=voucher.code)
    assert (refused.status_code, refused.context["found"].voucher) == (422, None)


@pytest.mark.parametrize("text", ["eloise", "ELOISE", "lefevre", "lefèvre eloi", "Lefèvre "])
def test_a_name_lists_contacts_and_their_orders(
    venue: Venue, lea: Person, eloise: Contact, text: str
) -> None:
    order = Counter(venue).sell(["21.10"], ("CB", "21.10"), contact=eloise).order
    assert lea.client.get(jump(lea, text)).status_code == 200
    found = listed(lea, text)
    assert [contact for contact, _standing in found.contacts] == [eloise]
    assert list(found.orders) == [order]


def test_two_of_one_address_are_listed(lea: Person, eloise: Contact) -> None:
    Contact.objects.create(last_name="Lefèvre", first_name="Paul", email=eloise.email)
    assert jump(lea, eloise.email).startswith(reverse("guichet:search"))
    assert len(listed(lea, eloise.email).contacts) == 2


@pytest.mark.parametrize(
    "text", ["", "   ", "\x00", "9" * 79, "G1-" + "9" * 40, "2026-" + "9" * 30, "%", "'", "🎭", "-"]
)
def test_garbage_finds_nothing_and_breaks_nothing(lea: Person, text: str) -> None:
    assert lea.post("search", q=text).status_code == 302
    assert listed(lea, text).is_empty


def test_it_costs_few_queries_whatever_there_is(venue: Venue, lea: Person, eloise: Contact) -> None:
    Counter(venue).sell(["21.10"], ("CB", "21.10"), contact=eloise)
    once = lea.count_queries("search", q="lef")
    for _more in range(5):
        other = venue.contact("Lefort", "Marie")
        Counter(venue).sell(["21.10"], ("CB", "21.10"), contact=other)
    assert lea.count_queries("search", q="lef") == once <= 9


def test_it_is_for_whoever_sells_at_a_till(ladder: Callable[..., None]) -> None:
    ladder("search")
