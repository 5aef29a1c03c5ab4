"""VAT within a price (CPT-02): pure functions on whole minor units, nothing is lost to rounding."""

from decimal import Decimal
from itertools import pairwise

# A rate of 5.5 % is 550 basis points; what is sealed and divided by is a whole number.
WHOLE = 10_000


def basis_points(vat_rate: Decimal) -> int:
    """Return a rate in percent as whole basis points: 5.50 → 550; ``ValueError`` if it is not."""
    points = vat_rate * 100
    if points != points.to_integral_value() or points < 0:
        raise ValueError(f"{vat_rate} % is no whole number of basis points")
    return int(points)


def net_of(gross_minor: int, *, vat_rate: Decimal) -> int:
    """Return the part of a price without VAT: TTC / (1 + t), rounded half up (CPT-02).

    ``gross_minor`` is at least 0. The VAT is what remains: ``gross_minor - net_of(…)``.
    """
    if gross_minor < 0:
        raise ValueError("A price is at least 0")
    divisor = WHOLE + basis_points(vat_rate)
    return (2 * gross_minor * WHOLE + divisor) // (2 * divisor)


def nets_of(unit_minor: int, *, quantity: int, vat_rate: Decimal) -> list[int]:
    """Return the net part of each of ``quantity`` seats so that they add up to the line's own.

    VAT is due on the line (CPT-02), yet each ticket may be taken back alone: the n-th carries
    what the first n are worth net beyond the first n−1.
    """
    upto = [net_of(unit_minor * count, vat_rate=vat_rate) for count in range(quantity + 1)]
    return [after - before for before, after in pairwise(upto)]
