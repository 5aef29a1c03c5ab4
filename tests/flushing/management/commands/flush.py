"""Empty the test database although its guards forbid it: lift them, flush, put them back."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.management.commands import flush
from django.db import connections

from journal import guards


class Command(flush.Command):
    """``flush`` between transactional tests; exists in tests only."""

    def handle(self, **options: Any) -> None:
        connection = connections[options["database"]]
        guards.drop(connection=connection)
        content_types = list(ContentType.objects.using(connection.alias))
        try:
            # Permissions, which post_migrate would write again, are made on demand.
            super().handle(**{**options, "inhibit_post_migrate": True})
            # Made on demand, these would be cached by a test that is then rolled back.
            ContentType.objects.using(connection.alias).bulk_create(content_types)
        finally:
            guards.install(connection=connection)
