"""Reading the refund of a cancelled performance: what it would do, did, and still has to."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from moneyed import Money

from institution_settings.choices import ModeKind
from institution_settings.money import from_minor
from institution_settings.selectors import get_institution
from payments.choices import Purpose, RunLineState, RunPolicy
from payments.models import Payment, Refund, RefundedTicket, RefundRun, RefundRunLine
from payments.selectors.refundable import list_paid
from payments.settlement import split_refund
from sales.choices import OrderState, TicketState
from sales.models import Order, Ticket

LINK_SALT = "payments.refund_run.choice"
LINK_DAYS = 60  # afterwards the customer chooses at the counter

# What goes back without anybody at a counter (spec G8).
BY_ITSELF = frozenset({ModeKind.CREDIT, ModeKind.VOUCHER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """What a run would do: orders, tickets, the sum, and how much by state of the lines."""

    orders: int
    tickets: int
    amount: Money
    orders_by_state: dict[str, int]
    amounts_by_state: dict[str, Money]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What of a run's sum went where; ``difference`` is nothing, or the books are wrong.

    Each figure is read from other rows: ``due`` from what the orders were worth when they were
    listed, ``given_back`` from the payments the run made, ``elsewhere`` from refunds of the same
    tickets at a counter meanwhile, ``pending`` from the tickets that are still valid.
    """

    orders: int
    done_orders: int
    due: Money
    given_back: Money
    elsewhere: Money
    pending: Money

    @property
    def difference(self) -> Money:
        """What neither went back nor waits for somebody."""
        return self.due - self.given_back - self.elsewhere - self.pending


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


def outcome(*, order: Order, amount_minor: int, policy: str) -> RunLineState:
    """Return what a run does with an order: the simulation and the run ask here alike."""
    if amount_minor == 0:
        return RunLineState.DONE
    if policy == RunPolicy.MONEY:
        shares = split_refund(
            list_paid(order=order), amount_minor=amount_minor, currency=order.currency
        )
        alone = all(share.paid.mode.kind in BY_ITSELF for share in shares)
        return RunLineState.DONE if alone else RunLineState.OWED
    if order.contact_id is None:
        return RunLineState.PERSON
    return RunLineState.CHOICE if policy == RunPolicy.CHOICE else RunLineState.DONE


def simulate_run(*, performance_id: int, policy: str) -> Simulation:
    """Return what cancelling a performance would give back; nothing is locked or written."""
    concerned = list_concerned(performance_id=performance_id)
    orders: Counter[str] = Counter()
    amounts: Counter[str] = Counter()
    for order, tickets in concerned.items():
        amount = sum(ticket.price_minor for ticket in tickets)
        state = outcome(order=order, amount_minor=amount, policy=policy).value
        orders[state] += 1
        amounts[state] += amount
    currency = get_institution().currency
    return Simulation(
        orders=len(concerned),
        tickets=sum(len(tickets) for tickets in concerned.values()),
        amount=from_minor(sum(amounts.values()), currency),
        orders_by_state=dict(orders),
        amounts_by_state={state: from_minor(minor, currency) for state, minor in amounts.items()},
    )


def get_proof(*, run: RefundRun) -> Proof:
    """Return what went out against what came in, in five queries."""
    lines = RefundRunLine.objects.filter(run=run)
    sums = lines.aggregate(
        orders=Count("id"),
        done=Count("id", filter=Q(state=RunLineState.DONE)),
        due=Sum("amount_minor", default=0),
    )
    refunds = lines.exclude(refund=None).values("refund")
    orders = lines.values("order")
    given = Payment.objects.filter(
        operation__in=Refund.objects.filter(pk__in=refunds).values("operation"),
        purpose=Purpose.REFUND,
    )
    tickets = Ticket.objects.filter(performance=run.performance_id, order__in=orders)
    elsewhere = RefundedTicket.objects.filter(
        ticket__in=tickets, refund__at__gte=run.started_at
    ).exclude(refund__in=refunds)
    currency = get_institution().currency
    return Proof(
        orders=sums["orders"],
        done_orders=sums["done"],
        due=from_minor(sums["due"], currency),
        given_back=from_minor(_total(given, "amount_minor"), currency),
        elsewhere=from_minor(_total(elsewhere, "ticket__price_minor"), currency),
        pending=from_minor(
            _total(tickets.filter(state=TicketState.VALID), "price_minor"), currency
        ),
    )


def _total(rows: QuerySet[Any], column: str) -> int:
    return int(rows.aggregate(total=Sum(column))["total"] or 0)


def worth_of(*, line: RefundRunLine) -> int:
    """Return what the tickets of a line that are still to be taken back are worth."""
    return _total(Ticket.objects.filter(pk__in=line.ticket_ids), "price_minor")


def list_rest(*, run: RefundRun) -> list[RefundRunLine]:
    """Return the orders of a run that wait for somebody: a choice, a sum owed, a person.

    One whose tickets were all taken back at a counter meanwhile waits for nobody any more.
    """
    valid = Ticket.objects.filter(
        order=OuterRef("order"), performance=run.performance_id, state=TicketState.VALID
    )
    rest = run.lines.exclude(state__in=[RunLineState.DONE, RunLineState.WAITING])
    rest = rest.filter(Exists(valid))
    return list(rest.select_related("order__contact").order_by("state", "order_id"))


def sign_choice(*, line: RefundRunLine) -> str:
    """Return what names an order of a run in the link its customer gets (CNS-01)."""
    return signing.dumps(line.pk, salt=LINK_SALT)


def find_choice(*, token: str) -> RefundRunLine | None:
    """Return the order a signed link names; None for a forged or expired one."""
    try:
        pk = signing.loads(token, salt=LINK_SALT, max_age=LINK_DAYS * 24 * 3600)
    except signing.BadSignature:
        return None
    lines = RefundRunLine.objects.select_related("order", "run__performance__event")
    return lines.filter(pk=pk).first()
