"""What is written once stays: whoever tries, and however (FIS-01, spec C4)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F

from journal import guards
from journal.errors import AppendOnlyViolation
from tests.journal.anyrow import model_of, put_any_row

APPEND_ONLY = sorted(guard.table for guard in guards.guarded() if not guard.columns)


@pytest.fixture
def rolled_back(db: None) -> Iterator[None]:
    """A transaction of which nothing stays, so that rows may lead nowhere."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def attempt(statement: str, *values: object) -> None:
    """Run a statement by its own; the transaction around it lives on."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def rows(table: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')
        return list(cursor.fetchall())


def test_what_the_ground_promises_is_guarded() -> None:
    assert {"journal_operation", "journal_entry", "credit_movement", "payments_payment"} <= set(
        APPEND_ONLY
    )


@pytest.mark.usefixtures("rolled_back")
@pytest.mark.parametrize("table", APPEND_ONLY)
class TestAppendOnly:
    """Each append-only table, one row in it, every way to touch that row."""

    def test_sql_cannot_update_it(self, table: str) -> None:
        pk = put_any_row(table)
        before = rows(table)
        column = next(f.column for f in model_of(table)._meta.concrete_fields if not f.primary_key)
        with pytest.raises(IntegrityError, match="written once"):
            attempt(f'UPDATE "{table}" SET "{column}" = "{column}" WHERE id = %s', pk)
        assert rows(table) == before

    def test_sql_cannot_delete_it(self, table: str) -> None:
        pk = put_any_row(table)
        before = rows(table)
        with pytest.raises(IntegrityError, match="written once"):
            attempt(f'DELETE FROM "{table}" WHERE id = %s', pk)
        assert rows(table) == before

    def test_sql_cannot_empty_the_table(self, table: str) -> None:
        if connection.vendor == "postgresql":
            # It is refused whatever the table holds; a row that leads nowhere would be in the way.
            emptying = f'TRUNCATE "{table}" CASCADE'
        else:
            put_any_row(table)
            emptying = f'DELETE FROM "{table}"'
        before = rows(table)
        with pytest.raises(IntegrityError, match="written once"):
            attempt(emptying)
        assert rows(table) == before

    def test_sql_cannot_write_over_it(self, table: str) -> None:
        pk = put_any_row(table)
        before = rows(table)
        names = ", ".join(f'"{f.column}"' for f in model_of(table)._meta.concrete_fields)
        again = f'INTO "{table}" ({names}) SELECT {names} FROM "{table}" WHERE id = %s'
        over = (
            f'INSERT {again} ON CONFLICT (id) DO UPDATE SET id = "{table}".id'
            if connection.vendor == "postgresql"
            else f"INSERT OR REPLACE {again}"
        )
        with pytest.raises(IntegrityError, match="written once"):
            attempt(over, pk)
        assert rows(table) == before

    def test_a_queryset_refuses(self, table: str) -> None:
        pk = put_any_row(table)
        model = model_of(table)
        found: Any = model._default_manager.filter(pk=pk)
        with pytest.raises(AppendOnlyViolation):
            found.update(id=F("id"))
        with pytest.raises(AppendOnlyViolation):
            found.delete()
        with pytest.raises(AppendOnlyViolation):
            found.bulk_update([], ["id"])
        with pytest.raises(AppendOnlyViolation):
            found.update_or_create(pk=pk)
        assert len(rows(table)) == 1

    def test_a_model_refuses(self, table: str) -> None:
        pk = put_any_row(table)
        row = model_of(table)._default_manager.get(pk=pk)
        with pytest.raises(AppendOnlyViolation):
            row.save()
        with pytest.raises(AppendOnlyViolation):
            row.delete()
        assert len(rows(table)) == 1

    def test_a_model_passed_off_as_new_cannot_write_over_it(self, table: str) -> None:
        pk = put_any_row(table)
        before = rows(table)
        row = model_of(table)._default_manager.get(pk=pk)
        row._state.adding = True
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()
        assert rows(table) == before

    def test_the_base_class_of_models_cannot_pass_by(self, table: str) -> None:
        pk = put_any_row(table)
        before = rows(table)
        row = model_of(table)._default_manager.get(pk=pk)
        with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
            models.Model.save(row, force_update=True)
        with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
            models.QuerySet(model_of(table)).filter(pk=pk)._raw_delete("default")
        assert rows(table) == before
