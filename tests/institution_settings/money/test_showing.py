"""Showing money, rates and moments, in Python and in templates (FMT-01).

Space signs are written as escapes: on paper they look alike, to Excel and to a parser they differ.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import timezone
from moneyed import Money

from institution_settings.errors import AmountError
from institution_settings.money import (
    csv_amount,
    format_amount,
    format_date,
    format_datetime,
    format_long_date,
    format_money,
    format_percent,
    format_time,
)
from tests.venue import euros as eur


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("1234.56", "1\u202f234,56\u00a0€"),
        ("-1234567.5", "-1\u202f234\u202f567,50\u00a0€"),
        ("0", "0,00\u00a0€"),
        ("-0.00", "0,00\u00a0€"),
        ("-0.05", "-0,05\u00a0€"),
        ("999", "999,00\u00a0€"),
    ],
)
def test_euros_are_shown_the_french_way(amount: str, shown: str) -> None:
    assert format_money(eur(amount)) == shown


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("1234.56", "CHF\u00a01\u2019234.56"),
        ("-1234567.5", "CHF\u00a0-1\u2019234\u2019567.50"),
        ("0", "CHF\u00a00.00"),
    ],
)
def test_francs_are_shown_the_swiss_way(amount: str, shown: str) -> None:
    assert format_money(Money(amount, "CHF")) == shown


def test_other_currencies_keep_their_decimals_and_code() -> None:
    assert format_money(Money(9899, "JPY")) == "9\u202f899\u00a0¥"
    assert format_money(Money("1.125", "KWD")) == "1,125\u00a0KWD"
    assert format_money(Money("-3", "KWD")) == "-3,000\u00a0KWD"


def test_the_house_style_may_be_chosen() -> None:
    assert format_money(eur("1234.5"), style="fr-ch") == "EUR\u00a01\u2019234.50"
    assert format_money(Money("1234.5", "CHF"), style="fr") == "1\u202f234,50\u00a0CHF"


def test_tables_carry_no_currency_and_may_leave_zero_out() -> None:
    assert format_amount(eur("1234.56")) == "1\u202f234,56"
    assert format_amount(Money("1234.56", "CHF")) == "1\u2019234.56"
    assert format_amount(eur("0")) == "0,00"
    assert format_amount(eur("0"), blank_zero=True) == ""
    assert format_amount(eur("0.01"), blank_zero=True) == "0,01"


def test_spreadsheets_get_bare_numbers() -> None:
    assert csv_amount(eur("-1234.56")) == "-1234,56"
    assert csv_amount(Money("1234.56", "CHF")) == "1234.56"
    assert csv_amount(Money(1234, "JPY")) == "1234"


def test_an_inexact_amount_is_never_shown_as_something_else() -> None:
    with pytest.raises(AmountError):
        format_money(eur("12.345"))


@pytest.mark.parametrize(
    ("percent", "shown"),
    [("5.5", "5,5\u00a0%"), ("20.00", "20\u00a0%"), ("2.10", "2,1\u00a0%"), ("0", "0\u00a0%")],
)
def test_percentages(percent: str, shown: str) -> None:
    assert format_percent(Decimal(percent)) == shown


def test_swiss_percentages_have_a_point() -> None:
    assert format_percent(Decimal("8.1"), style="fr-ch") == "8.1\u00a0%"


def test_days_in_figures() -> None:
    assert format_date(date(2026, 11, 5)) == "05/11/2026"
    assert format_date(date(2026, 11, 5), style="fr-ch") == "05.11.2026"


def test_moments_are_shown_on_the_venues_clock() -> None:
    at = datetime(2026, 11, 5, 8, 7, tzinfo=UTC)
    with timezone.override("Europe/Paris"):
        assert format_datetime(at) == "05/11/2026 09:07"
        assert format_time(at) == "09:07"
        assert format_datetime(at, style="fr-ch") == "05.11.2026 09:07"


def test_a_moment_before_midnight_in_utc_is_the_next_day_in_paris() -> None:
    with timezone.override("Europe/Paris"):
        assert format_date(datetime(2026, 10, 31, 23, 30, tzinfo=UTC)) == "01/11/2026"
        assert format_long_date(datetime(2026, 10, 31, 23, 30, tzinfo=UTC)) == "1er novembre 2026"


def test_the_hour_that_comes_twice_is_shown_twice() -> None:
    with timezone.override("Europe/Paris"):
        assert format_datetime(datetime(2026, 10, 25, 0, 30, tzinfo=UTC)) == "25/10/2026 02:30"
        assert format_datetime(datetime(2026, 10, 25, 1, 30, tzinfo=UTC)) == "25/10/2026 02:30"


def test_days_in_words() -> None:
    assert format_long_date(date(2026, 11, 5)) == "5 novembre 2026"
    assert format_long_date(date(2026, 11, 1)) == "1er novembre 2026"
    assert format_long_date(date(2026, 11, 5), weekday=True) == "jeudi 5 novembre 2026"
    assert format_long_date(date(2026, 8, 21)) == "21 août 2026"


# Templates


def render(source: str, **context: object) -> str:
    return Template("{% load money %}" + source).render(Context(context))


def test_templates_show_what_the_formatter_says() -> None:
    assert render("{{ due|money }}", due=eur("1234.56")) == "1\u202f234,56\u00a0€"
    assert render("{{ due|amount }}", due=Money("1234.5", "CHF")) == "1\u2019234.50"
    assert render("{{ due|amount_or_blank }}", due=eur("0")) == ""
    assert render("{{ rate|percent }}", rate=Decimal("5.5")) == "5,5\u00a0%"
    assert render("{{ day|day:'fr-ch' }}", day=date(2026, 11, 5)) == "05.11.2026"
    assert render("{{ day|long_day }}", day=date(2026, 11, 1)) == "1er novembre 2026"
    assert render("{{ day|long_day:'weekday' }}", day=date(2026, 11, 5)) == "jeudi 5 novembre 2026"
    with timezone.override("Europe/Paris"):
        at = datetime(2026, 11, 5, 8, 7, tzinfo=UTC)
        assert render("{{ at|clock }} {{ at|moment }}", at=at) == "09:07 05/11/2026 09:07"


def test_templates_show_nothing_for_what_is_missing() -> None:
    filters = (
        "money",
        "amount",
        "amount_or_blank",
        "percent",
        "day",
        "long_day",
        "clock",
        "moment",
    )
    for name in filters:
        assert render(f"{{{{ missing|{name} }}}}", missing=None) == ""
