"""The control box of the bordereau: identities recomputed another way, never hidden (R4)."""

from dataclasses import dataclass

from django.db.models import Sum
from django.utils.translation import gettext as _
from moneyed import Money

from credit.choices import MovementKind
from credit.selectors import sum_all_periods
from institution_settings.money import from_minor, to_minor
from journal.selectors import count_gaps
from payments.selectors.credit_lines import sum_credit_lines
from reports.selectors.bordereau import Bordereau
from reports.selectors.filters import ORDER_KINDS, find_movements
from tills.models import TillSession

# What the Zs tell of: acts by hand move no money and stand on none.
_ON_THE_ZS = (*ORDER_KINDS, MovementKind.DEPOSIT, MovementKind.PAYOUT, MovementKind.SURPLUS)


@dataclass(frozen=True, slots=True)
class Control:
    """One identity, and the difference where it is broken and can be told in money."""

    code: str
    label: str
    difference: Money | None
    broken: bool


def list_controls(*, report: Bordereau) -> list[Control]:
    """Return I3, I6 and I7 of an unfiltered bordereau; nothing for a filtered one (R4)."""
    if not report.filter.is_whole:
        return []
    return [_running_totals(report), _till_lines(report), _entries(report)]


def _running_totals(report: Bordereau) -> Control:
    """I3: the sums of the rows are what the accounts' running totals say for the period."""
    wanted = report.filter
    movements, credits_minor, debits_minor = sum_all_periods(
        first=wanted.first, last=wanted.last, currency=wanted.currency
    )
    off = abs(to_minor(report.sums.credits) - credits_minor)
    off += abs(to_minor(report.sums.debits) - debits_minor)
    return Control(
        code="I3",
        label=_("Sum of the movements = change of all balances"),
        difference=from_minor(off, wanted.currency),
        broken=off != 0 or movements != report.sums.count,
    )


def _till_lines(report: Bordereau) -> Control:
    """I6: per till, Z and mode, what moved the credit = the payments that the Zs count."""
    wanted = report.filter
    rows = (
        find_movements(filter=wanted)
        .filter(kind__in=_ON_THE_ZS)
        .order_by()
        .values_list("session_id", "kind", "side", "mode_id", "counterpart_id")
        .annotate(total=Sum("amount_minor"))
    )
    moved: dict[tuple[int, str, str, int | None], int] = {}
    for session, kind, side, mode, counterpart, total in rows:
        key = session, kind, side, mode if kind in ORDER_KINDS else counterpart
        moved[key] = moved.get(key, 0) + total
    paid = sum_credit_lines(first=wanted.first, last=wanted.last, currency=wanted.currency)
    off = sum(abs(moved.get(key, 0) - paid.get(key, 0)) for key in {*moved, *paid})
    return Control(
        code="I6",
        label=_("Movements of each Z, by kind and mode = its payments"),
        difference=from_minor(off, wanted.currency),
        broken=off != 0,
    )


def _entries(report: Bordereau) -> Control:
    """I7: one entry for each movement, one movement for each entry, no number missing."""
    wanted = report.filter
    gaps = count_gaps(
        rows=find_movements(filter=wanted),
        subject_kind="movement",
        sessions=TillSession.objects.filter(
            business_date__gte=wanted.first, business_date__lte=wanted.last
        ),
        bounds=("till_opening", "till_closing"),
    )
    return Control(
        code="I7",
        label=_("Each movement is sealed once in the journal of its till, without a gap"),
        difference=None,
        broken=gaps != 0,
    )
