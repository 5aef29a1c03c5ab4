"""``manage.py verify``: says what is wrong, and its exit status says so too (spec P2)."""

import io
import json
import re

import pytest
from django.core.management import call_command
from django.utils import translation

from journal.selectors.verification import SEAL_WRONG
from journal.services.heads import record_heads
from reports.management.commands.verify import Progress
from tests.ledger import Ledger
from tests.tampering import tamper


class Terminal(io.StringIO):
    """A stream that somebody looks at."""

    def isatty(self) -> bool:
        return True


def run(*arguments: str) -> tuple[int, str]:
    """Run the command; returns its exit status and what it printed."""
    printed = io.StringIO()
    try:
        with translation.override("en"):
            call_command("verify", *arguments, stdout=printed, no_color=True)
    except SystemExit as ended:
        return int(str(ended.code)), printed.getvalue()
    return 0, printed.getvalue()


def test_when_nothing_is_wrong_it_says_so(ledger: Ledger) -> None:
    ledger.venue.account(credit="20.00")
    record_heads()
    assert run() == (
        0,
        "guards\nheads kept outside\njournal entries: 2\nrows without an entry\n"
        "credit accounts: 1\npayments\norders\nvouchers\ntill sessions: 1\nseats\ntickets\n"
        "Everything is as it was recorded.\n",
    )


def test_when_something_is_wrong_it_names_it_and_fails(ledger: Ledger) -> None:
    ledger.venue.account(credit="20.00")
    record_heads()
    tamper("UPDATE journal_entry SET seal = %s WHERE number = 1", "0" * 64)
    status, printed = run()
    assert status == 1
    lines = printed.splitlines()
    assert lines[0] == "G1-000001: The seal does not fit the content."
    assert lines[1] == "G1: More links of this chain are broken. (1)"
    assert lines[-1] == "2 things are wrong."


def test_what_is_not_protected_yet_is_said_and_is_not_wrong(ledger: Ledger) -> None:
    ledger.venue.account(credit="20.00")
    status, printed = run()
    assert status == 0
    assert printed.splitlines()[0] == (
        "G1: 2 entries since the beginning are not kept outside the database yet."
    )


def test_programs_get_one_object(ledger: Ledger) -> None:
    ledger.venue.account(credit="20.00")
    status, printed = run("--json")
    assert (status, json.loads(printed)) == (
        0,
        {
            "ok": True,
            "verified": {
                "guards": 0,
                "heads kept outside": 0,
                "journal entries": 2,
                "rows without an entry": 0,
                "credit accounts": 1,
                "payments": 0,
                "orders": 0,
                "vouchers": 0,
                "till sessions": 1,
                "seats": 0,
                "tickets": 0,
            },
            "findings": [],
            "more_findings": 0,
            "unprotected": [{"chain": "G1", "since": None, "entries": 2}],
        },
    )
    tamper("UPDATE journal_entry SET seal = %s WHERE number = 2", "0" * 64)
    status, printed = run("--json")
    with translation.override("en"):
        sentence = str(SEAL_WRONG)
    assert status == 1
    assert json.loads(printed)["findings"][0] == {
        "where": "G1-000002",
        "what": sentence,
        "detail": "",
    }


def test_a_flood_of_findings_is_cut_and_counted(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.management.commands.verify.SHOWN", 2)
    account = ledger.venue.account()
    for _ in range(4):
        ledger.deposit(account, "1.00")
    tamper("UPDATE credit_movement SET reference = 'R-9'")
    status, printed = run()
    assert status == 1
    assert [line.split(":")[0] for line in printed.splitlines()[:3]] == [
        "G1-000002",
        "G1-000003",
        "… and 2 more.",
    ]
    assert printed.splitlines()[-1] == "4 things are wrong."


def test_a_terminal_sees_how_far_it_is(ledger: Ledger) -> None:
    from reports.management.commands.verify import verify

    ledger.venue.account(credit="20.00")
    terminal = Terminal()
    with translation.override("en"):
        assert list(verify(progress=Progress(terminal))) == []
    seen = re.sub(r"\r\x1b\[K", "\n", terminal.getvalue()).strip().splitlines()
    assert seen == [
        "guards …",
        "heads kept outside …",
        "journal entries 0 / 2",
        "journal entries 2 / 2",
        "rows without an entry …",
        "credit accounts 0 / 1",
        "credit accounts 1 / 1",
        "payments …",
        "orders …",
        "vouchers …",
        "till sessions 0 / 1",
        "till sessions 1 / 1",
        "seats …",
        "tickets …",
    ]
