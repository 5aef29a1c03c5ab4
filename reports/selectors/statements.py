"""Statements of takings, closed or not: as they were closed, and what came after (BIL-08, I12)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from moneyed import Money

from institution_settings.money import from_minor, to_minor
from journal.sealing import stamp
from journal.selectors import snapshot
from payments.models import TakingsStatement
from reports.selectors.takings import (
    CategoryLines,
    Counts,
    Line,
    Means,
    Papers,
    Takings,
    get_takings,
)
from sales.money import basis_points
from sales.selectors import Attendance


@dataclass(frozen=True, slots=True)
class Statement:
    """What a page and a paper show: as closed, or as of now; ``since`` is what came after."""

    takings: Takings
    closed: TakingsStatement | None
    since: Money | None


def get_statement(*, performance_id: int) -> Statement:
    """Return the statement of a performance; ``Performance.DoesNotExist``."""
    with snapshot():
        now = get_takings(performance_id=performance_id)
        closed = (
            TakingsStatement.objects.select_related("closed_by")
            .filter(performance_id=performance_id)
            .first()
        )
    if closed is None:
        return Statement(now, None, None)
    as_closed = _read(json.loads(closed.content), now)
    return Statement(as_closed, closed, now.total.gross - as_closed.total.gross)


def facts_of(takings: Takings) -> dict[str, object]:
    """Return what is kept of a statement: numbers, and the words of the catalogue."""
    performance, attendance, papers = takings.performance, takings.attendance, takings.papers
    return {
        "billets": [papers.originals, papers.duplicates, papers.slips],
        "categories": [
            {"lignes": [_line_facts(line) for line in category.lines], "nom": category.name}
            for category in takings.categories
        ],
        "devise": takings.currency,
        "entrees": [attendance.inside, attendance.sold, attendance.capacity],
        "reglements": [
            [means.mode, to_minor(means.received), to_minor(means.returned)]
            for means in takings.means
        ],
        "salle": performance.hall,
        "seance": stamp(performance.starts_at),
        "spectacle": performance.event.title,
    }


def _line_facts(line: Line) -> dict[str, object]:
    counts = line.counts
    return {
        "annules": counts.cancelled,
        "derniers": list(line.last_numbers),
        "emis": counts.issued,
        "gratuits": counts.free,
        "ht": counts.net_minor,
        "premiers": list(line.first_numbers),
        "prix": to_minor(line.price),
        "tarif": line.rate,
        "taux": basis_points(line.vat_rate),
        "ttc": counts.gross_minor,
    }


def _read(facts: Mapping[str, Any], now: Takings) -> Takings:
    """Return a closed statement from its facts; the performance itself is as it is now."""
    currency: str = facts["devise"]
    categories = tuple(_category(each, currency) for each in facts["categories"])
    return Takings(
        performance=now.performance,
        currency=currency,
        categories=categories,
        total=sum((each.counts for each in categories), Counts(currency)),
        means=tuple(
            Means(mode, from_minor(received, currency), from_minor(returned, currency))
            for mode, received, returned in facts["reglements"]
        ),
        attendance=Attendance(*facts["entrees"]),
        papers=Papers(*facts["billets"]),
    )


def _category(facts: Mapping[str, Any], currency: str) -> CategoryLines:
    lines = tuple(_line(each, currency) for each in facts["lignes"])
    counts = sum((line.counts for line in lines), Counts(currency))
    return CategoryLines(facts["nom"], lines, counts)


def _line(facts: Mapping[str, Any], currency: str) -> Line:
    return Line(
        rate=facts["tarif"],
        price=from_minor(facts["prix"], currency),
        vat_rate=Decimal(facts["taux"]) / 100,
        first_numbers=tuple(facts["premiers"]),
        last_numbers=tuple(facts["derniers"]),
        counts=Counts(
            currency,
            issued=facts["emis"],
            cancelled=facts["annules"],
            free=facts["gratuits"],
            gross_minor=facts["ttc"],
            net_minor=facts["ht"],
        ),
    )
