"""Everybody at once (cases.md §2, spec C3): real processes, the real database."""

from functools import partial

import pytest

from contacts.models import Contact
from credit.errors import InsufficientCredit
from payments.choices import RefundChoice
from payments.errors import CreditShort, VoucherUnusable
from payments.models import Payment, Refund, Voucher, VoucherMovement
from payments.selectors.refundable import list_paid
from sales.errors import TicketNotValid
from tests.counter import Counter
from tests.processes import in_processes
from tests.venue import Venue
from tests.verified import findings

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def counter(committed_venue: Venue) -> Counter:
    committed_venue.open("G1")
    return Counter(committed_venue)


def names(results: list[object]) -> dict[str, int]:
    """How many of each sort came back: refusals by their class."""
    counted: dict[str, int] = {}
    for result in results:
        name = type(result).__name__
        counted[name] = counted.get(name, 0) + 1
    return counted


def test_b10_one_voucher_of_a_hundred_is_spent_once(counter: Counter) -> None:
    voucher = counter.sell_voucher("100.00")
    baskets = [counter.basket(["100.00"]) for _ in range(20)]
    results = in_processes(
        [partial(counter.pay, basket, ("BON", "100.00", voucher.code)) for basket in baskets]
    )
    assert names(results) == {"CheckoutResult": 1, VoucherUnusable.__name__: 19}
    voucher.refresh_from_db()
    assert voucher.balance == counter.venue.money("0.00")
    assert sum(p.amount_minor for p in Payment.objects.filter(voucher=voucher)) == 10000
    assert findings() == []


def test_b12_two_counters_debit_one_account_once(counter: Counter) -> None:
    zoe = counter.venue.contact()
    counter.deposit(zoe, "30.00")
    desks = [counter.desk, counter.venue.open("G2")]
    baskets = [counter.basket(["30.00"], contact=zoe) for _ in desks]
    results = in_processes(
        [
            partial(counter.pay, basket, ("AVOIR", "30.00"), desk=desk)
            for basket, desk in zip(baskets, desks, strict=True)
        ]
    )
    assert names(results) == {"CheckoutResult": 1, CreditShort.__name__: 1}
    assert counter.available(zoe) == "0.00"
    assert findings() == []


def test_b13_a_voucher_of_three_equal_uses_passes_three_times(counter: Counter) -> None:
    voucher = counter.sell_voucher("30.00")
    baskets = [counter.basket(["10.00"]) for _ in range(5)]
    results = in_processes(
        [partial(counter.pay, basket, ("BON", "10.00", voucher.code)) for basket in baskets]
    )
    assert names(results) == {"CheckoutResult": 3, VoucherUnusable.__name__: 2}
    voucher.refresh_from_db()
    assert voucher.balance == counter.venue.money("0.00")


def test_b14_a_voucher_in_two_baskets_pays_one(counter: Counter) -> None:
    voucher = counter.sell_voucher("20.00")
    baskets = [counter.basket(["20.00"]) for _ in range(2)]
    results = in_processes(
        [partial(counter.pay, basket, ("BON", "20.00", voucher.code)) for basket in baskets]
    )
    assert names(results) == {"CheckoutResult": 1, VoucherUnusable.__name__: 1}
    for basket in baskets:
        basket.refresh_from_db()
    assert sorted(basket.state for basket in baskets) == ["basket", "paid"]


def test_c3_twelve_counters_spend_ten_of_fifty(counter: Counter) -> None:
    zoe = counter.venue.contact()
    counter.deposit(zoe, "50.00")
    baskets = [counter.basket(["10.00"], contact=zoe) for _ in range(12)]
    results = in_processes([partial(counter.pay, basket, ("AVOIR", "10.00")) for basket in baskets])
    refused = [one for one in results if isinstance(one, CreditShort | InsufficientCredit)]
    assert len(refused) == 7
    assert names(results)["CheckoutResult"] == 5
    assert counter.available(zoe) == "0.00"
    assert findings() == []


def test_two_operators_refund_one_order_once(counter: Counter) -> None:
    zoe: Contact = counter.venue.contact()
    paid = counter.sell(["20.00", "20.00"], ("ESPECES", "40.00"), contact=zoe)
    other = counter.venue.open("G2", float_="100.00")
    results = in_processes(
        [
            partial(counter.refund, paid),
            partial(counter.refund, paid, to=RefundChoice.ORIGIN, desk=other),
        ]
    )
    assert names(results) == {"RefundResult": 1, TicketNotValid.__name__: 1}
    assert Refund.objects.count() == 1
    assert list_paid(order=paid.order) == []
    assert findings() == []


def test_the_last_seat_is_sold_to_one_of_ten(counter: Counter) -> None:
    seat = counter.price("20.00", capacity=1)
    results = in_processes([partial(counter.sell, [seat], ("ESPECES", "20.00"))] * 10)
    assert names(results) == {"CheckoutResult": 1, "SoldOut": 9}


def test_b73_one_form_sent_four_times_has_one_effect(counter: Counter) -> None:
    zoe = counter.venue.contact()
    basket = counter.basket(["20.00"], contact=zoe)
    key = counter.venue.claim().key
    results = in_processes([partial(counter.pay, basket, ("ESPECES", "20.00"), key=key)] * 4)
    assert names(results) == {"CheckoutResult": 4}
    assert len({result.operation_id for result in results}) == 1
    assert Payment.objects.count() == 1

    paid, key = results[0], counter.venue.claim().key
    results = in_processes([partial(counter.refund, paid, key=key)] * 4)
    assert len({result.refund.pk for result in results}) == 1

    key = counter.venue.claim().key
    results = in_processes([partial(counter.deposit, zoe, "5.00", key=key)] * 4)
    assert len({result.pk for result in results}) == 1
    assert counter.available(zoe) == "25.00"
    assert VoucherMovement.objects.count() == Voucher.objects.count() == 0
    assert findings() == []
