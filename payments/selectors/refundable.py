"""What of an order was paid and not yet given back."""

from django.db.models import Sum
from django.db.models.functions import Coalesce

from payments.choices import Direction
from payments.models import Payment
from payments.settlement import ModeRules, Paid
from sales.models import Order


def list_paid(*, order: Order, usable_mode_ids: set[int] | None = None) -> list[Paid]:
    """Return the payments of an order in the order they paid, as far as not given back (G4).

    ``usable_mode_ids`` are the modes authorised for refund here; None takes all as usable.
    """
    rows = (
        Payment.objects.filter(order=order, direction=Direction.IN, reversed_by=None)
        .select_related("mode")
        .annotate(
            returned_minor=Coalesce(Sum("refunded_by__amount_minor"), 0),
            returned_rounding=Coalesce(Sum("refunded_by__rounding_minor"), 0),
            returned_non_refundable=Coalesce(Sum("refunded_by__non_refundable_minor"), 0),
        )
        .order_by("id")
    )
    return [_paid(row, usable_mode_ids) for row in rows if row.amount_minor > row.returned_minor]


def _paid(row: Payment, usable_mode_ids: set[int] | None) -> Paid:
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
    )
