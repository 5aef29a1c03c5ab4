"""What a till session took and gave, mode by mode: the X, and under the lock the Z (spec G6)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from moneyed import Money

from credit.choices import MovementKind
from institution_settings.choices import ModeKind
from institution_settings.models import PaymentMode
from institution_settings.money import from_minor
from payments.choices import Direction, Purpose
from payments.models import Payment
from tills.models import TillSession

DRAWER = F("tendered_minor") - F("change_minor")


@dataclass(frozen=True, slots=True)
class Taking:
    """One mode of a session, in minor units: what it took and gave, change and rounding counted.

    Vouchers count what they were worth in hand; credit what was drawn and given back.
    """

    mode: PaymentMode
    currency: str
    payments: int
    in_minor: int
    out_minor: int
    float_minor: int

    @property
    def expected_minor(self) -> int:
        """What should be there: the float, plus what came in, less what went out."""
        return self.float_minor + self.in_minor - self.out_minor

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


def list_takings(*, session_id: int) -> list[Taking]:
    """Return the takings of a session by mode, in the modes' order; cash always (its float)."""
    session = TillSession.objects.get(pk=session_id)
    sums = {row["mode_id"]: row for row in _sums(session_id)}
    modes = PaymentMode.objects.filter(Q(pk__in=sums) | Q(kind=ModeKind.CASH, active=True))
    takings = []
    cash_seen = False
    for mode in modes.order_by("position", "code"):
        # The float lies in the first cash mode's drawer.
        holds_float = mode.kind == ModeKind.CASH and not cash_seen
        cash_seen = cash_seen or holds_float
        row = sums.get(mode.pk, {"payments": 0, "taken": 0, "given": 0})
        takings.append(
            Taking(
                mode=mode,
                currency=session.currency,
                payments=row["payments"],
                in_minor=row["taken"],
                out_minor=row["given"],
                float_minor=session.float_minor if holds_float else 0,
            )
        )
    return takings


def _sums(session_id: int) -> list[dict[str, int]]:
    return list(
        Payment.objects.filter(session_id=session_id)
        .values("mode_id")
        .annotate(
            payments=Count("id"),
            taken=Coalesce(Sum(DRAWER, filter=Q(direction=Direction.IN)), 0),
            given=Coalesce(Sum(DRAWER, filter=Q(direction=Direction.OUT)), 0),
        )
    )


def sum_credit_lines(*, first: date, last: date, currency: str) -> dict[tuple[int, str], int]:
    """Return, per session, what orders took from and gave to credit, by kind of movement (I6)."""
    kinds = {
        (Purpose.SALE, Direction.IN): MovementKind.PAYMENT,
        (Purpose.REFUND, Direction.OUT): MovementKind.REFUND,
    }
    rows = (
        Payment.objects.filter(
            business_date__gte=first,
            business_date__lte=last,
            currency=currency,
            mode__kind=ModeKind.CREDIT,
        )
        .values("session_id", "purpose", "direction")
        .annotate(total=Sum("amount_minor"))
    )
    return {
        (row["session_id"], str(kinds[Purpose(row["purpose"]), Direction(row["direction"])])): row[
            "total"
        ]
        for row in rows
    }


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
