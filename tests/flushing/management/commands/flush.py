"""Empty the test database although its guards forbid it: lift them, flush, put them back."""

from typing import Any

from django.core.management.commands import flush
from django.db import connections

from journal import guards


class Command(flush.Command):
    """``flush`` between transactional tests; exists in tests only."""

    def handle(self, **options: Any) -> None:
        connection = connections[options["database"]]
        guards.drop(connection=connection)
        try:
            # What post_migrate would write again (permissions, content types) is made on demand.
            super().handle(**{**options, "inhibit_post_migrate": True})
        finally:
            guards.install(connection=connection)
