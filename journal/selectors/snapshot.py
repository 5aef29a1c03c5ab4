"""One instant of the database for a long reading, while others go on writing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """Read everything inside as of one instant, without holding up anybody who sells.

    Inside a transaction of the caller's, that transaction is what is read.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with _deferred(), transaction.atomic():
            yield


@contextmanager
def _deferred() -> Iterator[None]:
    """SQLite's write transactions begin IMMEDIATE; one that only reads must not lock."""
    connection.ensure_connection()
    database: Any = connection  # an attribute of SQLite's alone
    mode = database.transaction_mode
    database.transaction_mode = None
    try:
        yield
    finally:
        database.transaction_mode = mode
