"""Many opening balances at once: the same rules, set-based (design.md §3, "Bulk")."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from moneyed import Money

from contacts.models import Contact
from credit.errors import AccountNotOpen, AmountNotPositive, WrongCurrency
from credit.models import CreditAccount, Movement
from credit.selectors import get_standing, sum_balances
from credit.services import OpeningBalance, open_balances
from journal.models import Chain, Entry
from tests.ledger import Ledger
from tests.venue import Venue
from tests.verified import findings

COUNT = 2000


def take_over(ledger: Ledger, rows: Sequence[OpeningBalance]) -> int:
    """Import balances as one operation."""
    mode = ledger.venue.modes["AVOIR"]
    return ledger.do(lambda op, desk: open_balances(op=op, desk=desk, mode=mode, rows=rows))


def many_contacts(count: int) -> list[Contact]:
    """Make contacts in bulk, numbered as they would number themselves."""
    start = 900_000
    return Contact.objects.bulk_create(
        Contact(last_name=f"Nom {index}", number=f"C{start + index:06d}") for index in range(count)
    )


def rows_of(venue: Venue, contacts: Sequence[Contact]) -> list[OpeningBalance]:
    return [
        OpeningBalance(
            contact_id=contact.pk,
            amount=venue.money(f"{index % 97 + 1}.25"),
            non_refundable=venue.money("0.50") if index % 3 == 0 else None,
            reference=f"IMP-{index}",
        )
        for index, contact in enumerate(contacts)
    ]


def test_two_thousand_balances_are_written_sealed_and_right(ledger: Ledger) -> None:
    rows = rows_of(ledger.venue, many_contacts(COUNT))
    assert ledger.desk
    with CaptureQueriesContext(connection) as captured:
        assert take_over(ledger, rows) == COUNT
    assert len(captured) < 100  # one row after the other would take ten thousand
    assert Movement.objects.filter(kind="REPRISE", position=1).count() == COUNT
    assert sum_balances(currency="EUR").amount == sum(row.amount.amount for row in rows)
    assert Chain.objects.get(code="G1").number == COUNT + 1
    assert Entry.objects.filter(subject_kind="movement").count() == COUNT
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # else PostgreSQL plans for the empty tables they were
    assert findings() == []
    for row in rows[:: COUNT // 7]:
        standing = get_standing(contact_id=row.contact_id, currency="EUR")
        assert standing.balance == row.amount
        assert standing.non_refundable == (row.non_refundable or ledger.venue.money("0.00"))


def test_the_result_is_that_of_one_row_after_the_other(ledger: Ledger) -> None:
    rows = rows_of(ledger.venue, many_contacts(12))
    at_once, one_by_one = rows[:6], rows[6:]
    take_over(ledger, at_once)
    for row in one_by_one:
        take_over(ledger, [row])
    names = [
        field.name
        for field in Movement._meta.concrete_fields
        if field.name not in {"id", "account", "operation", "reference", "at", "amount_minor"}
        and "after" not in field.name
    ]

    def shape(chosen: list[OpeningBalance]) -> list[dict[str, object]]:
        found = Movement.objects.filter(account__contact_id__in=[row.contact_id for row in chosen])
        return list(found.order_by("account_id").values(*names))

    assert shape(at_once) == shape(one_by_one)
    assert findings() == []


def test_an_account_that_moved_already_is_continued(ledger: Ledger) -> None:
    account = ledger.account(credit="20.00")
    ledger.hold(account, "15.00")
    take_over(
        ledger,
        [
            OpeningBalance(contact_id=account.contact_id, amount=ledger.venue.money("5.00")),
            *rows_of(ledger.venue, many_contacts(3)),
        ],
    )
    account.refresh_from_db()
    assert (account.balance_minor, account.held_minor, account.position) == (2500, 1500, 2)
    assert Movement.objects.get(account=account, position=2).credits_after_minor == 2500
    assert findings() == []


def test_nothing_to_import_is_nothing(ledger: Ledger) -> None:
    assert take_over(ledger, []) == 0
    assert findings() == []


@pytest.mark.parametrize("place", [0, 700, COUNT - 1])
def test_all_or_none(ledger: Ledger, place: int) -> None:
    rows = rows_of(ledger.venue, many_contacts(COUNT))
    closed = CreditAccount.objects.create(
        contact_id=rows[place].contact_id, currency="EUR", state="merged"
    )
    with pytest.raises(AccountNotOpen):
        take_over(ledger, rows)
    assert list(CreditAccount.objects.all()) == [closed]
    assert Movement.objects.count() == 0
    assert findings() == []


def test_a_contact_that_stands_twice_is_refused(ledger: Ledger) -> None:
    rows = rows_of(ledger.venue, many_contacts(3))
    with pytest.raises(AccountNotOpen):
        take_over(ledger, [*rows, rows[1]])
    assert Movement.objects.count() == 0


@pytest.mark.parametrize("amount", ["0", "-1.00"])
def test_only_something_can_be_taken_over(ledger: Ledger, amount: str) -> None:
    rows = rows_of(ledger.venue, many_contacts(3))
    bad = OpeningBalance(contact_id=rows[1].contact_id, amount=ledger.venue.money(amount))
    with pytest.raises(AmountNotPositive):
        take_over(ledger, [rows[0], bad, rows[2]])
    assert Movement.objects.count() == 0


def test_another_currency_is_refused(ledger: Ledger) -> None:
    rows = rows_of(ledger.venue, many_contacts(2))
    yen = Money(Decimal(500), "JPY")
    for bad in (
        OpeningBalance(contact_id=rows[1].contact_id, amount=yen),
        OpeningBalance(
            contact_id=rows[1].contact_id, amount=ledger.venue.money("5.00"), non_refundable=yen
        ),
    ):
        with pytest.raises(WrongCurrency):
            take_over(ledger, [rows[0], bad])
    assert Movement.objects.count() == 0


def test_more_non_refundable_than_there_is_cannot_be_written(ledger: Ledger) -> None:
    (contact,) = many_contacts(1)
    bad = OpeningBalance(
        contact_id=contact.pk,
        amount=ledger.venue.money("5.00"),
        non_refundable=ledger.venue.money("5.01"),
    )
    with pytest.raises(IntegrityError):
        take_over(ledger, [bad])
    assert CreditAccount.objects.count() == 0
