"""The money rules, in one place: exact minor units, reading what people type, showing it.

- ``minor``: how many decimals a currency has, whole minor units and ``Money``, cash rounding;
- ``shown``: amounts, dates and percentages as they stand on screens and papers (FMT-01);
- ``typed``: amounts as people type them (spec §10).
"""

from institution_settings.money.minor import (
    DECIMALS,
    MaybeMoneyOf,
    MoneyOf,
    cash_step,
    decimals,
    from_minor,
    next_notes_minor,
    round_cash,
    round_cash_minor,
    to_minor,
    validate_minor_units,
    zero,
)
from institution_settings.money.refusals import MoneyRefusal
from institution_settings.money.shown import (
    Style,
    csv_amount,
    format_amount,
    format_date,
    format_datetime,
    format_long_date,
    format_money,
    format_percent,
    format_time,
)
from institution_settings.money.typed import MAX_MINOR, parse_amount

__all__ = [
    "DECIMALS",
    "MAX_MINOR",
    "MaybeMoneyOf",
    "MoneyOf",
    "MoneyRefusal",
    "Style",
    "cash_step",
    "csv_amount",
    "decimals",
    "format_amount",
    "format_date",
    "format_datetime",
    "format_long_date",
    "format_money",
    "format_percent",
    "format_time",
    "from_minor",
    "next_notes_minor",
    "parse_amount",
    "round_cash",
    "round_cash_minor",
    "to_minor",
    "validate_minor_units",
    "zero",
]
