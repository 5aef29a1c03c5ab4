"""Reports on paper."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from institution_settings.letterhead import render_pdf
from institution_settings.selectors import get_institution
from journal.sealing import canonical_json, stamp
from reports.selectors.bordereau import Bordereau
from reports.selectors.controls import Control


def render_bordereau(
    *,
    report: Bordereau,
    controls: Sequence[Control],
    criteria: Sequence[str],
    edited_by: str,
    edited_at: datetime,
) -> bytes:
    """Return the bordereau as PDF, A4 landscape, with recaps, controls and signatures (RPT-00)."""
    return render_pdf(
        template="reports/papers/bordereau.html",
        title="Bordereau des mouvements de compte d’avoir",
        context={
            "institution": get_institution(),
            "report": report,
            "controls": controls,
            "criteria": criteria,
            "edited_by": edited_by,
            "edited_at": edited_at,
            "software": f"{settings.SOFTWARE_NAME} {settings.SOFTWARE_VERSION}",
            "digest": digest(report=report),
        },
    )


def digest(*, report: Bordereau) -> str:
    """Return the SHA-256 of the rows and filters: numbers and codes, no names (RPT-00, I12)."""
    wanted = report.filter
    content = {
        "du": wanted.first.isoformat(),
        "au": wanted.last.isoformat(),
        "devise": wanted.currency,
        "caisses": list(wanted.till_ids),
        "natures": list(wanted.kinds),
        "mouvements": [
            {
                "contact": row.movement.account.contact.number,
                "horodatage": stamp(row.movement.at),
                "montant": row.movement.amount_minor,
                "nature": row.movement.kind,
                "numero": row.number,
                "sens": row.movement.side,
            }
            for till in report.tills
            for day in till.days
            for row in day.rows
        ],
    }
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()
