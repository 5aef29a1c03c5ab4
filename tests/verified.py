"""What ``manage.py verify`` finds, as tests ask for it."""

import io

from journal.selectors import Finding
from reports.management.commands.verify import Progress, verify


def findings() -> list[Finding]:
    """Return everything that is wrong."""
    return list(verify(progress=Progress(io.StringIO())))
