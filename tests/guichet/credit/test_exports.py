"""The history of an account as a spreadsheet opens it, CSV and XLSX (spec G5, D3)."""

import csv
from collections.abc import Callable
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.utils.escape import unescape

from contacts.models import Contact, User
from guichet import exports
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.venue import Venue

pytestmark = pytest.mark.django_db

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAMES = ["=1+1", "@SUM(A1)", "李 小龍", "Zoé d’Ÿ 🎭", "אבישי", "_x0041_", 'a;"b"', "+33 6"]


def csv_rows(person: Person, contact: Contact, **query: str) -> list[list[str]]:
    answer = person.get("credit_csv", contact.pk, **query)
    text = b"".join(answer.streaming_content).decode()
    assert (answer["Content-Type"], text[0]) == ("text/csv; charset=utf-8", "\ufeff")
    return list(csv.reader(StringIO(text[1:]), delimiter=";"))


def sheets(person: Person, contact: Contact, **query: str) -> list[list[tuple[Cell, ...]]]:
    answer = person.get("credit_xlsx", contact.pk, **query)
    assert answer["Content-Type"] == XLSX
    assert answer["Content-Disposition"] == f'attachment; filename="avoir-{contact.number}.xlsx"'
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    return [list(sheet.iter_rows()) for sheet in book]


def as_csv(value: Any) -> str:
    """What the CSV holds of a cell: the same, and an apostrophe before what looks like a formula.

    A name stands in both; the CSV alone is opened by programs that guess what a cell is.
    """
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, int | float):
        return f"{value:.2f}".replace(".", ",")
    return f"'{value}" if (value or "").startswith(("=", "+", "-", "@")) else value or ""


def test_amounts_are_numbers_and_moments_are_dates(
    lea: Person, zoe: Contact, counter: Counter
) -> None:
    counter.deposit(zoe, "20.00")
    counter.payout(zoe, "1.50")
    assert [row[-3:] for row in csv_rows(lea, zoe)[1:]] == [
        ["1,50", "", "18,50"],
        ["", "20,00", "20,00"],
    ]
    [[_head, payout, deposit]] = sheets(lea, zoe)
    assert [cell.value for cell in payout[-3:]] == [1.5, None, 18.5]
    assert [cell.value for cell in deposit[-3:]] == [None, 20, 20]
    assert [cell.data_type for cell in payout] == ["d", *"sssss", *"nnnn"]
    assert (payout[-1].number_format, payout[0].is_date) == ("#,##0.00", True)


@pytest.mark.parametrize("name", NAMES)
def test_any_name_survives_and_none_is_a_formula(
    venue: Venue, lea: Person, zoe: Contact, counter: Counter, name: str
) -> None:
    User.objects.filter(pk=venue.operator.pk).update(name=name)
    counter.deposit(zoe, "20.00")
    [[_head, deposit]] = sheets(lea, zoe)
    assert (deposit[5].data_type, unescape(deposit[5].value)) == ("s", name)
    [row] = csv_rows(lea, zoe)[1:]
    assert row[5] == as_csv(name)


def test_both_hold_the_same_rows_under_the_same_filters(
    lea: Person, zoe: Contact, counter: Counter
) -> None:
    counter.deposit(zoe, "20.00")
    counter.goodwill(zoe, "5.00")
    counter.sell(["21.10"], ("AVOIR", "21.10"), contact=zoe)
    for query, count in (({}, 4), ({"kind": "DEPOT"}, 2), ({"until": "2020-01-01"}, 1)):
        rows = csv_rows(lea, zoe, **query)
        [sheet] = sheets(lea, zoe, **query)
        assert [[as_csv(cell.value) for cell in row] for row in sheet] == rows
        assert len(rows) == count


def test_what_one_sheet_cannot_hold_goes_on_to_the_next(
    lea: Person, zoe: Contact, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    for amount in ("1.00", "2.00", "3.00", "4.00"):
        counter.deposit(zoe, amount)
    monkeypatch.setattr(exports, "SHEET_LINES", 2)
    first, second = sheets(lea, zoe)
    assert [[row[-2].value for row in sheet[1:]] for sheet in (first, second)] == [[4, 3], [2, 1]]
    assert [cell.value for cell in first[0]] == [cell.value for cell in second[0]]


@pytest.mark.parametrize("page", ["credit_csv", "credit_xlsx"])
def test_a_spreadsheet_is_for_staff(zoe: Contact, ladder: Callable[..., None], page: str) -> None:
    ladder(page, zoe.pk, desk=False)
