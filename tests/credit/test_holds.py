"""Credit set aside while another payment is pending (spec C9; cases.md B06, B41)."""

from datetime import UTC, datetime, timedelta

import pytest

from credit.errors import HoldCaptured, HoldEnded, InsufficientCredit
from credit.models import CreditAccount, Hold
from credit.selectors import get_standing, list_holds
from journal.models import Entry
from tests.credit.test_movements import state
from tests.ledger import Ledger
from tests.venue import Venue
from tests.verified import findings

NOON = datetime(2026, 10, 5, 10, 0, tzinfo=UTC)


@pytest.fixture
def ledger(venue: Venue) -> Ledger:
    """A till at noon."""
    return Ledger(venue, at=NOON)


@pytest.fixture
def account(ledger: Ledger) -> CreditAccount:
    """Fifty euros."""
    return ledger.account(credit="50.00")


def kinds() -> list[str]:
    return list(Entry.objects.order_by("number").values_list("kind", flat=True))


def test_what_is_held_counts_at_once_and_the_balance_stays(
    ledger: Ledger, account: CreditAccount
) -> None:
    held = ledger.hold(account, "12.50")
    assert state(account) == (5000, 1250, 0, 5000, 1)
    standing = get_standing(contact_id=account.contact_id, currency="EUR", at=NOON)
    assert (standing.balance, standing.held, standing.available) == (
        ledger.venue.money("50.00"),
        ledger.venue.money("12.50"),
        ledger.venue.money("37.50"),
    )
    assert list_holds(contact_id=account.contact_id, at=NOON) == [held]
    assert held.amount == ledger.venue.money("12.50")
    assert held.reference == "CMD-1042"
    with pytest.raises(InsufficientCredit) as refused:
        ledger.pay(account, "37.51")
    assert refused.value.data["available"] == ledger.venue.money("37.50")
    assert refused.value.data["held"] == ledger.venue.money("12.50")
    with pytest.raises(InsufficientCredit):
        ledger.hold(account, "37.51")
    ledger.pay(account, "37.50")
    assert state(account) == (1250, 1250, 0, 5000, 2)
    assert findings() == []


def test_a_capture_is_the_payment_it_was_made_for(ledger: Ledger, account: CreditAccount) -> None:
    ledger.goodwill(account, "5.00")
    held = ledger.hold(account, "12.00")
    movement = ledger.capture(held)
    assert movement is not None
    assert (movement.kind, movement.amount_minor) == ("PAIEMENT", 1200)
    assert movement.non_refundable_minor == 500
    assert movement.reference == "CMD-1042"
    assert movement.mode == ledger.venue.modes["AVOIR"]
    assert state(account) == (4300, 0, 0, 5500, 3)
    assert ledger.capture(held) is None
    assert state(account) == (4300, 0, 0, 5500, 3)
    with pytest.raises(HoldCaptured):
        ledger.release(held)
    assert findings() == []


def test_a_release_gives_it_back_once(ledger: Ledger, account: CreditAccount) -> None:
    held = ledger.hold(account, "12.00")
    assert ledger.release(held) is True
    assert state(account) == (5000, 0, 0, 5000, 1)
    assert ledger.release(held) is False
    assert state(account) == (5000, 0, 0, 5000, 1)
    with pytest.raises(HoldEnded):
        ledger.capture(held)
    assert kinds() == ["OUVERTURE", "MOUVEMENT", "RESERVATION", "LIBERATION"]
    assert findings() == []


def test_b41_credit_used_on_one_order_cannot_start_another(ledger: Ledger) -> None:
    account = ledger.account(credit="10.00")
    ledger.hold(account, "10.00")
    standing = get_standing(contact_id=account.contact_id, currency="EUR", at=NOON)
    assert standing.available == ledger.venue.money("0.00")
    assert standing.balance == ledger.venue.money("10.00")


def test_b06_when_its_time_is_over_it_is_available_everywhere(ledger: Ledger) -> None:
    account = ledger.account(credit="14.00")
    ledger.hold(account, "14.00", minutes=35)
    contact = account.contact_id
    before = get_standing(contact_id=contact, currency="EUR", at=NOON + timedelta(minutes=34))
    after = get_standing(contact_id=contact, currency="EUR", at=NOON + timedelta(minutes=36))
    assert before.available == ledger.venue.money("0.00")
    assert after.available == ledger.venue.money("14.00")
    assert after.held == ledger.venue.money("0.00")
    assert list_holds(contact_id=contact, at=NOON + timedelta(minutes=36)) == []
    with pytest.raises(InsufficientCredit):
        ledger.later(minutes=34).pay(account, "14.00")
    ledger.later(minutes=36).pay(account, "14.00")
    assert state(account) == (0, 0, 0, 1400, 2)
    assert kinds()[-2:] == ["LIBERATION", "MOUVEMENT"]
    assert findings() == []


def test_what_lapsed_is_released_also_by_who_does_not_need_it(
    ledger: Ledger, account: CreditAccount
) -> None:
    ledger.hold(account, "5.00", minutes=1)
    ledger.hold(account, "7.00", minutes=60)
    ledger.later(minutes=2).deposit(account, "1.00")
    assert state(account) == (5100, 700, 0, 5100, 2)
    assert Hold.objects.filter(released_at=None).count() == 1
    assert findings() == []


def test_a_new_hold_finds_what_lapsed(ledger: Ledger, account: CreditAccount) -> None:
    ledger.hold(account, "30.00", minutes=1)
    ledger.hold(account, "20.00", minutes=1)
    ledger.later(minutes=2).hold(account, "50.00")
    assert state(account) == (5000, 5000, 0, 5000, 1)
    assert findings() == []


def test_a_late_success_still_captures_what_nobody_released(
    ledger: Ledger, account: CreditAccount
) -> None:
    held = ledger.hold(account, "12.00", minutes=1)
    movement = ledger.later(minutes=30).capture(held)
    assert movement is not None
    assert state(account) == (3800, 0, 0, 5000, 2)
    assert findings() == []


def test_a_late_capture_beside_another_hold_is_not_released_by_itself(
    ledger: Ledger, account: CreditAccount
) -> None:
    late = ledger.hold(account, "12.00", minutes=1)
    lapsed = ledger.hold(account, "3.00", minutes=1)
    pending = ledger.hold(account, "20.00", minutes=60)
    movement = ledger.later(minutes=30).capture(late)
    assert movement is not None
    late.refresh_from_db()
    lapsed.refresh_from_db()
    pending.refresh_from_db()
    assert (late.captured_id, late.released_at) == (movement.pk, None)
    assert lapsed.released_at is not None
    assert pending.released_at is None
    assert state(account) == (3800, 2000, 0, 5000, 2)
    assert findings() == []


def test_a_success_after_the_release_finds_it_ended(ledger: Ledger, account: CreditAccount) -> None:
    held = ledger.hold(account, "50.00", minutes=1)
    ledger.later(minutes=2).pay(account, "50.00")
    with pytest.raises(HoldEnded):
        ledger.later(minutes=3).capture(held)
    assert state(account) == (0, 0, 0, 5000, 2)


def test_a_hold_may_be_captured_at_another_till(ledger: Ledger, account: CreditAccount) -> None:
    held = ledger.hold(account, "12.00")
    ledger.at_till("G2").capture(held)
    other = ledger.at_till("G2").hold(account, "1.00")
    ledger.release(other)
    assert state(account) == (3800, 0, 0, 5000, 2)
    assert findings() == []
