"""What was sealed of money, vouchers, approvals and tills, compared with their rows (spec P2).

Rows are read in the chunks of the journal; the facts are built by the same functions that built
them when they were sealed.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, cast

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from institution_settings.models import PaymentMode
from journal.selectors import (
    Finding,
    SealedEntry,
    SubjectCheck,
    differences,
    entry_numbers,
    unsealed,
)
from journal.services import BusinessDay
from payments.choices import VoucherMove
from payments.codes import code_print
from payments.models import (
    Approval,
    Payment,
    PaymentCodes,
    Refund,
    RefundCodes,
    RefundedTicket,
    VoucherMovement,
)
from tills.models import ModeCount, TillSession
from tills.selectors import list_session_days

ROW_GONE = _("The row of this entry does not exist any more.")
ROW_DIFFERS = _("The row differs from what was sealed.")
OTHER_DAY = _("The time of this payment does not fall in its business day.")
UNSEALED = _("This row has no entry in the journal.")


def sealed_payments() -> dict[str, SubjectCheck]:
    """Return who compares the entries about money, by kind of subject; for one verification."""
    codes = _Codes()
    return {
        "payment": _Payments(codes).check,
        "refund": lambda entries: _compare(entries, _refunds(entries, codes)),
        "voucher_movement": lambda entries: _compare(entries, _voucher_lines(entries, codes)),
        "approval": lambda entries: _compare(entries, _approvals(entries, codes)),
        "till_opening": lambda entries: _compare(entries, _openings(entries, codes)),
        "till_closing": lambda entries: _compare(entries, _closings(entries, codes)),
    }


def verify_sealed_payments() -> Iterator[Finding]:
    """Find payments, refunds, lines of vouchers, approvals and sessions that no entry tells of."""
    kinds: dict[str, QuerySet[Any]] = {
        "payment": Payment.objects.all(),
        "refund": Refund.objects.all(),
        "voucher_movement": VoucherMovement.objects.all(),
        "approval": Approval.objects.all(),
    }
    for kind, rows in kinds.items():
        found = unsealed(rows=rows, subject_kind=kind)
        for pk in found.values_list("pk", flat=True).iterator():
            yield Finding(f"{kind} {pk}", UNSEALED)
    closed = TillSession.objects.exclude(closed_at=None)
    for kind, rows in {"till_opening": TillSession.objects.all(), "till_closing": closed}.items():
        for session in unsealed(rows=rows.select_related("till"), subject_kind=kind):
            yield Finding(str(session), UNSEALED)


class _Session(NamedTuple):
    till: str
    number: int
    day: BusinessDay


class _Codes:
    """The few codes of modes, operators and sessions, kept at hand."""

    def __init__(self) -> None:
        self.modes: dict[int, str] = {}
        self.people: dict[int | None, str | None] = {None: None}
        self.sessions: dict[int, _Session] = {}

    def learn(self, *, people: set[int | None], sessions: set[int]) -> None:
        """Fetch the codes that are asked for and not known yet."""
        wanted = {pk for pk in people - self.people.keys() if pk is not None}
        if wanted:
            known = dict(User.objects.filter(pk__in=wanted).values_list("pk", "code"))
            self.people.update((pk, known.get(pk)) for pk in wanted)
        new = sessions - self.sessions.keys()
        if new:
            found = list_session_days(ids=new)
            self.sessions |= {pk: _Session(*known) for pk, known in found.items()}
        if not self.modes:
            self.modes |= dict(PaymentMode.objects.values_list("pk", "code"))


class _Row(NamedTuple):
    """A payment's columns, named as in the model, and the codes beside them."""

    pk: int
    direction: str
    purpose: str
    currency: str
    amount_minor: int
    tendered_minor: int
    change_minor: int
    surplus_minor: int
    given_up_minor: int
    rounding_minor: int
    non_refundable_minor: int
    cheque_number: str
    at: datetime
    business_date: date
    mode_id: int
    operator_id: int | None
    approved_by_id: int | None
    session_id: int
    refunds_id: int | None
    reverses_id: int | None
    order__number: str | None
    contact__number: str | None
    voucher__code: str | None


_COLUMNS = tuple(_Row.__annotations__)


class _Payments:
    """Compares payments, without models: there is one for each tender ever taken."""

    def __init__(self, codes: _Codes) -> None:
        self._codes = codes

    def check(self, entries: Sequence[SealedEntry]) -> Iterator[Finding]:
        """Compare some entries with their payments."""
        found = Payment.objects.filter(pk__in=[entry.subject_id for entry in entries])
        rows = {row[0]: _Row(*row) for row in found.values_list(*_COLUMNS)}
        self._codes.learn(
            people={pk for row in rows.values() for pk in (row.operator_id, row.approved_by_id)},
            sessions={row.session_id for row in rows.values()},
        )
        linked = {pk for row in rows.values() for pk in (row.refunds_id, row.reverses_id) if pk}
        numbers = entry_numbers(subject_kind="payment", subject_ids=linked) if linked else {}
        for entry in entries:
            row = rows.get(entry.subject_id)
            if row is None:
                yield Finding(entry.where, ROW_GONE)
                continue
            yield from _differs(entry, self._facts(row, numbers))
            day = self._codes.sessions[row.session_id].day
            if row.business_date != day.date or not day.holds(row.at):
                yield Finding(entry.where, OTHER_DAY)

    def _facts(self, row: _Row, numbers: dict[int, str]) -> dict[str, object]:
        session = self._codes.sessions[row.session_id]
        return Payment.sealed_facts(
            cast("Payment", row),  # the same names, read without the model
            codes=PaymentCodes(
                till=session.till,
                session=session.number,
                mode=self._codes.modes[row.mode_id],
                order=row.order__number,
                contact=row.contact__number,
                voucher=code_print(row.voucher__code) if row.voucher__code else None,
                operator=self._codes.people[row.operator_id],
                approved_by=self._codes.people[row.approved_by_id],
                refunds=numbers.get(row.refunds_id or 0),
                reverses=numbers.get(row.reverses_id or 0),
            ),
        )


def _refunds(entries: Sequence[SealedEntry], codes: _Codes) -> dict[int, dict[str, object]]:
    rows = _found(Refund, entries, "order")
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
            )
        )
        for row in rows
    }


def _voucher_lines(entries: Sequence[SealedEntry], codes: _Codes) -> dict[int, dict[str, object]]:
    rows = _found(VoucherMovement, entries, "voucher__mode")
    codes.learn(people={row.operator_id for row in rows}, sessions=set())
    tills = {entry.subject_id: entry.chain for entry in entries}
    return {
        row.pk: row.sealed_facts(till=tills[row.pk], operator=codes.people[row.operator_id])
        for row in rows
    }


def _approvals(entries: Sequence[SealedEntry], codes: _Codes) -> dict[int, dict[str, object]]:
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


def _openings(entries: Sequence[SealedEntry], codes: _Codes) -> dict[int, dict[str, object]]:
    rows = _found(TillSession, entries, "till")
    codes.learn(people={row.opened_by_id for row in rows}, sessions=set())
    return {row.pk: row.opening_facts(operator=codes.people[row.opened_by_id]) for row in rows}


def _closings(entries: Sequence[SealedEntry], codes: _Codes) -> dict[int, dict[str, object]]:
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


def _compare(
    entries: Sequence[SealedEntry], stored: dict[int, dict[str, object]]
) -> Iterator[Finding]:
    for entry in entries:
        facts = stored.get(entry.subject_id)
        if facts is None:
            yield Finding(entry.where, ROW_GONE)
        else:
            yield from _differs(entry, facts)


def _differs(entry: SealedEntry, stored: dict[str, object]) -> Iterator[Finding]:
    if stored != entry.facts:
        yield Finding(entry.where, ROW_DIFFERS, differences(sealed=entry.facts, stored=stored))
