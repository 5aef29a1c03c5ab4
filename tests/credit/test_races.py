"""Credit is spent once, whatever runs at the same time (spec C3; cases.md B09, B12)."""

from collections import Counter
from functools import partial

import pytest

from credit.errors import InsufficientCredit
from credit.models import CreditAccount, Hold, Movement
from credit.selectors import get_standing
from tests.ledger import Ledger
from tests.processes import count_deadlocks, in_processes, in_threads
from tests.verified import findings

pytestmark = pytest.mark.race


def pay(ledger: Ledger, account: CreditAccount) -> int:
    return ledger.pay(account, "10.00").position


def hold(ledger: Ledger, account: CreditAccount) -> int:
    return ledger.hold(account, "10.00").pk


def test_twelve_processes_spend_ten_euros_of_fifty(committed_ledger: Ledger) -> None:
    venue = committed_ledger.venue
    account = venue.account(credit="50.00")
    before = count_deadlocks()
    results = in_processes([partial(pay, committed_ledger, account)] * 12)
    assert Counter(type(result) for result in results) == {int: 5, InsufficientCredit: 7}
    assert sorted(result for result in results if isinstance(result, int)) == [2, 3, 4, 5, 6]
    for refusal in (result for result in results if isinstance(result, InsufficientCredit)):
        assert refusal.data == {
            "asked": venue.money("10.00"),
            "available": venue.money("0.00"),
            "held": venue.money("0.00"),
            "missing": venue.money("10.00"),
        }
    account.refresh_from_db()
    assert (account.balance_minor, account.credits_minor, account.position) == (0, 5000, 6)
    assert (
        sum(movement.amount_minor for movement in Movement.objects.filter(kind="PAIEMENT")) == 5000
    )
    assert count_deadlocks() == before
    assert findings() == []


def test_twelve_processes_hold_ten_euros_of_fifty(committed_ledger: Ledger) -> None:
    venue = committed_ledger.venue
    account = venue.account(credit="50.00")
    results = in_processes([partial(hold, committed_ledger, account)] * 12)
    assert Counter(type(result) for result in results) == {int: 5, InsufficientCredit: 7}
    for refusal in (result for result in results if isinstance(result, InsufficientCredit)):
        assert refusal.data["held"] == venue.money("50.00")
    account.refresh_from_db()
    assert (account.balance_minor, account.held_minor) == (5000, 5000)
    assert Hold.objects.count() == 5
    assert findings() == []


def test_six_pay_and_six_hold_the_same_credit(committed_ledger: Ledger) -> None:
    account = committed_ledger.venue.account(credit="50.00")
    works = [partial(pay, committed_ledger, account), partial(hold, committed_ledger, account)] * 6
    results = in_processes(works)
    assert Counter(type(result) for result in results) == {int: 5, InsufficientCredit: 7}
    standing = get_standing(contact_id=account.contact_id, currency="EUR")
    assert standing.available == committed_ledger.venue.money("0.00")
    assert findings() == []


def test_b09_three_browsers_wait_at_the_provider_with_the_same_credit(
    committed_ledger: Ledger,
) -> None:
    account = committed_ledger.venue.account(credit="50.00")
    results = in_threads([lambda: committed_ledger.hold(account, "50.00")] * 3)
    assert Counter(type(result) for result in results) == {Hold: 1, InsufficientCredit: 2}
    account.refresh_from_db()
    assert (account.balance_minor, account.held_minor) == (5000, 5000)


def test_b12_counter_and_shop_debit_the_same_account_in_the_same_second(
    committed_ledger: Ledger,
) -> None:
    account = committed_ledger.venue.account(credit="30.00")
    counter, shop = committed_ledger, committed_ledger.at_till("G2")
    assert shop.desk
    results = in_threads(
        [lambda: counter.pay(account, "30.00"), lambda: shop.pay(account, "30.00")]
    )
    assert Counter(type(result) for result in results) == {Movement: 1, InsufficientCredit: 1}
    account.refresh_from_db()
    assert account.balance_minor == 0


def test_a_hold_is_captured_once_by_notice_and_browser_alike(committed_ledger: Ledger) -> None:
    account = committed_ledger.venue.account(credit="50.00")
    held = committed_ledger.hold(account, "20.00")
    results = in_threads([lambda: committed_ledger.capture(held)] * 4)
    assert Counter(type(result) for result in results) == {Movement: 1, type(None): 3}
    account.refresh_from_db()
    assert (account.balance_minor, account.held_minor) == (3000, 0)
    assert findings() == []


def test_a_hold_is_either_captured_or_released(committed_ledger: Ledger) -> None:
    account = committed_ledger.venue.account(credit="50.00")
    for _ in range(5):
        held = committed_ledger.hold(account, "5.00")
        results = in_threads(
            [
                partial(committed_ledger.capture, held),
                partial(committed_ledger.release, held),
            ]
        )
        held.refresh_from_db()
        captured, released = held.captured_id is not None, held.released_at is not None
        assert captured != released
        assert type(results[0 if released else 1]).__name__ in {"HoldEnded", "HoldCaptured"}
    assert findings() == []


def test_a_movement_is_taken_back_once_by_two_supervisors(committed_ledger: Ledger) -> None:
    account = committed_ledger.venue.account(credit="50.00")
    gesture = committed_ledger.goodwill(account, "5.00")
    results = in_threads([lambda: committed_ledger.reverse(gesture)] * 3)
    assert sorted(type(result).__name__ for result in results) == [
        "AlreadyReversed",
        "AlreadyReversed",
        "list",
    ]
    account.refresh_from_db()
    assert account.balance_minor == 5000


def test_an_account_is_made_once_by_all_who_need_it(committed_ledger: Ledger) -> None:
    contact = committed_ledger.venue.contact()
    assert committed_ledger.desk
    results = in_threads([lambda: committed_ledger.venue.account(contact).pk] * 6)
    assert len(set(results)) == 1
    assert CreditAccount.objects.count() == 1
