"""Taking the sale of one voucher back (spec G4, G7; cases.md B26, B27).

The code is refused from then on, and at most what nobody has spent of it is given back.
"""

from dataclasses import dataclass
from datetime import datetime

from moneyed import Money

from contacts.models import User
from journal.services import Claim
from payments.choices import RefundChoice
from payments.errors import NothingToRefund
from payments.models import Voucher
from payments.selectors.results import RefundResult
from payments.services.refunds import RefundRequest, refund_order
from tills.selectors import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherRefundRequest:
    """Which voucher is taken back and how its money is to return.

    ``rest`` is what the operator was shown to be left of it. ``mode_id`` names the money mode of
    ``RefundChoice.MODE`` or, for credit, another credit mode than the first. ``consent`` says how
    the customer chose credit over money (CNS-01).
    """

    voucher_id: int
    rest: Money
    choice: RefundChoice
    mode_id: int | None = None
    credit: Money | None = None
    consent: str = ""


def refund_voucher_sale(
    *,
    claim: Claim,
    desk: Desk,
    request: VoucherRefundRequest,
    approved_by: User | None = None,
    at: datetime | None = None,
) -> RefundResult:
    """Cancel a voucher that was sold and give its unused rest back, once, all or nothing.

    Raises ``VoucherChanged`` if it was used since the operator looked (B27), ``VoucherUnusable``
    when nothing is left, ``ApprovalNeeded`` for a type that is not refundable or once its time is
    over, ``NothingToRefund`` for one nobody paid for, and what a refund raises (G4).
    """
    sold = Voucher.objects.filter(pk=request.voucher_id).values_list("sold_on__order_id", flat=True)
    order_id = sold.first()
    if order_id is None:
        raise NothingToRefund
    return refund_order(
        claim=claim,
        desk=desk,
        request=RefundRequest(
            order_id=order_id,
            voucher_ids=[request.voucher_id],
            shown_rest=request.rest,
            choice=request.choice,
            mode_id=request.mode_id,
            credit=request.credit,
            consent=request.consent,
        ),
        approved_by=approved_by,
        at=at,
    )
