"""What stands on the receipt of an order and on the slips of what was taken back (G10, BIL-05)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from moneyed import Money

from institution_settings.money import from_minor
from journal.selectors import entry_numbers, entry_seals
from payments.choices import Direction, Purpose, RefundChoice
from payments.models import Payment, RefundedTicket, VoucherMovement
from sales.choices import LineKind, OrderState
from sales.models import Order, OrderLine
from sales.money import net_of


@dataclass(frozen=True, slots=True)
class VatLine:
    """What one VAT rate comes to; ``rate`` None: vouchers, taxed when they are used (CPT-03)."""

    rate: Decimal | None
    net: Money
    vat: Money
    gross: Money


@dataclass(frozen=True, slots=True)
class Tender:
    """A payment as its receipt says it, and what is left on the voucher it was taken from."""

    payment: Payment
    voucher_left: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReceipt:
    """Everything a receipt says of a paid order; ``number`` is that of the sale's entry."""

    order: Order
    number: str
    seal: str
    lines: tuple[OrderLine, ...]
    vat: tuple[VatLine, ...]
    tenders: tuple[Tender, ...]
    credit_before: Money | None
    credit_after: Money | None

    @property
    def change(self) -> Money:
        """Cash given back."""
        return self._sum(tender.payment.change_minor for tender in self.tenders)

    @property
    def operator(self) -> str:
        """Who took the money, or opened the order where there was none to take."""
        people = [tender.payment.operator for tender in self.tenders] or [self.order.operator]
        return people[0].get_short_name() if people[0] else ""

    def _sum(self, amounts: Iterable[int]) -> Money:
        return from_minor(sum(amounts), self.order.currency)


def get_order_receipt(*, order_id: int) -> OrderReceipt:
    """Return the receipt of a paid order; ``Order.DoesNotExist`` for any other. Seven queries."""
    shown = ("contact", "operator", "point_of_sale")
    order = Order.objects.select_related(*shown).get(pk=order_id, state=OrderState.PAID)
    seats = ("category__performance", "rate")
    lines = tuple(order.lines.select_related(*seats).order_by("id"))
    tenders = _tenders(order)
    before, after = _credit(tenders)
    return OrderReceipt(
        order=order,
        number=entry_numbers(subject_kind="order", subject_ids=[order.pk]).get(order.pk, ""),
        seal=entry_seals(subject_kind="order", subject_ids=[order.pk]).get(order.pk, ""),
        lines=lines,
        vat=_vat(order, lines),
        tenders=tenders,
        credit_before=before,
        credit_after=after,
    )


def _tenders(order: Order) -> tuple[Tender, ...]:
    """Return what paid the order; what was corrected stands as it was corrected to (C4)."""
    payments = list(
        Payment.objects.filter(
            order=order, direction=Direction.IN, purpose=Purpose.SALE, reversed_by=None
        )
        .select_related("mode", "voucher", "movement", "operator", "session__till")
        .order_by("id")
    )
    rows = VoucherMovement.objects.filter(payment__in=payments)
    left = {row.payment_id: row.balance_after for row in rows}
    return tuple(Tender(payment, left.get(payment.pk)) for payment in payments)


def _credit(tenders: Sequence[Tender]) -> tuple[Money | None, Money | None]:
    """Return the purchaser's balance before and after, where the order moved it."""
    movements = sorted(
        (tender.payment.movement for tender in tenders if tender.payment.movement),
        key=lambda movement: movement.position,
    )
    if not movements:
        return None, None
    first, last = movements[0], movements[-1]
    moved = first.amount if first.side == "C" else -first.amount
    return first.balance_after - moved, last.balance_after


def _vat(order: Order, lines: Sequence[OrderLine]) -> tuple[VatLine, ...]:
    sums: dict[Decimal | None, tuple[int, int]] = {}
    for line in lines:
        rate = line.vat_rate if line.kind == LineKind.TICKET else None
        gross, net = sums.get(rate, (0, 0))
        part = net_of(line.total_minor, vat_rate=line.vat_rate)
        sums[rate] = (gross + line.total_minor, net + part)
    return tuple(
        VatLine(
            rate,
            from_minor(net, order.currency),
            from_minor(gross - net, order.currency),
            from_minor(gross, order.currency),
        )
        for rate, (gross, net) in sorted(sums.items(), key=lambda item: item[0] or Decimal(100))
    )


@dataclass(frozen=True, slots=True)
class Coupon:
    """A ticket taken back: what the slip for the house says, under a number of its own (BIL-05)."""

    taken: RefundedTicket
    number: str
    ticket_number: str

    @property
    def choice(self) -> str:
        """How the money returned, in words."""
        return str(RefundChoice(self.taken.refund.choice).label)


def list_coupons(*, order_id: int, operation_id: int | None = None) -> list[Coupon]:
    """Return the slips of what was taken back of an order, or by one operation, in order."""
    shown = (
        "refund__operator",
        "refund__session__till",
        "ticket__performance",
        "ticket__line__category",
        "ticket__line__rate",
        "ticket__order",
    )
    rows = RefundedTicket.objects.filter(ticket__order_id=order_id).select_related(*shown)
    if operation_id is not None:
        rows = rows.filter(refund__operation_id=operation_id)
    taken = list(rows.order_by("id"))
    ids = [row.ticket_id for row in taken]
    numbers = entry_numbers(subject_kind="ticket", subject_ids=ids)
    own = entry_numbers(subject_kind="ticket_cancellation", subject_ids=ids)
    return [
        Coupon(row, own.get(row.ticket_id, ""), numbers.get(row.ticket_id, "")) for row in taken
    ]
