"""What was counted before what is expected was shown: written once, sealed, verified (G6)."""

import uuid

import pytest

from contacts.models import Contact, User
from institution_settings.choices import Role
from journal.errors import TillClosed
from payments.services import close_till, record_blind_count
from tests.counter import Counter
from tests.payments.books import books, refused
from tests.payments.tills.reports import close
from tests.tampering import tamper
from tests.venue import Venue
from tests.verified import findings
from tills.errors import TillOfAnother
from tills.models import BlindCount
from tills.selectors import Desk


@pytest.fixture
def desk(venue: Venue, zoe: Contact) -> Desk:
    """A till with a float of 100 € that sold for 20 € in cash and 20 € by card."""
    desk = venue.open("G1", float_="100.00")
    for mode in ("ESPECES", "CB"):
        Counter(venue, desk=desk).sell(["20.00"], (mode, "20.00"), contact=zoe)
    return desk


def count(
    venue: Venue, desk: Desk, key: uuid.UUID | None = None, **counted: str
) -> list[BlindCount]:
    return record_blind_count(
        claim=venue.claim(key),
        desk=desk,
        counted={venue.modes[mode].pk: venue.money(amount) for mode, amount in counted.items()},
        operator=venue.operator,
    )


def test_each_mode_that_was_counted_has_its_row(venue: Venue, desk: Desk) -> None:
    rows = count(venue, desk, ESPECES="115.00", CB="20.00")
    assert [(row.mode.code, row.counted_minor, row.expected_minor) for row in rows] == [
        ("ESPECES", 11500, 12000),
        ("CB", 2000, 2000),
    ]
    assert {row.operator for row in rows} == {venue.operator}
    assert findings() == []


def test_a_repeat_is_the_same_count_and_the_forms_key_still_closes(
    venue: Venue, desk: Desk
) -> None:
    key = uuid.uuid4()
    first = count(venue, desk, key, ESPECES="115.00")
    before = books()
    assert count(venue, desk, key, ESPECES="115.00") == first
    assert books() == before
    assert count(venue, desk, key, ESPECES="116.00") != first
    session = close_till(
        claim=venue.claim(key),
        desk=desk,
        counted={venue.modes["ESPECES"].pk: venue.money("120.00")},
        operator=venue.operator,
    )
    assert (session.counts.get(mode__code="ESPECES").counted_minor, findings()) == (12000, [])


def test_a_closed_till_is_counted_no_more(venue: Venue, desk: Desk) -> None:
    close(venue, desk, ESPECES="120.00")
    with refused(TillClosed):
        count(venue, desk, ESPECES="115.00")


def test_nobody_counts_somebody_elses_till(venue: Venue, desk: Desk) -> None:
    karim = User.objects.create(email="karim@tilleuls.example", code="karim", role=Role.OPERATOR)
    with refused(TillOfAnother):
        record_blind_count(claim=venue.claim(), desk=desk, counted={}, operator=karim)


@pytest.mark.parametrize("change", ["counted_minor = 12000", "expected_minor = 11500"])
def test_verify_finds_a_count_that_was_changed(venue: Venue, desk: Desk, change: str) -> None:
    count(venue, desk, ESPECES="115.00")
    tamper(f"UPDATE tills_blindcount SET {change}")
    assert len(findings()) == 1


def test_verify_finds_a_count_that_is_gone(venue: Venue, desk: Desk) -> None:
    count(venue, desk, ESPECES="115.00")
    tamper("DELETE FROM tills_blindcount")
    assert len(findings()) == 1
