"""Spreadsheets of the counter: semicolons, UTF-8 with its mark, nothing read as a formula (D3)."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from django.utils.timezone import localtime
from django.utils.translation import gettext, pgettext
from moneyed import Money

from guichet.selectors.credit import CreditLine
from institution_settings.money import csv_amount

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_history(*, lines: Iterable[CreditLine]) -> Iterator[str]:
    """Yield the history as CSV, a line at a time.

    Amounts are numbers, as the house writes them.
    """
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=";")
    buffer.write("\ufeff")
    writer.writerow(_head())
    yield buffer.getvalue()
    for line in lines:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow(_cells(line))
        yield buffer.getvalue()


def _head() -> list[str]:
    return [
        gettext("Date"),
        pgettext("journal", "Entry"),
        pgettext("movement", "Kind"),
        pgettext("payment", "Mode"),
        gettext("Till"),
        gettext("Operator"),
        pgettext("purchase", "Order"),
        pgettext("accounting", "Debit"),
        pgettext("accounting", "Credit"),
        gettext("Balance"),
    ]


def _cells(line: CreditLine) -> list[str]:
    movement = line.history.movement
    return [
        localtime(movement.at).strftime("%Y-%m-%d %H:%M:%S"),
        line.number,
        str(movement.get_kind_display()),
        _text(line.mode_label),
        _text(movement.session.till.code if movement.session else ""),
        _text(str(movement.operator or "")),
        _text(movement.reference),
        _number(line.debit),
        _number(line.credit),
        _number(movement.balance_after),
    ]


def _text(text: str) -> str:
    """Return a text no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _number(amount: Money | None) -> str:
    return "" if amount is None else csv_amount(amount)
