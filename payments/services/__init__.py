"""How money moves: the outermost services, each one operation, done once (design.md §2)."""

from payments.services.accounts import MoneyRequest, make_deposit, make_payout
from payments.services.acts import adjust_credit, give_credit, reverse_movement, transfer_credit
from payments.services.checkout import check_out
from payments.services.corrections import correct
from payments.services.issuing import cancel_free_voucher, issue_free_voucher
from payments.services.recording import Cheque
from payments.services.refunds import RefundRequest, refund_order
from payments.services.tendering import TenderRequest
from payments.services.tills import automatic_desk, close_till, roll_tills

__all__ = [
    "Cheque",
    "MoneyRequest",
    "RefundRequest",
    "TenderRequest",
    "adjust_credit",
    "automatic_desk",
    "cancel_free_voucher",
    "check_out",
    "close_till",
    "correct",
    "give_credit",
    "issue_free_voucher",
    "make_deposit",
    "make_payout",
    "refund_order",
    "reverse_movement",
    "roll_tills",
    "transfer_credit",
]
