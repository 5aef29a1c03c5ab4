"""How money moves: the outermost services, each one operation, done once (design.md §2)."""

from payments.services.accounts import MoneyRequest, make_deposit, make_payout
from payments.services.acts import (
    adjust_credit,
    give_credit,
    move_by_hand,
    release_hold,
    reverse_movement,
    transfer_credit,
)
from payments.services.checkout import check_out
from payments.services.corrections import correct
from payments.services.drawer import CashRequest, move_cash
from payments.services.erasing import Erasure, erase_contact
from payments.services.exchanges import ExchangeRequest, exchange_tickets
from payments.services.issuing import cancel_free_voucher, issue_free_voucher
from payments.services.merging import merge_contacts, undo_merge
from payments.services.mode_corrections import correct_mode
from payments.services.recording import Cheque
from payments.services.refunds import RefundRequest, refund_order
from payments.services.sums_owed import pay_sum_owed
from payments.services.tendering import TenderRequest
from payments.services.tills import automatic_desk, close_till, record_blind_count, roll_tills
from payments.services.voucher_refunds import VoucherRefundRequest, refund_voucher_sale
from payments.services.voucher_sales import sell_vouchers, set_vouchers

__all__ = [
    "CashRequest",
    "Cheque",
    "Erasure",
    "ExchangeRequest",
    "MoneyRequest",
    "RefundRequest",
    "TenderRequest",
    "VoucherRefundRequest",
    "adjust_credit",
    "automatic_desk",
    "cancel_free_voucher",
    "check_out",
    "close_till",
    "correct",
    "correct_mode",
    "erase_contact",
    "exchange_tickets",
    "give_credit",
    "issue_free_voucher",
    "make_deposit",
    "make_payout",
    "merge_contacts",
    "move_by_hand",
    "move_cash",
    "pay_sum_owed",
    "record_blind_count",
    "refund_order",
    "refund_voucher_sale",
    "release_hold",
    "reverse_movement",
    "roll_tills",
    "sell_vouchers",
    "set_vouchers",
    "transfer_credit",
    "undo_merge",
]
