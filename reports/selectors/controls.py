"""The control box of the bordereau: identities recomputed another way, never hidden (R4)."""

from dataclasses import dataclass

from django.db.models import Sum
from django.utils.translation import gettext as _
from moneyed import Money

from credit.choices import MovementKind
from credit.selectors import sum_all_periods
from institution_settings.money import from_minor, to_minor
from journal.selectors import unsealed
from payments.selectors.takings import sum_credit_lines
from reports.selectors.bordereau import Bordereau, find_movements


@dataclass(frozen=True, slots=True)
class Control:
    """One identity: kept where the difference is nothing."""

    code: str
    label: str
    difference: Money | None
    broken: bool

    @property
    def is_kept(self) -> bool:
        """Whether the identity holds."""
        return not self.broken


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
    difference = (
        report.sums.net
        - from_minor(credits_minor, wanted.currency)
        + from_minor(debits_minor, wanted.currency)
    )
    return Control(
        code="I3",
        label=_("Sum of the movements = change of all balances"),
        difference=difference,
        broken=movements != report.sums.count
        or to_minor(report.sums.credits) != credits_minor
        or to_minor(report.sums.debits) != debits_minor,
    )


def _till_lines(report: Bordereau) -> Control:
    """I6: per till and Z, order payments and refunds by credit = the payments taken in credit."""
    wanted = report.filter
    found = find_movements(filter=wanted).filter(
        kind__in=[MovementKind.PAYMENT, MovementKind.REFUND]
    )
    moved = {
        (row["session_id"], row["kind"]): row["total"]
        for row in found.order_by().values("session_id", "kind").annotate(total=Sum("amount_minor"))
    }
    paid = sum_credit_lines(first=wanted.first, last=wanted.last, currency=wanted.currency)
    keys = set(moved) | set(paid)
    off = sum(abs(moved.get(key, 0) - paid.get(key, 0)) for key in keys)
    return Control(
        code="I6",
        label=_("Order payments and refunds by credit = the same lines of the tills"),
        difference=from_minor(off, wanted.currency),
        broken=off != 0,
    )


def _entries(report: Bordereau) -> Control:
    """I7: each movement has its entry in the journal of its till."""
    found = find_movements(filter=report.filter)
    return Control(
        code="I7",
        label=_("Each movement is sealed in the journal of its till"),
        difference=None,
        broken=unsealed(rows=found, subject_kind="movement").exists(),
    )
