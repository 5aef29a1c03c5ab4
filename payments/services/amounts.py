"""Amounts as they come in: of the till's currency, or refused (spec S6, cases.md B45)."""

from moneyed import Money

from credit.errors import AmountNotPositive
from institution_settings.errors import AmountError
from institution_settings.money import to_minor


def minor_in(*, money: Money, currency: str) -> int:
    """Return ``money`` in minor units of ``currency``; ``AmountError`` for another currency."""
    if money.currency.code != currency:
        raise AmountError("foreign", currency=currency)
    return to_minor(money)


def positive_in(*, money: Money, currency: str) -> int:
    """Return the same, refusing nothing and less than nothing (``AmountNotPositive``)."""
    minor = minor_in(money=money, currency=currency)
    if minor <= 0:
        raise AmountNotPositive
    return minor
