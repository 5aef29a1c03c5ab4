"""What was written: counted before and after, so that a refusal shows to leave nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import pytest

from credit.models import CreditAccount, Movement
from journal.models import Entry, Operation
from payments.models import Approval, Payment, Refund, Voucher, VoucherMovement
from sales.models import Order, PriceCategory, Ticket

Refused = TypeVar("Refused", bound=Exception)


def books() -> dict[str, object]:
    """Return how much of everything there is, and every balance, state and seat."""
    written = (Approval, Entry, Movement, Operation, Payment, Refund, VoucherMovement)
    kept = {
        CreditAccount: ("id", "balance_minor", "held_minor", "non_refundable_minor"),
        Order: ("id", "state", "total_minor"),
        PriceCategory: ("id", "taken"),
        Ticket: ("id", "state"),
        Voucher: ("id", "balance_minor", "state"),
    }
    return {model.__name__: model.objects.count() for model in written} | {
        model.__name__: sorted(model.objects.values_list(*columns))
        for model, columns in kept.items()
    }


@contextmanager
def refused(kind: type[Refused]) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """Expect a refusal, and that it left the books as they were."""
    before = books()
    with pytest.raises(kind) as caught:
        yield caught
    assert books() == before
    assert type(caught.value) is kind
    assert str(caught.value)


def told(payments: list[Payment]) -> list[tuple[str, str, int]]:
    """Return payments as people read them: direction, mode and amount in minor units."""
    return [(payment.direction, payment.mode.code, payment.amount_minor) for payment in payments]
