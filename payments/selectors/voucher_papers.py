"""What stands on a voucher handed over: what it is worth, until when, and its rules (spec G7)."""

from dataclasses import dataclass
from datetime import date

from moneyed import Money

from institution_settings.choices import Channel
from institution_settings.models import PointOfSale
from institution_settings.money import from_minor
from payments.choices import VoucherState
from payments.models import Voucher

MAX_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class VoucherPaper:
    """A voucher that may still be spent, and where customers may: who takes its mode."""

    voucher: Voucher
    places: tuple[str, ...]

    @property
    def left(self) -> Money | None:
        """What is left of it, where some was spent already."""
        spent = self.voucher.balance_minor < self.voucher.value_minor
        return from_minor(self.voucher.balance_minor, self.voucher.currency) if spent else None

    @property
    def gives_change(self) -> bool:
        """Whether its rest is given in cash."""
        return self.voucher.gives_change(self.voucher.mode)


def get_voucher_paper(*, voucher_id: int, today: date) -> VoucherPaper | None:
    """Return a voucher for printing; None for one that cannot be spent. Two queries."""
    active = Voucher.objects.filter(state=VoucherState.ACTIVE, balance_minor__gt=0)
    found = active.select_related("mode", "type").filter(pk=min(voucher_id, MAX_ID)).first()
    if found is None or (found.expires_on is not None and today > found.expires_on):
        return None
    places = PointOfSale.objects.filter(
        active=True, authorisations__mode=found.mode_id, authorisations__payment=True
    ).exclude(channel=Channel.OFFICE)
    names = places.order_by("code").values_list("name", flat=True)
    return VoucherPaper(found, tuple(names))
