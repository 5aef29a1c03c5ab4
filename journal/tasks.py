"""Work that follows an operation."""

from django_tasks import task

from journal.services.heads import record_heads


@task()
def keep_heads() -> int:
    """Append the heads of all chains to the log outside the database (FIS-08)."""
    return record_heads()
