"""Spreadsheets of the counter, CSV and XLSX: the same rows, nothing read as a formula (D3)."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import StringIO
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from django.utils.timezone import localtime
from django.utils.translation import gettext, pgettext
from moneyed import Money

from guichet.selectors.credit import CreditLine
from institution_settings.money import csv_amount, decimals

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

# What stands in a cell: a text, a moment of the venue's clock without its zone, an amount.
Cell = str | datetime | Money | None

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# With its head a sheet holds 1 048 576 rows; what is more goes on to the next sheet.
SHEET_LINES = 1_048_575
BLOCK_BYTES = 65_536
_WIDTHS = (19, 14, 22, 20, 8, 24, 14, 12, 12, 12)


def write_csv(*, lines: Iterable[CreditLine]) -> Iterator[str]:
    """Yield the history as CSV, a line at a time: semicolons, UTF-8 with its mark.

    Amounts are numbers with a decimal comma; a text that begins like a formula gets an apostrophe.
    """
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=";")
    buffer.write("\ufeff")
    writer.writerow(_head())
    yield buffer.getvalue()
    for line in lines:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow(_as_text(cell) for cell in _cells(line))
        yield buffer.getvalue()


def write_xlsx(*, lines: Iterable[CreditLine]) -> Iterator[bytes]:
    """Yield the history as an XLSX file, made when the first byte is asked for.

    Every text is written as a text, whatever it begins with, so names stand as they are; amounts
    are numbers with the decimals of their currency, moments are dates. One row at a time is in
    memory, the rest in a temporary file that ends with the answer.
    """
    from xlsxwriter import Workbook

    with TemporaryFile() as file:
        with Workbook(file, {"constant_memory": True}) as book:
            _write_sheets(_Pen(book), lines)
        file.seek(0)
        while block := file.read(BLOCK_BYTES):
            yield block


def _write_sheets(pen: "_Pen", lines: Iterable[CreditLine]) -> None:
    sheet = pen.add_sheet()
    for position, line in enumerate(lines):
        row = position % SHEET_LINES
        if position and row == 0:
            sheet = pen.add_sheet()
        pen.write(sheet, row + 1, _cells(line))


class _Pen:
    """Writes cells into the sheets of one workbook, each in the format of its kind."""

    def __init__(self, book: "Workbook") -> None:
        self.book = book
        self.bold = book.add_format({"bold": True})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.amounts: dict[str, Format] = {}

    def add_sheet(self) -> "Worksheet":
        """Begin a sheet with its head, which stays in sight."""
        sheet: Worksheet = self.book.add_worksheet()
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(_head()):
            sheet.write_string(0, column, title, self.bold)
        return sheet

    def write(self, sheet: "Worksheet", row: int, cells: Iterable[Cell]) -> None:
        """Write one row; what is empty stays empty."""
        for column, cell in enumerate(cells):
            if isinstance(cell, Money):
                sheet.write_number(row, column, float(cell.amount), self._amount(cell))
            elif isinstance(cell, datetime):
                sheet.write_datetime(row, column, cell, self.moment)
            elif cell:
                sheet.write_string(row, column, cell)

    def _amount(self, money: Money) -> "Format":
        currency = money.currency.code
        if currency not in self.amounts:
            places = decimals(currency)
            shown = f"#,##0.{'0' * places}" if places else "#,##0"
            self.amounts[currency] = self.book.add_format({"num_format": shown})
        return self.amounts[currency]


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


def _cells(line: CreditLine) -> list[Cell]:
    movement = line.history.movement
    return [
        localtime(movement.at).replace(tzinfo=None, microsecond=0),
        line.number,
        str(movement.get_kind_display()),
        line.mode_label,
        movement.session.till.code if movement.session else "",
        str(movement.operator or ""),
        movement.reference,
        line.debit,
        line.credit,
        movement.balance_after,
    ]


def _as_text(cell: Cell) -> str:
    """Return a cell as it stands in a CSV that no spreadsheet takes for a formula."""
    if isinstance(cell, Money):
        return csv_amount(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    text = cell or ""
    return f"'{text}" if text.startswith(_FORMULA) else text
