"""Papers of the till: the numbered Z, and the X (G6)."""

from django.conf import settings

from contacts.models import User
from guichet.documents.papers import render_paper
from guichet.selectors.tills import Closing, SessionReport


def render_closing(*, closing: Closing, edited_by: User) -> bytes:
    """Return the numbered Z of a till session (spec G6, FIS-15)."""
    return render_paper(
        name="closing",
        title="%(what)s",
        what=str(closing.session),
        edited_by=edited_by,
        closing=closing,
        software=f"{settings.SOFTWARE_NAME} {settings.SOFTWARE_VERSION}",
    )


def render_report(*, report: SessionReport, edited_by: User) -> bytes:
    """Return the X of an open session: as of now, not numbered, nothing is written (spec G6)."""
    return render_paper(
        name="till_report",
        title="X-%(what)s",
        what=report.session.till.code,
        edited_by=edited_by,
        report=report,
        software=f"{settings.SOFTWARE_NAME} {settings.SOFTWARE_VERSION}",
    )
