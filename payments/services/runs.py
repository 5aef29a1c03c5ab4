"""Cancelling a performance and giving its orders back, one transaction an order (spec G8, B29)."""

import logging
import uuid
from datetime import UTC, datetime

from django.db import transaction

from contacts.models import User
from contacts.permissions import may
from institution_settings.permissions import Act
from journal.errors import Busy, DayIsOver, Refusal, TillClosed
from journal.jobs import enqueue
from journal.services import Claim, patiently
from payments.choices import RefundChoice, RunLineState, RunPolicy
from payments.errors import (
    ContactNeeded,
    NothingToChoose,
    PerformanceCancelledAlready,
    RunNotAllowed,
    RunPolicyNeeded,
)
from payments.models import Refund, RefundRun, RefundRunLine, SumOwed
from payments.selectors.runs import list_concerned, list_missed, list_untold, outcome
from payments.services.refunds import RefundRequest, refund_order
from payments.services.tills import automatic_desk
from sales.choices import PerformanceState, TicketState
from sales.errors import TicketNotValid
from sales.models import Performance, Ticket
from tills.models import Till

TELL = "payments.tasks.tell_customer"
logger = logging.getLogger(__name__)

TEXT_VERSION = "v1"  # of the two options as they are put to the customer (CNS-01)
MAX_REFUSAL = 300
MAX_REASON = 200
MAX_LETTERS = 500  # enqueued again by one tick
# What passes by itself: the line waits, and the next attempt goes on.
PASSING = (Busy, DayIsOver, TillClosed)


def start_run(
    *,
    key: uuid.UUID,
    performance_id: int,
    policy: RunPolicy,
    reason: str,
    person: User,
    till: Till,
    at: datetime | None = None,
) -> RefundRun:
    """Take a performance off sale, list its paid orders, and have the run follow as a job.

    ``till`` opens and closes by itself (BO). The same ``key`` again returns the same run. Raises
    ``RunNotAllowed``, ``RunPolicyNeeded`` (credit for all, no reason) and
    ``PerformanceCancelledAlready``.
    """
    now = at or datetime.now(UTC)
    if not may(person, Act.CANCEL_PERFORMANCE):
        raise RunNotAllowed
    reason = reason.replace("\x00", "").strip()[:MAX_REASON]
    if policy == RunPolicy.CREDIT and not reason:
        raise RunPolicyNeeded

    def write() -> RefundRun:
        with transaction.atomic(durable=True):
            performance = Performance.objects.select_for_update(no_key=True).get(pk=performance_id)
            known = RefundRun.objects.filter(performance=performance).first()
            if known and known.key == key:
                return known
            if known:
                raise PerformanceCancelledAlready
            performance.state = PerformanceState.CANCELLED
            performance.save(update_fields=["state"])
            run = RefundRun.objects.create(
                performance=performance,
                policy=policy,
                reason=reason,
                key=key,
                till=till,
                started_by=person,
                started_at=now,
            )
            _list_orders(run)
            enqueue("payments.tasks.run_refunds", run_id=run.pk)
            return run

    return patiently(write)


def continue_run(*, run_id: int, at: datetime | None = None) -> RefundRun:
    """Do every line that waits, each once; a run that was killed goes on where it stood."""
    run = RefundRun.objects.select_related("till", "started_by").get(pk=run_id)
    _list_orders(run)  # a sale under way at the cancellation committed after it
    for line in run.lines.filter(state=RunLineState.WAITING).order_by("order_id"):
        try:
            _do_line(run, line, at)
        except Exception:  # one order never keeps the others from their money: it waits for tick
            logger.exception("Order %s of refund run %s was left for the next attempt", line, run)
    if not run.lines.filter(state=RunLineState.WAITING).exists():
        RefundRun.objects.filter(pk=run.pk, done_at=None).update(done_at=at or datetime.now(UTC))
        run.refresh_from_db(fields=["done_at"])
    return run


def choose(
    *, line_id: int, credit: bool, channel: str, at: datetime | None = None
) -> RefundRunLine:
    """Give an order back as its customer chose (CNS-01): credit now, or money.

    What of the money cannot go back by itself is owed (CNS-02). ``channel`` says by whom and where
    it was said (``client lien``, ``guichet lea``); with the time and the version of the text it is
    kept with a refund to credit. The same choice again changes nothing; another one is
    ``NothingToChoose``.
    """
    said = f"{channel} {at or datetime.now(UTC):%Y-%m-%dT%H:%MZ} {TEXT_VERSION}"
    line = RefundRunLine.objects.select_related("run__till", "run__started_by").get(pk=line_id)
    wanted = RefundChoice.CREDIT if credit else RefundChoice.OWED
    known = _known(line.run, line)  # perhaps of an attempt that died before the line said so
    if known and known.choice != wanted:
        raise NothingToChoose
    if not known:
        if line.state not in {RunLineState.CHOICE, RunLineState.PERSON}:
            raise NothingToChoose
        if not _narrow(line):
            raise NothingToChoose
    _finish(line, known or _refund(line.run, line, wanted, said, at))
    line.refresh_from_db()
    return line


def retry_lines(*, run_id: int) -> None:
    """Let lines that needed a person be tried again, once e.g. a contact was attached."""
    waiting = RefundRunLine.objects.filter(run_id=run_id, state=RunLineState.PERSON)
    if waiting.update(state=RunLineState.WAITING, refusal=""):
        RefundRun.objects.filter(pk=run_id).update(done_at=None)
        enqueue("payments.tasks.run_refunds", run_id=run_id)


def resume_runs() -> int:
    """Enqueue again the runs that are not done and the letters not sent (``tick``); how many.

    A sale that was under way when its performance was cancelled may commit after the run was
    done: such a run is taken up again.
    """
    RefundRun.objects.filter(pk__in=list_missed()).update(done_at=None)
    late = list(RefundRun.objects.filter(done_at=None).values_list("pk", flat=True))
    for run_id in late:
        enqueue("payments.tasks.run_refunds", run_id=run_id)
    untold = list(list_untold().values_list("pk", flat=True)[:MAX_LETTERS])
    for line_id in untold:
        enqueue(TELL, line_id=line_id)
    return len(late) + len(untold)


def _list_orders(run: RefundRun) -> None:
    RefundRunLine.objects.bulk_create(
        [
            RefundRunLine(
                run=run,
                order=order,
                ticket_ids=[ticket.pk for ticket in tickets],
                currency=order.currency,
                amount_minor=sum(ticket.price_minor for ticket in tickets),
            )
            for order, tickets in list_concerned(performance_id=run.performance_id).items()
        ],
        ignore_conflicts=True,
    )


def _do_line(run: RefundRun, line: RefundRunLine, at: datetime | None) -> None:
    # Given back by an attempt that died before it could say so: that refund is the line's.
    known = _known(run, line)
    if known is None:
        left = _narrow(line)
        if not left:
            return
        worth = sum(ticket.price_minor for ticket in left)
        found = outcome(order=line.order, amount_minor=worth, policy=run.policy)
        if found.state in {RunLineState.CHOICE, RunLineState.PERSON}:
            _wait(line, found.state, str(ContactNeeded()) if found.needs_contact else "")
            return
    choice = RefundChoice.OWED if run.policy == RunPolicy.MONEY else RefundChoice.CREDIT
    try:
        _finish(line, known or _refund(run, line, choice, _attested(run), at))
    except PASSING:
        return
    except TicketNotValid:
        return  # taken back at a counter just now: the next attempt finds the rest
    except Refusal as refusal:
        _wait(line, RunLineState.PERSON, str(refusal))


def _wait(line: RefundRunLine, state: RunLineState, refusal: str) -> None:
    """Leave an order to its customer, who is asked, or to a person, with the reason."""
    with transaction.atomic():
        waiting = RefundRunLine.objects.filter(pk=line.pk, state=RunLineState.WAITING, refund=None)
        changed = waiting.update(state=state, refusal=refusal[:MAX_REFUSAL])
        if changed and state == RunLineState.CHOICE:
            enqueue(TELL, line_id=line.pk)


def _known(run: RefundRun, line: RefundRunLine) -> Refund | None:
    claim = _claim(run, line)
    rows = Refund.objects.select_related("sum_owed")
    return rows.filter(operation__source=claim.source, operation__key=claim.key).first()


def _claim(run: RefundRun, line: RefundRunLine) -> Claim:
    return Claim(f"run:{run.pk}", uuid.uuid5(run.key, str(line.order_id)))


def _refund(
    run: RefundRun, line: RefundRunLine, choice: RefundChoice, consent: str, at: datetime | None
) -> Refund:
    return refund_order(
        claim=_claim(run, line),
        desk=automatic_desk(till=run.till, operator=run.started_by, at=at),
        request=RefundRequest(
            order_id=line.order_id,
            ticket_ids=line.ticket_ids,
            choice=choice,
            consent=consent if choice == RefundChoice.CREDIT else "",
        ),
        approved_by=run.started_by,
        at=at,
    ).refund


def _attested(run: RefundRun) -> str:
    """Return what stands for the customer's choice: who attested that no money is due."""
    return f"attestation {run.started_by.code} {run.started_at:%Y-%m-%dT%H:%MZ}"


def _finish(line: RefundRunLine, refund: Refund) -> None:
    """Note that an order was given back, and let its customer be told."""
    owed = SumOwed.objects.filter(refund=refund).first()
    with transaction.atomic():
        RefundRunLine.objects.filter(pk=line.pk).update(
            state=RunLineState.OWED if owed else RunLineState.DONE,
            refund=refund,
            refusal="",
        )
        enqueue(TELL, line_id=line.pk)


def _narrow(line: RefundRunLine) -> list[Ticket]:
    """Leave out the tickets that a counter took back meanwhile; returns those that are left.

    An order all of whose tickets went back elsewhere is done with.
    """
    valid = Ticket.objects.filter(pk__in=line.ticket_ids, state=TicketState.VALID)
    left = list(valid.order_by("pk"))
    ids = [ticket.pk for ticket in left]
    if ids != line.ticket_ids:
        line.ticket_ids = ids
        line.state = line.state if ids else RunLineState.DONE
        RefundRunLine.objects.filter(pk=line.pk, refund=None).update(
            ticket_ids=ids, state=line.state, refusal=""
        )
    return left
