"""What every test may ask for."""

from collections.abc import Generator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker, Settings

from tests.counter import Counter
from tests.ledger import Ledger
from tests.venue import Venue, build_venue

# Slow hashing protects real passwords; the tests' own are known to everybody.
django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# The same examples in every run, and no time limit that a busy machine could miss.
hypothesis_settings.register_profile("house", derandomize=True, deadline=None, database=None)
hypothesis_settings.load_profile("house")


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Generator[None, None, None]:
    """End what threads and browsers left connected: PostgreSQL drops no database in use."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture
def venue(db: None) -> Venue:
    """A small French venue with two counters, its modes, people and open tills."""
    return build_venue()


@pytest.fixture
def committed_venue(transactional_db: None) -> Venue:
    """The same venue, committed: for races between connections and for the browser."""
    return build_venue()


@pytest.fixture
def ledger(venue: Venue) -> Ledger:
    """Acts of credit at the venue's first till."""
    return Ledger(venue)


@pytest.fixture
def committed_ledger(committed_venue: Venue) -> Ledger:
    """The same acts, committed."""
    return Ledger(committed_venue)


@pytest.fixture(autouse=True)
def heads_log(settings: Settings, tmp_path: Path) -> Path:
    """Each test keeps the heads of its own chains: those of another would look like a cut tail."""
    settings.JOURNAL_HEADS_LOG = tmp_path / "heads.log"
    return tmp_path / "heads.log"


@pytest.fixture
def counter(venue: Venue) -> Counter:
    """The venue's first counter, open, with a show on sale."""
    return Counter(venue)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the browser's journeys come last, and first of all what takes minutes.

    A journey that fails is walked once more and then says RERUN in the summary: on a busy machine a
    browser may lose a key or be late. What fails twice fails.
    """
    items.sort(key=_turn)
    for item in items:
        if item.get_closest_marker("journey"):
            item.add_marker(pytest.mark.flaky(reruns=1))


def _turn(item: pytest.Item) -> int:
    if item.get_closest_marker("long"):
        return 0
    return 2 if item.get_closest_marker("journey") else 1
