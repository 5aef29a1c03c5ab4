"""Putting vouchers into a basket, each of a type the venue sells (spec G7).

They are paid like seats, by ``check_out``, in any mode authorised at the point of sale.
"""

from datetime import datetime

from moneyed import Money

from contacts.models import User
from payments.choices import VoucherUse
from payments.models import VoucherType
from payments.selectors.voucher_types import choose_voucher_type
from sales.models import Order
from sales.services import open_basket, set_voucher_line
from tills.selectors import Desk


def set_vouchers(
    *, order_id: int, amount: Money, quantity: int, now: datetime, type_code: str = ""
) -> Order:
    """Make an order sell exactly so many vouchers of a type, each worth ``amount``.

    Raises ``VoucherTypeMissing`` for a type that is not sold, or for none where the venue has
    made some; and what ``sales.services.set_voucher_line`` raises.
    """
    type_ = choose_voucher_type(code=type_code, use=VoucherUse.SOLD)
    return _set(order_id, type_, amount, quantity, now)


def sell_vouchers(
    *,
    order: Order | None,
    desk: Desk,
    operator: User,
    amount: Money,
    quantity: int,
    type_code: str,
    minutes: int,
    now: datetime,
) -> Order:
    """Begin an order that sells vouchers and nothing else yet; ``order`` is an empty one to fill.

    Raises as ``set_vouchers``; a type that is not sold opens no order.
    """
    type_ = choose_voucher_type(code=type_code, use=VoucherUse.SOLD)
    if order is None:
        order = open_basket(
            point_of_sale_id=desk.point_of_sale_id,
            operator=operator,
            currency=desk.currency,
            minutes=minutes,
            now=now,
        )
    return _set(order.pk, type_, amount, quantity, now)


def _set(
    order_id: int, type_: VoucherType | None, amount: Money, quantity: int, now: datetime
) -> Order:
    return set_voucher_line(
        order_id=order_id,
        amount=amount,
        quantity=quantity,
        now=now,
        article=type_.code if type_ else "",
        label=type_.label if type_ else "",
    )
