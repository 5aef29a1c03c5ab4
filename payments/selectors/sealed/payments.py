"""Payments against their entries; there is one for each tender ever taken."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple, cast

from journal.selectors import (
    Finding,
    SealedEntry,
    entry_numbers,
)
from payments.codes import code_print
from payments.models import (
    Payment,
    PaymentCodes,
)
from payments.selectors.sealed.codes import Codes
from payments.selectors.sealed.comparing import OTHER_DAY, ROW_GONE, differs


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
    identity: str
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


class Payments:
    """Compares payments, without models: there is one for each tender ever taken."""

    def __init__(self, codes: Codes) -> None:
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
            yield from differs(entry, self._facts(row, numbers))
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
