"""A counter with a voucher, and nobody who guessed codes."""

import pytest
from django.core.cache import cache

from payments.models import Voucher
from tests.counter import Counter
from tests.venue import Venue


@pytest.fixture(autouse=True)
def nothing_was_guessed(db: None) -> None:
    cache.clear()


@pytest.fixture
def counter(venue: Venue) -> Counter:
    return Counter(venue)


@pytest.fixture
def voucher(counter: Counter) -> Voucher:
    """A voucher of 50 €, 20 € of it spent."""
    sold = counter.sell_voucher("50.00")
    counter.sell(["20.00"], ("BON", "20.00", sold.code))
    sold.refresh_from_db()
    return sold
