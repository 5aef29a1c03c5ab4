"""Append-only tables and frozen columns, held by triggers in the database (FIS-01, spec C4, S5).

Apps name what they protect in ``AppConfig.ready``; ``post_migrate`` (re)installs every trigger,
because SQLite drops them whenever Django remakes a table. What differs between SQLite and
PostgreSQL stands in this file alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from journal.errors import AppendOnlyViolation


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """A queryset that inserts and reads, nothing else."""

    def _refuse(self, *_args: object, **_options: object) -> NoReturn:
        raise AppendOnlyViolation(what=self.model._meta.verbose_name)

    update = _refuse
    delete = _refuse
    bulk_update = _refuse
    update_or_create = _refuse


class AppendOnly(models.Model):
    """A row inserted once; the database refuses the rest even where this class is passed by."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyViolation(what=self._meta.verbose_name)
        super().save(*args, **{**options, "force_insert": True})

    def delete(self, *_args: Any, **_options: Any) -> NoReturn:
        raise AppendOnlyViolation(what=self._meta.verbose_name)


@dataclass(frozen=True)
class Guard:
    """A protected table: append-only, or only ``columns`` frozen once ``used_in`` has rows."""

    table: str
    columns: tuple[str, ...] = ()
    used_in: str = ""

    @property
    def name(self) -> str:
        """The name its triggers begin with."""
        return f"guard_{self.table}_frozen" if self.columns else f"guard_{self.table}"


_guards: dict[str, Guard] = {}


def append_only(*tables: str) -> None:
    """Name tables whose rows are inserted and never again changed, deleted or truncated."""
    for table in tables:
        guard = Guard(table)
        _guards[guard.name] = guard


def frozen(*, table: str, columns: tuple[str, ...], used_in: str = "") -> None:
    """Name columns that never change, or not once ``used_in`` (a table) holds a row (spec S5)."""
    guard = Guard(table, columns, used_in)
    _guards[guard.name] = guard


def guarded() -> list[Guard]:
    """Return every guard named by the installed apps."""
    return list(_guards.values())


def frozen_columns(*, connection: BaseDatabaseWrapper, table: str) -> frozenset[str]:
    """Return the columns of a table that cannot change any more as its rows stand (spec S5)."""
    columns: set[str] = set()
    with connection.cursor() as cursor:
        for guard in guarded():
            if guard.table != table or not guard.columns:
                continue
            if guard.used_in:
                cursor.execute(f'SELECT 1 FROM "{guard.used_in}" LIMIT 1')
            if not guard.used_in or cursor.fetchone():
                columns.update(guard.columns)
    return frozenset(columns)


def install(*, connection: BaseDatabaseWrapper, only: Guard | None = None) -> None:
    """(Re)create the triggers of every guard whose table exists; repeats change nothing."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_REFUSE_FUNCTION)
        for guard in [only] if only else guarded():
            if guard.table in tables and (not guard.used_in or guard.used_in in tables):
                for statement in _drops(guard, connection.vendor):
                    cursor.execute(statement)
                for statement in _creates(guard, connection.vendor):
                    cursor.execute(statement)


def drop(*, connection: BaseDatabaseWrapper, only: Guard | None = None) -> None:
    """Remove triggers. For ``Unguarded`` and for emptying a test database, nothing else."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for guard in [only] if only else guarded():
            if guard.table in tables:
                for statement in _drops(guard, connection.vendor):
                    cursor.execute(statement)


def missing(*, connection: BaseDatabaseWrapper) -> list[str]:
    """Return the tables of which a trigger is absent or, on PostgreSQL, switched off."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    return sorted(
        {
            guard.table
            for guard in guarded()
            if not set(_trigger_names(guard, connection.vendor)) <= present
        }
    )


@contextmanager
def unguarded(*, connection: BaseDatabaseWrapper, table: str) -> Iterator[None]:
    """Lift the guards of one table for a migration that must rewrite rows, and put them back.

    The whole runs in one transaction: if it fails, rows and guards are as before.
    """
    lifted = [guard for guard in guarded() if guard.table == table]
    with transaction.atomic(using=connection.alias):
        for guard in lifted:
            drop(connection=connection, only=guard)
        yield
        for guard in lifted:
            install(connection=connection, only=guard)


def _trigger_names(guard: Guard, vendor: str) -> list[str]:
    if guard.columns:
        return [guard.name]
    names = [f"{guard.name}_update", f"{guard.name}_delete"]
    return [*names, f"{guard.name}_truncate"] if vendor == "postgresql" else names


# PostgreSQL has one function for all; its class of error is what Django calls IntegrityError.
_REFUSE_FUNCTION = """
CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is written once (%)', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$
"""


def _drops(guard: Guard, vendor: str) -> list[str]:
    on_table = f' ON "{guard.table}"' if vendor == "postgresql" else ""
    return [f"DROP TRIGGER IF EXISTS {name}{on_table}" for name in _trigger_names(guard, vendor)]


def _creates(guard: Guard, vendor: str) -> list[str]:
    if vendor == "postgresql":
        return _creates_postgresql(guard)
    return _creates_sqlite(guard)


def _changed(guard: Guard, differs: str) -> str:
    # What was empty may be filled in, once: a contact's number follows from its id.
    return " OR ".join(
        f'(OLD."{name}" IS NOT NULL AND OLD."{name}" {differs} NEW."{name}")'
        for name in guard.columns
    )


def _creates_postgresql(guard: Guard) -> list[str]:
    if guard.columns and guard.used_in:
        # A WHEN condition may hold no subquery on PostgreSQL: the function asks instead.
        function = f"{guard.name}_check"
        return [
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f'BEGIN IF EXISTS (SELECT 1 FROM "{guard.used_in}") THEN '
            "RAISE EXCEPTION '% cannot change any more', TG_TABLE_NAME "
            "USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            f'CREATE TRIGGER {guard.name} BEFORE UPDATE ON "{guard.table}" FOR EACH ROW '
            f"WHEN ({_changed(guard, 'IS DISTINCT FROM')}) EXECUTE FUNCTION {function}()",
        ]
    if guard.columns:
        return [
            f'CREATE TRIGGER {guard.name} BEFORE UPDATE ON "{guard.table}" FOR EACH ROW '
            f"WHEN ({_changed(guard, 'IS DISTINCT FROM')}) EXECUTE FUNCTION journal_refuse()"
        ]
    return [
        f'CREATE TRIGGER {guard.name}_{act.lower()} BEFORE {act} ON "{guard.table}" '
        f"FOR EACH {'STATEMENT' if act == 'TRUNCATE' else 'ROW'} EXECUTE FUNCTION journal_refuse()"
        for act in ("UPDATE", "DELETE", "TRUNCATE")
    ]


def _creates_sqlite(guard: Guard) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{guard.table} is written once'); END"
    if guard.columns:
        used = f' AND EXISTS (SELECT 1 FROM "{guard.used_in}")' if guard.used_in else ""
        return [
            f'CREATE TRIGGER {guard.name} BEFORE UPDATE ON "{guard.table}" FOR EACH ROW '
            f"WHEN ({_changed(guard, 'IS NOT')}){used} {refuse}"
        ]
    return [
        f'CREATE TRIGGER {guard.name}_{act.lower()} BEFORE {act} ON "{guard.table}" '
        f"FOR EACH ROW {refuse}"
        for act in ("UPDATE", "DELETE")
    ]
