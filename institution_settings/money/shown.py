"""Amounts, dates and percentages as they are shown: the only formatter there is (FMT-01).

Two house styles. ``fr``: ``1 234,56 €`` with U+202F between thousands and U+00A0 before the sign.
``fr-ch``: ``CHF 1’234.56`` with U+00A0 after the code and U+2019 between thousands. An amount in
Swiss francs is shown in the Swiss style, all others in the French one, unless told otherwise.
Negative amounts carry a hyphen-minus.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal

from django.utils.timezone import localtime
from moneyed import Money

from institution_settings.money.minor import decimals, to_minor

Style = Literal["fr", "fr-ch"]

NO_BREAK = "\u00a0"
NARROW = "\u202f"
APOSTROPHE = "\u2019"

# Other currencies are shown by their code, which no one mistakes for another.
SYMBOLS: Final = {"EUR": "€", "GBP": "£", "JPY": "¥", "USD": "$"}
MONTHS: Final = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
WEEKDAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@dataclass(frozen=True, slots=True)
class _House:
    """What distinguishes one house style from the other."""

    group: str
    point: str
    date: str
    sign_first: bool


_HOUSES: Final[dict[Style, _House]] = {
    "fr": _House(group=NARROW, point=",", date="%d/%m/%Y", sign_first=False),
    "fr-ch": _House(group=APOSTROPHE, point=".", date="%d.%m.%Y", sign_first=True),
}


def _house(money: Money, style: Style | None) -> _House:
    return _HOUSES[style or ("fr-ch" if money.currency.code == "CHF" else "fr")]


def _digits(money: Money, *, group: str, point: str) -> str:
    """Return the digits of an exact amount, signed when negative (``-0`` does not exist)."""
    minor, places = to_minor(money), decimals(money.currency.code)
    whole, part = divmod(abs(minor), 10**places)
    sign = "-" if minor < 0 else ""
    grouped = f"{whole:,}".replace(",", group)
    return f"{sign}{grouped}{point}{part:0{places}}" if places else f"{sign}{grouped}"


def format_money(money: Money, *, style: Style | None = None) -> str:
    """Return an amount with its currency: ``-1 234,56 €``, ``CHF -1’234.56``."""
    house = _house(money, style)
    digits = _digits(money, group=house.group, point=house.point)
    code = money.currency.code
    if house.sign_first:
        return f"{code}{NO_BREAK}{digits}"
    return f"{digits}{NO_BREAK}{SYMBOLS.get(code, code)}"


def format_amount(money: Money, *, style: Style | None = None, blank_zero: bool = False) -> str:
    """Return an amount for a table whose header names the currency.

    ``blank_zero`` leaves a zero out, as the columns Débit and Crédit do; totals show ``0,00``.
    """
    if blank_zero and not money.amount:
        return ""
    house = _house(money, style)
    return _digits(money, group=house.group, point=house.point)


def csv_amount(money: Money, *, style: Style | None = None) -> str:
    """Return an amount for a spreadsheet file: ``1234,56``, in Swiss style ``1234.56``."""
    return _digits(money, group="", point=_house(money, style).point)


def format_percent(percent: Decimal, *, style: Style = "fr") -> str:
    """Return a rate given in per cent, without needless zeros: ``5,5 %``, ``20 %``."""
    digits = f"{percent.normalize():f}".replace(".", _HOUSES[style].point)
    return f"{digits}{NO_BREAK}%"


def _local(day: date) -> date:
    """Return a day as it is; of a moment, the moment on the venue's clock (FMT-03)."""
    return localtime(day) if isinstance(day, datetime) else day


def format_date(day: date, *, style: Style = "fr") -> str:
    """Return a day in figures: ``05/11/2026``, in Switzerland ``05.11.2026``."""
    return _local(day).strftime(_HOUSES[style].date)


def format_time(at: datetime) -> str:
    """Return the venue's clock time of a moment: ``09:07``."""
    return localtime(at).strftime("%H:%M")


def format_datetime(at: datetime, *, style: Style = "fr") -> str:
    """Return a moment on the venue's clock: ``05/11/2026 09:07``."""
    return f"{format_date(at, style=style)} {format_time(at)}"


def format_long_date(day: date, *, weekday: bool = False) -> str:
    """Return a day in words: ``5 novembre 2026``, ``1er novembre 2026``, ``jeudi 5 …``."""
    local = _local(day)
    number = "1er" if local.day == 1 else str(local.day)
    words = f"{number} {MONTHS[local.month - 1]} {local.year}"
    return f"{WEEKDAYS[local.weekday()]} {words}" if weekday else words
