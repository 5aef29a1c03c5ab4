"""Who the cases are about."""

import pytest

from tests.cases.ildiko import Ildiko
from tests.counter import Counter


@pytest.fixture
def ildiko(counter: Counter) -> Ildiko:
    return Ildiko(counter)
