"""How a paper of the counter is made: a template on the letterhead, in the venue's language."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils import translation

from contacts.models import User
from institution_settings.letterhead import render_pdf
from institution_settings.selectors import get_institution
from journal.errors import StrOrPromise

# Papers speak the venue's language, whatever the operator's screen does.
PAPER_LANGUAGE = "fr"


def render_paper(
    *, name: str, title: StrOrPromise, what: str, edited_by: User, **context: object
) -> bytes:
    """Return ``guichet/papers/<name>.html`` as PDF; ``title`` may say ``%(what)s``."""
    with translation.override(PAPER_LANGUAGE):
        named = str(title) % {"what": what}
    shared: Mapping[str, Any] = {
        "institution": get_institution(),
        "edited_at": datetime.now(UTC),
        "edited_by": str(edited_by),
    }
    return render_pdf(
        template=f"guichet/papers/{name}.html",
        context={**shared, **context},
        title=named,
        lang=PAPER_LANGUAGE,
    )
