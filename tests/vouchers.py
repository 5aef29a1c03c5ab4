"""Types of vouchers, and vouchers of a type, for tests."""

from django.utils import timezone

from payments.models import Voucher, VoucherType
from payments.services import issue_free_voucher, set_vouchers
from tests.counter import Counter


def gift_card(**rules: object) -> VoucherType:
    """A gift card valid for a year, refundable, its rest never in cash, unless ``rules`` differ."""
    usual = {"code": "CADEAU", "label": "Carte cadeau", "validity_months": 12}
    return VoucherType.objects.create(**{**usual, **rules})


def invitation(**rules: object) -> VoucherType:
    """What the venue gives away, for ninety days."""
    usual = {
        "code": "INVIT",
        "label": "Bon d’invitation",
        "use": "free",
        "refundable": False,
        "validity_days": 90,
    }
    return VoucherType.objects.create(**{**usual, **rules})


def sell(counter: Counter, value: str, type_: VoucherType, *, contact: object = None) -> Voucher:
    """Sell a voucher of a type, in cash."""
    order = counter.basket(contact=contact)  # type: ignore[arg-type]
    set_vouchers(
        order_id=order.pk,
        amount=counter.venue.money(value),
        quantity=1,
        type_code=type_.code,
        now=timezone.now(),
    )
    return counter.pay(order, ("ESPECES", value)).vouchers[0]


def give(counter: Counter, value: str, type_: VoucherType) -> Voucher:
    """Issue a voucher of a type nobody pays for."""
    return issue_free_voucher(
        claim=counter.venue.claim(),
        desk=counter.desk,
        value=counter.venue.money(value),
        type_code=type_.code,
        approved_by=counter.venue.supervisor,
    )
