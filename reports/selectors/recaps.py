"""The recaps of the bordereau: the same movements, added up by kind, mode, operator and till."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from moneyed import Money

from credit.choices import MovementKind
from institution_settings.money import zero
from reports.selectors.filters import ORDER_KINDS
from reports.selectors.sums import Share, Sums, add_sums, group_shares


@dataclass(frozen=True, slots=True)
class RecapLine:
    """One line of a recap."""

    label: str
    sums: Sums


@dataclass(frozen=True, slots=True)
class Recap:
    """A recap; its total is the bordereau's, added up again from its own lines."""

    title: str
    lines: list[RecapLine]
    total: Sums


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """The net of a till for each kind, None where it has no such movement, and in all."""

    till: str
    cells: list[Money | None]
    total: Money


@dataclass(frozen=True, slots=True)
class Matrix:
    """R5, till by kind: credits less debits."""

    kinds: list[str]
    rows: list[MatrixRow]
    totals: list[Money]
    total: Money


def list_recaps(shares: Sequence[Share], *, currency: str) -> list[Recap]:
    """Return R1 by kind (counter-movements apart), R2 by both modes, R3 by operator, by till."""
    names = dict(MovementKind.choices)
    order = list(MovementKind)

    def kind(share: Share) -> tuple[int, bool, str]:
        name = str(names[share.kind])
        if share.is_reversal:
            name = _("%(kind)s, taken back") % {"kind": name}
        return order.index(MovementKind(share.kind)), share.is_reversal, name

    asked: list[tuple[str, Callable[[Share], tuple[Hashable, ...]]]] = [
        (_("By kind"), kind),
        (_("By credit mode"), lambda share: (share.mode[0], share.mode[1] or _("no credit mode"))),
        (_("By counterpart"), _counterpart),
        (_("By operator"), _operator),
        (_("By till"), lambda share: (share.till,)),
    ]
    return [_recap(title, shares, by, currency) for title, by in asked]


def _recap(
    title: str,
    shares: Sequence[Share],
    by: Callable[[Share], tuple[Hashable, ...]],
    currency: str,
) -> Recap:
    """Group by a key whose last part is the label; lines stand in the order of the keys."""
    groups = group_shares(shares, by=by, currency=currency)
    lines = [RecapLine(str(key[-1]), groups[key]) for key in sorted(groups)]
    return Recap(title, lines, add_sums(groups.values(), currency=currency))


def _counterpart(share: Share) -> tuple[str, str]:
    code, label, _account = share.counterpart
    if not code and share.kind in ORDER_KINDS:
        return "", pgettext("purchase", "Order")
    return code, label or _("no counterpart")


def _operator(share: Share) -> tuple[str, str]:
    code, name = share.operator
    return code, name or code or _("nobody (online, automatic)")


def get_matrix(shares: Sequence[Share], *, currency: str) -> Matrix | None:
    """Return R5, nothing where there is one till only."""
    tills = sorted({share.till for share in shares})
    if len(tills) < 2:
        return None
    kinds = [kind for kind in MovementKind if any(share.kind == kind for share in shares)]
    cells = group_shares(shares, by=lambda share: (share.till, share.kind), currency=currency)
    by_kind = group_shares(shares, by=lambda share: share.kind, currency=currency)
    rows = []
    for till in tills:
        nets = [cells[till, kind].net if (till, kind) in cells else None for kind in kinds]
        total = sum((net for net in nets if net is not None), zero(currency))
        rows.append(MatrixRow(till, nets, total))
    totals = [by_kind[kind].net for kind in kinds]
    return Matrix(
        kinds=[capfirst(str(kind.label)) for kind in kinds],
        rows=rows,
        totals=totals,
        total=sum(totals, zero(currency)),
    )
