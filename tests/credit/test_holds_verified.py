"""What was set aside is sealed like everything else, and verified like it (spec P2, C9)."""

from datetime import UTC, datetime

import pytest

from credit.models import CreditAccount
from credit.selectors.sealed import HOLD_DIFFERS, HOLD_GONE, HOLD_UNSEALED, RELEASE_UNSEALED
from credit.selectors.verification import ACCOUNTS
from journal.selectors import Finding
from tests.ledger import Ledger
from tests.tampering import tamper
from tests.venue import Venue
from tests.verified import findings


@pytest.fixture
def ledger(venue: Venue) -> Ledger:
    """A till at noon, and an account of two lines: entries 1 to 3."""
    ledger = Ledger(venue, at=datetime(2026, 10, 5, 10, 0, tzinfo=UTC))
    ledger.pay(ledger.account(credit="10.00"), "1.00")
    return ledger


def name() -> str:
    """How findings name the account."""
    return f"{CreditAccount.objects.get().contact.number} EUR"


def found() -> set[tuple[str, str]]:
    return {(finding.where, str(finding.what)) for finding in findings()}


def test_a_changed_hold_is_named(ledger: Ledger) -> None:
    held = ledger.hold(CreditAccount.objects.get(), "3.00")
    tamper("UPDATE credit_hold SET reference = 'CMD-666' WHERE id = %s", held.pk)
    assert findings() == [
        Finding("G1-000004", HOLD_DIFFERS, "piece CMD-1042 ≠ CMD-666"),
    ]


def test_a_changed_sum_breaks_the_account_too(ledger: Ledger) -> None:
    held = ledger.hold(CreditAccount.objects.get(), "3.00")
    tamper("UPDATE credit_hold SET amount_minor = 200 WHERE id = %s", held.pk)
    assert found() == {
        ("G1-000004", str(HOLD_DIFFERS)),
        (name(), str(ACCOUNTS["held"])),
    }


def test_a_hold_that_is_gone_is_named(ledger: Ledger) -> None:
    held = ledger.hold(CreditAccount.objects.get(), "3.00")
    tamper("DELETE FROM credit_hold WHERE id = %s", held.pk)
    assert found() == {("G1-000004", str(HOLD_GONE)), (name(), str(ACCOUNTS["held"]))}


def test_a_hold_released_by_hand_has_no_entry_of_it(ledger: Ledger) -> None:
    held = ledger.hold(CreditAccount.objects.get(), "3.00")
    tamper("UPDATE credit_hold SET released_at = created_at WHERE id = %s", held.pk)
    tamper("UPDATE credit_creditaccount SET held_minor = 0")
    assert findings() == [Finding(str(held.key), RELEASE_UNSEALED)]


def test_a_release_taken_back_by_hand_is_named(ledger: Ledger) -> None:
    held = ledger.hold(CreditAccount.objects.get(), "3.00")
    ledger.release(held)
    tamper("UPDATE credit_hold SET released_at = NULL WHERE id = %s", held.pk)
    assert found() == {("G1-000005", str(HOLD_DIFFERS)), (name(), str(ACCOUNTS["held"]))}


def test_an_invented_hold_has_no_entry(ledger: Ledger) -> None:
    held = ledger.hold(CreditAccount.objects.get(), "3.00")
    tamper("DELETE FROM journal_entry WHERE kind = 'RESERVATION'")
    tamper(
        "UPDATE journal_chain SET number = 3, seal = (SELECT e.seal FROM journal_entry e"
        " WHERE e.chain_id = journal_chain.id AND e.number = 3) WHERE code = 'G1'"
    )
    assert findings() == [Finding(str(held.key), HOLD_UNSEALED)]


def test_a_capture_by_another_payment_is_named(ledger: Ledger) -> None:
    account = CreditAccount.objects.get()
    held = ledger.hold(account, "3.00")
    ledger.capture(held)
    other = account.movements.get(position=2)
    tamper("UPDATE credit_hold SET captured_id = %s WHERE id = %s", other.pk, held.pk)
    assert findings() == [Finding(name(), ACCOUNTS["capture"])]
