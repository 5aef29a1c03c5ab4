"""Every account re-computed from its own lines (spec P2, fiscal.md I1, I8, I9).

The database compares each line with the one before it, some accounts at a time, so that only what
is wrong is ever fetched. Of each account the first broken line is named.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from credit.models import CreditAccount
from credit.selectors.sealed import line_label
from journal.errors import StrOrPromise
from journal.selectors import Finding, Step

# Accounts a statement: each takes well under a second, whatever the ledger's length.
CHUNK = 2000

LINES: dict[str, StrOrPromise] = {
    "position": _("The line before this one is missing."),
    "balance": _("The balance after this line is not that of the line before, moved by it."),
    "credits": _("The running total of credits does not continue that of the line before."),
    "part": _("The non-refundable part does not continue that of the line before."),
    "negative": _("The balance after this line cannot be."),
    "day": _("The business date of this line lies before that of the line before."),
    "time": _("The time of this line lies before that of the line before."),
    "reversal": _("This line does not take back what it says it takes back."),
}
ACCOUNTS: dict[str, StrOrPromise] = {
    "position": _("The account does not count its lines."),
    "balance": _("The balance of the account is not that after its last line."),
    "part": _("The non-refundable part of the account is not that after its last line."),
    "credits": _("The credits of the account are not those after its last line."),
    "time": _("The time of the account is not that of its last line."),
    "held": _("What the account holds is not the sum of its pending holds."),
    "capture": _("A hold was captured by a line that is not its payment."),
}


def verify_accounts(*, step: Step) -> Iterator[Finding]:
    """Find accounts whose lines, totals or holds do not follow from one another.

    ``step`` is told how many accounts are done.
    """
    last = 0  # the last account done
    while True:
        accounts = CreditAccount.objects.filter(pk__gt=last).order_by("pk")
        chunk = list(accounts.values_list("pk", flat=True)[:CHUNK])
        if not chunk:
            return
        for _account, broken in groupby(_ask(_LINES, last, chunk[-1]), key=itemgetter("account")):
            line = next(broken)
            where = line_label(line["number"], line["currency"], line["position"])
            yield Finding(where, LINES[line["fault"]])
        for account in _ask(_ACCOUNTS, last, chunk[-1]):
            where = f"{account['number']} {account['currency']}"
            yield Finding(where, ACCOUNTS[account["fault"]])
        last = chunk[-1]
        step(len(chunk))


def _ask(statement: str, after: int, until: int) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [after, until])
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


# One pass over the index (account, position); what is right never leaves the database.
_LINES = """
SELECT w.account_id AS account, c.number, w.currency, w.position, w.fault FROM (
  SELECT l.account_id, l.currency, l.position, CASE
    WHEN l.position <> l.position_before + 1 THEN 'position'
    WHEN l.balance_after_minor <> l.balance_before
         + CASE WHEN l.side = 'C' THEN l.amount_minor ELSE -l.amount_minor END THEN 'balance'
    WHEN l.credits_after_minor <> l.credits_before
         + CASE WHEN l.side = 'C' THEN l.amount_minor ELSE 0 END THEN 'credits'
    WHEN l.non_refundable_after_minor <> l.part_before
         + CASE WHEN l.side = 'C' THEN l.non_refundable_minor ELSE -l.non_refundable_minor END
      THEN 'part'
    WHEN l.non_refundable_after_minor < 0
      OR l.non_refundable_after_minor > l.balance_after_minor THEN 'negative'
    WHEN l.business_date < l.date_before THEN 'day'
    WHEN l.at < l.at_before THEN 'time'
    WHEN l.reverses_id IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM credit_movement r
      WHERE r.id = l.reverses_id AND r.account_id = l.account_id AND r.kind = l.kind
        AND r.amount_minor = l.amount_minor AND r.side <> l.side AND r.reverses_id IS NULL)
      THEN 'reversal'
  END AS fault
  FROM (
    SELECT m.*,
      COALESCE(LAG(m.position) OVER line, 0) AS position_before,
      COALESCE(LAG(m.balance_after_minor) OVER line, 0) AS balance_before,
      COALESCE(LAG(m.credits_after_minor) OVER line, 0) AS credits_before,
      COALESCE(LAG(m.non_refundable_after_minor) OVER line, 0) AS part_before,
      LAG(m.business_date) OVER line AS date_before,
      LAG(m.at) OVER line AS at_before
    FROM credit_movement m WHERE m.account_id > %s AND m.account_id <= %s
    WINDOW line AS (PARTITION BY m.account_id ORDER BY m.position)
  ) l
) w
JOIN credit_creditaccount a ON a.id = w.account_id
JOIN contacts_contact c ON c.id = a.contact_id
WHERE w.fault IS NOT NULL ORDER BY w.account_id, w.position
"""

_ACCOUNTS = """
SELECT w.id AS account, w.number, w.currency, w.fault FROM (
  SELECT a.id, c.number, a.currency, CASE
    WHEN (a.position > 0 AND m.id IS NULL) OR EXISTS (
      SELECT 1 FROM credit_movement n WHERE n.account_id = a.id AND n.position > a.position)
      THEN 'position'
    WHEN a.balance_minor <> COALESCE(m.balance_after_minor, 0) THEN 'balance'
    WHEN a.non_refundable_minor <> COALESCE(m.non_refundable_after_minor, 0)
      OR a.moved_non_refundable_minor <> COALESCE(m.non_refundable_minor, 0) THEN 'part'
    WHEN a.credits_minor <> COALESCE(m.credits_after_minor, 0) THEN 'credits'
    WHEN a.last_at <> m.at OR (a.last_at IS NULL) <> (m.id IS NULL) THEN 'time'
    WHEN a.held_minor <> COALESCE((
      SELECT SUM(h.amount_minor) FROM credit_hold h
      WHERE h.account_id = a.id AND h.released_at IS NULL AND h.captured_id IS NULL), 0)
      THEN 'held'
    WHEN EXISTS (
      SELECT 1 FROM credit_hold h JOIN credit_movement p ON p.id = h.captured_id
      WHERE h.account_id = a.id AND (p.account_id <> h.account_id OR p.side <> 'D'
        OR p.kind <> 'PAIEMENT' OR p.amount_minor <> h.amount_minor))
      THEN 'capture'
  END AS fault
  FROM credit_creditaccount a
  JOIN contacts_contact c ON c.id = a.contact_id
  LEFT JOIN credit_movement m ON m.account_id = a.id AND m.position = a.position
  WHERE a.id > %s AND a.id <= %s
) w
WHERE w.fault IS NOT NULL ORDER BY w.id
"""
