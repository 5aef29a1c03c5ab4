"""R4: what the movements are in the accounts, the liability and its counterparts (fiscal.md §3.3).

The liability account is that of the credit mode, a counterpart's that of its money mode or type
of voucher, both settings of the institution. What no mode books has the accounts below. An order's
receipts and taxes stand together: its own report divides them.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from moneyed import Money

from credit.choices import MovementKind, Side
from institution_settings.choices import Regime
from institution_settings.money import from_minor, zero
from institution_settings.selectors import get_institution
from reports.selectors.filters import ORDER_KINDS
from reports.selectors.sums import Share


@dataclass(frozen=True, slots=True)
class Posted:
    """One account with its debits and credits."""

    account: str
    label: str
    debits: Money
    credits: Money


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts, and their totals, which are the same on both sides."""

    lines: list[Posted]
    debits: Money
    credits: Money


@dataclass(frozen=True, slots=True)
class Plan:
    """The accounts of a country where no payment mode says which (fiscal.md §3.1)."""

    liability: str
    sales: str
    goodwill: str
    expired: str
    opening: str


FRENCH: Final = Plan("419700", "706100", "709600", "758800", "471000")
SWISS: Final = Plan("2030", "3400", "3800", "8510", "9100")
_OF_KIND: Final = MappingProxyType(
    {
        MovementKind.GOODWILL: "goodwill",
        MovementKind.ADJUSTMENT: "expired",
        MovementKind.EXPIRY: "expired",
        MovementKind.WAIVER: "expired",
        MovementKind.OPENING: "opening",
        MovementKind.TRANSFER: "liability",
    }
)


def get_accounts(shares: Sequence[Share], *, currency: str) -> Accounts:
    """Return the accounts the movements debit and credit."""
    plan = SWISS if get_institution().regime == Regime.CH else FRENCH
    sides: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: {"D": 0, "C": 0})
    for share in shares:
        other = Side.CREDIT if share.side == Side.DEBIT else Side.DEBIT
        sides[_liability(share, plan)][share.side] += share.total
        sides[_counterpart(share, plan)][other] += share.total
    lines = [
        Posted(account, label, from_minor(sums["D"], currency), from_minor(sums["C"], currency))
        for (account, label), sums in sorted(sides.items())
    ]
    nothing = zero(currency)
    return Accounts(
        lines=lines,
        debits=sum((line.debits for line in lines), nothing),
        credits=sum((line.credits for line in lines), nothing),
    )


def _liability(share: Share, plan: Plan) -> tuple[str, str]:
    return share.mode[2] or plan.liability, _("Credit accounts of customers")


def _counterpart(share: Share, plan: Plan) -> tuple[str, str]:
    code, label, account = share.counterpart
    if code:
        return account or _("account not set"), label
    if share.kind in ORDER_KINDS:
        return plan.sales, _("Ticket sales, taxes included")
    kind = MovementKind(share.kind)
    name = _OF_KIND.get(kind)
    if name == "liability":
        return _liability(share, plan)
    if name is None:
        return _("account not set"), capfirst(str(kind.label))
    return str(getattr(plan, name)), capfirst(str(kind.label))
