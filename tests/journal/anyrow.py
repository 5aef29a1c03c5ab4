"""Any one row of any table, for tests that try to change or delete it."""

import uuid
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.db import connection, models

_NOW = datetime(2026, 10, 5, 8, 2, tzinfo=UTC)
_VALUES: list[tuple[type[models.Field[Any, Any]], object]] = [
    (models.UUIDField, uuid.UUID(int=1)),
    (models.DateTimeField, _NOW),
    (models.DateField, _NOW.date()),
    (models.BooleanField, False),
    (models.IntegerField, 1),
    (models.ForeignKey, 1),
    (models.CharField, "x"),
    (models.TextField, "x"),
]
# What a constraint asks for where the first value of its kind will not do.
_SPECIAL: dict[tuple[str, str], object] = {
    ("payments_merge", "merged_id"): 2,
    ("sales_printout", "document"): "receipt",
    ("sales_scan", "outcome"): "unknown",
}


def model_of(table: str) -> type[models.Model]:
    """Return the model that a table belongs to."""
    return next(model for model in apps.get_models() if model._meta.db_table == table)


def put_any_row(table: str) -> int:
    """Insert a row whose constraints hold but whose foreign keys lead nowhere; returns its id.

    For a transaction that is rolled back: foreign keys are looked at on commit only.
    """
    fields = [field for field in model_of(table)._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = [field.get_db_prep_save(_value(field), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({columns}) VALUES ({", ".join(["%s"] * len(values))})'
            " RETURNING id",
            values,
        )
        return int(cursor.fetchone()[0])


def _value(field: Any) -> object:
    special = _SPECIAL.get((field.model._meta.db_table, field.column))
    if special is not None:
        return special
    if field.null:
        return None
    if field.has_default():
        return field.get_default()
    if field.choices:
        return next(value for value, _label in field.flatchoices if value)
    return next(value for kind, value in _VALUES if isinstance(field, kind))
