"""Credit set aside while another payment is pending (spec C9)."""

from datetime import datetime

from django.db import connection
from moneyed import Money

from credit.choices import MovementKind, Side
from credit.errors import AmountNotPositive, HoldCaptured, HoldEnded
from credit.models import CreditAccount, Hold, Movement
from credit.services.lapses import end_hold, release_lapsed
from credit.services.posting import AUTHORISED, post
from credit.services.refusals import explain
from credit.services.shapes import Posting, Use
from institution_settings.models import PaymentMode
from institution_settings.money import to_minor
from journal.services import Draft, Op
from tills.selectors import Desk


def hold(
    *,
    op: Op,
    desk: Desk,
    account_id: int,
    amount: Money,
    mode: PaymentMode,
    reference: str,
    expires_at: datetime,
) -> Hold:
    """Set ``amount`` aside until it is captured, released, or ``expires_at`` is past.

    It counts against what is available at once. Raises what a payment of the same amount would.
    """
    amount_minor = to_minor(amount)
    if amount_minor <= 0:
        raise AmountNotPositive
    wanted = Posting(
        account_id=account_id,
        kind=MovementKind.PAYMENT,
        side=Side.DEBIT,
        amount=amount,
        mode=mode,
        use=Use.PAYMENT,
    )
    release_lapsed(op=op, desk=desk, account_id=account_id)
    if not _set_aside(desk, wanted, amount_minor):
        raise explain(desk=desk, posting=wanted)
    row = Hold.objects.create(
        account_id=account_id,
        currency=amount.currency.code,
        amount_minor=amount_minor,
        mode=mode,
        key=op.key,
        reference=reference,
        created_at=op.at,
        expires_at=expires_at,
        operation_id=op.id,
    )
    op.drafts.append(_draft(desk, row))
    return row


_HOLD = f"""
UPDATE credit_creditaccount SET held_minor = held_minor + %(amount)s
WHERE id = %(account)s AND state = 'open' AND currency = %(currency)s
  AND balance_minor - held_minor >= %(amount)s {AUTHORISED.format(use="payment")}
"""


def _set_aside(desk: Desk, wanted: Posting, amount_minor: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            _HOLD,
            {
                "amount": amount_minor,
                "account": wanted.account_id,
                "currency": wanted.amount.currency.code,
                "mode": wanted.mode.pk if wanted.mode else None,
                "point_of_sale": desk.point_of_sale_id,
            },
        )
        return bool(cursor.rowcount)


def capture(*, op: Op, desk: Desk, hold_id: int) -> Movement | None:
    """Turn a hold into the payment it was made for; None when it was captured before.

    Raises ``HoldEnded`` when it was released: the caller decides whether what is available
    suffices (spec C9).
    """
    row = _locked(hold_id)
    if row.captured_id is not None:
        return None
    if row.released_at is not None:
        raise HoldEnded
    movement = post(
        op=op,
        desk=desk,
        posting=Posting(
            account_id=row.account_id,
            kind=MovementKind.PAYMENT,
            side=Side.DEBIT,
            amount=row.amount,
            mode=row.mode,
            use=Use.FREE,  # it was authorised when it was held
            non_refundable_minor=row.amount_minor,
            captures=row,
            reference=row.reference,
        ),
    )
    row.captured = movement
    row.save(update_fields=["captured"])
    return movement


def release(*, op: Op, desk: Desk, hold_id: int) -> bool:
    """Give the hold back; False when it was released before. ``HoldCaptured`` when it was used.

    The caller has ended the provider's session first (spec C9).
    """
    row = _locked(hold_id)
    if row.captured_id is not None:
        raise HoldCaptured
    if row.released_at is not None:
        return False
    end_hold(op=op, desk=desk, hold=row)
    return True


def _locked(hold_id: int) -> Hold:
    """Return the hold as it stands under its account's lock."""
    account_id = Hold.objects.values_list("account_id", flat=True).get(pk=hold_id)
    CreditAccount.objects.select_for_update(no_key=True).get(pk=account_id)
    return Hold.objects.select_related("mode").get(pk=hold_id)


def _draft(desk: Desk, row: Hold) -> Draft:
    facts = row.sealed_facts(till=desk.till_code, mode=row.mode.code)
    return Draft(kind="RESERVATION", subject_kind="hold", subject_id=row.pk, facts=facts)
