"""The one place that posts: account, movement, draft entry (design.md §5, "Speed").

Two plain SQL statements shared by both databases. The UPDATE decides: it holds the account's
row, checks state, currency, what is available and the authorisation of the mode (spec S3), and
returns everything the movement needs. Nothing else in the product writes these tables.
"""

from datetime import datetime
from typing import NamedTuple

from django.db import connection

from credit.choices import Side
from credit.errors import AmountNotPositive
from credit.models import Movement, MovementCodes
from credit.services.lapses import release_lapsed
from credit.services.refusals import explain
from credit.services.shapes import Posting, Use
from institution_settings.money import to_minor
from journal.sealing import as_utc
from journal.services import Draft, Op
from tills.selectors import Desk


class _After(NamedTuple):
    """The account as the UPDATE left it."""

    position: int
    balance_minor: int
    non_refundable_minor: int
    moved_minor: int
    credits_minor: int
    held_minor: int
    last_at: datetime
    contact: str


def post(*, op: Op, desk: Desk, posting: Posting) -> Movement:
    """Post one movement within an operation; refused movements raise a ``CreditError``.

    The account stays locked until the operation ends. Time never goes back within an account:
    a clock behind its last movement uses that movement's time (spec S7).
    """
    minor = to_minor(posting.amount)
    if minor <= 0:
        raise AmountNotPositive
    after = _update_account(op, desk, posting, minor)
    if after is None:
        # Now under the account's lock, so that this answer stands, and its reason with it.
        _release_lapsed(op, desk, posting)
        after = _update_account(op, desk, posting, minor)
    if after is None:
        raise explain(desk=desk, posting=posting)
    movement = _insert_movement(op, _movement(op, desk, posting, minor, after))
    op.at = max(op.at, movement.at)
    if after.held_minor:
        _release_lapsed(op, desk, posting)
    op.drafts.append(_draft(desk, posting, movement, after.contact))
    return movement


def _release_lapsed(op: Op, desk: Desk, posting: Posting) -> None:
    captured = posting.captures.pk if posting.captures else None
    release_lapsed(op=op, desk=desk, account_id=posting.account_id, except_hold_id=captured)


AUTHORISED = """
  AND EXISTS (SELECT 1 FROM institution_settings_modeauthorisation a
              JOIN institution_settings_paymentmode m ON m.id = a.mode_id
              WHERE a.mode_id = %(mode)s AND a.point_of_sale_id = %(point_of_sale)s
                AND a.{use} AND m.for_{use} AND m.active AND m.kind = 'credit')
"""

# The non-refundable part of a debit: the wished part as far as there is so much, and never less
# than what the balance after could not hold. SET sees the values before the update.
_WISHED = (
    "CASE WHEN non_refundable_minor < %(non_refundable)s THEN non_refundable_minor"
    " ELSE %(non_refundable)s END"
)
_TAKEN = (
    f"CASE WHEN non_refundable_minor - balance_minor + %(amount)s > {_WISHED}"
    f" THEN non_refundable_minor - balance_minor + %(amount)s ELSE {_WISHED} END"
)

_UPDATE = """
UPDATE credit_creditaccount SET
  balance_minor = balance_minor {sign} %(amount)s,
  non_refundable_minor = non_refundable_minor {sign} ({part}),
  moved_non_refundable_minor = {part},
  credits_minor = credits_minor + {credited},
  held_minor = held_minor - %(capture)s,
  position = position + 1,
  last_at = CASE WHEN last_at > %(at)s THEN last_at ELSE %(at)s END
WHERE id = %(account)s AND state = 'open' AND currency = %(currency)s {available}{authorised}
RETURNING position, balance_minor, non_refundable_minor, moved_non_refundable_minor,
  credits_minor, held_minor, last_at,
  (SELECT c.number FROM contacts_contact c WHERE c.id = contact_id)
"""


def _statement(side: Side, use: Use, refundable_only: bool) -> str:
    """The UPDATE of one sort of posting; there are few sorts, each prepared once a connection."""
    debit = side == Side.DEBIT
    kept = " + non_refundable_minor" if refundable_only else ""
    return _UPDATE.format(
        sign="-" if debit else "+",
        part=_TAKEN if debit else "%(non_refundable)s",
        credited="0" if debit else "%(amount)s",
        available=(
            f"AND balance_minor - held_minor + %(capture)s >= %(amount)s{kept}" if debit else ""
        ),
        authorised="" if use is Use.FREE else AUTHORISED.format(use=use.value),
    )


_STATEMENTS = {
    (side, use, only): _statement(side, use, only)
    for side in Side
    for use in Use
    for only in (False, True)
}


def _update_account(op: Op, desk: Desk, posting: Posting, minor: int) -> _After | None:
    op.cursor.execute(
        _STATEMENTS[posting.side, posting.use, posting.refundable_only],
        {
            "amount": minor,
            "non_refundable": posting.non_refundable_minor,
            "capture": posting.capture_minor,
            "at": connection.ops.adapt_datetimefield_value(op.at),
            "account": posting.account_id,
            "currency": posting.amount.currency.code,
            "mode": posting.mode.pk if posting.mode else None,
            "point_of_sale": desk.point_of_sale_id,
        },
    )
    row = op.cursor.fetchone()
    if row is None:
        return None
    after = _After(*row)
    return after if after.last_at.tzinfo else after._replace(last_at=as_utc(after.last_at))


_COLUMNS = (
    "account_id",
    "position",
    "kind",
    "side",
    "currency",
    "amount_minor",
    "non_refundable_minor",
    "balance_after_minor",
    "non_refundable_after_minor",
    "credits_after_minor",
    "mode_id",
    "counterpart_id",
    "session_id",
    "operator_id",
    "operation_id",
    "reference",
    "at",
    "business_date",
    "reverses_id",
    "reason",
)
_INSERT = (
    f"INSERT INTO credit_movement ({', '.join(_COLUMNS)})"
    f" VALUES ({', '.join(['%s'] * len(_COLUMNS))}) RETURNING id"
)


def _insert_movement(op: Op, movement: Movement) -> Movement:
    values = {name: getattr(movement, name) for name in _COLUMNS}
    values["at"] = connection.ops.adapt_datetimefield_value(movement.at)
    values["business_date"] = connection.ops.adapt_datefield_value(movement.business_date)
    op.cursor.execute(_INSERT, list(values.values()))
    (movement.pk,) = op.cursor.fetchone()
    movement._state.adding = False
    movement._state.db = connection.alias
    return movement


def _movement(op: Op, desk: Desk, posting: Posting, minor: int, after: _After) -> Movement:
    return Movement(
        account_id=posting.account_id,
        position=after.position,
        kind=posting.kind.value,
        side=posting.side.value,
        currency=posting.amount.currency.code,
        amount_minor=minor,
        non_refundable_minor=after.moved_minor,
        balance_after_minor=after.balance_minor,
        non_refundable_after_minor=after.non_refundable_minor,
        credits_after_minor=after.credits_minor,
        mode_id=posting.mode.pk if posting.mode else None,
        counterpart_id=posting.counterpart.pk if posting.counterpart else None,
        session_id=desk.session_id,
        operator_id=desk.operator_id,
        operation_id=op.id,
        reference=posting.reference,
        at=after.last_at,
        business_date=desk.business_date,
        reverses_id=posting.reverses_id,
        reason=posting.reason,
    )


def _draft(desk: Desk, posting: Posting, movement: Movement, contact: str) -> Draft:
    codes = MovementCodes(
        till=desk.till_code,
        contact=contact,
        mode=posting.mode.code if posting.mode else None,
        counterpart=posting.counterpart.code if posting.counterpart else None,
        operator=desk.operator_code or None,
        session=desk.register.session,
        reverses_position=posting.reverses_position,
    )
    return Draft("MOUVEMENT", "movement", movement.pk, movement.sealed_facts(codes=codes))
