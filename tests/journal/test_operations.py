"""Everything is done once (spec C7; design.md, "One operation, five beats")."""

import os
import signal
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from credit import services as credit
from credit.errors import InsufficientCredit
from credit.models import CreditAccount, Movement
from journal.errors import DayIsOver, KeyReused
from journal.models import Chain, Entry, Operation
from journal.services import Claim, Op, perform
from tests.ledger import Ledger
from tests.processes import in_processes, in_threads
from tests.verified import findings
from tills.selectors import Desk

KEY = uuid.UUID("5c0f8675-1733-4157-8508-0112b030bce1")


class Refused(Exception):
    """What a service may raise in the middle of its work."""


def pay_once(ledger: Ledger, account: CreditAccount, amount: str, key: uuid.UUID = KEY) -> int:
    """Pay as one click with one key; returns the movement's id, also to whoever repeats it."""
    money = ledger.venue.money(amount)

    def write(op: Op, desk: Desk) -> int:
        movement = credit.pay(
            op=op,
            desk=desk,
            account_id=account.pk,
            amount=money,
            mode=ledger.venue.modes["AVOIR"],
            reference="CMD-7",
        )
        return int(movement.pk)

    return ledger.do(
        write,
        claim=ledger.venue.claim(key),
        kind="test.pay",
        content={"account": account.pk, "amount": amount},
        found=lambda operation_id: Movement.objects.get(operation_id=operation_id).pk,
    )


def payments_of(account: CreditAccount) -> list[str]:
    found = Movement.objects.filter(account=account, kind="PAIEMENT").order_by("position")
    return [f"{movement.amount.amount}" for movement in found]


def test_a_repeat_has_one_effect_and_the_same_result(ledger: Ledger) -> None:
    account = ledger.venue.account(credit="50.00")
    first = pay_once(ledger, account, "10.00")
    assert pay_once(ledger, account, "10.00") == first
    assert payments_of(account) == ["10.00"]
    assert Operation.objects.filter(kind="test.pay").count() == 1


def test_four_threads_with_one_key_have_one_effect(committed_ledger: Ledger) -> None:
    account = committed_ledger.venue.account(credit="50.00")
    results = in_threads([lambda: pay_once(committed_ledger, account, "10.00")] * 4)
    assert len(set(results)) == 1
    assert isinstance(results[0], int)
    assert payments_of(account) == ["10.00"]
    assert findings() == []


def test_four_processes_with_one_key_have_one_effect(committed_ledger: Ledger) -> None:
    account = committed_ledger.venue.account(credit="50.00")
    results = in_processes([lambda: pay_once(committed_ledger, account, "10.00")] * 4)
    assert results == [Movement.objects.get(kind="PAIEMENT").pk] * 4
    assert payments_of(account) == ["10.00"]


def test_the_same_key_for_something_else_is_refused(ledger: Ledger) -> None:
    account = ledger.venue.account(credit="50.00")
    pay_once(ledger, account, "10.00")
    with pytest.raises(KeyReused):
        pay_once(ledger, account, "12.00")
    assert payments_of(account) == ["10.00"]


def test_the_same_key_for_another_kind_of_act_is_refused(ledger: Ledger) -> None:
    account = ledger.venue.account(credit="50.00")
    ledger.hold(account, "10.00", key=KEY)
    with pytest.raises(KeyReused):
        pay_once(ledger, account, "10.00")


def test_two_people_may_come_with_the_same_key(ledger: Ledger) -> None:
    account = ledger.venue.account(credit="50.00")
    pay_once(ledger, account, "10.00")
    done = perform(
        claim=Claim("user:0", KEY),
        kind="test.pay",
        content={},
        register=ledger.desk.register,
        write=lambda op: op.source,
        found=lambda _operation: "repeated",
    )
    assert done == "user:0"


def test_one_loser_of_two_different_contents_in_a_race_is_told(committed_ledger: Ledger) -> None:
    account = committed_ledger.venue.account(credit="50.00")
    results = in_threads(
        [
            lambda: pay_once(committed_ledger, account, "10.00"),
            lambda: pay_once(committed_ledger, account, "12.00"),
        ]
    )
    assert sorted(type(result).__name__ for result in results) == ["KeyReused", "int"]
    assert len(payments_of(account)) == 1


def test_after_a_refusal_the_same_key_may_be_tried_again(ledger: Ledger) -> None:
    account = ledger.venue.account(credit="5.00")
    with pytest.raises(InsufficientCredit):
        pay_once(ledger, account, "10.00")
    assert Operation.objects.filter(kind="test.pay").count() == 0
    ledger.deposit(account, "20.00")
    pay_once(ledger, account, "10.00")
    assert payments_of(account) == ["10.00"]


def test_whatever_is_raised_leaves_nothing_behind(ledger: Ledger) -> None:
    account = ledger.venue.account(credit="50.00")
    before = list(Chain.objects.order_by("code").values())

    def write(op: Op, desk: Desk) -> None:
        credit.pay(
            op=op,
            desk=desk,
            account_id=account.pk,
            amount=ledger.venue.money("10.00"),
            mode=ledger.venue.modes["AVOIR"],
            reference="CMD-7",
        )
        raise Refused

    with pytest.raises(Refused):
        ledger.do(write)
    account.refresh_from_db()
    assert account.balance == ledger.venue.money("50.00")
    assert list(Chain.objects.order_by("code").values()) == before
    assert findings() == []


def test_killed_between_commit_and_answer_the_repeat_finds_it_done(
    committed_ledger: Ledger,
) -> None:
    account = committed_ledger.venue.account(credit="50.00")

    def die_after_commit() -> None:
        pay_once(committed_ledger, account, "10.00")
        os._exit(3)

    (died,) = in_processes([die_after_commit])
    assert died.args == (3,)
    written = Movement.objects.get(kind="PAIEMENT").pk
    assert pay_once(committed_ledger, account, "10.00") == written
    assert payments_of(account) == ["10.00"]
    assert findings() == []


def test_killed_before_commit_nothing_was_done_and_the_repeat_does_it(
    committed_ledger: Ledger,
) -> None:
    account = committed_ledger.venue.account(credit="50.00")

    def die_while_writing() -> None:
        def write(op: Op, desk: Desk) -> None:
            credit.pay(
                op=op,
                desk=desk,
                account_id=account.pk,
                amount=committed_ledger.venue.money("10.00"),
                mode=committed_ledger.venue.modes["AVOIR"],
                reference="CMD-7",
            )
            os.kill(os.getpid(), signal.SIGKILL)

        committed_ledger.do(write, claim=committed_ledger.venue.claim(KEY), kind="test.pay")

    (died,) = in_processes([die_while_writing])
    assert died.args == (-signal.SIGKILL,)
    assert payments_of(account) == []
    pay_once(committed_ledger, account, "10.00")
    assert payments_of(account) == ["10.00"]
    assert findings() == []


def test_an_operation_without_entries_leaves_the_chain_as_it_was(ledger: Ledger) -> None:
    desk = ledger.desk
    before = Chain.objects.values().get(code="G1")
    assert ledger.do(lambda op, _desk: op.kind, desk=desk) == "test"
    assert Chain.objects.values().get(code="G1") == before
    assert findings() == []


def test_a_clock_put_back_never_puts_the_chain_back(ledger: Ledger) -> None:
    account = ledger.venue.account()
    ledger.deposit(account, "10.00")
    last = Entry.objects.latest("number")
    ledger.at = max(last.at - timedelta(seconds=30), ledger.desk.day.begins_at)
    movement = ledger.deposit(account, "10.00")
    assert Entry.objects.latest("number").at == last.at
    assert movement.at == last.at
    assert findings() == []


def test_a_clock_put_back_behind_the_day_of_the_session_is_refused(ledger: Ledger) -> None:
    account = ledger.venue.account()
    ledger.at = ledger.desk.day.begins_at - timedelta(seconds=1)
    with pytest.raises(DayIsOver):
        ledger.deposit(account, "10.00")
    assert Movement.objects.count() == 0


def test_a_key_of_yesterday_is_still_known_after_the_till_was_closed(ledger: Ledger) -> None:
    account = ledger.venue.account(credit="50.00")
    first = pay_once(ledger, account, "10.00")
    desk = ledger.desk
    ledger.close()
    ledger.venue.desks["G1"] = desk  # the browser still shows the closed session
    assert pay_once(ledger, account, "10.00") == first
    assert datetime.now(UTC) > Movement.objects.get(pk=first).at
