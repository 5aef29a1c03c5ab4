"""What a refund would give back, and to where, before it is done (spec G4)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from moneyed import Money

from guichet.selectors.orders import OrderCard, is_refundable
from institution_settings.choices import ModeKind
from institution_settings.models import PaymentMode
from institution_settings.money import from_minor, to_minor
from institution_settings.selectors import venue_date
from payments.choices import Direction, RefundChoice
from payments.errors import CreditPartExceeds, PaymentsError
from payments.models import Payment, Voucher
from payments.selectors.refundable import list_paid
from payments.settlement import OwedWay, Paid, Share, owed_way, split_refund
from sales.models import Order


@dataclass(frozen=True, slots=True)
class Destination:
    """A part of a refund and where it goes; ``usable``: that mode gives back here."""

    label: str
    amount: Money
    usable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundForecast:
    """What a refund comes to, as far as it is chosen; ``error`` says why it cannot be."""

    amount: Money
    destinations: tuple[Destination, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class SoldVoucher:
    """A voucher sold with an order that is still worth something, and the orders that used it."""

    voucher: Voucher
    used_by: tuple[Order, ...]


def list_sold_vouchers(*, card: OrderCard) -> list[SoldVoucher]:
    """Return the vouchers whose sale can be taken back, as far as they were not used (B26, B27).

    One query if there are any, none otherwise.
    """
    vouchers = list_refundable_vouchers(card=card)
    if not vouchers:
        return []
    spent = Payment.objects.filter(voucher__in=vouchers, direction=Direction.IN)
    rows = list(spent.select_related("order").order_by("id"))
    return [
        SoldVoucher(
            voucher, tuple(row.order for row in rows if row.order and row.voucher_id == voucher.pk)
        )
        for voucher in vouchers
    ]


def list_refundable_vouchers(*, card: OrderCard) -> list[Voucher]:
    """Return the vouchers sold with an order that are still worth something."""
    return [voucher for voucher in card.vouchers if is_refundable(voucher)]


def forecast_refund(
    *,
    card: OrderCard,
    ticket_ids: Collection[int],
    voucher_ids: Collection[int],
    choice: str,
    modes: Collection[PaymentMode],
    mode_id: int | None = None,
    credit: Money | None = None,
) -> RefundForecast:
    """Return what taking these back would give, and by which modes; nothing is locked.

    ``credit`` is the part of a mixed refund that goes to the credit account.
    """
    currency = card.order.currency
    minor = sum(
        row.ticket.price_minor
        for row in card.tickets
        if row.is_valid and row.ticket.pk in ticket_ids
    )
    minor += sum(
        voucher.balance_minor
        for voucher in list_refundable_vouchers(card=card)
        if voucher.pk in voucher_ids
    )
    amount = from_minor(minor, currency)
    if not minor or choice not in RefundChoice.values:
        return RefundForecast(amount=amount)
    paid = list_paid(
        order=card.order,
        today=venue_date(at=datetime.now(UTC)),
        usable_mode_ids={mode.pk for mode in modes},
    )
    part = to_minor(credit) if credit else 0
    found: list[Destination] = []
    try:
        if part > minor:
            raise CreditPartExceeds(amount=amount)
        if part:
            paid = _less(paid, _split(paid, part, currency, RefundChoice.CREDIT))
            found += _destinations((), modes, RefundChoice.CREDIT, None, from_minor(part, currency))
        if minor > part:
            shares = _split(paid, minor - part, currency, choice)
            rest = from_minor(minor - part, currency)
            found += _destinations(shares, modes, choice, mode_id, rest)
    except PaymentsError as error:
        return RefundForecast(amount=amount, error=str(error))
    return RefundForecast(amount=amount, destinations=tuple(found))


def _split(paid: Sequence[Paid], minor: int, currency: str, choice: str) -> tuple[Share, ...]:
    """Ask the settlement which payments give so much back."""
    return split_refund(paid, amount_minor=minor, currency=currency, choice=choice)


def _less(paid: Sequence[Paid], shares: Sequence[Share]) -> list[Paid]:
    """Return what is left of payments once ``shares`` were given back."""
    taken = {share.paid.reference: share for share in shares}
    left = [_after(each, taken.get(each.reference)) for each in paid]
    return [each for each in left if each.remaining_minor]


def _after(each: Paid, share: Share | None) -> Paid:
    if share is None:
        return each
    return replace(
        each,
        remaining_minor=each.remaining_minor - share.amount_minor,
        non_refundable_minor=each.non_refundable_minor - share.non_refundable_minor,
    )


def _destinations(
    shares: Sequence[Share],
    modes: Collection[PaymentMode],
    choice: str,
    mode_id: int | None,
    amount: Money,
) -> list[Destination]:
    if choice not in {RefundChoice.ORIGIN, RefundChoice.OWED}:
        label = _label(modes, choice, mode_id)
        return [Destination(label, amount, usable=True)] if label else []
    currency = amount.currency.code
    return [
        Destination(
            _owed_label(share, modes) if choice == RefundChoice.OWED else share.paid.mode.name,
            from_minor(share.handed_minor, currency),
            share.paid.mode.usable or choice == RefundChoice.OWED,
        )
        for share in shares
    ]


def _owed_label(share: Share, modes: Collection[PaymentMode]) -> str:
    """Return where a share goes where money is owed: back by itself, to credit, or later."""
    way = owed_way(share)
    if way == OwedWay.OWED:
        return str(RefundChoice.OWED.label).capitalize()
    if way == OwedWay.CREDIT and share.paid.mode.kind != ModeKind.CREDIT:
        return _label(modes, RefundChoice.CREDIT, None)
    return share.paid.mode.name


def _label(modes: Collection[PaymentMode], choice: str, mode_id: int | None) -> str:
    """Return the mode everything goes to; credit goes to the first of its modes by default."""
    to_credit = choice == RefundChoice.CREDIT
    fitting = [mode for mode in modes if (mode.is_credit if to_credit else mode.is_money)]
    named = next((mode.label for mode in fitting if mode.pk == mode_id), "")
    if to_credit and not named and fitting:
        return fitting[0].label
    return named
