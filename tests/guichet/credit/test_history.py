"""The history of a credit account on screen (spec G5)."""

from datetime import UTC, datetime, timedelta

import pytest

from contacts.models import Contact
from credit.services import hold
from journal.services import perform
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.venue import Venue

pytestmark = pytest.mark.django_db


def test_the_history_shows_the_figures_and_a_running_balance(
    venue: Venue, lea: Person, zoe: Contact, counter: Counter
) -> None:
    counter.deposit(zoe, "50.00", "CB")
    counter.sell(["21.10"], ("AVOIR", "21.10"), contact=zoe)
    shown = lea.get("credit", zoe.pk).context
    standing = shown["standing"]
    assert (standing.balance, standing.held, standing.available) == (
        venue.money("28.90"),
        venue.money("0"),
        venue.money("28.90"),
    )
    rows = [
        (line.history.movement.kind, line.debit, line.credit, line.history.movement.balance_after)
        for line in shown["lines"]
    ]
    assert rows == [
        ("PAIEMENT", venue.money("21.10"), None, venue.money("28.90")),
        ("DEPOT", None, venue.money("50.00"), venue.money("50.00")),
    ]
    assert [line.mode_label for line in shown["lines"]] == ["Avoir", "Cb"]
    paid, deposited = shown["lines"]
    assert (paid.order.number, paid.receipt, deposited.order) == (
        paid.history.movement.reference,
        None,
        None,
    )


def test_what_is_held_says_for_which_order_and_until_when(
    venue: Venue, lea: Person, zoe: Contact, counter: Counter
) -> None:
    counter.deposit(zoe, "20.00")
    account = venue.account(zoe)
    perform(
        claim=venue.claim(),
        kind="test.hold",
        content={},
        register=counter.desk.register,
        write=lambda op: hold(
            op=op,
            desk=counter.desk,
            account_id=account.pk,
            amount=venue.money("7.50"),
            mode=venue.modes["AVOIR"],
            reference="2026-001042",
            expires_at=datetime.now(UTC) + timedelta(minutes=35),
        ),
        found=lambda _operation: None,
    )
    shown = lea.get("credit", zoe.pk).context
    assert [(one.reference, one.amount) for one in shown["holds"]] == [
        ("2026-001042", venue.money("7.50"))
    ]
    assert shown["standing"].available == venue.money("12.50")


def test_the_history_is_filtered_by_period_and_kind(
    venue: Venue, lea: Person, zoe: Contact, counter: Counter
) -> None:
    counter.deposit(zoe, "50.00")
    counter.payout(zoe, "5.00")
    today = counter.desk.business_date
    before = (today - timedelta(days=1)).isoformat()

    def kinds(**query: str) -> list[str]:
        lines = lea.get("credit", zoe.pk, **query).context["lines"]
        return [line.history.movement.kind for line in lines]

    assert kinds() == ["RESTITUTION", "DEPOT"]
    assert kinds(kind="DEPOT") == ["DEPOT"]
    assert kinds(since=today.isoformat()) == ["RESTITUTION", "DEPOT"]
    assert kinds(until=before) == []
    assert kinds(since=today.strftime("%d/%m/%Y"), kind="RESTITUTION") == ["RESTITUTION"]


@pytest.mark.parametrize(
    "query",
    [
        {"since": "hier"},
        {"until": "2026-02-31"},
        {"kind": "VOL"},
        {"before": "x"},
        {"before": "9" * 40},
        {"recu": "-1"},
        {"recu": "9" * 40},
        {"since": "\x00"},
        {"kind": "DEPOT\x00"},
    ],
)
def test_what_cannot_be_read_filters_nothing(
    lea: Person, zoe: Contact, counter: Counter, query: dict[str, str]
) -> None:
    counter.deposit(zoe, "50.00")
    answer = lea.get("credit", zoe.pk, **query)
    assert answer.status_code == 200
    assert len(answer.context["lines"]) == 1
    assert answer.context["done"] is None


def test_a_long_history_goes_page_by_page_with_its_filters(
    lea: Person, zoe: Contact, counter: Counter
) -> None:
    for _number in range(51):
        counter.deposit(zoe, "1.00")
    first = lea.get("credit", zoe.pk, kind="DEPOT")
    assert [len(first.context["lines"]), first.context["next_before"]] == [50, 2]
    assert "?kind=DEPOT&amp;before=2" in first.content.decode()
    second = lea.get("credit", zoe.pk, kind="DEPOT", before=2)
    assert [line.history.movement.position for line in second.context["lines"]] == [1]
    assert second.context["next_before"] is None


def test_three_movements_cost_what_one_costs(lea: Person, zoe: Contact, counter: Counter) -> None:
    counter.deposit(zoe, "50.00")
    counter.sell(["21.10"], ("AVOIR", "21.10"), contact=zoe)
    twice = lea.count_queries("credit", zoe.pk)
    for _number in range(3):
        counter.deposit(zoe, "50.00")
        counter.sell(["21.10"], ("AVOIR", "21.10"), contact=zoe)
    assert lea.count_queries("credit", zoe.pk) == twice <= 12
    assert lea.count_queries("deposit", zoe.pk) <= 12
    assert lea.count_queries("payout", zoe.pk) <= 12


def test_a_contact_without_an_account_has_an_empty_history(
    venue: Venue, lea: Person, zoe: Contact
) -> None:
    shown = lea.get("credit", zoe.pk).context
    assert (shown["lines"], shown["standing"].balance) == ([], venue.money("0"))
