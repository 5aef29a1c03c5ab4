"""Reading the doors: which ticket a code names, who is in, what was looked at (spec G11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, Sum

from journal.selectors import find_subject
from sales.choices import PerformanceState, TicketState
from sales.models import Performance, PriceCategory, Scan, Ticket

# A door opens before its performance and stays open while latecomers come.
BEFORE = timedelta(hours=24)
AFTER = timedelta(hours=8)
# What the page says of a ticket is read with it.
SHOWN = ("ticket__performance__event", "ticket__line__category", "ticket__line__rate")


@dataclass(frozen=True, slots=True)
class Attendance:
    """How many people are in, of how many tickets that are sold and valid, of how many seats."""

    inside: int
    sold: int
    capacity: int


@dataclass(frozen=True, slots=True)
class Door:
    """A performance people come to now, and how many are in."""

    performance: Performance
    attendance: Attendance


def find_ticket(*, code: str) -> tuple[Ticket | None, bool]:
    """Return the ticket a code names, locked, and whether by the number printed on it.

    For a transaction: of two who look at once, the second waits for what the first writes.
    """
    if not code:
        return None, False
    locked = Ticket.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "performance__event", "line__category", "line__rate"
    )
    ticket = locked.filter(token=code).first()
    if ticket is not None:
        return ticket, False
    pk = find_subject(label=code, subject_kind="ticket")
    return (locked.filter(pk=pk).first() if pk else None), pk is not None


def get_scan(*, operation_id: int) -> Scan:
    """Return what one look found."""
    shown = (*SHOWN, "performance__event", "operator")
    scan: Scan = Scan.objects.select_related(*shown).get(operation_id=operation_id)
    return scan


def list_scans(*, performance_id: int, limit: int = 8) -> list[Scan]:
    """Return the latest looks at a door, newest first."""
    return list(
        Scan.objects.filter(performance_id=performance_id)
        .select_related(*SHOWN, "operator")
        .order_by("-id")[:limit]
    )


def count_attendance(*, performance_id: int) -> Attendance:
    """Return how many people are in, sold and seated at most. Two queries."""
    return _attendances([performance_id])[performance_id]


def list_doors(*, now: datetime) -> list[Door]:
    """Return the performances people come to now, soonest first. Three queries."""
    found = list(
        Performance.objects.filter(
            state=PerformanceState.ON_SALE,
            starts_at__gt=now - AFTER,
            starts_at__lt=now + BEFORE,
        )
        .select_related("event")
        .order_by("starts_at", "id")
    )
    attendances = _attendances([performance.pk for performance in found])
    return [Door(performance, attendances[performance.pk]) for performance in found]


def _attendances(performance_ids: Sequence[int]) -> dict[int, Attendance]:
    tickets = (
        Ticket.objects.filter(performance_id__in=performance_ids, state=TicketState.VALID)
        .values_list("performance_id")
        .annotate(inside=Count("id", filter=Q(scanned_at__isnull=False)), sold=Count("id"))
    )
    counted = {pk: (inside, sold) for pk, inside, sold in tickets}
    seats = (
        PriceCategory.objects.filter(performance_id__in=performance_ids)
        .values_list("performance_id")
        .annotate(seats=Sum("capacity"))
    )
    capacities = dict(seats)
    return {
        pk: Attendance(*counted.get(pk, (0, 0)), capacities.get(pk, 0)) for pk in performance_ids
    }
