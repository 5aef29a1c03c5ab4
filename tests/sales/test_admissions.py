"""People let in at the door: once a ticket, whoever scans it, and every look is kept (G11)."""

import uuid
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction

from journal.errors import AppendOnlyViolation, KeyReused
from journal.services import Claim
from sales.choices import PerformanceState, ScanOutcome
from sales.errors import SalesError
from sales.models import Order, Performance, Scan, Ticket
from sales.selectors import count_attendance, get_ticket_numbers, list_doors
from sales.services import admit
from tests.sales.show import LATER, NOW, STARTS_AT, Show, at_once, sealed
from tests.verified import findings


def look(
    show: Show,
    code: str,
    *,
    performance: Performance | None = None,
    key: uuid.UUID | None = None,
    at: object = STARTS_AT,
) -> Scan:
    """Look at a code at the door of the show, half an hour before it begins."""
    return admit(
        claim=Claim("user:1", key or uuid.uuid4()),
        performance_id=(performance or show.performance).pk,
        code=code,
        operator=show.venue.operator,
        at=at,  # type: ignore[arg-type]
    )


def faults() -> list[str]:
    """Where something is wrong, but for the orders: the show is sold without any money."""
    numbers = set(Order.objects.values_list("number", flat=True))
    return [finding.where for finding in findings() if finding.where not in numbers]


def other_night(show: Show) -> Performance:
    return Performance.objects.create(
        event=show.event, starts_at=STARTS_AT + timedelta(days=1), hall="Petite salle"
    )


def test_a_valid_ticket_is_let_in_once_and_sealed(show: Show) -> None:
    first, second = show.sell(2)
    scan = look(show, f" {first.token}\n")
    assert (scan.outcome, scan.ticket, scan.typed) == (ScanOutcome.ADMITTED, first, False)
    first.refresh_from_db()
    assert first.scanned_at == STARTS_AT
    again = look(show, first.token, at=STARTS_AT + timedelta(minutes=3))
    assert (again.outcome, again.seen_at) == (ScanOutcome.ALREADY_IN, STARTS_AT)
    number = get_ticket_numbers(tickets=[first])[first.pk]
    (entry,) = sealed("ENTREE")
    assert (entry["billet"], entry["operateur"], entry["saisi"]) == (number, "lea", False)
    assert first.token not in str(entry)
    attendance = count_attendance(performance_id=show.performance.pk)
    assert (attendance.inside, attendance.sold, attendance.capacity) == (1, 2, 8)
    assert look(show, second.token).outcome == ScanOutcome.ADMITTED
    assert faults() == []


def test_a_torn_code_is_replaced_by_the_number_beside_it(show: Show) -> None:
    (ticket,) = show.sell(1)
    number = get_ticket_numbers(tickets=[ticket])[ticket.pk]
    scan = look(show, number.lower().replace("-0000", "-"))
    assert (scan.outcome, scan.ticket, scan.typed) == (ScanOutcome.ADMITTED, ticket, True)


@pytest.mark.parametrize(
    "code", ["", "G1-000001", "G1-999999", "G9-1", "-", "x" * 500, "\x00", "G1-٣"]
)
def test_what_is_no_ticket_is_unknown_and_kept_as_a_fingerprint(show: Show, code: str) -> None:
    """``G1-000001`` is an entry of the journal: not a ticket's."""
    show.sell(1)
    scan = look(show, code)
    assert (scan.outcome, scan.ticket, len(scan.code_print)) == (ScanOutcome.UNKNOWN, None, 16)
    assert sealed("ENTREE") == []


def test_a_ticket_taken_back_is_refused(show: Show) -> None:
    (ticket,) = show.sell(1)
    show.give_back([ticket], at=LATER)
    assert look(show, ticket.token).outcome == ScanOutcome.CANCELLED


def test_a_ticket_of_another_night_is_refused_and_stays_valid(show: Show) -> None:
    (ticket,) = show.sell(1)
    scan = look(show, ticket.token, performance=other_night(show))
    assert (scan.outcome, scan.ticket) == (ScanOutcome.ELSEWHERE, ticket)
    assert look(show, ticket.token).outcome == ScanOutcome.ADMITTED


def test_nobody_comes_in_to_a_cancelled_performance(show: Show) -> None:
    (ticket,) = show.sell(1)
    Performance.objects.update(state=PerformanceState.CANCELLED)
    assert look(show, ticket.token).outcome == ScanOutcome.CANCELLED


def test_the_same_click_gets_the_same_answer_for_a_moment_only(show: Show) -> None:
    """A page left open must not let a second person in with a copy."""
    (ticket,) = show.sell(1)
    key = uuid.uuid4()
    first = look(show, ticket.token, key=key)
    soon = look(show, ticket.token, key=key, at=STARTS_AT + timedelta(seconds=5))
    assert (soon, soon.outcome) == (first, ScanOutcome.ADMITTED)
    late = look(show, ticket.token, key=key, at=STARTS_AT + timedelta(seconds=11))
    assert late.outcome == ScanOutcome.ALREADY_IN


def test_one_page_sends_many_codes(show: Show) -> None:
    key = uuid.uuid4()
    tickets = show.sell(3)
    outcomes = [look(show, ticket.token, key=key).outcome for ticket in tickets]
    assert outcomes == [ScanOutcome.ADMITTED] * 3
    with pytest.raises(KeyReused):  # the same page, the same code, another door
        look(show, tickets[0].token, key=key, performance=other_night(show))


def test_the_log_and_the_mark_are_written_once(show: Show) -> None:
    (ticket,) = show.sell(1)
    scan = look(show, ticket.token)
    with pytest.raises(AppendOnlyViolation):
        Scan.objects.all().delete()
    for statement in (
        "UPDATE sales_scan SET outcome = 'unknown'",
        "DELETE FROM sales_scan",
        "UPDATE sales_ticket SET scanned_at = NULL",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(IntegrityError), transaction.atomic():
        Scan.objects.create(
            performance=scan.performance,
            ticket=ticket,
            outcome=ScanOutcome.ADMITTED,
            code_print="",
            operator=scan.operator,
            operation_id=ticket.operation_id,
            at=LATER,
        )


def test_a_ticket_marked_by_hand_is_found(show: Show) -> None:
    (ticket,) = show.sell(1)
    Ticket.objects.filter(pk=ticket.pk).update(scanned_at=NOW)
    number = get_ticket_numbers(tickets=[ticket])[ticket.pk]
    assert faults() == [number]


def test_doors_are_open_around_the_performance(show: Show) -> None:
    other_night(show)
    hours = {-25: 0, -23: 1, -1: 1, 1: 2, 7: 2, 9: 1, 33: 0}
    found = {hour: len(list_doors(now=STARTS_AT + timedelta(hours=hour))) for hour in hours}
    assert found == hours


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_four_gates_with_one_ticket_let_one_person_in(committed_show: Show) -> None:
    (ticket,) = committed_show.sell(1)
    looks = [partial(look, committed_show, ticket.token) for _gate in range(4)]
    outcomes = sorted(each.outcome for each in at_once(looks) if isinstance(each, Scan))
    assert outcomes == [ScanOutcome.ADMITTED, *[ScanOutcome.ALREADY_IN] * 3]
    assert faults() == []


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_ticket_is_let_in_or_taken_back_or_both_in_that_order(committed_show: Show) -> None:
    show = committed_show
    tickets = show.sell(4)
    acts = [partial(look, show, ticket.token) for ticket in tickets]
    acts += [partial(show.give_back, [ticket], at=LATER) for ticket in tickets]  # type: ignore[arg-type,list-item]
    results = at_once(acts)
    assert [each for each in results if isinstance(each, Exception)] == []
    for scan in Scan.objects.select_related("ticket"):
        assert (scan.outcome == ScanOutcome.ADMITTED) == (scan.ticket.scanned_at is not None)
    assert not [each for each in results if isinstance(each, SalesError)]
    assert faults() == []
