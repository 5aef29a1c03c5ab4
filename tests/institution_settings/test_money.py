"""The money rules: exact minor units, reading what people type, showing it (spec §10, FMT-01/02).

Space signs are written as escapes: on paper they look alike, to Excel and to a parser they differ.
"""

import pickle
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from institution_settings.errors import AMOUNT_SENTENCES, AmountError
from institution_settings.money import (
    DECIMALS,
    MAX_MINOR,
    MaybeMoneyOf,
    MoneyOf,
    cash_step,
    csv_amount,
    decimals,
    format_amount,
    format_date,
    format_datetime,
    format_long_date,
    format_money,
    format_percent,
    format_time,
    from_minor,
    parse_amount,
    round_cash,
    round_cash_minor,
    to_minor,
    validate_minor_units,
    zero,
)

currencies = st.sampled_from(sorted(DECIMALS))
amounts = st.integers(-MAX_MINOR, MAX_MINOR)


def eur(amount: str) -> Money:
    return Money(amount, "EUR")


def code_of(text: str, *, currency: str = "EUR", zero: bool = False) -> str:
    """Return the code of the refusal of ``text``."""
    with pytest.raises(AmountError) as refusal:
        parse_amount(text, currency=currency, zero=zero)
    assert str(refusal.value)
    assert "%(" not in str(refusal.value)
    return refusal.value.code


# Minor units


@pytest.mark.parametrize(
    ("currency", "expected"), [("EUR", 2), ("CHF", 2), ("JPY", 0), ("XPF", 0), ("KWD", 3)]
)
def test_a_currency_has_its_own_decimals(currency: str, expected: int) -> None:
    assert decimals(currency) == expected


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(AmountError, match="XXX") as refusal:
        decimals("XXX")
    assert refusal.value.code == "currency"


def test_the_table_of_decimals_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        DECIMALS["EUR"] = 3  # type: ignore[index]


@given(minor=st.integers(-(2**63) + 1, 2**63 - 1), currency=currencies)
def test_minor_units_come_back_unchanged(minor: int, currency: str) -> None:
    money = from_minor(minor, currency)
    assert to_minor(money) == minor
    assert len(f"{money.amount:f}".partition(".")[2]) == decimals(currency)


def test_minor_units_are_whole_numbers() -> None:
    with pytest.raises(TypeError, match="float"):
        from_minor(12.5, "EUR")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        ("12.345", "EUR", "inexact"),
        ("0.5", "JPY", "inexact"),
        ("1.1255", "KWD", "inexact"),
        ("0." + "0" * 60 + "1", "EUR", "inexact"),
        ("1." + "0" * 60 + "1", "EUR", "inexact"),
        ("1e-999999", "EUR", "inexact"),
        ("NaN", "EUR", "not_finite"),
        ("sNaN", "EUR", "not_finite"),
        ("-Infinity", "EUR", "not_finite"),
        ("92233720368547758.08", "EUR", "too_large"),
        ("-92233720368547758.08", "EUR", "too_large"),
        ("1e999999", "EUR", "too_large"),
        ("1", "XXX", "currency"),
    ],
)
def test_what_is_no_whole_number_of_minor_units_is_refused(
    amount: str, currency: str, code: str
) -> None:
    with pytest.raises(AmountError) as refusal:
        to_minor(Money(Decimal(amount), currency))
    assert refusal.value.code == code
    assert "%(" not in str(refusal.value)


def test_needless_decimals_do_no_harm() -> None:
    assert to_minor(eur("12.500")) == 1250
    assert to_minor(Money("5E+2", "JPY")) == 500


def test_zero_has_the_decimals_of_its_currency() -> None:
    assert str(zero("KWD").amount) == "0.000"


def test_a_typed_price_is_validated() -> None:
    validate_minor_units(eur("12.50"))
    with pytest.raises(ValidationError) as refusal:
        validate_minor_units(eur("12.345"))
    assert refusal.value.code == "inexact"


def test_b62_binary_fractions_never_come_in() -> None:
    assert eur("43.20") + eur("19.20") == eur("62.40")
    assert to_minor(eur("0.10") + eur("0.20")) == 30


def test_b63_three_decimals_survive_negation() -> None:
    money = -from_minor(1125, "KWD")
    assert (to_minor(money), str(money.amount)) == (-1125, "-1.125")


class Row:
    """Stands for a row of any table."""

    amount = MoneyOf()
    opening_float = MoneyOf("float_minor")
    owed = MoneyOf(currency="account.currency")
    counted = MaybeMoneyOf()

    currency = "EUR"
    amount_minor = 1250
    float_minor = 10000
    owed_minor = 1125
    counted_minor: int | None = None

    class account:  # noqa: N801
        currency = "KWD"


def test_a_row_shows_its_minor_units_as_money() -> None:
    row = Row()
    assert (row.amount, row.opening_float) == (eur("12.50"), eur("100.00"))
    assert row.owed == Money("1.125", "KWD")
    assert isinstance(Row.amount, MoneyOf)


def test_a_row_that_was_not_counted_shows_none() -> None:
    row = Row()
    assert row.counted is None
    row.counted_minor = 0
    assert row.counted == eur("0.00")
    assert isinstance(Row.counted, MaybeMoneyOf)


def test_money_of_a_row_cannot_be_set() -> None:
    with pytest.raises(AttributeError, match="amount_minor"):
        Row().amount = eur("1.00")


# Cash rounding (FMT-02)


@pytest.mark.parametrize(
    ("exact", "cash"),
    [
        (1241, 1240),
        (1242, 1240),
        (1243, 1245),
        (1247, 1245),
        (1248, 1250),
        (2, 0),
        (198, 200),
        (1002, 1000),
        (0, 0),
    ],
)
def test_swiss_cash_goes_by_five_centimes(exact: int, cash: int) -> None:
    assert round_cash(from_minor(exact, "CHF")) == from_minor(cash, "CHF")
    assert round_cash(from_minor(-exact, "CHF")) == from_minor(-cash, "CHF")


@given(minor=amounts, currency=currencies)
def test_cash_rounding_is_near_symmetric_and_done_once(minor: int, currency: str) -> None:
    step = cash_step(currency)
    rounded = round_cash_minor(minor, currency=currency)
    assert rounded % step == 0
    assert 2 * abs(rounded - minor) < step or step == 1
    assert round_cash_minor(-minor, currency=currency) == -rounded
    assert round_cash_minor(rounded, currency=currency) == rounded
    assert currency == "CHF" or rounded == minor


# Reading


@pytest.mark.parametrize(
    "text",
    [
        "12,50",
        "12.50",
        "12,5",
        " 12,50 ",
        "12,50 €",
        "12,50€",
        "12,50\u00a0€",
        "€ 12,50",
        "12,50 EUR",
        "eur 12,50",
        "0012,50",
    ],
)
def test_amounts_are_read_as_meant(text: str) -> None:
    assert parse_amount(text, currency="EUR", zero=False) == eur("12.50")


@pytest.mark.parametrize(
    "text", ["1 234,50", "1\u00a0234,50", "1\u202f234,50", "1234,5", "1\u202f234,50\u00a0€"]
)
def test_thousands_are_read_with_the_spaces_people_paste(text: str) -> None:
    assert parse_amount(text, currency="EUR", zero=False) == eur("1234.50")


def test_millions_are_read_with_one_kind_of_space() -> None:
    assert parse_amount("1 234 567", currency="EUR", zero=False) == eur("1234567.00")
    assert code_of("1 234\u00a0567") == "grouping"


@pytest.mark.parametrize(
    "text",
    [
        "1’234.56",
        "1'234.56",
        "1 234.56",
        "1234,56",
        "CHF 1’234.56",
        "CHF\u00a01’234.56",
        "1’234.56 chf",
    ],
)
def test_swiss_francs_are_read_with_apostrophes(text: str) -> None:
    assert parse_amount(text, currency="CHF", zero=False) == Money("1234.56", "CHF")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \u00a0\u202f ", "empty"),
        ("€", "empty"),
        ("1.234,50", "separators"),
        ("1,234.50", "separators"),
        ("1.234.567", "separators"),
        ("NaN", "letters"),
        ("sNaN", "letters"),
        ("Infinity", "letters"),
        ("douze", "letters"),
        ("1O,50", "letters"),
        ("1e3", "exponent"),
        ("1e400", "exponent"),
        ("1E-3", "exponent"),
        ("12.345", "decimals"),
        ("1,234", "decimals"),
        ("-5", "signed"),
        ("\u22125", "signed"),
        ("\u20135", "signed"),
        ("+5", "signed"),
        ("(5)", "signed"),
        ("-Infinity", "signed"),
        ("١٢", "digits"),
        ("٣", "digits"),
        ("１２", "digits"),
        ("1٢", "digits"),
        ("12,50 $", "foreign"),
        ("12,50 CHF", "foreign"),
        ("usd 12", "foreign"),
        ("12,", "unfinished"),
        (",50", "unfinished"),
        ("1 23,50", "grouping"),
        ("12 34,50", "grouping"),
        ("1234 567", "grouping"),
        ("1’234.56", "grouping"),
        ("1  234", "grouping"),
        ("12_50", "unreadable"),
        ("12;50", "unreadable"),
        ("12\u0000", "unreadable"),
        ("\ud800", "unreadable"),
        ("½", "letters"),
        ("0", "zero"),
        ("0,00", "zero"),
        ("10 000 000 000,01", "too_large"),
        ("9" * 50, "too_large"),
        ("9" * 100_000, "too_large"),
    ],
)
def test_what_is_not_an_amount_is_refused_with_its_own_reason(text: str, code: str) -> None:
    assert code_of(text) == code


def test_zero_is_read_where_it_is_asked_for() -> None:
    for text in ("0", "0,00", "000", "0 €"):
        assert parse_amount(text, currency="EUR", zero=True) == eur("0.00")


def test_the_largest_amount_is_read() -> None:
    largest = parse_amount("10 000 000 000,00", currency="EUR", zero=False)
    assert to_minor(largest) == MAX_MINOR


def test_b58_b59_yen_have_no_decimals() -> None:
    assert to_minor(parse_amount("9899", currency="JPY", zero=False)) == 9899
    assert to_minor(parse_amount("5 800 ¥", currency="JPY", zero=False)) == 5800
    assert code_of("5800.00", currency="JPY") == "no_decimals"
    assert code_of("9,899", currency="JPY") == "no_decimals"


def test_b60_dinars_have_three() -> None:
    assert to_minor(parse_amount("1.125", currency="KWD", zero=False)) == 1125
    assert to_minor(parse_amount("12.345", currency="KWD", zero=False)) == 12345
    assert to_minor(parse_amount("1,5", currency="KWD", zero=False)) == 1500
    assert code_of("1.1255", currency="KWD") == "decimals"


def test_a_refusal_says_in_french_what_to_do() -> None:
    with translation.override("fr"), pytest.raises(AmountError) as refusal:
        parse_amount("12.345", currency="EUR", zero=False)
    assert refusal.value.data["example"] == "12,50"
    with translation.override("en"):
        assert str(refusal.value) == "Type at most 2 decimals, for example 12,50."


def test_every_reason_has_a_sentence_of_its_own() -> None:
    sentences = [str(sentence) for sentence in AMOUNT_SENTENCES.values()]
    assert len(set(sentences)) == len(sentences)


def test_a_refusal_survives_the_trip_between_processes() -> None:
    error = AmountError("zero", example="12,50")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (type(again), again.code, str(again)) == (AmountError, "zero", str(error))


@given(text=st.text(max_size=30) | st.text("0123456789.,- ’e€\u00a0\u202f", max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    for currency in ("EUR", "CHF", "JPY", "KWD"):
        try:
            money = parse_amount(text, currency=currency, zero=True)
        except AmountError:
            continue
        assert 0 <= to_minor(money) <= MAX_MINOR


@given(minor=st.integers(0, MAX_MINOR), currency=currencies)
def test_what_is_shown_is_read_back(minor: int, currency: str) -> None:
    money = from_minor(minor, currency)
    for shown in (format_money(money), format_amount(money), csv_amount(money)):
        assert parse_amount(shown, currency=currency, zero=True) == money


# Showing (FMT-01)


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
