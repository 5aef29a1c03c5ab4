"""Échange: tickets taken back and others sold in one settlement (spec G4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from contacts.models import Contact, User
from credit.services import account_for, lock_accounts, pay
from credit.services import refund as credit_refund
from institution_settings.choices import ModeKind
from institution_settings.models import PaymentMode
from institution_settings.money import from_minor
from journal.services import Claim, Op, perform
from payments.choices import Direction, Purpose, RefundChoice, VoucherMove, VoucherState
from payments.codes import canonical_code
from payments.errors import (
    ConsentNeeded,
    ContactNeeded,
    DifferenceNeedsChoice,
    ExchangePurchaser,
    ModeCannotReturn,
)
from payments.models import Payment, Refund, Voucher
from payments.selectors.refundable import list_paid
from payments.selectors.results import ExchangeResult, get_exchange
from payments.services import vouchers
from payments.services.checkout import content_of
from payments.services.issuing import issue_sold_vouchers
from payments.services.recording import Tendered, record_payment
from payments.services.refunds import MAX_CONSENT, lock_tickets, record_refund
from payments.services.returning import Returning
from payments.services.sharing import share_refund, share_sale
from payments.services.tendering import Tendering, TenderRequest
from payments.settlement import Share, split_refund
from sales.choices import OrderState, TicketState
from sales.errors import ExchangeElsewhere
from sales.models import Order, Ticket
from sales.services import lock_order, settle_order, take_back
from sales.services.orders import lock_changeable
from tills.selectors import Desk

# How the difference may return where the new tickets cost less.
DIFFERENCE_CHOICES = (RefundChoice.CREDIT, RefundChoice.ORIGIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRequest:
    """The basket whose ``exchanged_tickets`` are taken back, and what is paid besides.

    ``difference`` says how the rest returns where the new tickets cost less; ``consent`` that the
    customer chose credit for it (CNS-01).
    """

    order_id: int
    tenders: Sequence[TenderRequest] = ()
    confirms_loss: bool = False
    difference: RefundChoice | None = None
    consent: str = ""


def exchange_tickets(
    *,
    claim: Claim,
    desk: Desk,
    request: ExchangeRequest,
    approved_by: User | None = None,
    at: datetime | None = None,
) -> ExchangeResult:
    """Take tickets of a paid order back and sell the basket for them, all or nothing (G4).

    What the old tickets were worth pays the new ones: each payment is carried over in the mode it
    was made in, what may never be paid out first, then first in, first out. No money moves: both
    lines stand on the same Z and add up to nothing, so money and vouchers need no authorisation
    here; credit does, both ways. The new order can be refunded to its origin as the old one could.
    The difference is paid by the tenders, or returned as ``difference`` says.

    Example: 40,00 € paid by card, exchanged for 55,00 €: 40,00 € carried over, 15,00 € to pay.

    A repeat of the claim returns the first result. Raises what ``check_out`` and ``refund_order``
    raise; ``ExchangeElsewhere``, ``ExchangePurchaser``, ``DifferenceNeedsChoice``.
    """

    def write(op: Op) -> ExchangeResult:
        _Exchanging(op, desk, request, approved_by).run()
        return get_exchange(operation_id=op.id)

    return perform(
        claim=claim,
        kind="order.exchange",
        content={
            "order": request.order_id,
            "loss": request.confirms_loss,
            "difference": str(request.difference or ""),
            "consent": bool(request.consent),
            "tenders": [content_of(tender) for tender in request.tenders],
        },
        register=desk.register,
        write=write,
        found=lambda operation_id: get_exchange(operation_id=operation_id),
        at=at,
    )


class _Exchanging:
    """One exchange under way: the old order gives back what the new one carries on."""

    def __init__(
        self, op: Op, desk: Desk, request: ExchangeRequest, approved_by: User | None
    ) -> None:
        self.op = op
        self.desk = desk
        self.request = request
        self.approved_by = approved_by
        self.old, self.new = self._lock_orders()
        self.carried_cash_minor = 0

    def run(self) -> None:
        op, desk, old, new = self.op, self.desk, self.old, self.new
        tickets, approver = lock_tickets(
            op=op,
            desk=desk,
            order=old,
            ticket_ids=self.ticket_ids,
            approved_by=self.approved_by,
        )
        take_back(op=op, desk=desk, tickets=tickets)
        worth = sum(ticket.price_minor for ticket in tickets)
        carried = min(worth, new.total_minor)
        originals = self._lock_vouchers()
        record_refund(op=op, desk=desk, refund=self._refund(worth), tickets=tickets)
        if carried:
            self._carry(carried, originals)
        if worth > carried:
            Returning(
                op=op,
                desk=desk,
                order=old,
                choice=self._difference(worth - carried),
                mode_id=None,
                originals=originals,
                approved_by=self.approved_by,
                approver=approver,
            ).give(worth - carried)
        if worth:
            share_refund(op=op, order=old, tickets=tickets, amount_minor=worth)
        self._sell(carried)

    def _lock_orders(self) -> tuple[Order, Order]:
        """Lock the older order first, as everywhere: by id (design.md §2)."""
        wanted = Ticket.objects.filter(
            exchanging=self.request.order_id, state=TicketState.VALID
        ).values_list("pk", "order_id")
        self.ticket_ids = [pk for pk, _order in wanted]
        found = {order for _pk, order in wanted}
        if len(found) != 1:
            raise ExchangeElsewhere
        old = lock_order(order_id=found.pop())
        new = lock_changeable(order_id=self.request.order_id)
        if old.state != OrderState.PAID or old.pk == new.pk:
            raise ExchangeElsewhere
        purchaser = _purchaser(old)
        if purchaser and _purchaser(new) != purchaser:
            raise ExchangePurchaser(order=old.number, name=str(purchaser))
        return old, new

    def _lock_vouchers(self) -> dict[int, Voucher]:
        """Lock, by id, the vouchers that paid the old order and those that are to pay besides."""
        spent = self.old.payments.exclude(voucher=None).values_list("voucher_id", flat=True)
        codes = {canonical_code(tender.voucher_code) for tender in self.request.tenders} - {""}
        rows = (
            Voucher.objects.select_for_update(no_key=True, of=("self",))
            .select_related("mode", "type", "sold_on")
            .filter(Q(pk__in=list(spent)) | Q(code__in=codes))
            .order_by("pk")
        )
        return {voucher.pk: voucher for voucher in rows}

    def _difference(self, minor: int) -> RefundChoice:
        chosen = self.request.difference
        if chosen not in DIFFERENCE_CHOICES:
            raise DifferenceNeedsChoice(difference=from_minor(minor, self.old.currency))
        if chosen == RefundChoice.CREDIT and not self.request.consent.strip():
            raise ConsentNeeded
        return RefundChoice(chosen)

    def _refund(self, worth_minor: int) -> Refund:
        return Refund(
            order=self.old,
            currency=self.old.currency,
            amount_minor=worth_minor,
            choice=RefundChoice.EXCHANGE,
            consent=self.request.consent.replace("\x00", "")[:MAX_CONSENT],
            exchanged_for=self.new,
        )

    def _carry(self, amount_minor: int, originals: dict[int, Voucher]) -> None:
        """Let each old payment pay the new order, in its own mode."""
        shares = split_refund(
            list_paid(order=self.old, today=self.desk.venue_date(self.op.at)),
            amount_minor=amount_minor,
            currency=self.old.currency,
            choice=RefundChoice.EXCHANGE,
        )
        paid = {payment.pk: payment for payment in self.old.payments.select_related("mode")}
        for share in shares:
            original = paid[share.paid.reference]
            if original.mode.is_credit:
                self._carry_credit(share, original.mode)
            elif original.voucher_id:
                self._carry_voucher(share, original.mode, originals[original.voucher_id])
            else:
                self._carry_over(share, original.mode)
                if original.mode.kind == ModeKind.CASH:
                    self.carried_cash_minor += share.amount_minor

    def _carry_credit(self, share: Share, mode: PaymentMode) -> None:
        """Credit comes back to its account and pays again: two movements, the balance as before."""
        contact = _purchaser(self.old)
        if contact is None:
            raise ContactNeeded
        account_id = int(account_for(contact_id=contact.pk, currency=self.old.currency).pk)
        lock_accounts(account_ids=[account_id])
        amount = from_minor(share.amount_minor, self.old.currency)
        back = credit_refund(
            op=self.op,
            desk=self.desk,
            account_id=account_id,
            amount=amount,
            mode=mode,
            reference=self.old.number or "",
            non_refundable_minor=share.non_refundable_minor,
        )
        again = pay(
            op=self.op,
            desk=self.desk,
            account_id=account_id,
            amount=amount,
            mode=mode,
            reference=self.new.number or "",
            non_refundable_minor=share.non_refundable_minor,
        )
        given = self._give_back(share, mode, movement_id=int(back.pk))
        self._pay_on(share, given, movement_id=int(again.pk))

    def _carry_voucher(self, share: Share, mode: PaymentMode, voucher: Voucher) -> None:
        """Put back and take again, also from one whose time is over: nothing can be spent twice."""
        if voucher.state != VoucherState.ACTIVE:
            raise ModeCannotReturn(mode=mode.label)
        for payment, kind, sign in (
            (given := self._give_back(share, mode, voucher=voucher), VoucherMove.REFUND, 1),
            (self._pay_on(share, given), VoucherMove.PAYMENT, -1),
        ):
            vouchers.move(
                op=self.op,
                desk=self.desk,
                voucher=voucher,
                kind=kind,
                change_minor=sign * share.amount_minor,
                payment=payment,
            )

    def _carry_over(self, share: Share, mode: PaymentMode) -> None:
        self._pay_on(share, self._give_back(share, mode))

    def _give_back(
        self,
        share: Share,
        mode: PaymentMode,
        *,
        movement_id: int | None = None,
        voucher: Voucher | None = None,
    ) -> Payment:
        """The old order's side; the last part of a payment in coins takes its rounding along."""
        return record_payment(
            op=self.op,
            desk=self.desk,
            tendered=Tendered(
                direction=Direction.OUT,
                purpose=Purpose.REFUND,
                mode=mode,
                order=self.old,
                contact=_purchaser(self.old),
                amount_minor=share.amount_minor,
                rounding_minor=_rounding(share),
                non_refundable_minor=share.non_refundable_minor,
                movement_id=movement_id,
                voucher=voucher,
                refunds_id=share.paid.reference,
            ),
        )

    def _pay_on(
        self,
        share: Share,
        given: Payment,
        *,
        movement_id: int | None = None,
    ) -> Payment:
        return record_payment(
            op=self.op,
            desk=self.desk,
            tendered=Tendered(
                direction=Direction.IN,
                purpose=Purpose.SALE,
                mode=given.mode,
                order=self.new,
                contact=_purchaser(self.new),
                amount_minor=share.amount_minor,
                rounding_minor=given.rounding_minor,
                non_refundable_minor=share.non_refundable_minor,
                movement_id=movement_id,
                voucher=given.voucher,
                carries_id=given.pk,
            ),
        )

    def _sell(self, carried_minor: int) -> None:
        """Sell the basket for what is left to pay."""
        op, desk, new = self.op, self.desk, self.new
        tendering = Tendering(op=op, desk=desk, order=new)
        tendering.lock(self.request.tenders)
        settlement = tendering.decide(
            confirms_loss=self.request.confirms_loss,
            carried_minor=carried_minor,
            carried_cash_minor=self.carried_cash_minor,
        )
        tickets = settle_order(op=op, desk=desk, order=new)
        for settled in settlement.payments:
            tendering.record(settled)
        share_sale(op=op, order=new, tickets=tickets)
        issue_sold_vouchers(op=op, desk=desk, order=new)


def _rounding(share: Share) -> int:
    """Return what coins had added to a payment, once nothing else is left of it (B64)."""
    last = share.amount_minor == share.paid.remaining_minor
    return share.paid.rounding_minor if last else 0


def _purchaser(order: Order) -> Contact | None:
    """Return whose order it is now."""
    return order.contact and order.contact.current
