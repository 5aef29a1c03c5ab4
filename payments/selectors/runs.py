"""Reading the refund of a cancelled performance: what it would do, did, and still has to."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core import signing
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from moneyed import Money

from institution_settings.choices import ModeKind
from institution_settings.money import from_minor
from institution_settings.selectors import get_institution, venue_date
from payments.choices import Purpose, RefundChoice, RunLineState, RunPolicy
from payments.models import (
    Payment,
    Refund,
    RefundedTicket,
    RefundRun,
    RefundRunLine,
    SumOwed,
)
from payments.selectors.refundable import list_paid, list_paid_by_order
from payments.settlement import OwedWay, Paid, owed_way, split_refund
from sales.choices import OrderState, TicketState
from sales.models import Order, Ticket

LINK_SALT = "payments.refund_run.choice"
LINK_DAYS = 60  # afterwards the customer chooses at the counter


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run does with an order; ``owed_minor`` of it cannot go back by itself (CNS-02)."""

    state: RunLineState
    owed_minor: int = 0
    needs_contact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """What a run would do: orders, tickets, the sum, and how much by state of the lines.

    Of an order that is owed something, what goes back by itself counts as done.
    """

    orders: int
    tickets: int
    amount: Money
    orders_by_state: dict[str, int]
    amounts_by_state: dict[str, Money]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What of a run's sum went where; ``difference`` is nothing, or the books are wrong.

    Each figure is read from other rows: ``due`` from what the orders were worth when they were
    listed, ``given_back`` from the payments the run made and from those that handed sums owed
    over since, ``owed`` from the sums still open, ``elsewhere`` from refunds of the same tickets
    at a counter meanwhile, ``pending`` from the tickets that are still valid.
    """

    orders: int
    done_orders: int
    due: Money
    given_back: Money
    owed: Money
    elsewhere: Money
    pending: Money

    @property
    def difference(self) -> Money:
        """What neither went back nor is owed nor waits for somebody."""
        return self.due - self.given_back - self.owed - self.elsewhere - self.pending


def list_concerned(*, performance_id: int) -> dict[Order, list[Ticket]]:
    """Return the paid orders of a performance with their valid tickets, in order of sale."""
    rows = Ticket.objects.filter(
        performance_id=performance_id,
        state=TicketState.VALID,
        order__state=OrderState.PAID,
    )
    found: dict[Order, list[Ticket]] = {}
    for ticket in rows.select_related("order__contact").order_by("order_id", "id"):
        found.setdefault(ticket.order, []).append(ticket)
    return found


def outcome(
    *, order: Order, amount_minor: int, policy: str, paid: Sequence[Paid] | None = None
) -> Outcome:
    """Return what a run does with an order: the simulation and the run ask here alike.

    ``paid`` is what was paid of it, where the caller has read it for many.
    """
    if amount_minor == 0:
        return Outcome(RunLineState.DONE)
    if policy == RunPolicy.MONEY:
        if paid is None:
            paid = list_paid(order=order, today=venue_date(at=datetime.now(UTC)))
        return _money_outcome(order, amount_minor, paid)
    if order.contact_id is None:
        return Outcome(RunLineState.PERSON, needs_contact=True)
    return Outcome(RunLineState.CHOICE if policy == RunPolicy.CHOICE else RunLineState.DONE)


def _money_outcome(order: Order, amount_minor: int, paid: Sequence[Paid]) -> Outcome:
    """Some goes back by itself, some becomes credit and needs a contact, the rest is owed."""
    shares = split_refund(
        paid, amount_minor=amount_minor, currency=order.currency, choice=RefundChoice.OWED
    )
    ways = {share.paid.reference: owed_way(share) for share in shares}
    if OwedWay.CREDIT in ways.values() and order.contact_id is None:
        return Outcome(RunLineState.PERSON, needs_contact=True)
    owed = sum(share.amount_minor for share in shares if ways[share.paid.reference] == OwedWay.OWED)
    return Outcome(RunLineState.OWED if owed else RunLineState.DONE, owed)


def simulate_run(*, performance_id: int, policy: str) -> Simulation:
    """Return what cancelling a performance would give back; nothing is locked or written."""
    concerned = list_concerned(performance_id=performance_id)
    paid = list_paid_by_order(
        order_ids=[order.pk for order in concerned], today=venue_date(at=datetime.now(UTC))
    )
    orders: Counter[str] = Counter()
    amounts: Counter[str] = Counter()
    for order, tickets in concerned.items():
        amount = sum(ticket.price_minor for ticket in tickets)
        found = outcome(order=order, amount_minor=amount, policy=policy, paid=paid[order.pk])
        orders[found.state.value] += 1
        if found.state == RunLineState.OWED:
            amounts[RunLineState.OWED.value] += found.owed_minor
            amounts[RunLineState.DONE.value] += amount - found.owed_minor
        else:
            amounts[found.state.value] += amount
    currency = get_institution().currency
    return Simulation(
        orders=len(concerned),
        tickets=sum(len(tickets) for tickets in concerned.values()),
        amount=from_minor(sum(amounts.values()), currency),
        orders_by_state=dict(orders),
        amounts_by_state={state: from_minor(minor, currency) for state, minor in amounts.items()},
    )


def get_proof(*, run: RefundRun) -> Proof:
    """Return what went out against what came in, in seven queries."""
    lines = RefundRunLine.objects.filter(run=run)
    listed = lines.aggregate(
        orders=Count("id"),
        done=Count("id", filter=Q(state__in=[RunLineState.DONE, RunLineState.OWED])),
        due=Sum("amount_minor", default=0),
    )
    refunds = lines.exclude(refund=None).values("refund")
    orders = lines.values("order")
    given = Payment.objects.filter(
        operation__in=Refund.objects.filter(pk__in=refunds).values("operation"),
        purpose=Purpose.REFUND,
    ).exclude(mode__kind=ModeKind.OWED)
    sums = SumOwed.objects.filter(refund__in=refunds)
    handed = Payment.objects.filter(pays_sum__sum_owed__in=sums)
    tickets = Ticket.objects.filter(performance=run.performance_id, order__in=orders)
    elsewhere = RefundedTicket.objects.filter(
        ticket__in=tickets, refund__at__gte=run.started_at
    ).exclude(refund__in=refunds)
    currency = get_institution().currency
    return Proof(
        orders=listed["orders"],
        done_orders=listed["done"],
        due=from_minor(listed["due"], currency),
        given_back=from_minor(
            _total(given, "amount_minor") + _total(handed, "amount_minor"), currency
        ),
        owed=from_minor(_total(sums.filter(settled=None), "amount_minor"), currency),
        elsewhere=from_minor(_total(elsewhere, "ticket__price_minor"), currency),
        pending=from_minor(
            _total(tickets.filter(state=TicketState.VALID), "price_minor"), currency
        ),
    )


def _total(rows: QuerySet[Any], column: str) -> int:
    return int(rows.aggregate(total=Sum(column))["total"] or 0)


def list_missed() -> QuerySet[RefundRun]:
    """Return runs that are done although an order of theirs was paid after they were."""
    listed = RefundRunLine.objects.filter(run=OuterRef(OuterRef("pk")), order=OuterRef("order"))
    missed = Ticket.objects.filter(
        performance=OuterRef("performance"),
        state=TicketState.VALID,
        order__state=OrderState.PAID,
    ).filter(~Exists(listed))
    return RefundRun.objects.filter(Exists(missed), done_at__isnull=False)


def list_rest(*, run: RefundRun) -> list[RefundRunLine]:
    """Return the orders of a run that wait for somebody: a choice, a sum owed, a person.

    One whose tickets were all taken back at a counter meanwhile waits for nobody any more, nor
    does one whose sum was paid.
    """
    valid = Ticket.objects.filter(
        order=OuterRef("order"), performance=run.performance_id, state=TicketState.VALID
    )
    waiting = Q(Exists(valid), state__in=[RunLineState.CHOICE, RunLineState.PERSON])
    owed = Q(state=RunLineState.OWED, refund__sum_owed__settled=None)
    rest = run.lines.filter(waiting | owed)
    return list(
        rest.select_related("order__contact", "refund__sum_owed").order_by("state", "order_id")
    )


def list_asked(*, order_id: int) -> list[RefundRunLine]:
    """Return the cancelled performances of an order whose customer still has to choose (CNS-01)."""
    rows = RefundRunLine.objects.filter(order_id=order_id, state=RunLineState.CHOICE)
    return list(rows.select_related("run__performance__event").order_by("pk"))


def list_untold() -> QuerySet[RefundRunLine]:
    """Return the lines whose customer has an address and was not written to yet (spec G8).

    Whoever got everything back at a counter was told there.
    """
    given = Q(state__in=[RunLineState.OWED, RunLineState.DONE], refund__isnull=False)
    rows = RefundRunLine.objects.filter(
        Q(state=RunLineState.CHOICE) | given, told_at=None, amount_minor__gt=0
    )
    return rows.exclude(order__contact=None).exclude(order__contact__email="").order_by("pk")


def sign_choice(*, line: RefundRunLine) -> str:
    """Return what names an order of a run in the link its customer gets (CNS-01)."""
    return signing.dumps(line.pk, salt=LINK_SALT)


def find_choice(*, token: str) -> RefundRunLine | None:
    """Return the order a signed link names; None for a forged or expired one."""
    try:
        pk = signing.loads(token, salt=LINK_SALT, max_age=LINK_DAYS * 24 * 3600)
    except signing.BadSignature:
        return None
    lines = RefundRunLine.objects.select_related("order", "run__performance__event", "refund")
    return lines.filter(pk=pk).first()
