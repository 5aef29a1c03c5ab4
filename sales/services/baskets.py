"""Filling a basket. Each call says what shall stand; repeating it changes nothing (spec G2)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from moneyed import Money

from contacts.models import Contact, User
from institution_settings.choices import Channel
from institution_settings.money import to_minor
from sales.choices import LineKind, OrderState, PerformanceState
from sales.errors import (
    NotOnSale,
    NotPriced,
    OrderLapsed,
    PurchaserFixed,
    PurchaserMissing,
    QuantityOutOfRange,
    SoldOut,
    VoucherValue,
)
from sales.models import Order, OrderLine, Price
from sales.selectors import LATE_SALES, lapsed_orders
from sales.services.orders import (
    MAX_QUANTITY,
    lock_changeable,
    lock_order,
    recount,
    release_seats,
    restart_timer,
    seats_of,
    short_transaction,
    take_seats,
)
from sales.services.reservations import lapse
from tills.selectors import current_day

MAX_VOUCHERS = 50


@short_transaction
def open_basket(
    *,
    point_of_sale_id: int,
    operator: User | None = None,
    contact: Contact | None = None,
    currency: str,
    minutes: int,
    now: datetime,
    linked_to_id: int | None = None,
) -> Order:
    """Return a new, empty order, kept for ``minutes``; its number is ``2026-000123``.

    ``linked_to_id`` is the paid order that this one adds to.
    """
    order = Order.objects.create(
        point_of_sale_id=point_of_sale_id,
        operator=operator,
        contact=contact,
        linked_to_id=linked_to_id,
        currency=currency,
        created_at=now,
        expires_at=now + timedelta(minutes=minutes),
    )
    order.number = f"{current_day(at=now).date.year}-{order.pk:06d}"
    order.save(update_fields=["number"])
    return order


def set_quantity(*, order_id: int, price_id: int, quantity: int, now: datetime) -> Order:
    """Make the order hold exactly ``quantity`` seats at a price; 0 takes the line away.

    Price and VAT rate are frozen on the line when it is made. Where seats are short, orders out
    of time give theirs back first. Raises ``SoldOut`` (left: how many this line may have at most),
    ``NotOnSale``, ``NotPriced``, ``QuantityOutOfRange``, ``OrderLapsed``, ``OrderNotOpen``.
    """
    if not 0 <= quantity <= MAX_QUANTITY:
        raise QuantityOutOfRange(maximum=MAX_QUANTITY)
    try:
        return _set_quantity(order_id, price_id, quantity, now)
    except SoldOut:
        # Outside the transaction: no order is locked while another one is being locked. Asked
        # again in any case: somebody else may just have had those orders give up their seats.
        others = lapsed_orders(now=now).filter(lines__category__prices=price_id)
        lapse(others.exclude(pk=order_id).distinct(), now=now, wait=True)
    return _set_quantity(order_id, price_id, quantity, now)


@short_transaction
def _set_quantity(order_id: int, price_id: int, quantity: int, now: datetime) -> Order:
    order = lock_changeable(order_id=order_id)
    price = _find_price(price_id, order)
    line = OrderLine.objects.filter(
        order=order, kind=LineKind.TICKET, category_id=price.category_id, rate_id=price.rate_id
    ).first()
    held = line.quantity if line else 0
    if quantity > held:
        _check_on_sale(order, price, now)
        _take_more(price.category_id, quantity - held, held)
    elif quantity < held:
        release_seats(seats={price.category_id: held - quantity})
    _write_line(order, price, line, quantity)
    return recount(order, now=now)


def _find_price(price_id: int, order: Order) -> Price:
    price = (
        Price.objects.select_related("category__performance__event", "rate")
        .filter(pk=price_id)
        .first()
    )
    if price is None or price.amount.currency.code != order.currency:
        raise NotPriced
    return price


def _check_on_sale(order: Order, price: Price, now: datetime) -> None:
    """The shop stops at the start; a counter lets latecomers in for a while."""
    performance = price.category.performance
    online = order.point_of_sale.channel == Channel.ONLINE
    ends_at = performance.starts_at + (timedelta(0) if online else LATE_SALES)
    if performance.state != PerformanceState.ON_SALE or now >= ends_at:
        raise NotOnSale(title=performance.event.title)
    if not price.rate.active:
        raise NotPriced


def _take_more(category_id: int, seats: int, held: int) -> None:
    try:
        take_seats(category_id=category_id, seats=seats)
    except SoldOut as error:
        left = error.data["left"]
        raise SoldOut(left=max(int(str(left)), 0) + held) from None


def _write_line(order: Order, price: Price, line: OrderLine | None, quantity: int) -> None:
    if line is None and quantity:
        OrderLine.objects.create(
            order=order,
            category=price.category,
            rate=price.rate,
            label=price.category.performance.event.title,
            currency=order.currency,
            unit_minor=to_minor(price.amount),
            vat_rate=price.vat_rate,
            quantity=quantity,
        )
    elif line and not quantity:
        line.delete()
    elif line and quantity != line.quantity:
        line.quantity = quantity
        line.save(update_fields=["quantity"])


@short_transaction
def set_voucher_line(
    *,
    order_id: int,
    amount: Money,
    quantity: int,
    now: datetime,
    article: str = "",
    label: str = "",
) -> Order:
    """Make the order sell exactly ``quantity`` vouchers worth ``amount``, one line each (G7).

    ``article`` and ``label`` say of which type, if any. No VAT is due when a multi-purpose
    voucher is sold. Raises ``VoucherValue``,
    ``QuantityOutOfRange``, ``OrderLapsed``, ``OrderNotOpen``.
    """
    if not 0 <= quantity <= MAX_VOUCHERS:
        raise QuantityOutOfRange(maximum=MAX_VOUCHERS)
    order = lock_changeable(order_id=order_id)
    if amount.currency.code != order.currency or amount.amount <= 0:
        raise VoucherValue(currency=order.currency)
    minor = to_minor(amount)
    same = order.lines.filter(kind=LineKind.VOUCHER, unit_minor=minor, article=article)
    lines = list(same.order_by("id"))
    for line in lines[quantity:]:
        line.delete()
    # Kept with the order: in the language of the house, not of whoever sells.
    with override(settings.LANGUAGE_CODE):
        label = label or _("Voucher")
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            kind=LineKind.VOUCHER,
            label=label,
            article=article,
            currency=order.currency,
            unit_minor=minor,
            vat_rate=0,
            quantity=1,
        )
        for _missing in range(quantity - len(lines))
    )
    return recount(order, now=now)


@short_transaction
def remove_line(*, order_id: int, line_id: int, now: datetime) -> Order:
    """Take a line out of the order, whatever it sells; one that is gone changes nothing."""
    order = lock_changeable(order_id=order_id)
    line = order.lines.filter(pk=line_id).first()
    if line:
        if line.category_id is not None:
            release_seats(seats={line.category_id: line.quantity})
        line.delete()
    return recount(order, now=now)


@short_transaction
def empty_basket(*, order_id: int, now: datetime) -> Order:
    """Take every line out; the order stays open for its purchaser."""
    order = lock_changeable(order_id=order_id)
    release_seats(seats=seats_of(order))
    order.lines.all().delete()
    return recount(order, now=now)


@short_transaction
def extend(*, order_id: int, now: datetime) -> Order:
    """Start a basket's time again because somebody is at it; a reservation keeps its date."""
    order = lock_changeable(order_id=order_id)
    restart_timer(order, now=now)
    order.save(update_fields=["expires_at"])
    return order


@short_transaction
def set_purchaser(*, order_id: int, contact_id: int | None) -> Order:
    """Give an unpaid order its purchaser, another one, or none; repeats change nothing.

    A paid order sold without one may be given one once (spec G4: before a refund to credit).
    While a provider is awaited, and once paid, a purchaser stays: ``PurchaserFixed`` (spec G2).
    A contact merged into another stands for that one. Raises ``Contact.DoesNotExist`` too, also
    for one who was erased.
    """
    order = lock_order(order_id=order_id)
    chosen = None
    if contact_id is not None:
        chosen = Contact.objects.get(pk=contact_id, erased_at=None)
    if chosen and chosen.merged_into_id:
        chosen = chosen.merged_into
    if order.contact_id == (chosen.pk if chosen else None):
        return order
    if order.state == OrderState.CANCELLED:
        raise OrderLapsed(number=order.number)
    given = order.contact_id is not None or chosen is None
    if order.state == OrderState.AWAITING or (order.state == OrderState.PAID and given):
        raise PurchaserFixed(number=order.number)
    if order.state == OrderState.RESERVED and chosen is None:
        raise PurchaserMissing
    order.contact = chosen
    order.save(update_fields=["contact"])
    return order
