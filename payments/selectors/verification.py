"""Payments, refunds and vouchers re-computed from one another (spec P2, fiscal.md I6, I11).

The database compares, some rows at a time, so that only what is wrong is ever fetched.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from journal.errors import StrOrPromise
from journal.selectors import Finding, Step, entry_label
from payments.models import Payment, Voucher
from payments.selectors import checks
from sales.models import Order
from tills.models import TillSession

# Rows a statement: each takes well under a second, whatever the tables' length.
CHUNK = 2000

FAULTS: dict[str, StrOrPromise] = {
    "gives_back": _("This payment does not give back from a payment of its order."),
    "returned": _("More was given back of this payment than it paid."),
    "reverses": _("This payment does not take back what it says it takes back."),
    "movement": _("The movement of credit of this payment is missing or another one."),
    "owed": _("This payment hands over a sum that is not owed, or not all of it."),
    "carries": _("This payment carries over money that the exchange did not give back."),
    "exchange": _("What an exchange of this order carried over is not what it was worth."),
    "owes": _("What is owed for this order is not what its refunds left open."),
    "voucher": _("The line of the voucher of this payment is missing or another one."),
    "shares": _("The shares of this payment do not add up to it."),
    "paid": _("What was paid of this order is not its total."),
    "unpaid": _("There are payments of this order, but it is not paid."),
    "given": _("More was given back of this order than it was paid."),
    "refund": _("The refunds of this order are not what was given back."),
    "tickets": _("A ticket of this order was given back and is still valid, or the reverse."),
    "performances": _("The shares of this order’s payments are not what its tickets cost."),
    "position": _("A line of this voucher is missing, or it does not count its lines."),
    "line": _("A balance of this voucher does not follow from the one before."),
    "balance": _("The balance of this voucher is not that after its last line."),
    "value": _("The value of this voucher is not what it was issued with."),
    "state": _("This voucher is cancelled without a line that says so, or the reverse."),
    "counts": _("The counts of this Z are not what its payments come to."),
    "open": _("This session is open and has the counts of a Z."),
}


def verify_payments(*, step: Step) -> Iterator[Finding]:
    """Find payments whose links to other rows do not hold; ``step`` is told how many are done."""
    return _verify(Payment.objects.all(), checks.PAYMENTS, step)


def verify_orders(*, step: Step) -> Iterator[Finding]:
    """Find orders that were not paid their total, or gave back otherwise than their refunds say."""
    return _verify(Order.objects.all(), checks.ORDERS, step)


def verify_vouchers(*, step: Step) -> Iterator[Finding]:
    """Find vouchers whose balance does not follow from their lines."""
    return _verify(Voucher.objects.all(), checks.VOUCHERS, step)


def verify_closings(*, step: Step) -> Iterator[Finding]:
    """Find closed sessions whose Z does not hold exactly their payments."""
    return _verify(TillSession.objects.all(), checks.CLOSINGS, step)


def count_payments() -> int:
    """Return how many payments there are."""
    return Payment.objects.count()


def count_orders() -> int:
    """Return how many orders there are."""
    return Order.objects.count()


def count_vouchers() -> int:
    """Return how many vouchers there are."""
    return Voucher.objects.count()


def count_sessions() -> int:
    """Return how many till sessions there are."""
    return TillSession.objects.count()


def _verify(rows: QuerySet[Any], statement: str, step: Step) -> Iterator[Finding]:
    last = 0  # the last row done
    while True:
        rest = rows.filter(pk__gt=last).order_by("pk")
        chunk = list(rest.values_list("pk", flat=True)[:CHUNK])
        if not chunk:
            return
        for row in _ask(statement, last, chunk[-1]):
            yield Finding(_place(rows.model, row), FAULTS[row["fault"]])
        last = chunk[-1]
        step(len(chunk))


def _place(model: type[Model], row: dict[str, Any]) -> str:
    """Return what an auditor looks the row up by: the number of an entry, an order or a Z."""
    if row["code"] is None:
        return f"{model._meta.model_name} {row['id']}"
    if row["number"] is None:
        return str(row["code"])
    if model is TillSession:
        return f"Z-{row['code']}-{row['number']:04d}"
    return entry_label(code=row["code"], number=row["number"])


def _ask(statement: str, after: int, until: int) -> list[dict[str, Any]]:
    """Run a check over the rows (after, until]."""
    with connection.cursor() as cursor:
        cursor.execute(statement, {"after": after, "until": until})
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
