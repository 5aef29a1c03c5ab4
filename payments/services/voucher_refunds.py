"""Taking the sale of one voucher back (spec G4, G7; cases.md B26, B27).

The code is refused from then on, and at most what nobody has spent of it is given back.
"""

from dataclasses import dataclass
from datetime import datetime

from moneyed import Money

from contacts.models import User
from journal.services import Claim, Draft, Op, perform
from payments.choices import RefundChoice
from payments.errors import NothingToRefund, OrderNotPaid, VoucherChanged
from payments.models import Refund, RefundCodes, Voucher
from payments.selectors.results import RefundResult, get_refund
from payments.selectors.vouchers import list_using_orders
from payments.services import vouchers
from payments.services.amounts import minor_in
from payments.services.returning import Returning
from payments.services.sharing import share_refund
from sales.choices import OrderState
from sales.models import Order
from sales.services import lock_order
from tills.selectors import Desk

MAX_CONSENT = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherRefundRequest:
    """Which voucher is taken back and how its money is to return.

    ``rest`` is what the operator was shown to be left of it. ``mode_id`` names the money mode of
    ``RefundChoice.MODE`` or, for credit, another credit mode than the first. ``consent`` says how
    the customer chose credit over money (CNS-01).
    """

    voucher_id: int
    rest: Money
    choice: RefundChoice
    mode_id: int | None = None
    consent: str = ""


def refund_voucher_sale(
    *,
    claim: Claim,
    desk: Desk,
    request: VoucherRefundRequest,
    approved_by: User | None = None,
    at: datetime | None = None,
) -> RefundResult:
    """Cancel a voucher that was sold and give its unused rest back, once, all or nothing.

    Raises ``VoucherChanged`` if it was used since the operator looked (B27), ``VoucherUnusable``
    when nothing is left, ``ApprovalNeeded`` for a type that is not refundable or once its time is
    over, ``NothingToRefund`` for one nobody paid for, and what a refund raises (G4).
    """

    def write(op: Op) -> RefundResult:
        refunding = _VoucherRefund(op, desk, request, approved_by)
        refunding.run()
        return get_refund(operation_id=op.id)

    return perform(
        claim=claim,
        kind="voucher.refund",
        content={
            "voucher": request.voucher_id,
            "rest": minor_in(money=request.rest, currency=desk.currency),
            "choice": request.choice.value,
            "mode": request.mode_id,
            "consent": bool(request.consent),
        },
        register=desk.register,
        write=write,
        found=lambda operation_id: get_refund(operation_id=operation_id),
        at=at,
    )


class _VoucherRefund:
    """One voucher's sale being taken back; ``Returning`` gives its money back."""

    def __init__(
        self, op: Op, desk: Desk, request: VoucherRefundRequest, approved_by: User | None
    ) -> None:
        self.op = op
        self.desk = desk
        self.request = request
        self.approved_by = approved_by

    def run(self) -> None:
        order = self._lock_order()
        voucher, originals = self._lock_vouchers(order)
        self._check_as_shown(voucher)
        today = self.desk.venue_date(self.op.at)
        final = voucher.is_final(today)
        amount = vouchers.cancel(
            op=self.op, desk=self.desk, voucher=voucher, approver=self.approved_by
        )
        self._record(order, amount)
        Returning(
            op=self.op,
            desk=self.desk,
            order=order,
            choice=self.request.choice,
            mode_id=self.request.mode_id,
            originals=originals,
            approved_by=self.approved_by,
            approver=self.approved_by if final else None,
        ).give(amount)
        share_refund(op=self.op, order=order, tickets=[], amount_minor=amount)

    def _lock_order(self) -> Order:
        sold = Order.objects.filter(lines__voucher=self.request.voucher_id).first()
        if sold is None:
            raise NothingToRefund
        order = lock_order(order_id=sold.pk)
        if order.state != OrderState.PAID:
            raise OrderNotPaid
        return order

    def _lock_vouchers(self, order: Order) -> tuple[Voucher, dict[int, Voucher]]:
        """Lock, by id, the voucher and those that paid for it ("to origin" refills them, B26)."""
        wanted: set[int] = {self.request.voucher_id}
        if self.request.choice == RefundChoice.ORIGIN:
            spent = order.payments.exclude(voucher=None)
            wanted.update(spent.values_list("voucher_id", flat=True))
        rows = Voucher.objects.select_for_update(no_key=True, of=("self",))
        rows = rows.select_related("mode", "type").filter(pk__in=wanted).order_by("pk")
        found = {voucher.pk: voucher for voucher in rows}
        return found[self.request.voucher_id], found

    def _check_as_shown(self, voucher: Voucher) -> None:
        shown = minor_in(money=self.request.rest, currency=voucher.currency)
        if voucher.balance_minor in {shown, 0}:  # nothing left is refused as such
            return
        orders = list_using_orders(voucher_id=voucher.pk)
        raise VoucherChanged(
            voucher=voucher.code,
            rest=voucher.balance,
            orders=", ".join(str(order) for order in orders) or "?",
        )

    def _record(self, order: Order, amount_minor: int) -> None:
        refund = Refund.objects.create(
            order=order,
            currency=order.currency,
            amount_minor=amount_minor,
            choice=self.request.choice,
            consent=self.request.consent.replace("\x00", "")[:MAX_CONSENT],
            operator_id=self.desk.operator_id,
            session_id=self.desk.session_id,
            operation_id=self.op.id,
            at=self.op.at,
            business_date=self.desk.business_date,
        )
        codes = RefundCodes(
            till=self.desk.till_code,
            session=self.desk.register.session,
            order=order.number,
            operator=self.desk.operator_code or None,
            tickets=0,
            vouchers=1,
        )
        facts = refund.sealed_facts(codes=codes)
        self.op.drafts.append(Draft("REMBOURSEMENT", "refund", refund.pk, facts))
