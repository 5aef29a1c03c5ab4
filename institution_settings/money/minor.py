"""Whole minor units (cents, yens, fils) and ``Money``.

What is summed, compared or sealed is a whole number of minor units; ``Money`` is what services
take and return. The conversion happens once, here, and never rounds: 12.345 EUR is an error.
"""

from collections.abc import Mapping
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow
from operator import attrgetter
from types import MappingProxyType
from typing import Final, NoReturn, Self, overload

from django.core.exceptions import ValidationError
from moneyed import Money

from institution_settings.errors import AmountError

# ISO 4217, frozen: a library's update must not change what a stored number of minor units means.
_NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_TWO_DECIMALS = (
    "AED ARS AUD BAM BRL CAD CDF CHF CNY COP CVE CZK DKK DZD EGP EUR GBP GEL HKD HTG HUF IDR ILS "
    "INR LBP MAD MDL MGA MKD MUR MXN NOK NZD PEN PHP PLN QAR RON RSD SAR SCR SEK SGD THB TRY TWD "
    "UAH USD UYU ZAR"
)
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"
DECIMALS: Final[Mapping[str, int]] = MappingProxyType(
    dict.fromkeys(_NO_DECIMALS.split(), 0)
    | dict.fromkeys(_TWO_DECIMALS.split(), 2)
    | dict.fromkeys(_THREE_DECIMALS.split(), 3)
)
# Coins smaller than this do not exist: the smallest cash payment, in minor units (FMT-02).
CASH_STEPS: Final[Mapping[str, int]] = MappingProxyType({"CHF": 5})
# The notes people hand over a counter, in whole units of the currency.
NOTES: Final[Mapping[str, tuple[int, ...]]] = MappingProxyType(
    {
        "CHF": (10, 20, 50, 100, 200),
        "EUR": (5, 10, 20, 50, 100, 200),
        "GBP": (5, 10, 20, 50),
        "JPY": (1000, 5000, 10000),
        "USD": (5, 10, 20, 50, 100),
    }
)

# Room for any 64-bit number of minor units; more digits are an error instead of being rounded.
_EXACT = Context(prec=40, traps=[Inexact, InvalidOperation, Overflow])
LARGEST: Final = 2**63 - 1


def decimals(currency: str) -> int:
    """Return how many decimals ``currency`` (ISO 4217 code) has: EUR 2, JPY 0, KWD 3."""
    try:
        return DECIMALS[currency]
    except KeyError:
        raise AmountError("currency", currency=currency) from None


def from_minor(minor: int, currency: str) -> Money:
    """Return ``minor`` minor units as ``Money``, with the currency's own number of decimals."""
    if not isinstance(minor, int):
        raise TypeError(f"Minor units are whole numbers, not {type(minor).__name__}")
    return Money(_EXACT.scaleb(Decimal(minor), -decimals(currency)), currency)


def to_minor(money: Money) -> int:
    """Return ``money`` as a whole number of minor units.

    Raises ``AmountError``: ``not_finite``, ``inexact`` (12.345 EUR), ``too_large`` (over 63 bits).
    """
    amount, currency = money.amount, money.currency.code
    places = decimals(currency)
    if not amount.is_finite():
        raise AmountError("not_finite")
    try:
        scaled = _EXACT.scaleb(amount, places)
        minor = int(_EXACT.quantize(scaled, Decimal(1)))
    except (Inexact, InvalidOperation, Overflow):
        # Too many digits before the point, or any beyond the currency's own after it.
        if amount.adjusted() < len(str(LARGEST)):
            raise AmountError("inexact", amount=amount, currency=currency) from None
        minor = LARGEST + 1
    if abs(minor) > LARGEST:
        raise AmountError("too_large", maximum=from_minor(LARGEST, currency).amount)
    return minor


def validate_minor_units(money: Money) -> None:
    """Refuse a typed price that is no whole number of minor units (validator of ``MoneyField``)."""
    try:
        to_minor(money)
    except AmountError as error:
        raise ValidationError(str(error), code=error.code) from error


def zero(currency: str) -> Money:
    """Return no money at all, in ``currency``."""
    return from_minor(0, currency)


def cash_step(currency: str) -> int:
    """Return the smallest amount that can change hands in cash, in minor units (FMT-02)."""
    decimals(currency)
    return CASH_STEPS.get(currency, 1)


def round_cash_minor(minor: int, *, currency: str) -> int:
    """Return ``minor`` as it is paid in cash, symmetrically around zero: CHF 12.43 → 12.45."""
    step = cash_step(currency)
    rounded = (abs(minor) + step // 2) // step * step
    return rounded if minor >= 0 else -rounded


def next_notes_minor(minor: int, *, currency: str, count: int = 4) -> list[int]:
    """Return what a customer who owes ``minor`` may hand over in notes, least first: 51.60 → 55…

    Each is ``minor`` rounded up to one kind of note, and more than ``minor``; nothing where we
    know no notes of the currency.
    """
    unit = 10 ** decimals(currency)
    notes = (note * unit for note in NOTES.get(currency, ()))
    handed = {-(-minor // note) * note for note in notes}
    return sorted(sum_minor for sum_minor in handed if sum_minor > minor)[:count]


def round_cash(money: Money) -> Money:
    """Return ``money`` as it is paid in cash: to 0.05 in CHF, unchanged elsewhere (FMT-02)."""
    currency = money.currency.code
    return from_minor(round_cash_minor(to_minor(money), currency=currency), currency)


class MoneyOf:
    """Read ``<name>_minor`` and the currency of a row as ``Money``: ``amount = MoneyOf()``.

    ``minor`` names the field when it is called otherwise; ``currency`` where the code stands,
    dotted if that is another row (``MoneyOf(currency="account.currency")``). Reading only: what is
    written are minor units.
    """

    def __init__(self, minor: str = "", *, currency: str = "currency") -> None:
        self._minor = minor
        self._currency = attrgetter(currency)

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name
        self._minor = self._minor or f"{name}_minor"

    @overload
    def __get__(self, row: None, owner: type) -> Self: ...
    @overload
    def __get__(self, row: object, owner: type | None = None) -> Money: ...
    def __get__(self, row: object | None, owner: type | None = None) -> Self | Money:
        if row is None:
            return self
        return from_minor(getattr(row, self._minor), self._currency(row))

    def __set__(self, row: object, value: object) -> NoReturn:
        raise AttributeError(f"{self._name} is read only: set {self._minor} in minor units")


class MaybeMoneyOf(MoneyOf):
    """``MoneyOf`` for a field that may be null: what was not counted is ``None``, not zero."""

    @overload  # type: ignore[override]  # null is what this one adds
    def __get__(self, row: None, owner: type) -> Self: ...
    @overload
    def __get__(self, row: object, owner: type | None = None) -> Money | None: ...
    def __get__(self, row: object | None, owner: type | None = None) -> Self | Money | None:
        if row is not None and getattr(row, self._minor) is None:
            return None
        return super().__get__(row, owner)
