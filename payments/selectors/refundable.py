"""What of orders was paid and not yet given back."""

from collections.abc import Collection
from datetime import UTC, date, datetime

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce

from institution_settings.selectors import venue_date
from payments.choices import Direction
from payments.models import Payment
from payments.settlement import ModeRules, Paid
from sales.models import Order


def list_paid(
    *, order: Order, today: date | None = None, usable_mode_ids: set[int] | None = None
) -> list[Paid]:
    """Return the payments of an order in the order they paid, as far as not given back (G4).

    ``usable_mode_ids`` are the modes authorised for refund here; None takes all as usable.
    ``today`` is the venue's date, as long as vouchers can be spent; without it, today's.
    """
    day = today or venue_date(at=datetime.now(UTC))
    return [_paid(row, day, usable_mode_ids) for row in _left(Payment.objects.filter(order=order))]


def list_paid_by_order(*, order_ids: Collection[int], today: date) -> dict[int, list[Paid]]:
    """Return the same of many orders at once, by order; all modes usable."""
    found: dict[int, list[Paid]] = {pk: [] for pk in order_ids}
    for row in _left(Payment.objects.filter(order__in=order_ids)):
        found[row.order_id or 0].append(_paid(row, today, None))
    return found


def _left(payments: QuerySet[Payment]) -> list[Payment]:
    rows = (
        payments.filter(direction=Direction.IN, reversed_by=None)
        .select_related("mode", "voucher")
        .annotate(
            returned_minor=Coalesce(Sum("refunded_by__amount_minor"), 0),
            returned_rounding=Coalesce(Sum("refunded_by__rounding_minor"), 0),
            returned_non_refundable=Coalesce(Sum("refunded_by__non_refundable_minor"), 0),
        )
        .order_by("id")
    )
    return [row for row in rows if row.amount_minor > row.returned_minor]


def _paid(row: Payment, today: date, usable_mode_ids: set[int] | None) -> Paid:
    returned = row.__dict__
    return Paid(
        reference=row.pk,
        mode=ModeRules(
            code=row.mode.code,
            kind=row.mode.kind,
            label=row.mode.label,
            usable=usable_mode_ids is None or row.mode_id in usable_mode_ids,
        ),
        remaining_minor=row.amount_minor - returned["returned_minor"],
        rounding_minor=row.rounding_minor - returned["returned_rounding"],
        non_refundable_minor=row.non_refundable_minor - returned["returned_non_refundable"],
        refillable=row.voucher is not None and row.voucher.is_refillable(today),
    )
