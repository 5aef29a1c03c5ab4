"""Heads kept outside the database: a cut tail is found even when the head was put back (FIS-08)."""

from pathlib import Path

import pytest

from credit.models import CreditAccount, Movement
from journal.models import Chain, Entry
from journal.selectors import Finding, Unprotected, list_unprotected
from journal.selectors.heads import (
    CHAIN_CUT,
    CHAIN_GONE,
    CHAIN_REWRITTEN,
    LINE_UNREADABLE,
)
from journal.services.heads import record_heads
from journal.tasks import keep_heads
from tests.ledger import Ledger
from tests.tampering import tamper, triggers_off
from tests.verified import findings


@pytest.fixture
def kept(ledger: Ledger, heads_log: Path) -> Ledger:
    """A till whose head was recorded outside at entry 5."""
    account = ledger.venue.account()
    for amount in ("10.00", "20.00", "30.00", "40.00"):
        ledger.deposit(account, amount)
    assert record_heads() == Chain.objects.count()
    return ledger


def cut_the_tail(*, keep: int) -> None:
    """Take the last deposits away without a trace in the database."""
    last = Entry.objects.get(chain__code="G1", number=keep)
    with triggers_off():
        tail = Entry.objects.filter(chain__code="G1", number__gt=keep)
        movements = list(tail.values_list("subject_id", flat=True))
        tail._raw_delete("default")
        _delete_movements(movements)
        Chain.objects.filter(code="G1").update(number=keep, seal=last.seal, last_at=last.at)


def _delete_movements(ids: list[int]) -> None:
    Movement.objects.filter(pk__in=ids)._raw_delete("default")
    account = CreditAccount.objects.get()
    left = Movement.objects.filter(account=account).latest("position")
    CreditAccount.objects.filter(pk=account.pk).update(
        balance_minor=left.balance_after_minor,
        credits_minor=left.credits_after_minor,
        position=left.position,
        last_at=left.at,
    )


def test_what_was_recorded_outside_is_still_there(kept: Ledger) -> None:
    assert findings() == []
    kept.deposit(kept.venue.account(), "5.00")
    assert keep_heads.call() == Chain.objects.count()
    assert findings() == []


def test_a_cut_tail_is_found_though_everything_else_agrees(kept: Ledger, heads_log: Path) -> None:
    cut_the_tail(keep=2)
    (found,) = findings()
    assert (found.where, found.what) == ("G1-000005", CHAIN_CUT)
    heads_log.unlink()
    assert findings() == []  # without it nobody would know: that is why it is kept outside


def test_a_tail_that_grew_again_is_not_the_one_that_was_recorded(kept: Ledger) -> None:
    cut_the_tail(keep=4)
    kept.deposit(kept.venue.account(), "1.00")
    (found,) = findings()
    assert (found.where, found.what) == ("G1-000005", CHAIN_REWRITTEN)


def test_a_chain_that_is_gone_is_named(kept: Ledger) -> None:
    tamper("DELETE FROM tills_till WHERE code = 'G2'")
    tamper("DELETE FROM journal_chain WHERE code = 'G2'")
    (found,) = findings()
    assert (found.where, found.what) == ("G2", CHAIN_GONE)


def test_a_genesis_that_changed_is_named(kept: Ledger) -> None:
    tamper("UPDATE journal_chain SET entity = '732829320', seal = seal WHERE code = 'G2'")
    first = findings()[0]
    assert (first.where, first.what) == ("G2-000000", CHAIN_REWRITTEN)


def test_each_chain_is_told_once_and_a_torn_line_is_named(kept: Ledger, heads_log: Path) -> None:
    kept.deposit(CreditAccount.objects.get(), "1.00")
    record_heads()
    cut_the_tail(keep=3)
    lines = heads_log.read_text().splitlines()
    heads_log.write_text("\n".join([*lines, lines[-1][:20], "[]", ""]))
    found = [(finding.where, finding.what) for finding in findings()]
    assert found == [
        ("G1-000005", CHAIN_CUT),
        (f"heads.log:{len(lines) + 1}", LINE_UNREADABLE),
        (f"heads.log:{len(lines) + 2}", LINE_UNREADABLE),
    ]


def test_it_is_known_what_is_not_protected_yet(kept: Ledger) -> None:
    assert list_unprotected() == []
    kept.deposit(kept.venue.account(), "1.00")
    kept.deposit(kept.venue.account(), "2.00")
    kept.at_till("G2").deposit(kept.venue.account(), "3.00")
    (first, second) = list_unprotected()
    assert (first.chain, first.entries) == ("G1", 2)
    assert (second.chain, second.entries) == ("G2", 2)
    assert first.since == second.since


def test_without_a_log_everything_is_unprotected(ledger: Ledger) -> None:
    ledger.deposit(ledger.venue.account(), "1.00")
    assert list_unprotected() == [Unprotected("G1", "", 2)]


def test_a_finding_reads_as_a_sentence() -> None:
    finding = Finding("G1-000005", "gone", "2026-10-05T08:02:00Z")
    assert str(finding) == "G1-000005: gone (2026-10-05T08:02:00Z)"
