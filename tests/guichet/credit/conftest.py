"""Zoé at the counter, with credit or without."""

import pytest
from django.core.cache import cache

from contacts.models import Contact
from tests.counter import Counter
from tests.venue import Venue


@pytest.fixture(autouse=True)
def nobody_typed_a_wrong_pin(db: None) -> None:
    cache.clear()


@pytest.fixture
def zoe(venue: Venue) -> Contact:
    """Zoé, a customer."""
    return venue.contact()


@pytest.fixture
def rich(venue: Venue, zoe: Contact, counter: Counter) -> Contact:
    """Zoé with 500 €: more than an operator pays back alone."""
    counter.deposit(zoe, "500.00")
    return zoe
