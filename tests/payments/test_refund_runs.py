"""A cancelled performance of 250 paid orders: each given back exactly once (spec G8, B29)."""

import os
import signal
import uuid
from datetime import timedelta
from multiprocessing import get_context
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contacts.models import User
from payments.choices import RefundChoice, RunLineState, RunPolicy
from payments.errors import (
    NothingToChoose,
    PerformanceCancelledAlready,
    RunNotAllowed,
    RunPolicyNeeded,
)
from payments.models import Approval, Refund, RefundRun, SumOwed
from payments.selectors.runs import get_proof, list_rest, simulate_run
from payments.services import runs
from payments.services.runs import (
    choose,
    continue_run,
    resume_runs,
    retry_lines,
    start_run,
)
from sales.choices import PerformanceState
from sales.models import Order, Performance
from tests.counter import Counter
from tests.venue import Venue
from tests.verified import findings

ORDERS = 250
ANONYMOUS = 4
PRICE = "20.00"


def sell_out(counter: Counter, orders: int = ORDERS) -> Performance:
    """Sell to so many: cash, card, split, credit, voucher in turn, the first four to nobody."""
    for index in range(orders):
        contact = counter.venue.contact(f"Client{index}") if index >= ANONYMOUS else None
        turn = index % 5 if contact else 0
        if turn == 0:
            counter.sell([PRICE], ("ESPECES", PRICE), contact=contact)
        elif turn == 1:
            counter.sell([PRICE], ("CB", PRICE), contact=contact)
        elif turn == 2:
            counter.deposit(contact, "5.00")
            counter.sell([PRICE], ("AVOIR", "5.00"), ("ESPECES", "15.00"), contact=contact)
        elif turn == 3:
            counter.deposit(contact, PRICE)
            counter.sell([PRICE], ("AVOIR", PRICE), contact=contact)
        else:
            code = counter.free_voucher(PRICE).code
            counter.sell([PRICE], ("BON", PRICE, code), contact=contact)
    return counter.price(PRICE).category.performance


def start(venue: Venue, show: Performance, policy: RunPolicy, **other: Any) -> RefundRun:
    given = {"key": uuid.uuid4(), "person": venue.supervisor, "reason": "Hors obligation"}
    return start_run(
        performance_id=show.pk, policy=policy, till=venue.tills["BO"], **{**given, **other}
    )


def states(run: RefundRun) -> dict[str, int]:
    """How many lines stand in each state."""
    found: dict[str, int] = {}
    for state in run.lines.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def settle_the_rest(run: RefundRun, counter: Counter) -> None:
    """What is left to people: contacts found, choices made in turn, sums owed handed over."""
    for line in run.lines.filter(state=RunLineState.PERSON):
        Order.objects.filter(pk=line.order_id).update(contact=counter.venue.contact("Trouvé"))
    retry_lines(run_id=run.pk)
    continue_run(run_id=run.pk)
    asked = run.lines.filter(state=RunLineState.CHOICE).order_by("pk")
    for turn, line in enumerate(asked):
        choose(line_id=line.pk, credit=turn % 2 == 0, channel="client lien")
    for owed in SumOwed.objects.filter(settled=None).order_by("pk"):
        counter.pay_owed(owed)


@pytest.mark.parametrize("policy", [RunPolicy.MONEY, RunPolicy.CHOICE])
@pytest.mark.django_db(transaction=True)
def test_b29_under_each_policy_250_orders_are_given_back_once(
    committed_venue: Venue, policy: RunPolicy
) -> None:
    counter = Counter(committed_venue)
    show = sell_out(counter)
    simulated = simulate_run(performance_id=show.pk, policy=policy)
    run = start(committed_venue, show, policy)
    if policy == RunPolicy.MONEY:
        _run_and_die_after(run, 120)
        assert Refund.objects.count() == 121, "killed after the commit, before the line said so"
    continue_run(run_id=run.pk)
    assert states(run) == simulated.orders_by_state
    proof = get_proof(run=run)
    by_state = simulated.amounts_by_state
    nothing = committed_venue.money("0.00")
    assert proof.given_back == by_state.get("done", nothing)
    assert proof.owed == by_state.get("owed", nothing)
    assert not proof.difference.amount
    settle_the_rest(run, counter)
    proof = get_proof(run=run)
    assert (proof.orders, proof.done_orders) == (ORDERS, ORDERS)
    assert proof.given_back == proof.due == simulated.amount == committed_venue.money("5000.00")
    assert (proof.owed, proof.pending, proof.difference) == (nothing, nothing, nothing)
    assert Refund.objects.count() == ORDERS
    assert list_rest(run=run) == []
    assert findings() == []


@pytest.mark.django_db(transaction=True)
def test_b29_a_run_killed_half_way_gives_each_of_250_orders_back_once(
    committed_venue: Venue,
) -> None:
    counter = Counter(committed_venue)
    show = sell_out(counter)
    simulated = simulate_run(performance_id=show.pk, policy=RunPolicy.CREDIT)
    run = start(committed_venue, show, RunPolicy.CREDIT)
    _run_and_die_after(run, 120)
    assert Refund.objects.count() == 121, "killed after the commit, before the line said so"
    assert run.lines.filter(state=RunLineState.DONE).count() == 120
    continue_run(run_id=run.pk)
    assert states(run) == simulated.orders_by_state == {"done": 246, "person": ANONYMOUS}
    for line in run.lines.filter(state=RunLineState.PERSON):
        Order.objects.filter(pk=line.order_id).update(contact=committed_venue.contact("Trouvé"))
    retry_lines(run_id=run.pk)
    continue_run(run_id=run.pk)
    proof = get_proof(run=run)
    assert (proof.orders, proof.done_orders) == (ORDERS, ORDERS)
    assert proof.given_back == proof.due == simulated.amount == committed_venue.money("5000.00")
    assert not proof.difference.amount
    assert Refund.objects.count() == ORDERS
    assert findings() == []


def _run_and_die_after(run: RefundRun, lines: int) -> None:
    """Run in a real process that is killed once a refund is committed and its line is not."""
    connections.close_all()

    def work() -> None:
        finish, done = runs._finish, [0]

        def dying(*args: Any) -> None:
            if done[0] == lines:
                os.kill(os.getpid(), signal.SIGKILL)
            done[0] += 1
            finish(*args)

        runs._finish = dying  # type: ignore[assignment]
        continue_run(run_id=run.pk)

    process = get_context("fork").Process(target=work)
    process.start()
    process.join(120)
    assert process.exitcode == -signal.SIGKILL


@pytest.mark.parametrize("policy", [RunPolicy.MONEY, RunPolicy.CHOICE])
def test_the_run_does_what_was_simulated(counter: Counter, policy: RunPolicy) -> None:
    show = sell_out(counter, 25)
    simulated = simulate_run(performance_id=show.pk, policy=policy)
    run = start(counter.venue, show, policy)
    continue_run(run_id=run.pk)
    assert states(run) == simulated.orders_by_state
    assert not get_proof(run=run).difference.amount
    assert findings() == []


@pytest.mark.parametrize("policy", list(RunPolicy))
def test_simulating_costs_the_same_whatever_was_sold(counter: Counter, policy: RunPolicy) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            simulate_run(performance_id=show.pk, policy=policy)
        return len(asked)

    show = sell_out(counter, 10)
    once = queries()
    sell_out(counter, 20)
    assert queries() == once


def test_a_voucher_that_can_no_longer_be_spent_is_owed_in_money(counter: Counter) -> None:
    bought = counter.pay(counter.basket(vouchers=["50.00"]), ("CB", "50.00"))
    (voucher,) = bought.vouchers
    counter.sell([PRICE], ("BON", PRICE, voucher.code))
    voucher.refresh_from_db()
    counter.refund(bought, vouchers=[voucher], to=RefundChoice.ORIGIN)  # its rest: it is cancelled
    show = counter.price(PRICE).category.performance
    assert simulate_run(performance_id=show.pk, policy=RunPolicy.MONEY).orders_by_state == {
        "owed": 1
    }
    run = continue_run(run_id=start(counter.venue, show, RunPolicy.MONEY).pk)
    assert run.lines.get().refund.sum_owed.amount == counter.venue.money(PRICE)


def test_what_a_counter_gave_back_meanwhile_is_in_the_proof(counter: Counter) -> None:
    venue = counter.venue
    zoe, karim = venue.contact("Lefèvre"), venue.contact("Haddad")
    both = counter.sell([PRICE, PRICE], ("CB", "40.00"), contact=zoe)
    counter.sell([PRICE], ("CB", PRICE), contact=karim)
    alone = counter.sell([PRICE], ("ESPECES", PRICE))
    run = start(venue, counter.price(PRICE).category.performance, RunPolicy.CREDIT)
    counter.refund(both, both.tickets[:1], to=RefundChoice.ORIGIN)
    continue_run(run_id=run.pk)
    continue_run(run_id=run.pk)  # what was refunded in part is looked at again
    assert states(run) == {"done": 2, "person": 1}
    assert [line.order for line in list_rest(run=run)] == [alone.order]
    told = get_proof(run=run)
    money = venue.money
    assert (told.due, told.given_back) == (money("80.00"), money("40.00"))
    assert (told.elsewhere, told.pending) == (money("20.00"), money("20.00"))
    assert not told.difference.amount
    counter.refund(alone, to=RefundChoice.ORIGIN)
    assert list_rest(run=run) == []
    told = get_proof(run=run)
    assert (told.elsewhere, told.pending) == (money("40.00"), money("0.00"))
    assert not told.difference.amount
    assert findings() == []


@pytest.mark.parametrize("policy", list(RunPolicy))
def test_a_ticket_taken_back_before_the_run_reached_it_stops_nobody(
    counter: Counter, policy: RunPolicy
) -> None:
    venue = counter.venue
    zoe, karim = venue.contact("Lefèvre"), venue.contact("Haddad")
    both = counter.sell([PRICE, PRICE], ("CB", "40.00"), contact=zoe)
    counter.sell([PRICE], ("CB", PRICE), contact=karim)
    run = start(venue, counter.price(PRICE).category.performance, policy)
    counter.refund(both, both.tickets[:1], to=RefundChoice.ORIGIN)
    continue_run(run_id=run.pk)
    settle_the_rest(run, counter)
    told = get_proof(run=run)
    money = venue.money
    assert (told.due, told.given_back, told.elsewhere) == (
        money("60.00"),
        money("40.00"),
        money("20.00"),
    )
    assert not told.difference.amount
    assert list_rest(run=run) == []
    assert findings() == []


def test_who_chooses_after_the_hour_of_the_show_needs_no_supervisor(counter: Counter) -> None:
    contact = counter.venue.contact()
    seat = counter.price(PRICE)
    counter.sell([seat], ("CB", PRICE), contact=contact)
    run = start(counter.venue, seat.category.performance, RunPolicy.CHOICE)
    continue_run(run_id=run.pk)
    Performance.objects.update(starts_at=timezone.now() - timedelta(days=3))
    User.objects.filter(pk=counter.venue.supervisor.pk).update(is_active=False)
    choose(line_id=run.lines.get().pk, credit=True, channel="client lien")
    assert counter.available(contact) == PRICE
    assert not Approval.objects.exists()


def test_a_sale_that_committed_after_the_run_was_done_is_taken_up(counter: Counter) -> None:
    counter.sell([PRICE], ("ESPECES", PRICE))
    show = counter.price(PRICE).category.performance
    run = continue_run(run_id=start(counter.venue, show, RunPolicy.MONEY).pk)
    assert run.done_at is not None
    Performance.objects.update(state=PerformanceState.ON_SALE)  # as the sale had read it
    late = counter.sell([PRICE], ("ESPECES", PRICE))
    Performance.objects.update(state=PerformanceState.CANCELLED)
    assert resume_runs() == 1
    continue_run(run_id=run.pk)
    assert run.lines.get(order=late.order).state == RunLineState.OWED
    assert resume_runs() == 0


def test_a_customer_chooses_once(counter: Counter) -> None:
    contact = counter.venue.contact()
    counter.sell([PRICE], ("ESPECES", PRICE), contact=contact)
    run = start(counter.venue, counter.price(PRICE).category.performance, RunPolicy.CHOICE)
    continue_run(run_id=run.pk)
    line = run.lines.get()
    at = timezone.now()
    for _click in range(2):
        chosen = choose(line_id=line.pk, credit=True, channel="client lien", at=at)
        assert chosen.state == RunLineState.DONE
        assert chosen.refund.consent == f"client lien {at:%Y-%m-%dT%H:%MZ} v1"
    assert counter.available(contact) == PRICE
    with pytest.raises(NothingToChoose):
        choose(line_id=line.pk, credit=False, channel="client lien")


def test_who_may_start_a_run_and_how(counter: Counter) -> None:
    counter.sell([PRICE], ("ESPECES", PRICE))
    show, venue = counter.price(PRICE).category.performance, counter.venue
    with pytest.raises(RunNotAllowed):
        start(venue, show, RunPolicy.MONEY, person=venue.operator)
    with pytest.raises(RunPolicyNeeded):
        start(venue, show, RunPolicy.CREDIT, reason=" ")
    key = uuid.uuid4()
    run = start(venue, show, RunPolicy.MONEY, key=key)
    assert start(venue, show, RunPolicy.MONEY, key=key) == run
    with pytest.raises(PerformanceCancelledAlready):
        start(venue, show, RunPolicy.MONEY)
