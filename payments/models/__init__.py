"""How money moves: payments, refunds, vouchers and approvals. Joins credit and sales."""

from payments.models.approvals import Approval
from payments.models.merges import Merge
from payments.models.payments import ChequeDrawer, Payment, PaymentCodes
from payments.models.refunds import Refund, RefundCodes, RefundedTicket
from payments.models.runs import RefundRun, RefundRunLine
from payments.models.shares import PaymentShare
from payments.models.statements import TakingsStatement
from payments.models.sums_owed import SumOwed, SumOwedPayment
from payments.models.voucher_types import VoucherType
from payments.models.vouchers import Voucher, VoucherMovement

__all__ = [
    "Approval",
    "ChequeDrawer",
    "Merge",
    "Payment",
    "PaymentCodes",
    "PaymentShare",
    "Refund",
    "RefundCodes",
    "RefundRun",
    "RefundRunLine",
    "RefundedTicket",
    "SumOwed",
    "SumOwedPayment",
    "TakingsStatement",
    "Voucher",
    "VoucherMovement",
    "VoucherType",
]
