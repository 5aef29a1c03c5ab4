"""The recaps of the bordereau: the same movements, added up by kind, mode and operator."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from credit.choices import MovementKind
from credit.models import Movement
from reports.selectors.sums import Sums, sums_of


@dataclass(frozen=True, slots=True)
class RecapLine:
    """One line of a recap."""

    label: str
    sums: Sums


@dataclass(frozen=True, slots=True)
class Recap:
    """A recap: by kind, by credit mode, by counterpart, by operator."""

    title: str
    lines: list[RecapLine]


def list_recaps(found: QuerySet[Movement], *, currency: str) -> list[Recap]:
    """Return R1 by kind (counter-movements apart), R2 by both modes, R3 by operator, R5 by till."""
    kinds = dict(MovementKind.choices)
    return [
        Recap(
            _("By kind"),
            [
                *_lines(found.filter(reverses=None), "kind", currency, names=kinds),
                *_lines(
                    found.exclude(reverses=None),
                    "kind",
                    currency,
                    names={
                        kind: _("%(kind)s, taken back") % {"kind": kinds[kind]} for kind in kinds
                    },
                ),
            ],
        ),
        Recap(_("By credit mode"), _lines(found, "mode__label", currency)),
        Recap(_("By counterpart"), _lines(found, "counterpart__label", currency)),
        Recap(_("By operator"), _lines(found, "operator__name", currency)),
        Recap(_("By till"), _lines(found, "session__till__code", currency)),
    ]


def _lines(
    found: QuerySet[Movement], column: str, currency: str, *, names: dict[str, str] | None = None
) -> list[RecapLine]:
    sides: dict[str | None, dict[str, dict[str, int]]] = defaultdict(dict)
    rows = (
        found.order_by()
        .values(column, "side")
        .annotate(count=Count("id"), total=Sum("amount_minor"))
    )
    for row in rows:
        sides[row[column]][row["side"]] = row
    absent = pgettext("report", "none")
    lines = [
        RecapLine(
            label=str((names or {}).get(value or "", value) or absent),
            sums=sums_of(by_side, currency),
        )
        for value, by_side in sides.items()
    ]
    return sorted(lines, key=lambda line: line.label)
