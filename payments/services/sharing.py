"""Which part of each payment is for which performance, stored with it (fiscal.md I11).

Whoever records payments of an order calls one of these once, after the last of them and before the
seal; ``verify`` finds payments that nobody shared.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from journal.services import Op
from payments.choices import Direction
from payments.models import Payment, PaymentShare
from payments.settlement import share_out
from sales.models import Order, Ticket


def share_sale(*, op: Op, order: Order, tickets: Iterable[Ticket]) -> None:
    """Share what pays an order, pro rata of its tickets' prices; the rest bought vouchers."""
    worth = _worth(tickets, total_minor=order.total_minor)
    _share(op, order, Direction.IN, worth)


def share_refund(*, op: Op, order: Order, tickets: Iterable[Ticket], amount_minor: int) -> None:
    """Share what a refund of ``amount_minor`` gives back, pro rata of the tickets taken back."""
    worth = _worth(tickets, total_minor=amount_minor)
    _share(op, order, Direction.OUT, worth)


def share_alike(*, original: Payment, payments: Iterable[Payment]) -> None:
    """Share payments as ``original`` was: those that take it back, and those that replace it."""
    shares = PaymentShare.objects.filter(payment=original).order_by("id")
    worth = dict(shares.values_list("performance_id", "amount_minor"))
    for payment in payments:
        _write([payment], worth)


def _worth(tickets: Iterable[Ticket], *, total_minor: int) -> dict[int | None, int]:
    worth: Counter[int | None] = Counter()
    for ticket in tickets:
        worth[ticket.performance_id] += ticket.price_minor
    worth[None] = total_minor - worth.total()
    return dict(worth)


def _share(
    op: Op, order: Order, direction: Direction, worth_minor: Mapping[int | None, int]
) -> None:
    made = Payment.objects.filter(operation_id=op.id, order=order, direction=direction)
    _write(list(made.order_by("id")), worth_minor)


def _write(payments: list[Payment], worth_minor: Mapping[int | None, int]) -> None:
    shares = share_out([payment.amount_minor for payment in payments], worth_minor=worth_minor)
    PaymentShare.objects.bulk_create(
        PaymentShare(payment=payment, performance_id=performance_id, amount_minor=part)
        for payment, parts in zip(payments, shares, strict=True)
        for performance_id, part in parts.items()
    )
