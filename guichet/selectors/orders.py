"""Reading an order for its page: lines, tickets, what was paid and given back, what it links to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, Sum
from moneyed import Money

from credit.selectors import Standing, get_standing
from institution_settings.money import from_minor
from journal.selectors import entry_numbers
from payments.choices import Direction, Purpose, RefundChoice, VoucherState
from payments.models import Payment, Refund, RefundedTicket, Voucher
from payments.selectors.results import CheckoutResult, RefundResult, get_checkout, get_refund
from sales.choices import LineKind, OrderState, TicketState
from sales.models import Order, OrderLine, Ticket

# What the database takes as an id; an address may hold more.
MAX_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket with the number it carries, whether its show began, how often it was printed."""

    ticket: Ticket
    number: str
    began: bool
    times_printed: int = 0

    @property
    def is_valid(self) -> bool:
        """Whether it may still be taken back."""
        return self.ticket.state == TicketState.VALID

    @property
    def needs_supervisor(self) -> bool:
        """Whether only a supervisor takes it back (spec G4)."""
        return self.began or self.ticket.scanned_at is not None


@dataclass(frozen=True, slots=True)
class RefundRow:
    """A refund with the payments that gave its money back."""

    refund: Refund
    payments: tuple[Payment, ...]

    @property
    def choice(self) -> str:
        """How the customer wanted the money, in words."""
        return str(RefundChoice(self.refund.choice).label)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCard:
    """Everything an order's page shows."""

    order: Order
    lines: tuple[OrderLine, ...]
    tickets: tuple[TicketRow, ...]
    payments: tuple[Payment, ...]
    refunds: tuple[RefundRow, ...]
    linked: tuple[Order, ...]
    standing: Standing | None

    @property
    def is_paid(self) -> bool:
        """Whether it was paid: only then something can be taken back."""
        return self.order.state == OrderState.PAID

    @property
    def is_unpaid(self) -> bool:
        """Whether the sale screen may go on with it."""
        return self.order.state in {OrderState.BASKET, OrderState.RESERVED}

    @property
    def vouchers(self) -> list[Voucher]:
        """The vouchers that were sold with it."""
        sold = (getattr(line, "voucher", None) for line in self.lines)
        return [voucher for voucher in sold if voucher is not None]

    @property
    def can_refund(self) -> bool:
        """Whether a ticket or a voucher is left to be taken back."""
        rows = any(row.is_valid for row in self.tickets)
        return self.is_paid and (rows or any(is_refundable(each) for each in self.vouchers))

    @property
    def can_exchange(self) -> bool:
        """Whether a ticket is left to be exchanged for another one."""
        return self.is_paid and any(row.is_valid for row in self.tickets)

    @property
    def printed(self) -> list[TicketRow]:
        """The tickets that were printed, those taken back since too."""
        return [row for row in self.tickets if row.times_printed]

    @property
    def duplicates(self) -> int:
        """How many duplicates of tickets were printed (FIS-16)."""
        return sum(row.times_printed - 1 for row in self.printed)

    @property
    def correctable(self) -> set[int]:
        """The payments that may be retyped in another mode: money, not yet given back (C4)."""
        returned = {paid.refunds_id for row in self.refunds for paid in row.payments}
        return {
            payment.pk
            for payment in self.payments
            if payment.mode.is_counter_money
            and payment.direction == Direction.IN
            and payment.pk not in returned
            and getattr(payment, "reversed_by", None) is None
        }

    @property
    def received(self) -> Money:
        """What came in for it, what was corrected counted once."""
        return self._sum(
            payment.amount_minor if payment.direction == Direction.IN else -payment.amount_minor
            for payment in self.payments
        )

    @property
    def returned(self) -> Money:
        """What was given back of it."""
        rows = (payment for row in self.refunds for payment in row.payments)
        return self._sum(payment.amount_minor for payment in rows)

    @property
    def kept(self) -> Money:
        """What is left of it with the venue."""
        return self.received - self.returned

    def _sum(self, amounts: Iterable[int]) -> Money:
        return from_minor(sum(amounts), self.order.currency)


def is_refundable(voucher: Voucher) -> bool:
    """Whether the sale of a voucher can be taken back: it is worth something still (B26, B27)."""
    return voucher.state == VoucherState.ACTIVE and voucher.balance_minor > 0


def get_order_card(*, order_id: int, now: datetime, brief: bool = False) -> OrderCard:
    """Return an order for its page, in eight queries; ``Order.DoesNotExist``.

    ``brief`` leaves out what was paid, given back and linked: five queries.
    """
    order = Order.objects.select_related("contact", "operator", "point_of_sale", "linked_to").get(
        pk=order_id
    )
    payments = () if brief else _payments(order)
    standing = None
    if order.contact_id is not None:
        standing = get_standing(contact_id=order.contact_id, currency=order.currency)
    return OrderCard(
        order=order,
        lines=_lines(order),
        tickets=tuple(list_ticket_rows(order=order, now=now)),
        payments=tuple(payment for payment in payments if payment.purpose == Purpose.SALE),
        refunds=() if brief else _refunds(order, payments),
        linked=() if brief else tuple(order.linked.order_by("id")),
        standing=standing,
    )


def _payments(order: Order) -> tuple[Payment, ...]:
    people = ("operator", "approved_by")
    shown = ("mode", "session__till", "voucher", "movement", "reversed_by", *people)
    return tuple(Payment.objects.filter(order=order).select_related(*shown).order_by("id"))


def _refunds(order: Order, payments: Iterable[Payment]) -> tuple[RefundRow, ...]:
    """Return the refunds of an order, each with those payments out that it made."""
    given = [payment for payment in payments if payment.direction == Direction.OUT]
    rows = (
        Refund.objects.filter(order=order)
        .select_related("operator", "exchanged_for", "sum_owed__settled")
        .annotate(has_tickets=Exists(RefundedTicket.objects.filter(refund=OuterRef("pk"))))
        .order_by("id")
    )
    return tuple(
        RefundRow(row, tuple(paid for paid in given if paid.operation_id == row.operation_id))
        for row in rows
    )


def _lines(order: Order) -> tuple[OrderLine, ...]:
    seats = ("category__performance__event", "rate", "voucher")
    return tuple(order.lines.select_related(*seats).order_by("id"))


def list_ticket_rows(*, order: Order, now: datetime) -> list[TicketRow]:
    """Return the tickets of an order with their numbers, in two queries."""
    seats = ("performance__event", "line__category", "line__rate")
    found = order.tickets.select_related(*seats).annotate(times_printed=Count("printouts"))
    tickets = list(found.order_by("id"))
    numbers = entry_numbers(subject_kind="ticket", subject_ids=[ticket.pk for ticket in tickets])
    return [
        TicketRow(
            ticket=ticket,
            number=numbers.get(ticket.pk, ""),
            began=ticket.performance.starts_at <= now,
            times_printed=ticket.times_printed,
        )
        for ticket in tickets
    ]


def find_correctable(*, payment_id: int) -> Payment | None:
    """Return a payment of an order in, which may have been typed in the wrong mode (C4)."""
    shown = ("mode", "order", "session__till", "operator")
    found: Payment | None = (
        Payment.objects.filter(pk=min(payment_id, MAX_ID), purpose=Purpose.SALE)
        .filter(direction=Direction.IN)
        .select_related(*shown)
        .first()
    )
    return found


def find_returned(*, order_id: int, operation_id: int) -> RefundResult | None:
    """Return what an exchange gave back besides, None where an order was simply sold."""
    made = Refund.objects.filter(operation_id=operation_id, exchanged_for_id=order_id)
    return get_refund(operation_id=operation_id) if made.exists() else None


def get_done(*, order_id: int, operation_id: int) -> CheckoutResult | None:
    """Return what paying an order did; None if this operation did not pay this order."""
    paid = Order.objects.filter(pk=order_id, state=OrderState.PAID)
    if operation_id > MAX_ID or not paid.exists():
        return None
    result = get_checkout(order_id=order_id, operation_id=operation_id)
    mine = [payment.order_id for payment in result.payments if payment.direction == Direction.IN]
    mine += [ticket.order_id for ticket in result.tickets]
    mine += [voucher.sold_on.order_id for voucher in result.vouchers if voucher.sold_on]
    return result if mine and set(mine) == {order_id} else None


def get_refunded(*, order_id: int, operation_id: int) -> RefundResult | None:
    """Return what a refund did; None if this operation refunded nothing of this order."""
    known = Refund.objects.filter(order_id=min(order_id, MAX_ID))
    if operation_id > MAX_ID or not known.filter(operation_id=operation_id).exists():
        return None
    return get_refund(operation_id=operation_id)


def list_reserved(*, limit: int = 100) -> list[Order]:
    """Return the orders kept unpaid, at any point of sale, the one soonest over first (G2)."""
    return list(
        Order.objects.filter(state=OrderState.RESERVED)
        .select_related("contact")
        .annotate(seats=Sum("lines__quantity", filter=Q(lines__kind=LineKind.TICKET), default=0))
        .order_by("expires_at", "id")[:limit]
    )


def list_recent(*, point_of_sale_id: int, limit: int = 20) -> list[Order]:
    """Return the latest orders paid or reserved at a point of sale, newest first."""
    return list(
        Order.objects.filter(
            point_of_sale_id=point_of_sale_id, state__in=[OrderState.PAID, OrderState.RESERVED]
        )
        .select_related("contact")
        .annotate(seats=Count("tickets", filter=Q(tickets__state=TicketState.VALID)))
        .order_by("-id")[:limit]
    )
