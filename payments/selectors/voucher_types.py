"""Which types of vouchers there are, and which one is meant (spec G7)."""

from payments.choices import VoucherUse
from payments.errors import VoucherTypeMissing
from payments.models import VoucherType


def list_voucher_types(*, use: VoucherUse) -> list[VoucherType]:
    """Return the active types of which vouchers are sold, or issued free, in the venue's order."""
    found = VoucherType.objects.filter(active=True, use__in=[VoucherUse.ANY, use])
    return list(found.order_by("position", "code"))


def choose_voucher_type(*, code: str, use: VoucherUse) -> VoucherType | None:
    """Return the type with a code; None for no code where the venue has made no types for this.

    Where it has, a voucher is of one of them: else its rules would be passed by. Raises
    ``VoucherTypeMissing``.
    """
    types = list_voucher_types(use=use)
    if not types and not code:
        return None
    chosen = next((each for each in types if each.code == code), None)
    if chosen is None:
        raise VoucherTypeMissing
    return chosen


def find_voucher_types(*, codes: set[str]) -> dict[str, VoucherType]:
    """Return types by code, deactivated ones too: what is in a basket is sold as it was put in."""
    return {each.code: each for each in VoucherType.objects.filter(code__in=codes)}
