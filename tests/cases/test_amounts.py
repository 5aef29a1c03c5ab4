"""Amounts and currencies (cases.md §6): yen, dinars, francs, and what is no amount."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from moneyed import Money

from institution_settings.errors import AmountError
from institution_settings.forms import AmountField
from institution_settings.money import format_amount, parse_amount, to_minor
from payments.choices import RefundChoice
from tests.counter import Counter
from tests.venue import build_venue

NOT_AMOUNTS = ["sNaN", "NaN", "Infinity", "1e400", "-5", "0", "1e3", "12.345", "٣", "", "1.234,50"]


@pytest.fixture
def yen(db: None) -> Counter:
    return Counter(build_venue(currency="JPY"))


@pytest.fixture
def dinars(db: None) -> Counter:
    return Counter(build_venue(currency="KWD"))


@pytest.fixture
def francs(db: None) -> Counter:
    return Counter(build_venue(currency="CHF"))


def test_b58_a_yen_refund_is_not_multiplied(yen: Counter) -> None:
    zoe = yen.venue.contact()
    paid = yen.sell(["9899"], ("CB", "9899"), contact=zoe)
    assert yen.refund(paid).credited == Money(9899, "JPY")
    assert yen.available(zoe) == "9899"


def test_b59_a_partial_yen_refund_is_not_divided(yen: Counter) -> None:
    zoe = yen.venue.contact()
    paid = yen.sell(["5800", "1200"], ("CB", "7000"), contact=zoe)
    yen.refund(paid, paid.tickets[:1])
    assert yen.available(zoe) == "5800"
    assert format_amount(yen.standing(zoe).available) == "5\u202f800"
    with pytest.raises(AmountError):
        parse_amount("58,00", currency="JPY", zero=False)


def test_b60_a_dinar_keeps_its_three_decimals(dinars: Counter) -> None:
    zoe = dinars.venue.contact()
    dinars.deposit(zoe, "1.125", mode="CB")
    assert format_amount(dinars.standing(zoe).balance) == "1,125"
    dinars.sell(["1.125"], ("AVOIR", "1.125"), contact=zoe)
    assert dinars.available(zoe) == "0.000"


def test_b62_decimal_sums_are_exact(counter: Counter) -> None:
    zoe = counter.venue.contact()
    paid = counter.sell(["43.20", "19.20"], ("CB", "62.40"), contact=zoe)
    assert counter.refund(paid).credited == counter.venue.money("62.40")
    small = counter.sell(["0.10", "0.20"], ("CB", "0.30"), contact=zoe)
    assert counter.refund(small).credited == counter.venue.money("0.30")


def test_b63_three_decimals_survive_a_negation() -> None:
    assert to_minor(-Money(Decimal("1.125"), "KWD")) == -1125
    assert format_amount(-Money(Decimal("1.125"), "KWD")) == "-1,125"


def test_b64_cash_gives_back_exactly_what_was_paid(francs: Counter) -> None:
    venue = francs.venue
    paid = francs.sell(["1.98"], ("ESPECES", "2.00"))
    (taken,) = paid.payments
    assert (taken.amount, taken.tendered) == (venue.money("1.98"), venue.money("2.00"))
    result = francs.refund(paid, to=RefundChoice.ORIGIN)
    assert result.cash == venue.money("2.00")


def test_b64_a_payout_in_francs_leaves_the_centimes_as_rounding(francs: Counter) -> None:
    zoe = francs.venue.contact()
    francs.deposit(zoe, "10.02", mode="CB")
    paid = francs.payout(zoe, "10.02", approved_by=francs.venue.supervisor)
    assert (paid.amount_minor, paid.tendered_minor, paid.rounding_minor) == (1002, 1000, -2)
    assert francs.available(zoe) == "0.00"


@pytest.mark.parametrize("typed", NOT_AMOUNTS)
def test_b65_what_is_no_amount_is_refused_beside_its_field(typed: str) -> None:
    field = AmountField(currency="EUR")
    with pytest.raises(ValidationError):
        field.clean(typed)
