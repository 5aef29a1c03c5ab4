"""Taking tickets and vouchers back, and giving their money back (spec G4, C6b, CNS-01)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from contacts.models import User
from credit.services import account_for
from credit.services import refund as credit_refund
from institution_settings.choices import ModeKind
from institution_settings.models import PaymentMode
from institution_settings.money import from_minor, round_cash_minor
from institution_settings.selectors import get_credit_mode, list_modes
from journal.sealing import stamp
from journal.services import Claim, Draft, Op, perform
from payments.choices import Direction, Purpose, RefundChoice, VoucherMove, VoucherState
from payments.errors import (
    ApprovalNeeded,
    ContactNeeded,
    ModeCannotReturn,
    ModeNotAuthorised,
    NothingToRefund,
    OrderNotPaid,
)
from payments.models import Payment, Refund, RefundedTicket, Voucher
from payments.selectors.refundable import list_paid
from payments.selectors.results import RefundResult, get_refund
from payments.services import vouchers
from payments.services.approvals import check_cash_limit, may_approve
from payments.services.recording import Tendered, record_payment
from payments.settlement import Share, split_refund
from sales.choices import OrderState
from sales.models import Order, Ticket
from sales.services import lock_order, take_back
from tills.selectors import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRequest:
    """What is taken back and how the money is to return.

    ``mode_id`` names the money mode of ``RefundChoice.MODE`` or, for credit, another credit mode
    than the first. ``consent`` says how the customer chose credit over money (CNS-01).
    """

    order_id: int
    ticket_ids: Sequence[int] = ()
    voucher_ids: Sequence[int] = ()
    choice: RefundChoice
    mode_id: int | None = None
    consent: str = ""


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
    same time. Seats are on sale at once. Raises ``PaymentsError``s, ``TicketNotValid`` and the
    credit account's own refusals.
    """

    def write(op: Op) -> RefundResult:
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
            "tickets": sorted(request.ticket_ids),
            "vouchers": sorted(request.voucher_ids),
            "choice": request.choice.value,
            "mode": request.mode_id,
        },
        register=desk.register,
        write=write,
        found=lambda operation_id: get_refund(operation_id=operation_id),
        at=at,
    )


class _Refunding:
    """One refund under way: what is taken back, then each share in its mode."""

    def __init__(
        self, op: Op, desk: Desk, order: Order, request: RefundRequest, approved_by: User | None
    ) -> None:
        self.op = op
        self.desk = desk
        self.order = order
        self.request = request
        self.approved_by = approved_by
        place = desk.point_of_sale_id
        self.modes = {mode.pk: mode for mode in list_modes(point_of_sale_id=place, use="refund")}

    def run(self) -> Refund:
        tickets = self._tickets()
        if tickets:
            take_back(op=self.op, desk=self.desk, tickets=tickets)
        sold, originals = self._lock_vouchers()
        if not tickets and not sold:
            raise NothingToRefund
        amount = sum(ticket.price_minor for ticket in tickets)
        for voucher in sold:
            amount += vouchers.cancel(op=self.op, desk=self.desk, voucher=voucher)
        refund = self._record(amount, tickets)
        if amount:
            shares = split_refund(
                list_paid(order=self.order, usable_mode_ids=set(self.modes)),
                amount_minor=amount,
                currency=self.order.currency,
                choice=self.request.choice,
            )
            self._give_back(shares, originals)
        return refund

    def _tickets(self) -> list[Ticket]:
        tickets = list(
            Ticket.objects.filter(pk__in=self.request.ticket_ids, order=self.order)
            .select_related("performance")
            .order_by("pk")
        )
        if len(tickets) != len(set(self.request.ticket_ids)):
            raise NothingToRefund
        used = any(t.scanned_at or t.performance.starts_at <= self.op.at for t in tickets)
        if used and not may_approve(self.approved_by):
            raise ApprovalNeeded(reason="used_ticket")
        return tickets

    def _lock_vouchers(self) -> tuple[list[Voucher], dict[int, Voucher]]:
        """Lock, by id, the vouchers taken back and those that paid ("to origin" refills, B26)."""
        paid_with: list[int | None] = []
        if self.request.choice == RefundChoice.ORIGIN:
            spent = self.order.payments.exclude(voucher=None)
            paid_with = list(spent.values_list("voucher_id", flat=True))
        rows = list(
            Voucher.objects.select_for_update(no_key=True, of=("self",))
            .select_related("mode", "sold_on")
            .filter(Q(pk__in=self.request.voucher_ids) | Q(pk__in=paid_with))
            .order_by("pk")
        )
        sold = [
            voucher
            for voucher in rows
            if voucher.pk in self.request.voucher_ids
            and voucher.sold_on is not None
            and voucher.sold_on.order_id == self.order.pk
            and voucher.state == VoucherState.ACTIVE
        ]
        if len(sold) != len(set(self.request.voucher_ids)):
            raise NothingToRefund
        return sold, {voucher.pk: voucher for voucher in rows if voucher.pk in paid_with}

    def _record(self, amount_minor: int, tickets: Sequence[Ticket]) -> Refund:
        refund = Refund.objects.create(
            order=self.order,
            currency=self.order.currency,
            amount_minor=amount_minor,
            choice=self.request.choice,
            consent=self.request.consent,
            operator_id=self.desk.operator_id,
            session_id=self.desk.session_id,
            operation_id=self.op.id,
            at=self.op.at,
            business_date=self.desk.business_date,
        )
        RefundedTicket.objects.bulk_create(
            RefundedTicket(refund=refund, ticket=ticket) for ticket in tickets
        )
        self.op.drafts.append(
            Draft(
                kind="REMBOURSEMENT",
                subject_kind="refund",
                subject_id=refund.pk,
                facts={
                    "billets": len(tickets),
                    "caisse": self.desk.till_code,
                    "choix": str(refund.choice),
                    "commande": self.order.number,
                    "consentement": bool(refund.consent),
                    "devise": refund.currency,
                    "horodatage": stamp(refund.at),
                    "montant": refund.amount_minor,
                    "operateur": self.desk.operator_code or None,
                },
            )
        )
        return refund

    def _give_back(self, shares: Sequence[Share], originals: dict[int, Voucher]) -> None:
        if self.request.choice == RefundChoice.CREDIT:
            self._to_credit(shares, self._credit_mode())
            return
        if self.request.choice == RefundChoice.MODE:
            self._in_mode(shares)
            return
        paid = {payment.pk: payment for payment in self.order.payments.select_related("mode")}
        credited = [share for share in shares if paid[share.paid.reference].mode.is_credit]
        if credited:
            self._to_credit(credited, self._allowed(paid[credited[0].paid.reference].mode))
        for share in shares:
            original = paid[share.paid.reference]
            if original.mode.kind == ModeKind.VOUCHER and original.voucher_id:
                self._refill(share, original, originals[original.voucher_id])
            elif original.mode.kind == ModeKind.PAPER_VOUCHER:
                raise ModeCannotReturn(mode=original.mode.label)
            elif not original.mode.is_credit:
                self._pay_back(share, self._allowed(original.mode), share.rounding_minor)

    def _allowed(self, mode: PaymentMode) -> PaymentMode:
        if mode.pk not in self.modes:
            raise ModeNotAuthorised(mode=mode.label)
        return mode

    def _credit_mode(self) -> PaymentMode:
        if self.request.mode_id is not None:
            chosen = self.modes.get(self.request.mode_id)
        else:
            chosen = get_credit_mode(point_of_sale_id=self.desk.point_of_sale_id, use="refund")
        if chosen is None or not chosen.is_credit:
            raise ModeNotAuthorised(mode=chosen.label if chosen else str(ModeKind.CREDIT.label))
        return chosen

    def _to_credit(self, shares: Sequence[Share], mode: PaymentMode) -> None:
        """One movement for all shares, and a payment for each payment it gives back from."""
        contact = self.order.contact
        if contact is None:
            raise ContactNeeded
        account = account_for(contact_id=contact.pk, currency=self.order.currency)
        movement = credit_refund(
            op=self.op,
            desk=self.desk,
            account_id=account.pk,
            amount=from_minor(sum(share.amount_minor for share in shares), self.order.currency),
            mode=mode,
            reference=self.order.number or "",
            non_refundable_minor=sum(share.non_refundable_minor for share in shares),
        )
        for share in shares:
            self._pay_back(share, mode, 0, movement_id=int(movement.pk))

    def _in_mode(self, shares: Sequence[Share]) -> None:
        mode = self.modes.get(self.request.mode_id or 0)
        if mode is None or not mode.is_money:
            known = PaymentMode.objects.filter(pk=self.request.mode_id or 0).first()
            raise ModeNotAuthorised(mode=known.label if known else "?")
        total = sum(share.amount_minor for share in shares)
        rounding = 0
        if mode.kind == ModeKind.CASH:
            rounding = round_cash_minor(total, currency=self.order.currency) - total
        for index, share in enumerate(shares):
            self._pay_back(share, mode, rounding if index == 0 else 0)

    def _refill(self, share: Share, original: Payment, voucher: Voucher) -> None:
        payment = self._pay_back(share, self._allowed(original.mode), 0, voucher=voucher)
        vouchers.move(
            op=self.op,
            desk=self.desk,
            voucher=voucher,
            kind=VoucherMove.REFUND,
            change_minor=share.amount_minor,
            payment=payment,
        )

    def _pay_back(
        self,
        share: Share,
        mode: PaymentMode,
        rounding_minor: int,
        *,
        movement_id: int | None = None,
        voucher: Voucher | None = None,
    ) -> Payment:
        if mode.kind == ModeKind.CASH:
            check_cash_limit(amount_minor=share.amount_minor, currency=self.order.currency)
        return record_payment(
            op=self.op,
            desk=self.desk,
            tendered=Tendered(
                direction=Direction.OUT,
                purpose=Purpose.REFUND,
                mode=mode,
                order=self.order,
                contact=self.order.contact,
                amount_minor=share.amount_minor,
                rounding_minor=rounding_minor,
                non_refundable_minor=share.non_refundable_minor,
                movement_id=movement_id,
                voucher=voucher,
                refunds_id=share.paid.reference,
                approved_by=self.approved_by,
            ),
        )
