"""Guards that fall are noticed and stand again; they are lifted in one way only (design.md §3)."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal
from django.db import IntegrityError, connection, models, transaction

from credit.models import CreditAccount, Movement
from journal import guards
from journal.selectors import Finding
from journal.selectors.verification import GUARD_MISSING
from tests.ledger import Ledger
from tests.verified import findings


def set_reference(movement: Movement, text: str) -> None:
    """Change a written movement by SQL."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE credit_movement SET reference = %s WHERE id = %s", [text, movement.pk]
        )


def reference_of(movement: Movement) -> str:
    return Movement.objects.values_list("reference", flat=True).get(pk=movement.pk)


def alter_reference(*, length: int) -> None:
    """Do to the table of movements what a later migration may do."""
    old = Movement._meta.get_field("reference")
    new = models.CharField(max_length=length, blank=True)
    new.set_attributes_from_name("reference")
    new.model = Movement
    with connection.schema_editor() as editor:
        editor.alter_field(Movement, old, new)


@pytest.fixture
def movement(committed_ledger: Ledger) -> Movement:
    """A movement that was written for good."""
    return committed_ledger.deposit(committed_ledger.venue.account(), "20.00", reference="R-1")


@pytest.fixture
def altered(movement: Movement) -> Iterator[Movement]:
    """A movement whose table was altered afterwards: SQLite makes it anew, without its guards."""
    alter_reference(length=33)
    yield movement
    alter_reference(length=32)
    guards.install(connection=connection)


def test_a_fresh_database_has_all_guards(db: None) -> None:
    assert guards.missing(connection=connection) == []


def test_a_guard_lost_with_a_remade_table_is_noticed(altered: Movement) -> None:
    lost = ["credit_movement"] if connection.vendor == "sqlite" else []
    assert guards.missing(connection=connection) == lost
    assert findings() == [Finding(table, GUARD_MISSING) for table in lost]


def test_the_next_migrate_puts_the_guard_back(altered: Movement) -> None:
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert guards.missing(connection=connection) == []
    with pytest.raises(IntegrityError, match="written once"):
        set_reference(altered, "R-2")
    with pytest.raises(IntegrityError, match="written once"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM credit_movement")
    assert reference_of(altered) == "R-1"


@pytest.mark.parametrize("guard", guards.guarded(), ids=lambda guard: guard.name)
def test_each_guard_that_is_dropped_is_noticed(db: None, guard: guards.Guard) -> None:
    guards.drop(connection=connection, only=guard)
    assert guards.missing(connection=connection) == [guard.table]
    guards.install(connection=connection)
    assert guards.missing(connection=connection) == []


def test_a_guard_that_is_switched_off_is_noticed(db: None) -> None:
    if connection.vendor == "sqlite":  # it can only drop them
        guards.drop(connection=connection, only=guards.Guard("journal_entry"))
    else:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER guard_journal_entry_delete")
    assert guards.missing(connection=connection) == ["journal_entry"]


def test_every_guard_names_a_table_and_columns_that_exist(db: None) -> None:
    columns = {
        model._meta.db_table: {field.column for field in model._meta.concrete_fields}
        for model in apps.get_models(include_auto_created=True)
    }
    for guard in guards.guarded():
        assert set(guard.columns) <= columns[guard.table]
        assert not guard.used_in or guard.used_in in columns


def test_a_migration_may_rewrite_rows_and_the_guard_stands_again(movement: Movement) -> None:
    with guards.unguarded(connection=connection, table="credit_movement"):
        set_reference(movement, "R-2")
    assert reference_of(movement) == "R-2"
    assert guards.missing(connection=connection) == []
    with pytest.raises(IntegrityError, match="written once"):
        set_reference(movement, "R-3")


def test_a_migration_may_rewrite_foreign_keys_too(
    committed_ledger: Ledger, movement: Movement
) -> None:
    card = committed_ledger.venue.modes["CB"]
    with (
        guards.unguarded(connection=connection, table="credit_movement"),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE credit_movement SET counterpart_id = %s", [card.pk])
    assert guards.missing(connection=connection) == []
    assert Movement.objects.get(pk=movement.pk).counterpart == card


def test_a_migration_that_fails_leaves_rows_and_guard_as_they_were(movement: Movement) -> None:
    def rewrite_and_fail() -> None:
        with guards.unguarded(connection=connection, table="credit_movement"):
            set_reference(movement, "R-2")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rewrite_and_fail()
    assert reference_of(movement) == "R-1"
    assert guards.missing(connection=connection) == []
    with pytest.raises(IntegrityError, match="written once"):
        set_reference(movement, "R-2")


def test_lifting_one_table_leaves_the_others_guarded(movement: Movement) -> None:
    with (
        guards.unguarded(connection=connection, table="credit_movement"),
        pytest.raises(IntegrityError, match="written once"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM journal_entry")
    assert CreditAccount.objects.get(pk=movement.account_id).position == 1
