"""Looking vouchers up, as staff may: with the reason why one cannot be spent (spec G7, B49)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from moneyed import Money

from institution_settings.money import from_minor
from payments.choices import VoucherState
from payments.codes import canonical_code
from payments.errors import VoucherUnusable
from payments.models import Voucher, VoucherMovement


@dataclass(frozen=True, slots=True)
class VoucherLine:
    """A movement of a voucher, its change as money."""

    movement: VoucherMovement

    @property
    def change(self) -> Money:
        """What it added to the balance, or took from it."""
        return from_minor(self.movement.change_minor, self.movement.currency)


@dataclass(frozen=True, slots=True)
class VoucherCard:
    """A voucher with its movements, newest first, and why it cannot be spent, if so."""

    voucher: Voucher
    movements: tuple[VoucherLine, ...]
    refusal: VoucherUnusable | None

    @property
    def available(self) -> Money:
        """What may be spent of it now."""
        return available(self.voucher)

    @property
    def held(self) -> Money | None:
        """What of it is held for orders under way."""
        minor = self.voucher.held_minor
        return from_minor(minor, self.voucher.currency) if minor else None


def get_voucher_card(*, code: str, today: date) -> VoucherCard | None:
    """Return the voucher of a typed code with its last fifty movements; None for no voucher."""
    found = find_vouchers(codes=[code]).get(code)
    if found is None:
        return None
    movements = (
        VoucherMovement.objects.filter(voucher=found)
        .select_related("payment__order", "payment__session__till")
        .order_by("-position")[:50]
    )
    return VoucherCard(
        voucher=found,
        movements=tuple(VoucherLine(movement) for movement in movements),
        refusal=why_not(found, currency=found.currency, today=today),
    )


def find_vouchers(*, codes: Iterable[str]) -> dict[str, Voucher]:
    """Return the vouchers of some codes, by the code as typed; one query, unknown ones left out."""
    canonical = {typed: code for typed in codes if (code := canonical_code(typed))}
    if not canonical:
        return {}
    rows = Voucher.objects.filter(code__in=set(canonical.values()))
    found = {voucher.code: voucher for voucher in rows.select_related("mode", "sold_on__order")}
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
    elif voucher.balance_minor - voucher.held_minor <= 0:
        reason = "spent"
    if not reason:
        return None
    return VoucherUnusable(voucher=voucher.code, reason=reason, expires_on=voucher.expires_on)
