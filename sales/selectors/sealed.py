"""What was sealed of printouts and of people let in, compared with their rows (spec P2, FIS-18)."""

from collections.abc import Iterator, Sequence

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from journal.selectors import (
    Finding,
    SealedEntry,
    SubjectCheck,
    differences,
    entry_numbers,
    unsealed,
)
from sales.choices import ScanOutcome
from sales.models import Printout, Scan, Ticket

ROW_GONE = _("The row of this entry does not exist any more.")
ROW_DIFFERS = _("The row differs from what was sealed.")
UNSEALED = _("This row has no entry in the journal.")
NOT_LET_IN = _("This ticket is marked as used, but nobody was let in with it, or the reverse.")


def sealed_sales() -> dict[str, SubjectCheck]:
    """Return who compares the entries about printouts and admissions, by kind of subject."""
    return {
        "printout": lambda entries: _compare(entries, _printouts(entries)),
        "admission": lambda entries: _compare(entries, _admissions(entries)),
    }


def verify_sealed_sales() -> Iterator[Finding]:
    """Find printouts and admissions that no entry tells of, and tickets used without either."""
    admitted = Scan.objects.filter(outcome=ScanOutcome.ADMITTED)
    kinds: dict[str, QuerySet[Printout] | QuerySet[Scan]] = {
        "printout": Printout.objects.all(),
        "admission": admitted,
    }
    for kind, rows in kinds.items():
        found = unsealed(rows=rows, subject_kind=kind)
        for pk in found.values_list("pk", flat=True).iterator():
            yield Finding(f"{kind} {pk}", UNSEALED)
    used = Ticket.objects.exclude(scanned_at=None).exclude(pk__in=admitted.values("ticket_id"))
    other = admitted.exclude(ticket__scanned_at=F("at")).values_list("ticket_id", flat=True)
    wrong = [*used.values_list("pk", flat=True).iterator(), *other.iterator()]
    for number in entry_numbers(subject_kind="ticket", subject_ids=wrong).values():
        yield Finding(number, NOT_LET_IN)


def _printouts(entries: Sequence[SealedEntry]) -> dict[int, dict[str, object]]:
    rows = list(
        Printout.objects.filter(pk__in=[entry.subject_id for entry in entries]).select_related(
            "order", "operator", "session__till"
        )
    )
    numbers = _numbers(row.ticket_id for row in rows)
    return {
        row.pk: row.sealed_facts(
            till=row.session.till.code,
            session=row.session.number,
            operator=row.operator.code if row.operator else None,
            number=numbers.get(row.ticket_id or 0),
        )
        for row in rows
    }


def _admissions(entries: Sequence[SealedEntry]) -> dict[int, dict[str, object]]:
    rows = list(
        Scan.objects.filter(pk__in=[entry.subject_id for entry in entries]).select_related(
            "performance", "operator"
        )
    )
    numbers = _numbers(row.ticket_id for row in rows)
    return {
        row.pk: row.sealed_facts(
            number=numbers.get(row.ticket_id or 0, ""), operator=row.operator.code
        )
        for row in rows
    }


def _numbers(ticket_ids: Iterator[int | None]) -> dict[int, str]:
    return entry_numbers(subject_kind="ticket", subject_ids=[pk for pk in ticket_ids if pk])


def _compare(
    entries: Sequence[SealedEntry], stored: dict[int, dict[str, object]]
) -> Iterator[Finding]:
    for entry in entries:
        facts = stored.get(entry.subject_id)
        if facts is None:
            yield Finding(entry.where, ROW_GONE)
        elif facts != entry.facts:
            detail = differences(sealed=entry.facts, stored=facts)
            yield Finding(entry.where, ROW_DIFFERS, detail)
