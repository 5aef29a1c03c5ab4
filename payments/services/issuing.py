"""Vouchers issued free, by a supervisor (spec G7)."""

from datetime import date, datetime

from moneyed import Money

from contacts.models import User
from institution_settings.choices import ModeKind
from institution_settings.models import PaymentMode
from institution_settings.money import to_minor
from journal.services import Claim, Op, perform
from payments.errors import ApprovalNeeded
from payments.models import Voucher
from payments.services.approvals import may_approve
from payments.services.vouchers import issue
from tills.selectors import Desk


def issue_free_voucher(
    *,
    claim: Claim,
    desk: Desk,
    value: Money,
    approved_by: User | None,
    expires_on: date | None = None,
    at: datetime | None = None,
) -> Voucher:
    """Issue a voucher nobody paid for; what is left of it may be spent, never paid out (C6b)."""

    def write(op: Op) -> Voucher:
        if not may_approve(approved_by):
            raise ApprovalNeeded(reason="free_voucher")
        mode = PaymentMode.objects.filter(kind=ModeKind.VOUCHER, active=True).order_by("position")
        return issue(op=op, desk=desk, mode=mode[0], value=value, expires_on=expires_on)

    return perform(
        claim=claim,
        kind="voucher.issue",
        content={
            "value": to_minor(value),
            "expires_on": expires_on.isoformat() if expires_on else None,
        },
        register=desk.register,
        write=write,
        found=lambda operation_id: Voucher.objects.get(operation_id=operation_id),
        at=at,
    )
