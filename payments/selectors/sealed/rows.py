"""Refunds, vouchers, approvals and sessions as they would be sealed now."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Count

from journal.selectors import (
    SealedEntry,
    entry_numbers,
)
from payments.choices import VoucherMove
from payments.models import (
    Approval,
    Refund,
    RefundCodes,
    RefundedTicket,
    SumOwed,
    SumOwedPayment,
    TakingsStatement,
    VoucherMovement,
)
from payments.selectors.sealed.codes import Codes
from tills.models import BlindCount, CashMovement, ModeCount, TillSession


def refunds_as_sealed(entries: Sequence[SealedEntry], codes: Codes) -> dict[int, dict[str, object]]:
    """Return the facts of some refunds, as their rows say them now, by row."""
    rows = _found(Refund, entries, "order", "exchanged_for")
    operations = {row.operation_id for row in rows}
    taken = RefundedTicket.objects.filter(refund__in=rows).values_list("refund_id")
    tickets = dict(taken.annotate(number=Count("pk")))
    cancelled = VoucherMovement.objects.filter(
        operation_id__in=operations, kind=VoucherMove.CANCEL
    ).values_list("operation_id")
    vouchers = dict(cancelled.annotate(number=Count("pk")))
    codes.learn(people={row.operator_id for row in rows}, sessions={row.session_id for row in rows})
    return {
        row.pk: row.sealed_facts(
            codes=RefundCodes(
                till=codes.sessions[row.session_id].till,
                session=codes.sessions[row.session_id].number,
                order=row.order.number,
                operator=codes.people[row.operator_id],
                tickets=tickets.get(row.pk, 0),
                vouchers=vouchers.get(row.operation_id, 0),
                exchange=row.exchanged_for.number if row.exchanged_for else None,
            )
        )
        for row in rows
    }


def sums_owed_as_sealed(
    entries: Sequence[SealedEntry], codes: Codes
) -> dict[int, dict[str, object]]:
    """Return the facts of some sums owed."""
    rows = _found(SumOwed, entries, "refund__order")
    codes.learn(people={row.operator_id for row in rows}, sessions={row.session_id for row in rows})
    return {
        row.pk: row.sealed_facts(
            till=codes.sessions[row.session_id].till,
            session=codes.sessions[row.session_id].number,
            order=row.refund.order.number,
            operator=codes.people[row.operator_id],
        )
        for row in rows
    }


def sums_paid_as_sealed(entries: Sequence[SealedEntry]) -> dict[int, dict[str, object]]:
    """Return the facts of some payments of sums owed."""
    rows = _found(SumOwedPayment, entries)
    sums = {row.sum_owed_id for row in rows}
    numbers = entry_numbers(subject_kind="sum_owed", subject_ids=sums) if sums else {}
    return {row.pk: row.sealed_facts(number=numbers.get(row.sum_owed_id)) for row in rows}


def voucher_lines_as_sealed(
    entries: Sequence[SealedEntry], codes: Codes
) -> dict[int, dict[str, object]]:
    """Return the facts of some lines of vouchers; their till is that of the entry."""
    rows = _found(VoucherMovement, entries, "voucher__mode", "voucher__type")
    codes.learn(people={row.operator_id for row in rows}, sessions=set())
    tills = {entry.subject_id: entry.chain for entry in entries}
    return {
        row.pk: row.sealed_facts(till=tills[row.pk], operator=codes.people[row.operator_id])
        for row in rows
    }


def approvals_as_sealed(
    entries: Sequence[SealedEntry], codes: Codes
) -> dict[int, dict[str, object]]:
    """Return the facts of some approvals."""
    rows = _found(Approval, entries)
    codes.learn(
        people={pk for row in rows for pk in (row.person_id, row.operator_id)},
        sessions={row.session_id for row in rows},
    )
    return {
        row.pk: row.sealed_facts(
            till=codes.sessions[row.session_id].till,
            session=codes.sessions[row.session_id].number,
            person=codes.people[row.person_id],
            operator=codes.people[row.operator_id],
        )
        for row in rows
    }


def statements_as_sealed(
    entries: Sequence[SealedEntry], codes: Codes
) -> dict[int, dict[str, object]]:
    """Return the facts of some statements of takings; their content is read again."""
    rows = _found(TakingsStatement, entries)
    codes.learn(people={row.closed_by_id for row in rows}, sessions=set())
    return {row.pk: row.sealed_facts(person=codes.people[row.closed_by_id]) for row in rows}


def openings_as_sealed(
    entries: Sequence[SealedEntry], codes: Codes
) -> dict[int, dict[str, object]]:
    """Return the facts of some openings."""
    rows = _found(TillSession, entries, "till")
    codes.learn(people={row.opened_by_id for row in rows}, sessions=set())
    return {row.pk: row.opening_facts(operator=codes.people[row.opened_by_id]) for row in rows}


def cash_as_sealed(entries: Sequence[SealedEntry], codes: Codes) -> dict[int, dict[str, object]]:
    """Return the facts of cash put into drawers and taken out of them."""
    rows = _found(CashMovement, entries)
    codes.learn(people={row.operator_id for row in rows}, sessions={row.session_id for row in rows})
    return {
        row.pk: row.sealed_facts(
            till=codes.sessions[row.session_id].till,
            session=codes.sessions[row.session_id].number,
            mode=codes.modes[row.mode_id],
            operator=codes.people[row.operator_id],
        )
        for row in rows
    }


def blind_counts_as_sealed(
    entries: Sequence[SealedEntry], codes: Codes
) -> dict[int, dict[str, object]]:
    """Return the facts of what was counted before what is expected was shown."""
    rows = _found(BlindCount, entries)
    codes.learn(people={row.operator_id for row in rows}, sessions={row.session_id for row in rows})
    return {
        row.pk: row.sealed_facts(
            till=codes.sessions[row.session_id].till,
            session=codes.sessions[row.session_id].number,
            mode=codes.modes[row.mode_id],
            operator=codes.people[row.operator_id],
        )
        for row in rows
    }


def closings_as_sealed(
    entries: Sequence[SealedEntry], codes: Codes
) -> dict[int, dict[str, object]]:
    """The Zs with their counts; one that is not closed any more differs in its time."""
    rows = _found(TillSession, entries, "till")
    codes.learn(people={row.closed_by_id for row in rows}, sessions=set())
    counts = defaultdict(list)
    for count in ModeCount.objects.filter(session__in=rows).select_related("mode").order_by("pk"):
        counts[count.session_id].append(count)
    return {
        row.pk: row.closing_facts(counts=counts[row.pk], operator=codes.people[row.closed_by_id])
        for row in rows
    }


def _found(model: Any, entries: Sequence[SealedEntry], *related: str) -> list[Any]:
    rows = model.objects.filter(pk__in=[entry.subject_id for entry in entries])
    return list(rows.select_related(*related) if related else rows)
