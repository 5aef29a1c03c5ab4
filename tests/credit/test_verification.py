"""What was done to an account with the triggers off is found and named (spec P2)."""

from datetime import UTC, datetime

import pytest

from contacts.models import Contact
from credit.models import CreditAccount
from credit.selectors.sealed import (
    MOVEMENT_DIFFERS,
    MOVEMENT_GONE,
    MOVEMENT_UNSEALED,
    OTHER_CURRENCY,
    OTHER_DAY,
)
from credit.selectors.verification import ACCOUNTS, LINES
from journal.selectors import Finding
from tests.ledger import Ledger
from tests.tampering import tamper
from tests.venue import Venue
from tests.verified import findings

NOON = datetime(2026, 10, 5, 10, 0, tzinfo=UTC)


@pytest.fixture
def ledger(venue: Venue) -> Ledger:
    """A till at noon with two accounts of four lines each, their entries taking turns."""
    ledger = Ledger(venue, at=NOON)
    first, second = venue.account(), venue.account()
    for act, amount in (("deposit", "10.00"), ("goodwill", "5.00"), ("pay", "7.00")):
        for account in (first, second):
            getattr(ledger, act)(account, amount)
    for account in (first, second):
        ledger.deposit(account, "1.00")
    return ledger


def name(account: int = 0) -> str:
    """How findings name an account."""
    contact = list(Contact.objects.order_by("pk"))[account]
    return f"{contact.number} EUR"


def found() -> set[tuple[str, str]]:
    return {(finding.where, str(finding.what)) for finding in findings()}


def change(column: str, value: object, *, position: int = 2, account: int = 0) -> None:
    """Change one movement."""
    pk = list(CreditAccount.objects.order_by("pk"))[account].pk
    tamper(
        f"UPDATE credit_movement SET {column} = %s WHERE account_id = %s AND position = %s",
        value,
        pk,
        position,
    )


def test_nothing_is_wrong(ledger: Ledger) -> None:
    assert findings() == []


ENTRY = "G1-000004"  # of the second line of the first account


@pytest.mark.parametrize(
    ("column", "value", "fault"),
    [
        ("amount_minor", 900, "balance"),
        ("side", "D", "balance"),
        ("balance_after_minor", 1600, "balance"),
        ("credits_after_minor", 1600, "credits"),
        ("non_refundable_minor", 400, "part"),
        ("non_refundable_after_minor", 400, "part"),
        ("business_date", "2026-10-04", "day"),
        ("at", "2026-10-05 09:59:59+00:00", "time"),
    ],
)
def test_a_changed_figure_breaks_its_line_and_its_entry(
    ledger: Ledger, column: str, value: object, fault: str
) -> None:
    change(column, value)
    named = found()
    assert (ENTRY, str(MOVEMENT_DIFFERS)) in named
    assert (f"{name()} 2", str(LINES[fault])) in named
    assert {where for where, _what in named} == {ENTRY, f"{name()} 2"}


@pytest.mark.parametrize(
    ("column", "value"),
    [("reference", "CMD-666"), ("kind", "DEPOT"), ("reason", "other"), ("currency", "CHF")],
)
def test_a_changed_word_is_found_by_its_entry(ledger: Ledger, column: str, value: object) -> None:
    change(column, value)
    assert (ENTRY, str(MOVEMENT_DIFFERS)) in found()
    assert {finding.where for finding in findings()} == {ENTRY}


def test_a_changed_pointer_is_found_by_its_entry(ledger: Ledger) -> None:
    other = ledger.venue.desk("G2")
    for column, value in (
        ("mode_id", ledger.venue.modes["CB"].pk),
        ("counterpart_id", ledger.venue.modes["CB"].pk),
        ("operator_id", ledger.venue.supervisor.pk),
        ("session_id", other.session_id),
    ):
        change(column, value)
        assert (ENTRY, str(MOVEMENT_DIFFERS)) in found()


def test_the_difference_is_told(ledger: Ledger) -> None:
    change("amount_minor", 900)
    (entry,) = [finding for finding in findings() if finding.where == ENTRY]
    assert entry == Finding(ENTRY, MOVEMENT_DIFFERS, "montant 500 ≠ 900")


def test_a_whole_account_rewritten_consistently_is_found_by_its_entries(ledger: Ledger) -> None:
    """Ten euros more from the first line on, account and all: no sum is wrong any more."""
    account = CreditAccount.objects.earliest("pk")
    tamper(
        "UPDATE credit_movement SET balance_after_minor = balance_after_minor + 1000,"
        " credits_after_minor = credits_after_minor + 1000,"
        " amount_minor = amount_minor + CASE WHEN position = 1 THEN 1000 ELSE 0 END"
        " WHERE account_id = %s",
        account.pk,
    )
    tamper(
        "UPDATE credit_creditaccount SET balance_minor = balance_minor + 1000,"
        " credits_minor = credits_minor + 1000 WHERE id = %s",
        account.pk,
    )
    assert found() == {(f"G1-{number:06d}", str(MOVEMENT_DIFFERS)) for number in (2, 4, 6, 8)}


@pytest.mark.parametrize("position", [1, 2, 4])
def test_a_deleted_movement_is_named_by_its_entry_and_its_account(
    ledger: Ledger, position: int
) -> None:
    account = CreditAccount.objects.earliest("pk")
    tamper(
        "DELETE FROM credit_movement WHERE account_id = %s AND position = %s", account.pk, position
    )
    entry = (f"G1-{2 * position:06d}", str(MOVEMENT_GONE))
    gap = (
        (f"{name()} {position + 1}", str(LINES["position"]))
        if position < 4
        else (name(), str(ACCOUNTS["position"]))
    )
    assert found() == {entry, gap}


def test_two_movements_that_changed_places_are_found(ledger: Ledger) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        change("position", new, position=old)
    named = found()
    assert ("G1-000004", str(MOVEMENT_DIFFERS)) in named
    assert ("G1-000006", str(MOVEMENT_DIFFERS)) in named
    assert (f"{name()} 2", str(LINES["balance"])) in named


def test_two_contacts_that_changed_accounts_are_found(ledger: Ledger) -> None:
    first, second = CreditAccount.objects.order_by("pk")
    for pk, contact in (
        (first.pk, 0),
        (second.pk, first.contact_id),
        (first.pk, second.contact_id),
    ):
        if contact:
            tamper("UPDATE credit_creditaccount SET contact_id = %s WHERE id = %s", contact, pk)
        else:
            spare = ledger.venue.contact()
            tamper("UPDATE credit_creditaccount SET contact_id = %s WHERE id = %s", spare.pk, pk)
    assert len(found()) == 8


def test_only_the_first_broken_line_of_an_account_is_named(ledger: Ledger) -> None:
    for position in (2, 3, 4):
        change("non_refundable_after_minor", 1, position=position)
    lines = [finding for finding in findings() if finding.where.startswith("C")]
    assert lines[0] == Finding(f"{name()} 2", LINES["part"])
    assert [line.where for line in lines] == [f"{name()} 2", name()]


def test_an_invented_movement_has_no_entry(ledger: Ledger) -> None:
    account = CreditAccount.objects.earliest("pk")
    columns = (
        "kind, side, currency, non_refundable_minor, non_refundable_after_minor, mode_id,"
        " counterpart_id, session_id, operator_id, operation_id, reference, at, business_date,"
        " reason"
    )
    tamper(
        f"INSERT INTO credit_movement (account_id, position, amount_minor, balance_after_minor,"
        f" credits_after_minor, {columns}) SELECT account_id, 5, 100, 1000, 1700, {columns}"
        " FROM credit_movement WHERE account_id = %s AND position = 4",
        account.pk,
    )
    assert found() == {
        (f"{name()} 5", str(MOVEMENT_UNSEALED)),
        (name(), str(ACCOUNTS["position"])),
    }


@pytest.mark.parametrize(
    ("column", "value", "fault"),
    [
        ("balance_minor", 1000, "balance"),
        ("non_refundable_minor", 1, "part"),
        ("moved_non_refundable_minor", 1, "part"),
        ("credits_minor", 1700, "credits"),
        ("position", 5, "position"),
        ("position", 3, "position"),
        ("last_at", "2026-10-05 10:00:01+00:00", "time"),
        ("last_at", None, "time"),
        ("held_minor", 100, "held"),
    ],
)
def test_a_changed_account_is_not_what_its_lines_say(
    ledger: Ledger, column: str, value: object, fault: str
) -> None:
    account = CreditAccount.objects.earliest("pk")
    tamper(f"UPDATE credit_creditaccount SET {column} = %s WHERE id = %s", value, account.pk)
    assert findings() == [Finding(name(), ACCOUNTS[fault])]


def test_an_account_that_never_moved_holds_nothing(ledger: Ledger) -> None:
    account = ledger.venue.account()
    assert findings() == []
    tamper(
        "UPDATE credit_creditaccount SET balance_minor = 500, credits_minor = 500 WHERE id = %s",
        account.pk,
    )
    assert findings() == [Finding(name(2), ACCOUNTS["balance"])]


def test_a_movement_outside_its_business_day_is_named(ledger: Ledger) -> None:
    """As a faulty version might have written it, sealed and all."""
    ledger.deposit(CreditAccount.objects.earliest("pk"), "1.00")
    tamper("UPDATE tills_tillsession SET business_date = '2026-10-06'")
    named = {where for where, what in found() if what == str(OTHER_DAY)}
    assert named == {f"G1-{number:06d}" for number in range(2, 11)}


def test_a_movement_in_another_currency_than_its_account_is_named(ledger: Ledger) -> None:
    account = CreditAccount.objects.earliest("pk")
    tamper("UPDATE credit_creditaccount SET currency = 'CHF' WHERE id = %s", account.pk)
    assert found() == {(f"G1-{number:06d}", str(OTHER_CURRENCY)) for number in (2, 4, 6, 8)}


def test_a_counter_movement_that_takes_back_something_else_is_named(ledger: Ledger) -> None:
    account = CreditAccount.objects.earliest("pk")
    gesture = ledger.goodwill(account, "2.00")
    ledger.reverse(gesture)
    first = account.movements.get(position=2)
    change("reverses_id", first.pk, position=6)
    assert (f"{name()} 6", str(LINES["reversal"])) in found()
