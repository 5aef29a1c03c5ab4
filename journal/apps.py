from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def prepare(*, using: str, **_rest: object) -> None:
    """After every migrate: the guards stand again, and the sealing key exists."""
    from django.conf import settings

    from journal import guards, sealing

    guards.install(connection=connections[using])
    sealing.make_key(key_id=settings.JOURNAL_KEY_ID)


class JournalConfig(AppConfig):
    name = "journal"
    verbose_name = _("Journal")

    def ready(self) -> None:
        from journal import guards

        guards.append_only("journal_operation", "journal_entry")
        post_migrate.connect(prepare, sender=self, dispatch_uid="journal.prepare")
