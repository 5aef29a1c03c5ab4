"""Voucher codes are guessed at a throttled rate, also by staff (spec G7, cases.md B49)."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from django.core.cache import cache
from django.utils.translation import gettext as _

UNKNOWN_CODES: Final = 10
PERIOD_SECONDS: Final = 60


def too_many_codes(*, user_id: int) -> str:
    """Return the sentence for somebody who tried too many unknown codes; ``""`` for the others."""
    if cache.get(_places(user_id)[-1]) is None:
        return ""
    return _("Too many unknown voucher codes: wait a minute before the next one.")


def count_unknown_codes(*, user_id: int, codes: Iterable[str]) -> None:
    """Remember unknown codes for a minute; right ones do not count, nor the same one again.

    A mistyped code may stand in a panel while everything else is typed. Each takes the first free
    place: of many processes one gets it, so that none is lost.
    """
    for code in codes:
        known = f"{_name(user_id)}-{sha256(code.encode()).hexdigest()[:16]}"
        if cache.add(known, 1, PERIOD_SECONDS):
            for place in _places(user_id):
                if cache.add(place, 1, PERIOD_SECONDS):
                    break


def _places(user_id: int) -> list[str]:
    return [f"{_name(user_id)}-{number}" for number in range(1, UNKNOWN_CODES + 1)]


def _name(user_id: int) -> str:
    return f"unknown-vouchers-{user_id}"
