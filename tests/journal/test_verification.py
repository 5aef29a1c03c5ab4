"""Every chain is followed from its genesis, and the first broken link is named (spec P2)."""

from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from contacts.models import Contact
from credit.selectors.sealed import MOVEMENT_DIFFERS
from journal.models import Chain, Entry
from journal.sealing import make_key
from journal.selectors import Finding
from journal.selectors.verification import (
    COLUMNS_DIFFER,
    ENTRY_MISSING,
    HEAD_DIFFERS,
    KEY_MISSING,
    LINK_BROKEN,
    MORE_BROKEN,
    OUTSIDE,
    SEAL_WRONG,
    UNREADABLE,
)
from tests.ledger import Ledger
from tests.tampering import seal_anew, tamper
from tests.verified import findings


@pytest.fixture
def busy(ledger: Ledger) -> Ledger:
    """A till with an opening and five deposits: entries 1 to 6 of its chain."""
    account = ledger.venue.account()
    for amount in ("10.00", "20.00", "30.00", "40.00", "50.00"):
        ledger.deposit(account, amount)
    assert Chain.objects.get(code="G1").number == 6
    return ledger


def on_chain() -> list[Finding]:
    """What is wrong with the entries themselves, leaving out the rows they are about."""
    return [finding for finding in findings() if not finding.where.startswith(("C0", "Z-"))]


def forge_amount(*, number: int) -> None:
    """Make 29 euros of the 20 that were sealed."""
    tamper(
        "UPDATE journal_entry SET payload = replace(payload, %s, %s) WHERE number = %s",
        '"montant":2000',
        '"montant":2900',
        number,
    )


def test_what_was_recorded_is_as_it_was_recorded(busy: Ledger) -> None:
    busy.at_till("G2").deposit(busy.venue.account(), "5.00")
    busy.close()
    assert findings() == []


def test_an_empty_journal_is_right(venue: object) -> None:
    assert findings() == []


def test_a_changed_content_is_named(busy: Ledger) -> None:
    forge_amount(number=3)
    assert [(found.where, found.what) for found in findings()] == [
        ("G1-000003", SEAL_WRONG),
        ("G1-000003", MOVEMENT_DIFFERS),
    ]


def test_a_content_that_is_no_content_is_named(busy: Ledger) -> None:
    tamper("UPDATE journal_entry SET payload = %s WHERE number = 3", "{}}")
    assert on_chain() == [Finding("G1-000003", UNREADABLE)]


@pytest.mark.parametrize(
    ("column", "value", "detail"),
    [
        ("kind", "AUTRE", "enregistrement MOUVEMENT ≠ AUTRE"),
        ("format", 9, "format 1 ≠ 9"),
        ("at", "2001-01-01 00:00:00+00:00", None),
    ],
)
def test_a_changed_column_is_named(
    busy: Ledger, column: str, value: object, detail: str | None
) -> None:
    tamper(f"UPDATE journal_entry SET {column} = %s WHERE number = 3", value)
    (found,) = findings()
    assert (found.where, found.what) == ("G1-000003", COLUMNS_DIFFER)
    assert detail is None or found.detail == detail


def test_a_changed_seal_breaks_its_own_link_and_the_next(busy: Ledger) -> None:
    tamper("UPDATE journal_entry SET seal = %s WHERE number = 3", "0" * 64)
    assert on_chain() == [Finding("G1-000003", SEAL_WRONG), Finding("G1", MORE_BROKEN, "1")]


def test_a_deleted_entry_is_named_by_its_number(busy: Ledger) -> None:
    tamper("DELETE FROM journal_entry WHERE number = 3")
    assert on_chain() == [Finding("G1-000003", ENTRY_MISSING)]


def test_the_first_entry_is_missed_too(busy: Ledger) -> None:
    tamper("DELETE FROM journal_entry WHERE number = 1")
    assert on_chain() == [Finding("G1-000001", ENTRY_MISSING)]


def test_a_deleted_entry_whose_gap_was_closed_breaks_the_link(busy: Ledger) -> None:
    tamper("DELETE FROM journal_entry WHERE number = 3")
    for number in (4, 5, 6):
        tamper("UPDATE journal_entry SET number = %s WHERE number = %s", number - 1, number)
    assert on_chain()[0] == Finding("G1-000003", LINK_BROKEN)


def test_a_swapped_pair_is_named(busy: Ledger) -> None:
    for old, new in ((3, 100), (4, 3), (100, 4)):
        tamper("UPDATE journal_entry SET number = %s WHERE number = %s", new, old)
    assert on_chain() == [Finding("G1-000003", LINK_BROKEN), Finding("G1", MORE_BROKEN, "2")]


def test_a_cut_tail_is_found_by_the_head(busy: Ledger) -> None:
    tamper("DELETE FROM journal_entry WHERE number > 3")
    (found,) = on_chain()
    assert (found.where, found.what) == ("G1", HEAD_DIFFERS)


@pytest.mark.parametrize("column", ["number", "seal", "last_at"])
def test_a_changed_head_is_named(busy: Ledger, column: str) -> None:
    value = {"number": 7, "seal": "0" * 64, "last_at": "2001-01-01 00:00:00+00:00"}[column]
    tamper(f"UPDATE journal_chain SET {column} = %s WHERE code = 'G1'", value)
    (found,) = findings()
    assert (found.where, found.what) == ("G1", HEAD_DIFFERS)


def test_a_chain_of_another_entity_or_till_does_not_begin_where_it_should(busy: Ledger) -> None:
    tamper("UPDATE journal_chain SET entity = '732829320' WHERE code = 'G1'")
    assert on_chain()[0] == Finding("G1-000001", LINK_BROKEN)


def test_a_forged_entry_that_was_sealed_with_the_key_breaks_the_next_link(busy: Ledger) -> None:
    forge_amount(number=3)
    seal_anew(number=3)
    assert on_chain()[0] == Finding("G1-000004", LINK_BROKEN)


def test_an_entry_hidden_before_the_first_number_is_counted(busy: Ledger) -> None:
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute(
            "PRAGMA ignore_check_constraints = ON"
            if connection.vendor == "sqlite"
            else "ALTER TABLE journal_entry DROP CONSTRAINT entry_number_counts"
        )
    try:
        tamper("UPDATE journal_entry SET number = 0 WHERE number = 6")
    finally:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA ignore_check_constraints = OFF")
    assert on_chain()[-1] == Finding("journal", OUTSIDE, "1")


def test_a_key_that_was_lost_is_named_once(
    busy: Ledger, settings: Settings, tmp_path: Path
) -> None:
    settings.JOURNAL_KEYS_DIR = tmp_path / "nowhere"
    assert findings() == [Finding("G1-000001", KEY_MISSING), Finding("G1", MORE_BROKEN, "5")]


def test_another_key_fits_no_seal(busy: Ledger, settings: Settings, tmp_path: Path) -> None:
    settings.JOURNAL_KEYS_DIR = tmp_path / "keys"
    make_key(key_id=settings.JOURNAL_KEY_ID)
    assert findings() == [Finding("G1-000001", SEAL_WRONG), Finding("G1", MORE_BROKEN, "5")]


def test_a_new_key_goes_on_where_the_old_one_stopped(busy: Ledger, settings: Settings) -> None:
    make_key(key_id="k2")
    settings.JOURNAL_KEY_ID = "k2"
    busy.deposit(busy.venue.account(), "5.00")
    keys = Entry.objects.order_by("number").values_list("key_id", flat=True)
    assert list(keys) == ["k1"] * 6 + ["k2"]
    assert findings() == []


def test_one_broken_chain_does_not_hide_another(busy: Ledger) -> None:
    busy.at_till("G2").deposit(busy.venue.account(), "5.00")
    tamper("UPDATE journal_entry SET seal = %s WHERE number = 2", "0" * 64)
    assert on_chain() == [
        Finding("G1-000002", SEAL_WRONG),
        Finding("G1", MORE_BROKEN, "1"),
        Finding("G2-000002", SEAL_WRONG),
        Finding("G2", HEAD_DIFFERS, on_chain()[-1].detail),
    ]


def test_no_name_is_sealed_so_that_a_contact_can_be_anonymised(busy: Ledger) -> None:
    contact = Contact.objects.get()
    for text in Entry.objects.values_list("payload", flat=True):
        assert contact.last_name not in text
        assert contact.first_name not in text
    Contact.objects.update(
        last_name="", first_name="", email="", phone="", search="", erased_at=contact.created_at
    )
    assert findings() == []
