"""One figure for everybody who asks (cases.md B54), in one query for any number of contacts."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from credit.models import CreditAccount
from credit.selectors import (
    Standing,
    balance_at,
    get_standing,
    list_history,
    list_holds,
    list_standings,
    sum_period,
)
from tests.ledger import Ledger
from tests.venue import Venue

NOON = datetime(2026, 10, 5, 10, 0, tzinfo=UTC)


@pytest.fixture
def ledger(venue: Venue) -> Ledger:
    """A till at noon."""
    return Ledger(venue, at=NOON)


def test_a_contact_without_account_has_nothing(venue: Venue) -> None:
    contact = venue.contact()
    nothing = venue.money("0.00")
    assert get_standing(contact_id=contact.pk, currency="EUR") == Standing(
        None, contact.pk, nothing, nothing, nothing, nothing, nothing
    )
    assert not get_standing(contact_id=contact.pk, currency="EUR").has_credit
    assert CreditAccount.objects.count() == 0  # asking opens none


def test_the_coins_are_shown_for_a_balance_held_or_not(ledger: Ledger) -> None:
    account = ledger.account(credit="10.00")
    ledger.hold(account, "10.00")
    standing = get_standing(contact_id=account.contact_id, currency="EUR", at=NOON)
    assert standing.has_credit
    assert standing.available == ledger.venue.money("0.00")
    ledger.later(minutes=40).pay(account, "10.00")
    standing = get_standing(contact_id=account.contact_id, currency="EUR", at=NOON)
    assert not standing.has_credit


@pytest.mark.parametrize(
    ("goodwill", "held", "available", "refundable"),
    [("0", "0", "20", "20"), ("5", "0", "25", "20"), ("5", "4", "21", "16"), ("5", "24", "1", "0")],
)
def test_what_may_be_paid_out_is_what_the_payout_takes(
    ledger: Ledger, goodwill: str, held: str, available: str, refundable: str
) -> None:
    account = ledger.account(credit="20.00")
    if goodwill != "0":
        ledger.goodwill(account, goodwill)
    if held != "0":
        ledger.hold(account, held)
    standing = get_standing(contact_id=account.contact_id, currency="EUR", at=NOON)
    assert standing.available == ledger.venue.money(available)
    assert standing.refundable == ledger.venue.money(refundable)
    if refundable != "0":
        ledger.pay_out(account, refundable)
        again = get_standing(contact_id=account.contact_id, currency="EUR", at=NOON)
        assert again.refundable == ledger.venue.money("0.00")


@pytest.mark.parametrize("contacts", [1, 3, 30])
def test_any_number_of_contacts_is_one_query(ledger: Ledger, contacts: int) -> None:
    accounts = [ledger.account(credit="1.00") for _ in range(contacts)]
    for account in accounts[::2]:
        ledger.hold(account, "0.50", minutes=1)
        ledger.hold(account, "0.25")
    ids = [account.contact_id for account in accounts]
    at = NOON + timedelta(minutes=2)
    with CaptureQueriesContext(connection) as captured:
        found = list_standings(contact_ids=ids, currency="EUR", at=at)
    assert len(captured) == 1
    assert set(found) == set(ids)
    assert {found[account.contact_id].available for account in accounts[::2]} == {
        ledger.venue.money("0.75")
    }
    for contact_id, standing in found.items():
        assert get_standing(contact_id=contact_id, currency="EUR", at=at) == standing


def test_another_currency_is_another_account(ledger: Ledger) -> None:
    account = ledger.account(credit="10.00")
    assert get_standing(contact_id=account.contact_id, currency="CHF").balance.amount == 0


def test_b54_all_who_show_a_balance_show_the_same(ledger: Ledger) -> None:
    account = ledger.account(credit="50.00")
    ledger.goodwill(account, "5.00")
    ledger.pay(account, "12.00")
    ledger.hold(account, "8.00")
    ledger.pay_out(account, "3.00")
    account.refresh_from_db()
    day = ledger.desk.business_date
    standing = get_standing(contact_id=account.contact_id, currency="EUR", at=NOON)
    figures = {
        standing.balance,
        account.balance,
        balance_at(account_id=account.pk, day=day),
        sum_period(account_id=account.pk, first=day, last=day).closing,
        list_history(account_id=account.pk, limit=1).lines[0].movement.balance_after,
        list_standings(contact_ids=[account.contact_id], currency="EUR")[
            account.contact_id
        ].balance,
    }
    assert figures == {ledger.venue.money("40.00")}
    held = list_holds(contact_id=account.contact_id, at=NOON)
    assert [hold.amount for hold in held] == [standing.held] == [account.held]
