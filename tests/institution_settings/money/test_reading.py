"""Reading what people type as money (spec §10).

Space signs are written as escapes: on paper they look alike, to Excel and to a parser they differ.
"""

import pickle

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from institution_settings.errors import AMOUNT_SENTENCES, AmountError
from institution_settings.money import (
    DECIMALS,
    MAX_MINOR,
    csv_amount,
    format_amount,
    format_money,
    from_minor,
    parse_amount,
    to_minor,
)
from tests.venue import euros as eur

currencies = st.sampled_from(sorted(DECIMALS))


def code_of(text: str, *, currency: str = "EUR", zero: bool = False) -> str:
    """Return the code of the refusal of ``text``."""
    with pytest.raises(AmountError) as refusal:
        parse_amount(text, currency=currency, zero=zero)
    assert str(refusal.value)
    assert "%(" not in str(refusal.value)
    return refusal.value.code


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
