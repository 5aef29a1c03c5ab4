"""What a till session took and gave, mode by mode: the X, and under the lock the Z (spec G6)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from moneyed import Money

from institution_settings.choices import ModeKind
from institution_settings.models import PaymentMode
from institution_settings.money import from_minor
from payments.choices import Direction, Purpose
from payments.models import Payment
from tills.choices import CashWay
from tills.models import CashMovement, TillSession


@dataclass(frozen=True, slots=True)
class Taking:
    """One mode of a session, in minor units: what it took and gave, rounding counted.

    Vouchers count what they were worth in hand, credit what was drawn and given back. Change is
    cash: that of cash is not taken at all, that of a voucher is given out of the drawer (S2).
    """

    mode: PaymentMode
    currency: str
    payments: int
    in_minor: int
    out_minor: int
    float_minor: int
    put_in_minor: int = 0
    taken_out_minor: int = 0

    @property
    def expected_minor(self) -> int:
        """What should be there: the float and what came or was put in, less what went out."""
        came = self.in_minor + self.put_in_minor
        return self.float_minor + came - self.out_minor - self.taken_out_minor

    @property
    def expected(self) -> Money:
        """``expected_minor`` as money."""
        return from_minor(self.expected_minor, self.currency)

    @property
    def taken(self) -> Money:
        """What came in."""
        return from_minor(self.in_minor, self.currency)

    @property
    def given(self) -> Money:
        """What went out."""
        return from_minor(self.out_minor, self.currency)

    @property
    def put_in(self) -> Money:
        """Cash put into the drawer besides."""
        return from_minor(self.put_in_minor, self.currency)

    @property
    def taken_out(self) -> Money:
        """Cash taken out of the drawer besides."""
        return from_minor(self.taken_out_minor, self.currency)


def list_takings(*, session_id: int, mode_ids: Collection[int] = ()) -> list[Taking]:
    """Return the takings of a session by mode, in the modes' order; cash always (its float).

    ``mode_ids`` are modes to be listed even if they took nothing: what was counted of them.
    """
    session = TillSession.objects.get(pk=session_id)
    sums = {row["mode_id"]: row for row in _sums(session_id)}
    wanted = Q(pk__in={*sums, *mode_ids}) | Q(kind=ModeKind.CASH, active=True)
    modes = list(PaymentMode.objects.filter(wanted).order_by("position", "code"))
    # The drawer is that of the first cash mode: its float lies there, cash is put in and taken
    # out there, vouchers' change leaves it.
    drawer = next((mode for mode in modes if mode.kind == ModeKind.CASH), None)
    vouchers_change = sum(
        row["change"] for row in sums.values() if row["mode__kind"] != ModeKind.CASH
    )
    moved = _sum_cash(session_id)
    takings = []
    for mode in modes:
        row = sums.get(mode.pk, _NOTHING)
        change = row["change"] if mode.kind == ModeKind.CASH else 0
        takings.append(
            Taking(
                mode=mode,
                currency=session.currency,
                payments=row["payments"],
                in_minor=row["handed"] - change,
                out_minor=row["given"] + (vouchers_change if mode == drawer else 0),
                float_minor=session.float_minor if mode == drawer else 0,
                put_in_minor=moved.get(CashWay.IN, 0) if mode == drawer else 0,
                taken_out_minor=moved.get(CashWay.OUT, 0) if mode == drawer else 0,
            )
        )
    return takings


_NOTHING: dict[str, Any] = {"payments": 0, "handed": 0, "change": 0, "given": 0}


def _sums(session_id: int) -> list[dict[str, Any]]:
    """Count the payments of a session by mode, and sum what was handed over and given."""
    incoming, outgoing = Q(direction=Direction.IN), Q(direction=Direction.OUT)
    return list(
        Payment.objects.filter(session_id=session_id)
        .values("mode_id", "mode__kind")
        .annotate(
            payments=Count("id"),
            handed=Coalesce(Sum("tendered_minor", filter=incoming), 0),
            change=Coalesce(Sum("change_minor", filter=incoming), 0),
            given=Coalesce(Sum("tendered_minor", filter=outgoing), 0),
        )
    )


def _sum_cash(session_id: int) -> dict[str, int]:
    """Return the cash put into the drawer of a session and taken out of it, by way."""
    rows = CashMovement.objects.filter(session_id=session_id).values_list("way")
    return dict(rows.annotate(total=Sum("amount_minor")))


def sum_purposes(*, session_id: int) -> dict[tuple[int, Purpose, Direction], int]:
    """Return amounts by mode, purpose and direction: the lines of a Z that reports check (I6)."""
    rows = (
        Payment.objects.filter(session_id=session_id)
        .values("mode_id", "purpose", "direction")
        .annotate(total=Sum("amount_minor"))
    )
    return {
        (row["mode_id"], Purpose(row["purpose"]), Direction(row["direction"])): row["total"]
        for row in rows
    }
