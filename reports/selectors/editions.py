"""A bordereau as it is shown or printed: rows, controls and open tills, all of one instant."""

from dataclasses import dataclass

from journal.selectors import snapshot
from reports.selectors.bordereau import Bordereau, get_bordereau
from reports.selectors.controls import Control, list_controls
from reports.selectors.filters import BordereauFilter
from tills.models import TillSession


@dataclass(frozen=True, slots=True)
class Edition:
    """What a page and a paper show. Provisional as long as editions are not numbered (RPT-00).

    ``open_sessions`` are the Zs of the period that may still change it.
    """

    report: Bordereau
    controls: list[Control]
    open_sessions: list[str]


def edit_bordereau(
    *,
    filter: BordereauFilter,  # noqa: A002 (the report's own word)
    with_balance: bool = False,
) -> Edition:
    """Read a bordereau as of one instant: a sale meanwhile is in all of it or in none."""
    with snapshot():
        report = get_bordereau(filter=filter, with_balance=with_balance)
        return Edition(report, list_controls(report=report), _open_sessions(filter))


def _open_sessions(wanted: BordereauFilter) -> list[str]:
    found = TillSession.objects.filter(
        closed_at=None, business_date__gte=wanted.first, business_date__lte=wanted.last
    ).select_related("till")
    if wanted.tills:
        found = found.filter(till__code__in=wanted.tills)
    if wanted.opened_by:
        found = found.filter(opened_by=wanted.opened_by)
    names = [(session.till.code, session.number, str(session)) for session in found]
    return [
        name
        for code, number, name in sorted(names)
        if not wanted.sessions or (code, number) in wanted.sessions
    ]
