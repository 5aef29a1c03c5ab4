"""What an operation did, read from the rows that carry it: also what a repeat is answered."""

from dataclasses import dataclass

from moneyed import Money

from institution_settings.money import from_minor
from payments.models import Payment, Refund, Voucher
from sales.models import Order, Ticket


@dataclass(frozen=True, slots=True)
class CheckoutResult:
    """An order as it was paid."""

    order: Order
    operation_id: int
    payments: list[Payment]
    tickets: list[Ticket]
    vouchers: list[Voucher]

    @property
    def change(self) -> Money:
        """Cash to give back; stays large on the screen until the next key."""
        return from_minor(sum(p.change_minor for p in self.payments), self.order.currency)

    @property
    def taken(self) -> Money:
        """What was paid now: without what an exchange carried over from another order."""
        paid = sum(p.amount_minor for p in self.payments if p.carries_id is None)
        return from_minor(paid, self.order.currency)

    @property
    def surplus(self) -> Money:
        """What went to the purchaser's credit (spec C8)."""
        return from_minor(sum(p.surplus_minor for p in self.payments), self.order.currency)


def get_checkout(*, order_id: int, operation_id: int) -> CheckoutResult:
    """Return what paying the order in this operation did."""
    return CheckoutResult(
        order=Order.objects.select_related("contact").get(pk=order_id),
        operation_id=operation_id,
        payments=list(
            Payment.objects.filter(operation_id=operation_id, order_id=order_id)
            .select_related("mode", "voucher", "movement")
            .order_by("id")
        ),
        tickets=list(Ticket.objects.filter(operation_id=operation_id).order_by("id")),
        vouchers=list(Voucher.objects.filter(operation_id=operation_id).order_by("id")),
    )


@dataclass(frozen=True, slots=True)
class RefundResult:
    """What was taken back and how its money returned."""

    refund: Refund
    payments: list[Payment]
    tickets: list[Ticket]

    @property
    def cash(self) -> Money:
        """Cash to hand over."""
        minor = sum(p.tendered_minor for p in self.payments if p.mode.kind == "cash")
        return from_minor(minor, self.refund.currency)

    @property
    def owed(self) -> Money:
        """What is owed and handed over later (CNS-02)."""
        minor = sum(p.amount_minor for p in self.payments if p.mode.kind == "owed")
        return from_minor(minor, self.refund.currency)

    @property
    def credited(self) -> Money:
        """What went to the credit account."""
        minor = sum(p.amount_minor for p in self.payments if p.mode.kind == "credit")
        return from_minor(minor, self.refund.currency)


@dataclass(frozen=True, slots=True)
class ExchangeResult:
    """What an exchange took back and sold."""

    refund: RefundResult
    checkout: CheckoutResult


def get_exchange(*, operation_id: int) -> ExchangeResult:
    """Return what an exchange did."""
    refund = get_refund(operation_id=operation_id)
    sold = refund.refund.exchanged_for_id or 0
    return ExchangeResult(
        refund=refund, checkout=get_checkout(order_id=sold, operation_id=operation_id)
    )


def get_refund(*, operation_id: int) -> RefundResult:
    """Return what a refund did."""
    refund = Refund.objects.select_related("order__contact").get(operation_id=operation_id)
    made = Payment.objects.filter(operation_id=operation_id)
    # What an exchange carries over was not handed to anybody.
    carried = made.exclude(carries=None).values("carries")
    return RefundResult(
        refund=refund,
        payments=list(
            made.filter(order_id=refund.order_id)
            .exclude(pk__in=carried)
            .select_related("mode", "voucher", "movement")
            .order_by("id")
        ),
        tickets=list(Ticket.objects.filter(refunded__refund=refund).order_by("id")),
    )
