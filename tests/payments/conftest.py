"""Who comes to the counter in the tests of payments, and the same counter in Switzerland."""

import pytest

from contacts.models import Contact
from tests.counter import Counter
from tests.venue import Venue, build_venue


@pytest.fixture
def zoe(venue: Venue) -> Contact:
    """A customer."""
    return venue.contact()


@pytest.fixture
def swiss(db: None) -> Venue:
    """A venue in francs."""
    return build_venue(currency="CHF")


@pytest.fixture
def francs(swiss: Venue) -> Counter:
    """Its counter."""
    return Counter(swiss)
