"""The periods accountants ask for most."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Period:
    """A named period of business dates, both included."""

    label: str
    first: date
    last: date


def list_periods(*, today: date) -> list[Period]:
    """Return today, yesterday, this month up to its end, last month and this year."""
    yesterday, month = today - timedelta(days=1), today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    following = (month + timedelta(days=31)).replace(day=1)
    return [
        Period(_("Today"), today, today),
        Period(_("Yesterday"), yesterday, yesterday),
        Period(_("This month"), month, following - timedelta(days=1)),
        Period(_("Last month"), before, month - timedelta(days=1)),
        Period(_("This year"), today.replace(month=1, day=1), today.replace(month=12, day=31)),
    ]
