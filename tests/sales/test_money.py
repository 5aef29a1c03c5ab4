"""VAT within a price: rounded half up, and nothing lost between a line and its tickets."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales.money import basis_points, net_of, nets_of

rates = st.integers(0, 9999).map(lambda points: Decimal(points) / 100)
prices = st.integers(0, 10_000_000)


@pytest.mark.parametrize(
    ("gross", "rate", "net"),
    [
        (2500, "5.50", 2370),
        (2500, "2.10", 2449),
        (2500, "20.00", 2083),
        (2500, "0.00", 2500),
        (0, "5.50", 0),
        (1, "99.00", 1),
        (3, "20.00", 3),  # 2.5 goes up
    ],
)
def test_net_of_some_prices(gross: int, rate: str, net: int) -> None:
    assert net_of(gross, vat_rate=Decimal(rate)) == net


@given(gross=prices, rate=rates)
def test_net_is_rounded_half_up_to_the_cent(gross: int, rate: Decimal) -> None:
    exact = Decimal(gross) / (1 + rate / 100)
    assert net_of(gross, vat_rate=rate) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@given(unit=prices, quantity=st.integers(0, 60), rate=rates)
def test_tickets_add_up_to_their_line(unit: int, quantity: int, rate: Decimal) -> None:
    nets = nets_of(unit, quantity=quantity, vat_rate=rate)
    assert len(nets) == quantity
    assert sum(nets) == net_of(unit * quantity, vat_rate=rate)
    assert all(0 <= net <= unit for net in nets)


def test_three_tickets_of_a_line_share_the_odd_cent() -> None:
    assert nets_of(1000, quantity=3, vat_rate=Decimal("5.50")) == [948, 948, 948]
    assert nets_of(1700, quantity=3, vat_rate=Decimal("5.50")) == [1611, 1612, 1611]


def test_a_price_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 0"):
        net_of(-1, vat_rate=Decimal("5.50"))


@pytest.mark.parametrize("rate", ["5.555", "-1"])
def test_a_rate_that_cannot_be_sealed_is_refused(rate: str) -> None:
    with pytest.raises(ValueError, match="basis points"):
        basis_points(Decimal(rate))
