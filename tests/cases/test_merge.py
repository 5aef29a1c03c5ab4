"""B55 and spec C10: two contacts who are one person, merged, parted and merged again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.models import Contact
from contacts.selectors import search_contacts
from credit.errors import AccountNotOpen
from credit.models import CreditAccount, Hold, Movement
from credit.selectors import sum_balances
from payments.errors import ApprovalNeeded, MergeRefused, MergeSettled
from payments.models import Merge
from payments.services import automatic_desk, merge_contacts, undo_merge
from sales.models import Order
from tests.counter import Counter
from tests.ledger import Ledger
from tests.payments.books import refused
from tests.verified import findings

pytestmark = pytest.mark.django_db


class Pair:
    """Zoé twice: 100.00 on one account, 200.00 on the other with 20.00 held."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter
        self.kept = counter.venue.contact("Lefèvre", "Zoé")
        self.other = counter.venue.contact("Lefebvre", "Zoë")
        counter.deposit(self.kept, "100.00", "CB")
        counter.deposit(self.other, "180.00", "CB")
        counter.goodwill(self.other, "20.00")
        account = CreditAccount.objects.get(contact=self.other)
        self.hold = Ledger(counter.venue).hold(account, "20.00")

    def merge(self) -> Merge:
        return merge_contacts(
            claim=self.counter.venue.claim(),
            desk=self.counter.desk,
            kept_id=self.kept.pk,
            merged_id=self.other.pk,
            approved_by=self.counter.venue.supervisor,
        )

    def undo(self, merge: Merge, **options: object) -> Merge:
        return undo_merge(
            claim=self.counter.venue.claim(),
            desk=self.counter.desk,
            merge_id=merge.pk,
            approved_by=self.counter.venue.supervisor,
            **options,  # type: ignore[arg-type]
        )

    def figures(self, contact: Contact) -> tuple[str, str, str, str]:
        """State, balance, held and non-refundable part of a contact's account."""
        account = CreditAccount.objects.get(contact=contact)
        return (
            account.state,
            str(account.balance.amount),
            str(account.held.amount),
            str(account.non_refundable.amount),
        )

    def history(self, contact: Contact) -> list[tuple[str, str, str]]:
        rows = Movement.objects.filter(account__contact=contact).order_by("position")
        return [(row.kind, row.side, str(row.amount.amount)) for row in rows]


@pytest.fixture
def pair(counter: Counter) -> Pair:
    return Pair(counter)


APART = [("DEPOT", "C", "180.00"), ("GESTE", "C", "20.00")]


def test_b55_merge_part_and_merge_again(pair: Pair) -> None:
    total = sum_balances(currency="EUR")
    first = pair.merge()
    assert pair.figures(pair.kept) == ("open", "300.00", "20.00", "20.00")
    assert pair.figures(pair.other) == ("merged", "0.00", "0.00", "0.00")
    assert pair.history(pair.other) == [*APART, ("TRANSFERT", "D", "200.00")]
    assert pair.history(pair.kept) == [("DEPOT", "C", "100.00"), ("TRANSFERT", "C", "200.00")]
    assert sum_balances(currency="EUR") == total
    assert findings() == []

    pair.undo(first)
    assert pair.figures(pair.kept) == ("open", "100.00", "0.00", "0.00")
    assert pair.figures(pair.other) == ("open", "200.00", "20.00", "20.00")
    assert pair.history(pair.other) == [
        *APART,
        ("TRANSFERT", "D", "200.00"),
        ("TRANSFERT", "C", "200.00"),
    ]
    assert sum_balances(currency="EUR") == total
    assert findings() == []

    pair.merge()
    assert pair.figures(pair.kept) == ("open", "300.00", "20.00", "20.00")
    assert pair.figures(pair.other) == ("merged", "0.00", "0.00", "0.00")
    assert sum_balances(currency="EUR") == total
    assert findings() == []


def test_the_merged_account_is_debited_no_more(pair: Pair) -> None:
    pair.merge()
    account = CreditAccount.objects.get(contact=pair.other)
    with pytest.raises(AccountNotOpen):
        Ledger(pair.counter.venue).pay(account, "1.00")
    with refused(AccountNotOpen):
        pair.counter.deposit(pair.other, "5.00")


def test_the_hold_still_pays_its_order_from_the_kept_account(pair: Pair) -> None:
    pair.merge()
    Ledger(pair.counter.venue).capture(pair.hold)
    assert pair.figures(pair.kept) == ("open", "280.00", "0.00", "0.00")
    assert Hold.objects.get(pk=pair.hold.pk).captured is not None
    assert findings() == []


def test_unpaid_orders_go_over_and_come_back_paid_ones_stay(pair: Pair) -> None:
    paid = pair.counter.sell(["20.00"], ("ESPECES", "20"), contact=pair.other).order
    basket = pair.counter.basket(["20.00"], contact=pair.other)
    merge = pair.merge()
    owners = {pk: Order.objects.get(pk=pk).contact for pk in (paid.pk, basket.pk)}
    assert owners == {paid.pk: pair.other, basket.pk: pair.kept}
    pair.undo(merge)
    assert Order.objects.get(pk=basket.pk).contact == pair.other


def test_a_refund_of_the_merged_contacts_order_reaches_the_kept_account(pair: Pair) -> None:
    sold = pair.counter.sell(["20.00"], ("ESPECES", "20"), contact=pair.other)
    pair.merge()
    pair.counter.refund(sold)
    assert pair.figures(pair.kept)[1] == "320.00"
    assert findings() == []


def test_whoever_was_merged_leads_to_the_kept_contact(pair: Pair) -> None:
    merge = pair.merge()
    for text in ("lefebvre", pair.other.number or "", "lefèvre"):
        assert search_contacts(text=text) == [pair.kept]
    pair.undo(merge)
    assert search_contacts(text="lefebvre") == [pair.other]


def test_of_a_chain_the_last_is_parted_first(pair: Pair) -> None:
    third = pair.counter.venue.contact("Lefaivre", "Zoé")
    first = pair.merge()
    last = merge_contacts(
        claim=pair.counter.venue.claim(),
        desk=pair.counter.desk,
        kept_id=third.pk,
        merged_id=pair.kept.pk,
        approved_by=pair.counter.venue.supervisor,
    )
    assert search_contacts(text="lefebvre") == [third]
    with refused(MergeSettled):
        pair.undo(first)
    pair.undo(last)
    assert search_contacts(text="lefebvre") == [pair.kept]
    assert pair.figures(pair.kept) == ("open", "300.00", "20.00", "20.00")
    assert findings() == []


def test_after_a_later_movement_it_is_not_taken_back(pair: Pair) -> None:
    merge = pair.merge()
    pair.counter.deposit(pair.kept, "5.00")
    with refused(MergeSettled) as caught:
        pair.undo(merge)
    assert caught.value.data == {"reason": "moved"}


def test_nor_after_a_later_hold(pair: Pair) -> None:
    merge = pair.merge()
    Ledger(pair.counter.venue).hold(CreditAccount.objects.get(contact=pair.kept), "5.00")
    with refused(MergeSettled) as caught:
        pair.undo(merge)
    assert caught.value.data == {"reason": "moved"}


def test_nor_when_it_was_taken_back_already(pair: Pair) -> None:
    merge = pair.merge()
    pair.undo(merge)
    with refused(MergeSettled) as caught:
        pair.undo(merge)
    assert caught.value.data == {"reason": "undone"}


def test_after_thirty_days_it_stays(counter: Counter) -> None:
    early = timezone.now() - timedelta(days=31)
    venue = counter.venue
    desk, today = automatic_desk(till=venue.tills["BO"], at=early), counter.desk
    kept, other = venue.contact("Lefèvre"), venue.contact("Lefebvre")
    merge = merge_contacts(
        claim=venue.claim(),
        desk=desk,
        kept_id=kept.pk,
        merged_id=other.pk,
        approved_by=venue.supervisor,
        at=early,
    )
    with refused(MergeSettled) as caught:
        undo_merge(
            claim=venue.claim(),
            desk=today,
            merge_id=merge.pk,
            approved_by=venue.supervisor,
        )
    assert caught.value.data == {"reason": "late", "days": 30}


def test_only_two_who_stand_by_themselves(pair: Pair) -> None:
    with refused(MergeRefused):
        merge_contacts(
            claim=pair.counter.venue.claim(),
            desk=pair.counter.desk,
            kept_id=pair.kept.pk,
            merged_id=pair.kept.pk,
            approved_by=pair.counter.venue.supervisor,
        )
    pair.merge()
    with refused(MergeRefused):
        pair.merge()


def test_a_supervisor_does_it(pair: Pair) -> None:
    with refused(ApprovalNeeded):
        merge_contacts(
            claim=pair.counter.venue.claim(),
            desk=pair.counter.desk,
            kept_id=pair.kept.pk,
            merged_id=pair.other.pk,
            approved_by=None,
        )
