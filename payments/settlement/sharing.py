"""Payments shared among what they pay for, pro rata, by largest remainder (fiscal.md I11). Pure."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

K = TypeVar("K")


def share_out(amounts_minor: Sequence[int], *, worth_minor: Mapping[K, int]) -> list[dict[K, int]]:
    """Return for each amount its shares, in the order of ``worth_minor``; zero shares left out.

    Each amount is shared pro rata of what is not paid yet, so that both sums come out exactly: the
    shares of an amount are the amount, and where the amounts are together what everything is worth,
    the shares of a thing are what it is worth. Of equal remainders the first gets the unit. What is
    worth nothing gets nothing; amounts beyond the worth are shared pro rata of the whole.
    """
    left = {key: worth for key, worth in worth_minor.items() if worth > 0}
    shares = []
    for amount in amounts_minor:
        weights = left if 0 < amount <= sum(left.values()) else worth_minor
        share = _apportion(amount, weights)
        for key, part in share.items():
            left[key] = left.get(key, 0) - part
        left = {key: rest for key, rest in left.items() if rest > 0}
        shares.append(share)
    return shares


def _apportion(amount: int, weights: Mapping[K, int]) -> dict[K, int]:
    """Hamilton's method: whole parts first, then one unit each to the largest remainders."""
    total = sum(weights.values())
    if amount <= 0 or total <= 0:
        return {}
    parts = {key: divmod(amount * weight, total) for key, weight in weights.items()}
    missing = amount - sum(whole for whole, _rest in parts.values())
    ranked = sorted(parts, key=lambda key: -parts[key][1])  # stable: the first of equals
    favoured = set(ranked[:missing])
    shares = {key: whole + (key in favoured) for key, (whole, _rest) in parts.items()}
    return {key: part for key, part in shares.items() if part}
