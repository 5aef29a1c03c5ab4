"""Payments shared among performances: both sums are kept, to the cent (fiscal.md I11)."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.settlement import share_out

WORTH = {"A": 4200, "B": 1250}


def test_an_order_over_two_performances_paid_cash_and_card() -> None:
    """2000 × 4200/5450 = 1541.28…, 2000 × 1250/5450 = 458.71…: the cent goes to B."""
    assert share_out([2000, 3450], worth_minor=WORTH) == [
        {"A": 1541, "B": 459},
        {"A": 2659, "B": 791},
    ]


@pytest.mark.parametrize(
    ("amounts", "worth", "shares"),
    [
        ([5450], WORTH, [WORTH]),
        ([], WORTH, []),
        ([1, 1, 1], {"A": 1, "B": 1, "C": 1}, [{"A": 1}, {"B": 1}, {"C": 1}]),
        ([100], {"A": 0, "B": 100}, [{"B": 100}]),  # what is free takes no money
        ([0], WORTH, [{}]),  # a voucher given up pays nothing
        ([10], {"A": 0}, [{}]),
        ([300], {"A": 100, "B": 100}, [{"A": 150, "B": 150}]),  # more than it is worth
    ],
)
def test_shares(amounts: list[int], worth: dict[str, int], shares: list[dict[str, int]]) -> None:
    assert share_out(amounts, worth_minor=worth) == shares


@st.composite
def paid_in_parts(draw: st.DrawFn) -> tuple[list[int], dict[int, int]]:
    """What several things cost, and any way to pay all of it."""
    prices = draw(st.lists(st.integers(0, 10_000), min_size=1, max_size=6))
    total = sum(prices)
    cuts = sorted(draw(st.lists(st.integers(0, total), max_size=6)))
    bounds = [0, *cuts, total]
    amounts = [after - before for before, after in pairwise(bounds)]
    return amounts, dict(enumerate(prices))


@given(paid_in_parts())
def test_both_sums_are_kept(case: tuple[list[int], dict[int, int]]) -> None:
    amounts, worth = case
    shares = share_out(amounts, worth_minor=worth)
    assert [sum(share.values()) for share in shares] == amounts
    got = {key: sum(share.get(key, 0) for share in shares) for key in worth}
    assert got == worth
    assert all(part > 0 for share in shares for part in share.values())


@given(paid_in_parts())
def test_the_first_amount_is_shared_within_a_cent_of_pro_rata(
    case: tuple[list[int], dict[int, int]],
) -> None:
    amounts, worth = case
    total = sum(worth.values())
    first = share_out(amounts, worth_minor=worth)[0]
    for key, value in worth.items():
        assert abs(first.get(key, 0) * total - amounts[0] * value) < max(total, 1)
