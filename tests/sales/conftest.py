"""The show that the tests of sales sell."""

import pytest

from tests.sales.show import Show, build_show
from tests.venue import Venue


@pytest.fixture
def show(venue: Venue) -> Show:
    """A show on sale, till G1 open."""
    return build_show(venue)


@pytest.fixture
def committed_show(committed_venue: Venue) -> Show:
    """The same, committed: for races between connections."""
    return build_show(committed_venue)
