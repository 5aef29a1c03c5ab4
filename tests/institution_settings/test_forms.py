"""One field for amounts: read as meant, refused beside the field, nothing typed is lost."""

import pytest
from django import forms
from moneyed import Money

from institution_settings.forms import AmountField


class DepositForm(forms.Form):
    amount = AmountField(currency="EUR")


class PriceForm(forms.Form):
    price = AmountField(currency=lambda: "JPY", zero=True, required=False)


def test_an_amount_becomes_money() -> None:
    form = DepositForm({"amount": "1 234,50 €"})
    assert form.is_valid()
    assert form.cleaned_data["amount"] == Money("1234.50", "EUR")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "required"),
        ("  ", "required"),
        ("NaN", "letters"),
        ("sNaN", "letters"),
        ("1e400", "exponent"),
        ("-5", "signed"),
        ("0", "zero"),
        ("12.345", "decimals"),
        ("1.234,50", "separators"),
        ("٣", "digits"),
    ],
)
def test_b65_what_is_not_an_amount_is_refused_beside_the_field(typed: str, code: str) -> None:
    form = DepositForm({"amount": typed})
    assert [error.code for error in form.errors.as_data()["amount"]] == [code]


def test_what_was_typed_is_shown_again() -> None:
    form = DepositForm({"amount": "1.234,50"})
    assert not form.is_valid()
    assert form["amount"].value() == "1.234,50"
    assert 'value="1.234,50"' in str(form["amount"])


def test_an_initial_amount_is_shown_in_the_house_style() -> None:
    form = DepositForm(initial={"amount": Money("1234.5", "EUR")})
    assert form["amount"].value() == "1\u202f234,50"


def test_the_keypad_is_asked_for() -> None:
    assert 'inputmode="decimal"' in str(DepositForm()["amount"])


def test_the_currency_may_come_from_a_function() -> None:
    assert PriceForm({"price": "0"}).fields["price"].clean("0") == Money(0, "JPY")
    form = PriceForm({"price": "12.5"})
    assert [error.code for error in form.errors.as_data()["price"]] == ["no_decimals"]


def test_an_optional_amount_left_empty_is_none() -> None:
    form = PriceForm({})
    assert form.is_valid()
    assert form.cleaned_data["price"] is None


def test_an_amount_typed_otherwise_is_no_change() -> None:
    form = DepositForm({"amount": "12,5"}, initial={"amount": Money("12.50", "EUR")})
    assert not form.has_changed()
