"""What every test may ask for."""

import pytest
from hypothesis import settings

from tests.venue import Venue, build_venue

# The same examples in every run, and no time limit that a busy machine could miss.
settings.register_profile("house", derandomize=True, deadline=None, database=None)
settings.load_profile("house")


@pytest.fixture
def venue(db: None) -> Venue:
    """A small French venue with two counters, its modes, people and open tills."""
    return build_venue()


@pytest.fixture
def committed_venue(transactional_db: None) -> Venue:
    """The same venue, committed: for races between connections and for the browser."""
    return build_venue()
