"""The vouchers a contact bought, on the contact's page (spec G7, C10)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from contacts.models import Contact
from guichet.selectors.vouchers import list_contact_vouchers
from payments.models import Voucher
from payments.selectors import vouchers as selectors
from payments.services import merge_contacts
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.venue import Venue
from tests.vouchers import gift_card, sell

pytestmark = pytest.mark.django_db


@pytest.fixture
def zoe(venue: Venue) -> Contact:
    return venue.contact("Lefèvre", "Zoé")


@pytest.fixture
def bought(counter: Counter, zoe: Contact) -> Voucher:
    """A gift card of 50 € that Zoé bought."""
    return sell(counter, "50.00", gift_card(), contact=zoe)


def shown(person: Person, contact: Contact, **query: object) -> list[tuple[str, str, str]]:
    """What the tab says: the end of each code, what is left, its state."""
    page = person.get("contact_vouchers", contact.pk, **query).context["page"]
    return [(row.ending, str(row.voucher.balance.amount), row.state) for row in page.rows]


def test_the_buyer_sees_what_is_left_whoever_spends_it(
    venue: Venue, lea: Person, counter: Counter, zoe: Contact, bought: Voucher
) -> None:
    jean = venue.contact("Martin", "Jean")
    ending = bought.code[-4:]
    assert shown(lea, zoe) == [(ending, "50.00", "usable")]
    counter.sell(["20.00"], ("BON", "20.00", bought.code), contact=jean)
    assert shown(lea, zoe) == [(ending, "30.00", "usable")]
    assert shown(lea, jean) == []
    counter.sell(["30.00"], ("BON", "30.00", bought.code))
    assert shown(lea, zoe) == [(ending, "0.00", "spent")]


def test_the_code_itself_is_nowhere_on_the_page(lea: Person, zoe: Contact, bought: Voucher) -> None:
    html = lea.get("contact_vouchers", zoe.pk).content.decode()
    assert (html.count(bought.code), html.count(f"…{bought.code[-4:]}")) == (0, 1)


def test_one_that_is_over_stays_on_the_list(zoe: Contact, bought: Voucher) -> None:
    assert bought.expires_on is not None
    for days, state in ((0, "usable"), (1, "expired")):
        today = bought.expires_on + timedelta(days=days)
        page = list_contact_vouchers(contact_id=zoe.pk, before=None, today=today)
        assert [(row.voucher, row.state) for row in page.rows] == [(bought, state)]


def test_those_of_who_was_merged_are_among_them(
    venue: Venue, lea: Person, counter: Counter, zoe: Contact, bought: Voucher
) -> None:
    kept = venue.contact("Lefèvre", "Zoé")
    own = sell(counter, "10.00", bought.type, contact=kept)
    merge_contacts(
        claim=venue.claim(),
        desk=counter.desk,
        kept_id=kept.pk,
        merged_id=zoe.pk,
        approved_by=venue.supervisor,
    )
    assert [line[1] for line in shown(lea, kept)] == ["10.00", "50.00"]
    moved = lea.get("contact_vouchers", zoe.pk)
    assert (moved.status_code, moved["Location"]) == (302, f"/guichet/contacts/{kept.pk}/bons/")
    assert own.code[-4:] == shown(lea, kept)[0][0]


def test_a_long_list_has_pages_of_the_same_cost(
    lea: Person,
    counter: Counter,
    zoe: Contact,
    bought: Voucher,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = lea.count_queries("contact_vouchers", zoe.pk)
    for value in ("11.00", "12.00", "13.00"):
        sell(counter, value, bought.type, contact=zoe)
    assert lea.count_queries("contact_vouchers", zoe.pk) == one
    monkeypatch.setattr(selectors, "PAGE", 2)
    first = lea.get("contact_vouchers", zoe.pk).context["page"]
    assert [line[1] for line in shown(lea, zoe)] == ["13.00", "12.00"]
    rest = shown(lea, zoe, before=first.next_before)
    assert [line[1] for line in rest] == ["11.00", "50.00"]


def test_who_may_see_them(zoe: Contact, ladder: Callable[..., None]) -> None:
    ladder("contact_vouchers", zoe.pk)
