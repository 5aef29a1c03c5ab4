"""Voucher codes are guessed at a throttled rate, also by staff (spec G7, cases.md B49)."""

from typing import Final

from django.core.cache import cache
from django.utils.translation import gettext as _

UNKNOWN_CODES: Final = 10
PERIOD_SECONDS: Final = 60


def too_many_codes(*, user_id: int) -> str:
    """Return the sentence for somebody who tried too many unknown codes; ``""`` for the others."""
    if cache.get(_name(user_id), 0) < UNKNOWN_CODES:
        return ""
    return _("Too many unknown voucher codes: wait a minute before the next one.")


def count_unknown_codes(*, user_id: int, codes: int) -> None:
    """Remember unknown codes for a minute from the first; right ones do not count."""
    if codes:
        cache.add(_name(user_id), 0, PERIOD_SECONDS)
        cache.incr(_name(user_id), codes)


def _name(user_id: int) -> str:
    return f"unknown-vouchers-{user_id}"
