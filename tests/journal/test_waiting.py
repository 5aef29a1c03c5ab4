"""Waiting is bounded, and what passes is tried again (design.md, "One operation, five beats")."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, connections, transaction

from credit.models import CreditAccount
from journal.errors import Busy
from journal.services import Op
from tests.ledger import Ledger
from tests.processes import PATIENCE_SECONDS, count_deadlocks, in_threads
from tests.verified import findings
from tills.selectors import Desk


@contextmanager
def locked_by_another(account: CreditAccount) -> Iterator[Callable[[], None]]:
    """Somebody else's transaction holds the account until what this yields is called."""
    locked, done = threading.Event(), threading.Event()

    def hold_on() -> None:
        with transaction.atomic():
            CreditAccount.objects.filter(pk=account.pk).update(state="open")
            locked.set()
            done.wait(PATIENCE_SECONDS)
        connections.close_all()

    thread = threading.Thread(target=hold_on)
    thread.start()
    locked.wait(PATIENCE_SECONDS)
    try:
        yield done.set
    finally:
        done.set()
        thread.join()


@contextmanager
def impatient() -> Iterator[None]:
    """This connection waits for locks a twentieth of a second at most."""
    short, usual = (
        ("PRAGMA busy_timeout = 50", "PRAGMA busy_timeout = 10000")
        if connection.vendor == "sqlite"
        else ("SET lock_timeout = '50ms'", "RESET lock_timeout")
    )
    with connection.cursor() as cursor:
        cursor.execute(short)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(usual)


def test_who_waits_too_long_is_told_that_many_work(committed_ledger: Ledger) -> None:
    account = committed_ledger.venue.account(credit="50.00")
    with locked_by_another(account), impatient(), pytest.raises(Busy):
        committed_ledger.pay(account, "10.00")
    account.refresh_from_db()
    assert account.balance == committed_ledger.venue.money("50.00")
    committed_ledger.pay(account, "10.00")
    account.refresh_from_db()
    assert account.balance == committed_ledger.venue.money("40.00")


def test_it_is_tried_three_times_and_begun_anew_each_time(committed_ledger: Ledger) -> None:
    account = committed_ledger.venue.account(credit="50.00")
    tried = []

    def write(op: Op, desk: Desk) -> None:
        tried.append(op.id)
        CreditAccount.objects.filter(pk=account.pk).update(state="open")

    with locked_by_another(account), impatient(), pytest.raises(Busy):
        committed_ledger.do(write)
    # SQLite has one lock, taken before anything is read: it never comes to the writing.
    assert len(tried) == (3 if connection.vendor == "postgresql" else 0)


def test_a_lock_that_is_freed_in_time_is_only_waited_for(committed_ledger: Ledger) -> None:
    account = committed_ledger.venue.account(credit="50.00")
    with locked_by_another(account) as free:
        threading.Timer(0.3, free).start()
        committed_ledger.pay(account, "10.00")
    account.refresh_from_db()
    assert account.balance == committed_ledger.venue.money("40.00")


def test_a_deadlock_is_tried_again_until_both_are_done(committed_ledger: Ledger) -> None:
    """Two that lock two accounts in opposite order: nobody in the house does, but somebody may."""
    one = committed_ledger.venue.account(credit="50.00")
    other = committed_ledger.venue.account(credit="50.00")
    desk = committed_ledger.desk
    deadlocks = 1 if connection.vendor == "postgresql" else 0  # SQLite lets one in at a time
    before = count_deadlocks()
    both = threading.Barrier(2)
    tried = []

    def lock(first: CreditAccount, second: CreditAccount) -> None:
        def write(op: Op, _desk: Desk) -> None:
            tried.append(op.id)
            CreditAccount.objects.select_for_update().get(pk=first.pk)
            if deadlocks and len(tried) <= 2:
                both.wait(PATIENCE_SECONDS)
            CreditAccount.objects.select_for_update().get(pk=second.pk)

        committed_ledger.do(write, desk=desk)

    assert in_threads([lambda: lock(one, other), lambda: lock(other, one)]) == [None, None]
    # On a busy machine the one that is tried again may come before the one that waits, once more.
    broken = count_deadlocks() - before
    assert broken >= deadlocks
    assert len(tried) == 2 + broken
    assert findings() == []
