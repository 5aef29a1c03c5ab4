"""Re-compute everything that was recorded, and say what is wrong (spec P2, FIS-18).

    ./manage.py verify            for people: one line a finding, and a summary
    ./manage.py verify --json     for programs: one object

Exit status 1 if anything is wrong. Nothing is ever repaired.
"""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TextIO

from django.core.management.base import BaseCommand
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from credit.selectors import count_accounts, sealed_subjects, verify_accounts, verify_sealed
from journal.errors import StrOrPromise
from journal.selectors import (
    Finding,
    Step,
    SubjectCheck,
    Unprotected,
    count_entries,
    list_unprotected,
    snapshot,
    verify_chains,
    verify_guards,
    verify_heads,
)
from payments.selectors.sealed import sealed_payments, verify_sealed_payments
from payments.selectors.verification import (
    count_orders,
    count_payments,
    count_sessions,
    count_vouchers,
    verify_closings,
    verify_orders,
    verify_payments,
    verify_vouchers,
)
from sales.selectors import (
    count_categories,
    count_lines,
    sealed_sales,
    verify_sealed_sales,
    verify_seats,
    verify_tickets,
)

# What is shown one by one; a key that was lost would else print a line for every entry.
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Check:
    """One part of the verification: what it goes through, how many rows, what it finds."""

    label: StrOrPromise
    rows: Callable[[], int]
    find: Callable[[Step], Iterator[Finding]]


def subjects() -> dict[str, SubjectCheck]:
    """Return who compares sealed facts with rows: each app for its own kinds of subject."""
    return {**sealed_subjects(), **sealed_payments(), **sealed_sales()}


def verify_unsealed() -> Iterator[Finding]:
    """Find rows that no entry tells about: each app for its own."""
    yield from verify_sealed()
    yield from verify_sealed_payments()
    yield from verify_sealed_sales()


# The heads come before the snapshot, everything else is read as of one instant.
BEFORE = (
    Check(gettext_lazy("guards"), lambda: 0, lambda _step: verify_guards()),
    Check(gettext_lazy("heads kept outside"), lambda: 0, lambda _step: verify_heads()),
)
INSIDE = (
    Check(
        gettext_lazy("journal entries"),
        count_entries,
        lambda step: verify_chains(subjects=subjects(), step=step),
    ),
    Check(
        gettext_lazy("rows without an entry"),
        lambda: 0,
        lambda _step: verify_unsealed(),
    ),
    Check(gettext_lazy("credit accounts"), count_accounts, lambda step: verify_accounts(step=step)),
    Check(gettext_lazy("payments"), count_payments, lambda step: verify_payments(step=step)),
    Check(gettext_lazy("orders"), count_orders, lambda step: verify_orders(step=step)),
    Check(gettext_lazy("vouchers"), count_vouchers, lambda step: verify_vouchers(step=step)),
    Check(gettext_lazy("till sessions"), count_sessions, lambda step: verify_closings(step=step)),
    Check(gettext_lazy("seats"), count_categories, lambda step: verify_seats(step=step)),
    Check(gettext_lazy("tickets"), count_lines, lambda step: verify_tickets(step=step)),
)


def verify(*, progress: "Progress") -> Iterator[Finding]:
    """Yield everything that is wrong with what was recorded."""
    for check in BEFORE:
        yield from check.find(progress.begin(check))
    with snapshot():
        _take_time()
        for check in INSIDE:
            yield from check.find(progress.begin(check))
    progress.end()


def _take_time() -> None:
    """Let each statement take longer than a page may: whole tables are compared here."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '10min'")


class Progress:
    """A line on the terminal that says how far the verification is; silent elsewhere."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._shown = stream.isatty()
        self.done: dict[str, int] = {}

    def begin(self, check: Check) -> Step:
        """Start the next part; what is returned is told how many rows are done."""
        label, total = str(check.label), check.rows()
        self.done[label] = 0

        def step(rows: int) -> None:
            self.done[label] += rows
            if self._shown:
                so_far = f"{self.done[label]:,} / {total:,}" if total else "…"
                self._stream.write(f"\r\033[K{label} {so_far}".replace(",", "\u202f"))
                self._stream.flush()

        step(0)
        return step

    def end(self) -> None:
        """Leave a clean line behind."""
        if self._shown:
            self._stream.write("\r\033[K")
            self._stream.flush()


class Command(BaseCommand):
    """Verify the journal, the movements and the accounts; exit 1 when anything is wrong."""

    help = _("Re-computes every seal and balance and names what is wrong.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--json", action="store_true", help=_("one JSON object instead of sentences")
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        progress = Progress(sys.stderr)
        findings = verify(progress=progress)
        shown = list(islice(findings, SHOWN))
        more = sum(1 for _finding in findings)
        unprotected = list_unprotected()
        if options["json"]:
            self._print_json(progress, shown, more, unprotected)
        else:
            self._print_sentences(progress, shown, more, unprotected)
        if shown:
            sys.exit(1)

    def _print_json(
        self, progress: Progress, shown: list[Finding], more: int, unprotected: list[Unprotected]
    ) -> None:
        result = {
            "ok": not shown,
            "verified": progress.done,
            "findings": [
                {"where": found.where, "what": str(found.what), "detail": found.detail}
                for found in shown
            ],
            "more_findings": more,
            "unprotected": [
                {"chain": chain.chain, "since": chain.since or None, "entries": chain.entries}
                for chain in unprotected
            ],
        }
        self.stdout.write(json.dumps(result, ensure_ascii=False, indent=2))

    def _print_sentences(
        self, progress: Progress, shown: list[Finding], more: int, unprotected: list[Unprotected]
    ) -> None:
        for finding in shown:
            self.stdout.write(self.style.ERROR(str(finding)))
        if more:
            self.stdout.write(self.style.ERROR(_("… and %(count)d more.") % {"count": more}))
        for chain in unprotected:
            self.stdout.write(_protection(chain))
        for label, rows in progress.done.items():
            self.stdout.write(f"{label}: {rows}" if rows else label)
        count = len(shown) + more
        if count:
            text = ngettext("%(count)d thing is wrong.", "%(count)d things are wrong.", count)
            self.stdout.write(self.style.ERROR(text % {"count": count}))
        else:
            self.stdout.write(self.style.SUCCESS(_("Everything is as it was recorded.")))


def _protection(chain: Unprotected) -> str:
    since = chain.since or _("the beginning")
    return _(
        "%(chain)s: %(entries)d entries since %(since)s are not kept outside the database yet."
    ) % {"chain": chain.chain, "entries": chain.entries, "since": since}
