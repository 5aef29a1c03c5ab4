"""Taking tickets and vouchers back, and giving their money back (spec G4, C6b, CNS-01)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from moneyed import Money

from contacts.models import User
from institution_settings.money import from_minor
from journal.services import Claim, Draft, Op, perform
from payments.choices import ASKED_CHOICES, ApprovalReason, RefundChoice, VoucherMove
from payments.errors import (
    ConsentNeeded,
    CreditPartExceeds,
    NothingToRefund,
    OrderNotPaid,
    RefundNotPositive,
    VoucherChanged,
)
from payments.models import Refund, RefundCodes, RefundedTicket, Voucher, VoucherMovement
from payments.selectors.results import RefundResult, get_refund
from payments.selectors.vouchers import list_using_orders
from payments.services import vouchers
from payments.services.amounts import minor_in
from payments.services.approvals import ask_supervisor
from payments.services.returning import Returning
from payments.services.sharing import share_refund
from payments.services.sums_owed import owe
from sales.choices import OrderState, PerformanceState
from sales.models import Order, Ticket
from sales.services import lock_order, take_back
from tills.selectors import Desk

MAX_CONSENT = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRequest:
    """What is taken back and how the money is to return.

    ``mode_id`` names the money mode of ``RefundChoice.MODE`` or, for credit, another credit mode
    than the first. ``credit`` is the part that goes to the credit account of a mixed refund, whose
    rest returns as ``choice`` says. ``consent`` says how the customer chose credit over money
    (CNS-01). ``shown_rest`` is what the operator was shown to be left of the one voucher taken
    back.
    """

    order_id: int
    ticket_ids: Sequence[int] = ()
    voucher_ids: Sequence[int] = ()
    shown_rest: Money | None = None
    choice: RefundChoice
    mode_id: int | None = None
    credit: Money | None = None
    consent: str = ""

    @property
    def gives_credit(self) -> bool:
        """Whether some of it becomes credit that the customer chose over money (CNS-01)."""
        return self.choice == RefundChoice.CREDIT or bool(self.credit)


def refund_order(
    *,
    claim: Claim,
    desk: Desk,
    request: RefundRequest,
    approved_by: User | None = None,
    at: datetime | None = None,
) -> RefundResult:
    """Take tickets (or vouchers sold) back and give their money back, once, all or nothing.

    Never more than was paid and not yet given back, whoever else refunds the same order at the
    same time. Seats are on sale at once. What is owed for later is listed (CNS-02). Raises
    ``PaymentsError``s, ``TicketNotValid`` and the
    credit account's own refusals; ``ApprovalNeeded`` for tickets used or begun, and where credit
    that paid would become money as a payout may not without a supervisor (G5). ``ConsentNeeded``
    for credit that the customer did not choose (CNS-01), ``VoucherChanged`` for a voucher used
    since it was shown (B27).
    """
    shown = request.shown_rest

    def write(op: Op) -> RefundResult:
        if request.choice not in ASKED_CHOICES:
            raise NothingToRefund
        if request.gives_credit and not request.consent.strip():
            raise ConsentNeeded
        order = lock_order(order_id=request.order_id)
        if order.state != OrderState.PAID:
            raise OrderNotPaid
        _Refunding(op, desk, order, request, approved_by).run()
        return get_refund(operation_id=op.id)

    return perform(
        claim=claim,
        kind="order.refund",
        content={
            "order": request.order_id,
            "tickets": sorted(set(request.ticket_ids)),
            "vouchers": sorted(set(request.voucher_ids)),
            "choice": request.choice.value,
            "mode": request.mode_id,
            "credit": None if not request.credit else _minor(request.credit, desk),
            "consent": bool(request.consent),
            "rest": None if shown is None else _minor(shown, desk),
        },
        register=desk.register,
        write=write,
        found=lambda operation_id: get_refund(operation_id=operation_id),
        at=at,
    )


def _minor(money: Money, desk: Desk) -> int:
    return minor_in(money=money, currency=desk.currency)


def lock_tickets(
    *, op: Op, desk: Desk, order: Order, ticket_ids: Sequence[int], approved_by: User | None
) -> tuple[list[Ticket], User | None]:
    """Return tickets of an order, locked: one is not let in while it is being taken back.

    With them who approved, where one was used or its show began (G4). Raises ``NothingToRefund``
    for a ticket of another order, and ``ApprovalNeeded``.
    """
    tickets = list(
        Ticket.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk__in=ticket_ids, order=order)
        .select_related("performance")
        .order_by("pk")
    )
    if len(tickets) != len(set(ticket_ids)):
        raise NothingToRefund
    approver = None
    if any(ticket.scanned_at or _began(ticket, op.at) for ticket in tickets):
        approver = ask_supervisor(
            op=op, desk=desk, approver=approved_by, reason=ApprovalReason.USED_TICKET
        )
    return tickets, approver


def _began(ticket: Ticket, at: datetime) -> bool:
    """Whether its show began: one that was cancelled never does."""
    show = ticket.performance
    return show.state != PerformanceState.CANCELLED and show.starts_at <= at


def record_refund(*, op: Op, desk: Desk, refund: Refund, tickets: Sequence[Ticket]) -> Refund:
    """Write a refund of ``refund``'s order, sums and choice, and draft its entry.

    ``RefundCodes.vouchers`` is counted by what was cancelled in this operation so far.
    """
    refund.operator_id = desk.operator_id
    refund.session_id = desk.session_id
    refund.operation_id = op.id
    refund.at = op.at
    refund.business_date = desk.business_date
    refund.save()
    RefundedTicket.objects.bulk_create(
        RefundedTicket(refund=refund, ticket=ticket) for ticket in tickets
    )
    cancelled = VoucherMovement.objects.filter(operation_id=op.id, kind=VoucherMove.CANCEL)
    codes = RefundCodes(
        till=desk.till_code,
        session=desk.register.session,
        order=refund.order.number,
        operator=desk.operator_code or None,
        tickets=len(tickets),
        vouchers=cancelled.count(),
        exchange=refund.exchanged_for.number if refund.exchanged_for else None,
    )
    facts = refund.sealed_facts(codes=codes)
    op.drafts.append(Draft("REMBOURSEMENT", "refund", refund.pk, facts))
    return refund


class _Refunding:
    """One refund under way: what is taken back; ``Returning`` then gives its money back."""

    def __init__(
        self, op: Op, desk: Desk, order: Order, request: RefundRequest, approved_by: User | None
    ) -> None:
        self.op = op
        self.desk = desk
        self.order = order
        self.request = request
        self.approved_by = approved_by
        self.approver: User | None = None  # once somebody was needed

    def run(self) -> None:
        tickets, self.approver = lock_tickets(
            op=self.op,
            desk=self.desk,
            order=self.order,
            ticket_ids=self.request.ticket_ids,
            approved_by=self.approved_by,
        )
        if tickets:
            take_back(op=self.op, desk=self.desk, tickets=tickets)
        sold, originals = self._lock_vouchers()
        if not tickets and not sold:
            raise NothingToRefund
        amount = sum(ticket.price_minor for ticket in tickets)
        for voucher in sold:
            amount += self._cancel(voucher)
        refund = record_refund(
            op=self.op, desk=self.desk, refund=self._refund(amount), tickets=tickets
        )
        if not amount:
            return
        credit = self._credit_part(amount)
        if credit:
            self._returning(RefundChoice.CREDIT, originals).give(credit)
        if amount > credit:
            returning = self._returning(self.request.choice, originals)
            returning.give(amount - credit)
            if returning.owed_minor:
                owe(op=self.op, desk=self.desk, refund=refund, amount_minor=returning.owed_minor)
        share_refund(op=self.op, order=self.order, tickets=tickets, amount_minor=amount)

    def _credit_part(self, amount_minor: int) -> int:
        """Return what of a mixed refund goes to credit; the rest goes as chosen."""
        credit = self.request.credit
        if not credit or self.request.choice == RefundChoice.CREDIT:
            return 0
        part = _minor(credit, self.desk)
        if part <= 0:
            raise RefundNotPositive
        if part > amount_minor:
            raise CreditPartExceeds(amount=from_minor(amount_minor, self.order.currency))
        return part

    def _returning(self, choice: RefundChoice, originals: dict[int, Voucher]) -> Returning:
        # A mode was named for the rest of a mixed refund; its credit goes to the first mode.
        named = self.request.mode_id if choice == self.request.choice else None
        return Returning(
            op=self.op,
            desk=self.desk,
            order=self.order,
            choice=choice,
            mode_id=named,
            originals=originals,
            approved_by=self.approved_by,
            approver=self.approver,
        )

    def _cancel(self, voucher: Voucher) -> int:
        """Cancel a voucher, unless it was used since it was shown; returns what it was worth."""
        shown = self.request.shown_rest
        if shown is not None:
            wanted = minor_in(money=shown, currency=voucher.currency)
            if voucher.balance_minor not in {wanted, 0}:  # nothing left is refused as such
                raise self._changed(voucher)
        final = voucher.is_final(self.desk.venue_date(self.op.at))
        rest = vouchers.cancel(
            op=self.op, desk=self.desk, voucher=voucher, approver=self.approved_by
        )
        if final:
            self.approver = self.approver or self.approved_by
        return rest

    def _changed(self, voucher: Voucher) -> VoucherChanged:
        orders = list_using_orders(voucher_id=voucher.pk)
        return VoucherChanged(
            voucher=voucher.code,
            rest=voucher.balance,
            orders=", ".join(str(order) for order in orders) or "?",
        )

    def _lock_vouchers(self) -> tuple[list[Voucher], dict[int, Voucher]]:
        """Lock, by id, the vouchers taken back and those that paid ("to origin" refills, B26)."""
        paid_with: list[int | None] = []
        if self.request.choice in {RefundChoice.ORIGIN, RefundChoice.OWED}:
            spent = self.order.payments.exclude(voucher=None)
            paid_with = list(spent.values_list("voucher_id", flat=True))
        rows = list(
            Voucher.objects.select_for_update(no_key=True, of=("self",))
            .select_related("mode", "type", "sold_on")
            .filter(Q(pk__in=self.request.voucher_ids) | Q(pk__in=paid_with))
            .order_by("pk")
        )
        sold = [
            voucher
            for voucher in rows
            if voucher.pk in self.request.voucher_ids
            and voucher.sold_on is not None
            and voucher.sold_on.order_id == self.order.pk
        ]
        if len(sold) != len(set(self.request.voucher_ids)):
            raise NothingToRefund
        return sold, {voucher.pk: voucher for voucher in rows if voucher.pk in paid_with}

    def _refund(self, amount_minor: int) -> Refund:
        return Refund(
            order=self.order,
            currency=self.order.currency,
            amount_minor=amount_minor,
            choice=self.request.choice,
            consent=self.request.consent.replace("\x00", "")[:MAX_CONSENT],
        )
