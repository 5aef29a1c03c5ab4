"""How money moves: payments, refunds, vouchers and approvals. Joins credit and sales."""

from payments.models.approvals import Approval
from payments.models.payments import Payment, PaymentCodes
from payments.models.refunds import Refund, RefundCodes, RefundedTicket
from payments.models.vouchers import Voucher, VoucherMovement

__all__ = [
    "Approval",
    "Payment",
    "PaymentCodes",
    "Refund",
    "RefundCodes",
    "RefundedTicket",
    "Voucher",
    "VoucherMovement",
]
