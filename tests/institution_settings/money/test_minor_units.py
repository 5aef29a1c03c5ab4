"""Exact minor units, and what cash rounds them to (spec §10, FMT-02)."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from institution_settings.errors import AmountError
from institution_settings.money import (
    DECIMALS,
    MAX_MINOR,
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
from tests.venue import euros as eur

currencies = st.sampled_from(sorted(DECIMALS))
amounts = st.integers(-MAX_MINOR, MAX_MINOR)


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


@pytest.mark.parametrize(
    ("owed", "currency", "notes"),
    [
        (5160, "EUR", [5500, 6000, 10000, 20000]),
        (6000, "EUR", [10000, 20000]),
        (100, "EUR", [500, 1000, 2000, 5000]),
        (1245, "CHF", [2000, 5000, 10000, 20000]),
        (1500, "JPY", [2000, 5000, 10000]),
        (1125, "KWD", []),
    ],
)
def test_the_next_notes_are_more_than_what_is_owed(
    owed: int, currency: str, notes: list[int]
) -> None:
    assert next_notes_minor(owed, currency=currency) == notes


@given(minor=amounts, currency=currencies)
def test_cash_rounding_is_near_symmetric_and_done_once(minor: int, currency: str) -> None:
    step = cash_step(currency)
    rounded = round_cash_minor(minor, currency=currency)
    assert rounded % step == 0
    assert 2 * abs(rounded - minor) < step or step == 1
    assert round_cash_minor(-minor, currency=currency) == -rounded
    assert round_cash_minor(rounded, currency=currency) == rounded
    assert currency == "CHF" or rounded == minor
