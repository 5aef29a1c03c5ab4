"""Looking vouchers up, as staff may: with the reason why one cannot be spent (spec G7, B49)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from moneyed import Money

from contacts.models import User
from credit.selectors import Standing, get_standing, list_standings
from guichet.selectors.orders import MAX_ID
from institution_settings.money import from_minor
from payments.choices import VoucherMove, VoucherState
from payments.codes import GROUP, canonical_code
from payments.errors import VoucherUnusable
from payments.models import Approval, Voucher, VoucherMovement
from payments.selectors.vouchers import (
    VoucherFilter,
    list_using_orders,
    list_vouchers,
    list_vouchers_of_contact,
)
from sales.models import Order

LAST_MOVEMENTS = 50


@dataclass(frozen=True, slots=True)
class VoucherLine:
    """A movement of a voucher, its change as money."""

    movement: VoucherMovement

    @property
    def change(self) -> Money:
        """What it added to the balance, or took from it."""
        return from_minor(self.movement.change_minor, self.movement.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherCard:
    """A voucher with its movements, newest first, and why it cannot be spent, if so.

    ``used_by`` are the orders it paid; ``approved_by`` let it be issued free, or be cancelled.
    """

    voucher: Voucher
    movements: tuple[VoucherLine, ...]
    used_by: tuple[Order, ...]
    standing: Standing | None
    approved_by: User | None
    refusal: VoucherUnusable | None
    today: date

    @property
    def available(self) -> Money:
        """What may be spent of it now."""
        return available(self.voucher)

    @property
    def held(self) -> Money | None:
        """What of it is held for orders under way."""
        minor = self.voucher.held_minor
        return from_minor(minor, self.voucher.currency) if minor else None

    @property
    def issued(self) -> VoucherLine | None:
        """How it came to be, while its history is short enough to be shown whole."""
        first = self.movements[-1] if self.movements else None
        return first if first and first.movement.kind == VoucherMove.ISSUE else None

    @property
    def order(self) -> Order | None:
        """The order that sold it."""
        return self.voucher.sold_on.order if self.voucher.sold_on else None

    @property
    def has_rest(self) -> bool:
        """Whether something is left to take back."""
        worth = self.voucher.balance_minor > 0 and not self.voucher.held_minor
        return worth and self.voucher.state == VoucherState.ACTIVE

    @property
    def can_cancel(self) -> bool:
        """Whether a supervisor may cancel it for nothing: nobody paid for it (G7)."""
        return self.has_rest and self.voucher.free

    @property
    def can_refund(self) -> bool:
        """Whether its sale may be taken back (B26, B27)."""
        return self.has_rest and not self.voucher.free

    @property
    def gives_change(self) -> bool:
        """Whether its rest is given in cash."""
        return self.voucher.gives_change(self.voucher.mode)

    @property
    def is_final(self) -> bool:
        """Whether only a supervisor takes its sale back."""
        return self.voucher.is_final(self.today)


@dataclass(frozen=True, slots=True)
class VoucherRow:
    """A voucher in the list. Its code is money: its end is enough to tell it from the others."""

    voucher: Voucher
    state: VoucherFilter
    standing: Standing | None

    @property
    def ending(self) -> str:
        """The last group of its code."""
        return self.voucher.code[-GROUP:]


@dataclass(frozen=True, slots=True)
class VoucherList:
    """A page of vouchers, and where the next one begins."""

    rows: tuple[VoucherRow, ...]
    next_before: int | None


def list_voucher_rows(
    *, only: VoucherFilter | None, text: str, before: int | None, today: date, currency: str
) -> VoucherList:
    """Return a page of vouchers, each with the one state it is in and its buyer; two queries."""
    page = list_vouchers(only=only, text=text, before=before, today=today)
    buyers = {each.pk: _buyer_id(each) for each in page.vouchers}
    standings = list_standings(
        contact_ids={buyer for buyer in buyers.values() if buyer}, currency=currency
    )
    rows = (
        VoucherRow(each, state_of(each, today=today), standings.get(buyers[each.pk]))
        for each in page.vouchers
    )
    return VoucherList(tuple(rows), page.next_before)


def list_contact_vouchers(*, contact_id: int, before: int | None, today: date) -> VoucherList:
    """Return a page of the vouchers a contact bought, each with its one state; one query."""
    page = list_vouchers_of_contact(contact_id=contact_id, before=before)
    rows = (VoucherRow(each, state_of(each, today=today), None) for each in page.vouchers)
    return VoucherList(tuple(rows), page.next_before)


def _buyer_id(voucher: Voucher) -> int:
    """Return whose order sold it, 0 for nobody."""
    return (voucher.sold_on.order.contact_id or 0) if voucher.sold_on else 0


def state_of(voucher: Voucher, *, today: date) -> VoucherFilter:
    """Return the state a voucher is in, as the list is narrowed by it."""
    if voucher.state == VoucherState.CANCELLED:
        return VoucherFilter.CANCELLED
    if not voucher.balance_minor:
        return VoucherFilter.SPENT
    if voucher.expires_on and today > voucher.expires_on:
        return VoucherFilter.EXPIRED
    return VoucherFilter.USABLE


def get_voucher_card(*, voucher_id: int, today: date) -> VoucherCard | None:
    """Return a voucher with its last fifty movements, in five queries; None for no voucher."""
    found = _shown().filter(pk=min(voucher_id, MAX_ID)).first()
    if found is None:
        return None
    movements = (
        VoucherMovement.objects.filter(voucher=found)
        .select_related("payment__order", "payment__session__till", "operator")
        .order_by("-position")[:LAST_MOVEMENTS]
    )
    return VoucherCard(
        voucher=found,
        movements=tuple(VoucherLine(movement) for movement in movements),
        used_by=tuple(list_using_orders(voucher_id=found.pk)),
        standing=_standing(found),
        approved_by=_approver(found),
        refusal=why_not(found, currency=found.currency, today=today),
        today=today,
    )


def _standing(voucher: Voucher) -> Standing | None:
    """Return the credit of whoever bought it."""
    buyer = _buyer_id(voucher)
    return get_standing(contact_id=buyer, currency=voucher.currency) if buyer else None


def _approver(voucher: Voucher) -> User | None:
    """Return who approved that it was issued, if somebody had to."""
    if not voucher.free:
        return None
    asked = Approval.objects.filter(operation=voucher.operation_id).select_related("person")
    approval = asked.first()
    return approval.person if approval else None


def _shown() -> QuerySet[Voucher]:
    return Voucher.objects.select_related("mode", "type", "sold_on__order__contact")


def find_vouchers(*, codes: Iterable[str]) -> dict[str, Voucher]:
    """Return the vouchers of some codes, by the code as typed; one query, unknown ones left out."""
    canonical = {typed: code for typed in codes if (code := canonical_code(typed))}
    if not canonical:
        return {}
    found = {row.code: row for row in _shown().filter(code__in=set(canonical.values()))}
    return {typed: found[code] for typed, code in canonical.items() if code in found}


def available(voucher: Voucher) -> Money:
    """Return what may be spent of a voucher now."""
    return from_minor(voucher.balance_minor - voucher.held_minor, voucher.currency)


def why_not(voucher: Voucher, *, currency: str, today: date) -> VoucherUnusable | None:
    """Return what ``check_out`` will say of a voucher that cannot be spent; None if it can."""
    reason = ""
    if voucher.state != VoucherState.ACTIVE:
        reason = "cancelled"
    elif voucher.currency != currency:
        reason = "currency"
    elif voucher.expires_on and today > voucher.expires_on:
        reason = "expired"
    elif not voucher.balance_minor:
        reason = "spent"
    elif voucher.balance_minor <= voucher.held_minor:
        reason = "held"
    if not reason:
        return None
    return VoucherUnusable(voucher=voucher.code, reason=reason, expires_on=voucher.expires_on)
