"""Guesses are counted by all processes together: the cache they share is in the database."""

from functools import partial

import pytest
from django.core.cache import cache
from django.db import connection

from guichet.throttles import UNKNOWN_CODES, count_unknown_codes, too_many_codes
from tests.processes import in_processes
from tests.venue import Venue


@pytest.mark.django_db
def test_its_table_is_made_with_the_others() -> None:
    assert "cache" in connection.introspection.table_names()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_unknown_codes_typed_in_several_processes_add_up(committed_venue: Venue) -> None:
    """One process counts none twice and none away: the tenth unknown code is the last."""
    cache.clear()
    user = committed_venue.operator.pk

    def type_codes(process: int, codes: int) -> str:
        count_unknown_codes(user_id=user, codes=[f"{process}-{code}" for code in range(codes)])
        return too_many_codes(user_id=user)

    in_processes([partial(type_codes, process, 3) for process in range(3)])
    assert too_many_codes(user_id=user) == ""
    assert UNKNOWN_CODES == 10
    in_processes([partial(type_codes, 4, 1)])
    assert too_many_codes(user_id=user) != ""
    cache.clear()
