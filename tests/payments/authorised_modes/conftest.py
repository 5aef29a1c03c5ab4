"""Every act prepared at one counter."""

import pytest

from institution_settings.choices import ModeKind
from institution_settings.models import PaymentMode
from institution_settings.services import (
    authorise,
)
from tests.counter import Counter
from tests.payments.authorised_modes.acts import Acts


@pytest.fixture
def acts(counter: Counter) -> Acts:
    return Acts(counter)


@pytest.fixture
def schools(acts: Acts) -> PaymentMode:
    counter = acts.counter
    mode = PaymentMode.objects.create(
        code="SCOLAIRE", label="Avoir scolaire", kind=ModeKind.CREDIT, position=90
    )
    authorise(point_of_sale=counter.venue.counter, mode=mode, payment=True, refund=True)
    counter.modes["SCOLAIRE"] = mode
    return mode
