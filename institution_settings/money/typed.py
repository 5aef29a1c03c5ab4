"""Amounts as people type them (spec §10): read as meant, or refused with what to do.

Nothing is guessed: ``1.234,50`` may be one thing here and another there, so it is asked again.
"""

import re
from typing import Final

from moneyed import Money

from institution_settings.errors import AmountError
from institution_settings.money.minor import DECIMALS, decimals, from_minor
from institution_settings.money.shown import SYMBOLS, csv_amount, format_amount, format_money

# Far above any till, far below what 64 bits hold, so that sums of typed amounts always fit.
MAX_MINOR: Final = 10**12

_SPACES = " \u00a0\u202f"
_AMOUNT = (
    r"(?P<whole>[0-9]{{1,3}}(?P<group>[{groups}])[0-9]{{3}}(?:(?P=group)[0-9]{{3}})*|[0-9]+)"
    r"(?:[.,](?P<part>[0-9]+))?"
)
_USUAL = re.compile(_AMOUNT.format(groups=_SPACES))
_SWISS = re.compile(_AMOUNT.format(groups=_SPACES + "'\u2019"))

# Why a text is not an amount: the first that fits. Each has its own sentence.
_CODES = "|".join(DECIMALS)
_REASONS: Final = (
    ("digits", re.compile(r"(?![0-9])\d")),
    ("signed", re.compile(r"^[-+(\u2010-\u2015\u2212]")),
    ("exponent", re.compile(r"[0-9][eE][-+]?[0-9]")),
    ("foreign", re.compile(rf"[€£¥$]|(?<![^\W\d_])(?:{_CODES})(?![^\W\d_])", re.IGNORECASE)),
    ("letters", re.compile(r"[^\W\d_]")),
    ("separators", re.compile(r"[.,].*[.,]", re.DOTALL)),
    ("unfinished", re.compile(r"^[.,]|[.,]$")),
    ("grouping", re.compile(r"[0-9][\s'\u2019]+[0-9]")),
)


def parse_amount(text: str, *, currency: str, zero: bool) -> Money:
    """Return the amount that ``text`` says, in ``currency`` (spec §10).

    Read: ``12,50``, ``12.50``, ``12,5``, ``1 234,50`` (groups by a space, U+00A0 or U+202F; in
    CHF also by an apostrophe), with or without the currency's own sign or code. Refused with an
    ``AmountError`` whose ``code`` says why: everything else, more decimals than the currency has,
    more than ``MAX_MINOR``, and zero unless ``zero`` (true for prices, floats and counts).
    """
    places = decimals(currency)
    bare = _without_currency(text.strip(), currency)
    if not bare:
        raise _refused("empty", currency)
    match = (_SWISS if currency == "CHF" else _USUAL).fullmatch(bare)
    if match is None:
        raise _refused(_reason(bare), currency)
    part = match["part"] or ""
    if len(part) > places:
        raise _refused("decimals" if places else "no_decimals", currency)
    digits = re.sub(r"[^0-9]", "", match["whole"]) + part.ljust(places, "0")
    minor = _bounded(digits.lstrip("0"), currency)
    if minor == 0 and not zero:
        raise _refused("zero", currency)
    return from_minor(minor, currency)


def _bounded(digits: str, currency: str) -> int:
    # Counted before they are converted: a million digits would take their time.
    if len(digits) > len(str(MAX_MINOR)) or int(digits or "0") > MAX_MINOR:
        raise _refused("too_large", currency)
    return int(digits or "0")


def _without_currency(text: str, currency: str) -> str:
    """Return ``text`` without the sign or code of ``currency`` before or after it."""
    for sign in filter(None, (SYMBOLS.get(currency), currency)):
        if text[: len(sign)].upper() == sign:
            return text[len(sign) :].strip()
        if text[-len(sign) :].upper() == sign:
            return text[: -len(sign)].strip()
    return text


def _reason(bare: str) -> str:
    return next((code for code, shape in _REASONS if shape.search(bare)), "unreadable")


def _refused(code: str, currency: str) -> AmountError:
    """Return the error ``code`` with everything its sentence may show."""
    return AmountError(
        code,
        currency=currency,
        decimals=decimals(currency),
        example=format_amount(from_minor(1250, currency)),
        long=csv_amount(from_minor(123450, currency)),
        maximum=format_money(from_minor(MAX_MINOR, currency)),
    )
