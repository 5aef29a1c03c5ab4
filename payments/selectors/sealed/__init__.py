"""What was sealed of money, vouchers, approvals and tills, compared with their rows (spec P2).

Rows are read in the chunks of the journal; the facts are built by the same functions that built
them when they were sealed.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from journal.selectors import Finding, SubjectCheck, unsealed
from payments.models import (
    Approval,
    Merge,
    Payment,
    Refund,
    SumOwed,
    SumOwedPayment,
    TakingsStatement,
    VoucherMovement,
)
from payments.selectors.sealed.codes import Codes
from payments.selectors.sealed.comparing import UNSEALED, compare
from payments.selectors.sealed.merges import merges_as_sealed
from payments.selectors.sealed.payments import Payments
from payments.selectors.sealed.rows import (
    approvals_as_sealed,
    blind_counts_as_sealed,
    cash_as_sealed,
    closings_as_sealed,
    openings_as_sealed,
    refunds_as_sealed,
    statements_as_sealed,
    sums_owed_as_sealed,
    sums_paid_as_sealed,
    voucher_lines_as_sealed,
)
from tills.models import BlindCount, CashMovement, TillSession

__all__ = ["sealed_payments", "verify_sealed_payments"]


def sealed_payments() -> dict[str, SubjectCheck]:
    """Return who compares the entries about money, by kind of subject; for one verification."""
    codes = Codes()
    return {
        "payment": Payments(codes).check,
        "refund": lambda entries: compare(entries, refunds_as_sealed(entries, codes)),
        "sum_owed": lambda entries: compare(entries, sums_owed_as_sealed(entries, codes)),
        "sum_owed_payment": lambda entries: compare(entries, sums_paid_as_sealed(entries)),
        "voucher_movement": lambda entries: compare(
            entries, voucher_lines_as_sealed(entries, codes)
        ),
        "approval": lambda entries: compare(entries, approvals_as_sealed(entries, codes)),
        "merge": lambda entries: compare(entries, merges_as_sealed(entries, codes)),
        "takings_statement": lambda entries: compare(entries, statements_as_sealed(entries, codes)),
        "cash_movement": lambda entries: compare(entries, cash_as_sealed(entries, codes)),
        "blind_count": lambda entries: compare(entries, blind_counts_as_sealed(entries, codes)),
        "till_opening": lambda entries: compare(entries, openings_as_sealed(entries, codes)),
        "till_closing": lambda entries: compare(entries, closings_as_sealed(entries, codes)),
    }


def verify_sealed_payments() -> Iterator[Finding]:
    """Find payments, refunds, lines of vouchers, approvals and sessions that no entry tells of."""
    kinds: dict[str, QuerySet[Any]] = {
        "payment": Payment.objects.all(),
        "refund": Refund.objects.all(),
        "sum_owed": SumOwed.objects.all(),
        "sum_owed_payment": SumOwedPayment.objects.all(),
        "voucher_movement": VoucherMovement.objects.all(),
        "approval": Approval.objects.all(),
        "merge": Merge.objects.all(),
        "takings_statement": TakingsStatement.objects.all(),
        "cash_movement": CashMovement.objects.all(),
        "blind_count": BlindCount.objects.all(),
    }
    for kind, rows in kinds.items():
        found = unsealed(rows=rows, subject_kind=kind)
        for pk in found.values_list("pk", flat=True).iterator():
            yield Finding(f"{kind} {pk}", UNSEALED)
    closed = TillSession.objects.exclude(closed_at=None)
    for kind, rows in {"till_opening": TillSession.objects.all(), "till_closing": closed}.items():
        for session in unsealed(rows=rows.select_related("till"), subject_kind=kind):
            yield Finding(str(session), UNSEALED)
