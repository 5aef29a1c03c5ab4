"""Opening balances of many contacts at once: the one bulk posting, the same rules set-based.

Row by row, 100 000 balances would hold SQLite's write lock for a minute and a half; in chunks of
one UPDATE … FROM and one INSERT each it takes seconds (design.md §3, "Bulk").
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import connection
from moneyed import Money

from credit.choices import MovementKind, Side
from credit.errors import AccountNotOpen, AmountNotPositive, WrongCurrency
from credit.models import CreditAccount, Movement, MovementCodes
from institution_settings.models import PaymentMode
from institution_settings.money import to_minor
from journal.sealing import as_utc
from journal.services import Draft, Op
from tills.selectors import Desk

CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningBalance:
    """What a contact brings from another system; part of it may be non-refundable."""

    contact_id: int
    amount: Money
    non_refundable: Money | None = None
    reference: str = ""


def open_balances(*, op: Op, desk: Desk, mode: PaymentMode, rows: Sequence[OpeningBalance]) -> int:
    """Credit every row as an opening balance (REPRISE), all or none; returns how many.

    Each contact stands in ``rows`` once. Raises ``AmountNotPositive``, ``WrongCurrency`` or
    ``AccountNotOpen``, and then nothing of the operation is written.
    """
    ordered = sorted(rows, key=lambda row: row.contact_id)
    for row in ordered:
        if to_minor(row.amount) <= 0:
            raise AmountNotPositive
        if {money.currency.code for money in _amounts(row)} != {desk.currency}:
            raise WrongCurrency(currency=desk.currency)
    for chunk in _chunks(ordered):
        _post_chunk(op, desk, mode, chunk)
    return len(ordered)


def _amounts(row: OpeningBalance) -> list[Money]:
    return [money for money in (row.amount, row.non_refundable) if money is not None]


def _chunks(rows: Sequence[OpeningBalance]) -> Iterator[list[OpeningBalance]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def _post_chunk(op: Op, desk: Desk, mode: PaymentMode, rows: list[OpeningBalance]) -> None:
    currency = desk.currency
    contacts = [row.contact_id for row in rows]
    CreditAccount.objects.bulk_create(
        [CreditAccount(contact_id=contact_id, currency=currency) for contact_id in contacts],
        ignore_conflicts=True,
    )
    accounts = {
        account.contact_id: account
        for account in CreditAccount.objects.select_for_update(no_key=True)
        .filter(contact_id__in=contacts, currency=currency, state="open")
        .order_by("pk")
    }
    if len(accounts) != len(rows):
        raise AccountNotOpen
    after = _credit_accounts(op, accounts, rows)
    movements = Movement.objects.bulk_create(
        [_movement(op, desk, mode, row, accounts[row.contact_id], after) for row in rows]
    )
    numbers = dict(
        CreditAccount.objects.filter(contact_id__in=contacts, currency=currency).values_list(
            "pk", "contact__number"
        )
    )
    op.drafts += [_draft(desk, mode, row, numbers[row.account_id]) for row in movements]


@dataclass(frozen=True, slots=True)
class _After:
    position: int
    balance_minor: int
    non_refundable_minor: int
    credits_minor: int
    at: datetime


# Both databases read a list of values through a common table expression.
_UPDATE = """
WITH opened (account, amount, non_refundable) AS (VALUES {values})
UPDATE credit_creditaccount SET
  balance_minor = balance_minor + opened.amount,
  non_refundable_minor = non_refundable_minor + opened.non_refundable,
  moved_non_refundable_minor = opened.non_refundable,
  credits_minor = credits_minor + opened.amount,
  position = position + 1,
  last_at = CASE WHEN last_at > %s THEN last_at ELSE %s END
FROM opened WHERE credit_creditaccount.id = opened.account
RETURNING credit_creditaccount.id, position, balance_minor, non_refundable_minor,
  credits_minor, last_at
"""


def _credit_accounts(
    op: Op, accounts: dict[int, CreditAccount], rows: list[OpeningBalance]
) -> dict[int, _After]:
    values: list[int] = []
    for row in rows:
        values += [accounts[row.contact_id].pk, to_minor(row.amount), _part(row)]
    at = connection.ops.adapt_datetimefield_value(op.at)
    place = "(%s, %s, %s)"
    if connection.vendor == "postgresql":
        place = "(%s::bigint, %s::bigint, %s::bigint)"
    statement = _UPDATE.format(values=", ".join([place] * len(rows)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, at, at])
        found = cursor.fetchall()
    return {
        account_id: _After(position, balance, part, credits_sum, as_utc(last_at))
        for account_id, position, balance, part, credits_sum, last_at in found
    }


def _part(row: OpeningBalance) -> int:
    return to_minor(row.non_refundable) if row.non_refundable else 0


def _movement(
    op: Op,
    desk: Desk,
    mode: PaymentMode,
    row: OpeningBalance,
    account: CreditAccount,
    after: dict[int, _After],
) -> Movement:
    written = after[account.pk]
    op.at = max(op.at, written.at)
    return Movement(
        account_id=account.pk,
        position=written.position,
        kind=MovementKind.OPENING,
        side=Side.CREDIT,
        currency=desk.currency,
        amount_minor=to_minor(row.amount),
        non_refundable_minor=_part(row),
        balance_after_minor=written.balance_minor,
        non_refundable_after_minor=written.non_refundable_minor,
        credits_after_minor=written.credits_minor,
        mode=mode,
        session_id=desk.session_id,
        operator_id=desk.operator_id,
        operation_id=op.id,
        reference=row.reference,
        at=written.at,
        business_date=desk.business_date,
    )


def _draft(desk: Desk, mode: PaymentMode, row: Movement, contact: str | None) -> Draft:
    codes = MovementCodes(
        till=desk.till_code,
        contact=contact,
        mode=mode.code,
        operator=desk.operator_code or None,
        session=desk.register.session,
    )
    return Draft("MOUVEMENT", "movement", row.pk, row.sealed_facts(codes=codes))
