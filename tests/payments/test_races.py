"""Two at once, on real connections: what one does, the other counts (C3, G4, G5, G6, G7)."""

from collections import Counter as Tally
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from contacts.models import Contact
from institution_settings.models import ModeAuthorisation
from payments.choices import RefundChoice
from payments.errors import (
    ApprovalNeeded,
    CashLimit,
    MergeRefused,
    VoucherChanged,
    VoucherUnusable,
)
from payments.models import Merge, Payment, Voucher
from payments.services import (
    VoucherRefundRequest,
    automatic_desk,
    merge_contacts,
    refund_voucher_sale,
)
from sales.errors import OrderLapsed, OrderNotOpen
from sales.models import Order, PriceCategory
from sales.services import abandon, lapse_orders
from tests.counter import Counter
from tests.processes import count_deadlocks, in_processes
from tests.venue import Venue
from tests.verified import findings
from tills.models import TillSession

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def counter(committed_venue: Venue) -> Counter:
    committed_venue.open("G1", float_="1000.00")
    committed_venue.open("G2", float_="1000.00")
    return Counter(committed_venue)


@pytest.fixture
def zoe(committed_venue: Venue) -> Contact:
    return committed_venue.contact()


def names(results: Sequence[object]) -> dict[str, int]:
    """How many of each sort came back."""
    return dict(Tally(type(result).__name__ for result in results))


def at_both(counter: Counter) -> list[Counter]:
    """The same work at two tills, whose journals do not wait for each other."""
    venue = counter.venue
    return [Counter(venue, desk=venue.desks[till]) for till in ("G1", "G2")]


def test_two_payouts_at_the_days_limit(counter: Counter, zoe: Contact) -> None:
    counter.deposit(zoe, "500.00", mode="VIREMENT")
    results = in_processes([partial(one.payout, zoe, "100.00") for one in at_both(counter) * 2])
    assert names(results) == {"Payment": 1, ApprovalNeeded.__name__: 3}
    assert counter.available(zoe) == "400.00"
    assert findings() == []


def test_two_deposits_at_the_limit_of_cash(counter: Counter, zoe: Contact) -> None:
    results = in_processes([partial(one.deposit, zoe, "600.00") for one in at_both(counter) * 2])
    assert names(results) == {"Payment": 1, CashLimit.__name__: 3}
    assert counter.available(zoe) == "600.00"
    assert findings() == []


def test_a_payout_and_a_refund_in_cash_count_together(counter: Counter, zoe: Contact) -> None:
    counter.deposit(zoe, "200.00")
    paid = counter.sell(["100.00"], ("AVOIR", "100.00"), contact=zoe)
    first, second = at_both(counter)
    results = in_processes(
        [
            partial(first.payout, zoe, "100.00"),
            partial(second.refund, paid, to=RefundChoice.MODE, mode="ESPECES"),
        ]
    )
    assert sorted(names(results).values()) == [1, 1]
    assert names(results)[ApprovalNeeded.__name__] == 1
    assert findings() == []


def test_two_corrections_of_one_deposit(counter: Counter, zoe: Contact) -> None:
    wrong = counter.deposit(zoe, "20.00")
    results = in_processes([partial(counter.correct, wrong)] * 4)
    assert names(results) == {"Payment": 1, "AlreadyCorrected": 3}
    assert counter.available(zoe) == "0.00"
    assert findings() == []


def test_a_voucher_taken_back_while_it_pays(counter: Counter) -> None:
    for _round in range(4):
        sale = counter.pay(counter.basket(vouchers=["20.00"]), ("CB", "20.00"))
        (voucher,) = sale.vouchers
        order = counter.basket(["20.00"])
        first, second = at_both(counter)
        results = in_processes(
            [
                partial(first.refund, sale, vouchers=[voucher], to=RefundChoice.ORIGIN),
                partial(second.pay, order, ("BON", "20.00", voucher.code)),
            ]
        )
        assert names(results)[VoucherUnusable.__name__] == 1
        voucher.refresh_from_db()
        assert voucher.balance_minor == 0
    assert findings() == []


def test_the_sale_of_a_voucher_taken_back_while_it_pays(counter: Counter) -> None:
    """Whichever is first, at most what nobody spent goes back (cases.md B26, B27)."""
    for _round in range(4):
        voucher = counter.sell_voucher("50.00", "CB")
        order = counter.basket(["35.00"])
        first, second = at_both(counter)
        taking_back = partial(
            refund_voucher_sale,
            claim=counter.venue.claim(),
            desk=first.desk,
            request=VoucherRefundRequest(
                voucher_id=voucher.pk,
                rest=counter.venue.money("50.00"),
                choice=RefundChoice.ORIGIN,
            ),
        )
        paying = partial(second.pay, order, ("BON", "35.00", voucher.code))
        results = names(in_processes([taking_back, paying]))
        voucher.refresh_from_db()
        left = {
            ("CheckoutResult", VoucherChanged.__name__): 1500,
            ("RefundResult", VoucherUnusable.__name__): 0,
        }
        assert voucher.balance_minor == left[tuple(sorted(results))]
    assert findings() == []


def test_an_order_paid_while_it_is_abandoned(counter: Counter) -> None:
    for _round in range(4):
        order = counter.basket(["21.10"])
        paid, gone = in_processes(
            [
                partial(counter.pay, order, ("CB", "21.10")),
                partial(abandon, order_id=order.pk, now=timezone.now()),
            ]
        )
        order.refresh_from_db()
        if order.state == "paid":
            assert isinstance(gone, OrderNotOpen)
        else:
            assert isinstance(paid, OrderLapsed)
            assert not Payment.objects.filter(order=order).exists()
    assert findings() == []


def test_an_order_paid_while_it_lapses(counter: Counter) -> None:
    for _round in range(4):
        order = counter.basket(["21.10"])
        late = timezone.now() + timedelta(hours=1)
        paid, lapsed = in_processes(
            [
                partial(counter.pay, order, ("CB", "21.10")),
                partial(lapse_orders, now=late),
            ]
        )
        order.refresh_from_db()
        assert (order.state, lapsed) in {("paid", 0), ("cancelled", 1)}
        assert isinstance(paid, OrderLapsed) == (order.state == "cancelled")
    sold = Order.objects.filter(state="paid").count()
    assert PriceCategory.objects.get().taken == sold
    assert findings() == []


def test_vouchers_in_many_hands_never_lock_each_other(counter: Counter) -> None:
    """Each payment takes two of three vouchers, in the order they lie on the table."""
    before = count_deadlocks()
    for _round in range(3):
        codes = [counter.sell_voucher("90.00").code for _ in range(3)]
        pairs = [(0, 1), (1, 2), (2, 0), (1, 0), (2, 1), (0, 2)]
        orders = [counter.basket(["20.00"]) for _ in pairs]
        tills = at_both(counter) * 3
        results = in_processes(
            [
                partial(
                    till.pay, order, ("BON", "10.00", codes[one]), ("BON", "10.00", codes[other])
                )
                for till, order, (one, other) in zip(tills, orders, pairs, strict=True)
            ]
        )
        assert names(results) == {"CheckoutResult": 6}
    assert count_deadlocks() == before
    spent = Voucher.objects.values_list("balance_minor", flat=True)
    assert set(spent) == {5000}
    assert findings() == []


def test_an_automatic_till_rolls_over_once(committed_venue: Venue) -> None:
    till = committed_venue.tills["BO"]
    automatic_desk(till=till, at=timezone.now() - timedelta(days=1))
    results = in_processes([partial(automatic_desk, till=till)] * 6)
    assert names(results) == {"Desk": 6}
    assert len({desk.session_id for desk in results}) == 1
    assert TillSession.objects.filter(till=till).count() == 2
    assert findings() == []


def test_one_mode_withdrawn_while_it_pays(counter: Counter, zoe: Contact) -> None:
    """Whoever was faster: paid in an authorised mode, or refused; never half of it."""
    counter.deposit(zoe, "20.00")
    order = counter.basket(["20.00"], contact=zoe)
    paid, _withdrawn = in_processes(
        [
            partial(counter.pay, order, ("AVOIR", "20.00")),
            partial(ModeAuthorisation.objects.filter(mode__code="AVOIR").update, payment=False),
        ]
    )
    order.refresh_from_db()
    assert (order.state == "paid") == (type(paid).__name__ == "CheckoutResult")
    assert counter.available(zoe) == ("0.00" if order.state == "paid" else "20.00")
    assert findings() == []


def merge(counter: Counter, kept: Contact, merged: Contact) -> Merge:
    return merge_contacts(
        claim=counter.venue.claim(),
        desk=counter.desk,
        kept_id=kept.pk,
        merged_id=merged.pk,
        approved_by=counter.venue.supervisor,
    )


def test_a_contact_merged_while_the_credit_is_spent(counter: Counter, zoe: Contact) -> None:
    twin, before = counter.venue.contact("Lefebvre"), count_deadlocks()
    counter.deposit(zoe, "10.00")
    counter.deposit(twin, "50.00")
    baskets = [counter.basket(["10.00"], contact=twin) for _ in range(4)]
    here, there = at_both(counter)
    paying = [partial(there.pay, basket, ("AVOIR", "10.00")) for basket in baskets]
    results = in_processes([*paying, partial(merge, here, zoe, twin)])
    # Before the merge from the one account, after it from the other.
    assert names(results) == {"CheckoutResult": 4, "Merge": 1}
    assert (counter.available(zoe), counter.available(twin)) == ("20.00", "0.00")
    assert count_deadlocks() == before
    assert findings() == []


def test_two_merge_the_same_two_the_other_way_round(counter: Counter, zoe: Contact) -> None:
    twin = counter.venue.contact("Lefebvre")
    counter.deposit(zoe, "10.00")
    counter.deposit(twin, "50.00")
    here, there = at_both(counter)
    results = in_processes([partial(merge, here, zoe, twin), partial(merge, there, twin, zoe)])
    assert names(results) == {"Merge": 1, MergeRefused.__name__: 1}
    assert sorted((counter.available(zoe), counter.available(twin))) == ["0.00", "60.00"]
    assert findings() == []
