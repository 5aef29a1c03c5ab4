"""Reading vouchers: who used one, and all of them, page by page (spec G7)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Q, QuerySet

from contacts.models import Contact
from contacts.selectors import find_contacts
from payments.choices import Direction, VoucherState
from payments.models import Payment, Voucher
from sales.models import Order

PAGE = 50


class VoucherFilter(StrEnum):
    """What the list of vouchers may be narrowed to."""

    USABLE = "usable"
    SPENT = "spent"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class VoucherPage:
    """Some vouchers, newest first; ``next_before`` asks for those after them, None at the end."""

    vouchers: tuple[Voucher, ...]
    next_before: int | None


def list_using_orders(*, voucher_id: int) -> list[Order]:
    """Return the orders that a voucher paid, in the order it did; one query."""
    spent = Payment.objects.filter(voucher=voucher_id, direction=Direction.IN, reversed_by=None)
    rows = spent.exclude(order=None).select_related("order").order_by("id")
    return list(dict.fromkeys(row.order for row in rows if row.order))


def list_vouchers(
    *, only: VoucherFilter | None, text: str = "", before: int | None = None, today: date
) -> VoucherPage:
    """Return a page of vouchers, narrowed by state and by who bought them; one query.

    ``text`` is the number of the order, or what a contact is found by. Codes are not searched: a
    code is looked up whole, and guesses are counted (B49).
    """
    rows = Voucher.objects.select_related("type", "mode", "sold_on__order__contact")
    rows = _narrowed(rows, only, today)
    if wanted := text.replace("\x00", "").strip():
        rows = rows.filter(_bought_by(wanted))
    return _page(rows, before)


def list_vouchers_of_contact(*, contact_id: int, before: int | None = None) -> VoucherPage:
    """Return a page of the vouchers a contact bought, in whatever state; one query.

    Those bought by who was merged into the contact are among them (spec C10).
    """
    buyers = Contact.objects.filter(Q(pk=contact_id) | Q(merged_into=contact_id))
    rows = Voucher.objects.filter(sold_on__order__contact__in=buyers.values("pk"))
    return _page(rows.select_related("type", "mode", "sold_on__order"), before)


def _page(rows: QuerySet[Voucher], before: int | None) -> VoucherPage:
    """Return the first page of some vouchers, or the one after ``before``."""
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    more = len(found) > PAGE
    return VoucherPage(tuple(found[:PAGE]), found[PAGE - 1].pk if more else None)


def _narrowed(
    rows: QuerySet[Voucher], only: VoucherFilter | None, today: date
) -> QuerySet[Voucher]:
    """Each voucher is in exactly one state: cancelled, spent, expired, or it may be spent."""
    if only is None:
        return rows
    if only == VoucherFilter.CANCELLED:
        return rows.filter(state=VoucherState.CANCELLED)
    rows = rows.filter(state=VoucherState.ACTIVE)
    if only == VoucherFilter.SPENT:
        return rows.filter(balance_minor=0)
    rows = rows.filter(balance_minor__gt=0)
    if only == VoucherFilter.EXPIRED:
        return rows.filter(expires_on__lt=today)
    return rows.filter(Q(expires_on=None) | Q(expires_on__gte=today))


def _bought_by(text: str) -> Q:
    """The vouchers an order sold, by its number, or whoever a search of contacts finds."""
    buyers = find_contacts(text=text, among=Contact.objects.all()).values("pk")
    return Q(sold_on__order__number=text) | Q(sold_on__order__contact__in=buyers)
