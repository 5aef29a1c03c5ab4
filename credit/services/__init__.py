"""Everything that moves credit. One door: nothing else writes accounts, movements or holds."""

from credit.models import Movement
from credit.services.accounts import account_for
from credit.services.bulk import OpeningBalance, open_balances
from credit.services.corrections import lock_accounts, reverse, transfer
from credit.services.erasing import close_accounts
from credit.services.holds import capture, hold, release
from credit.services.merging import has_moved_since, merge_accounts, part_accounts
from credit.services.movements import (
    adjust,
    credit_surplus,
    deposit,
    expire,
    give_goodwill,
    pay,
    pay_out,
    refund,
    waive,
)

__all__ = [
    "Movement",
    "OpeningBalance",
    "account_for",
    "adjust",
    "capture",
    "close_accounts",
    "credit_surplus",
    "deposit",
    "expire",
    "give_goodwill",
    "has_moved_since",
    "hold",
    "lock_accounts",
    "merge_accounts",
    "open_balances",
    "part_accounts",
    "pay",
    "pay_out",
    "refund",
    "release",
    "reverse",
    "transfer",
    "waive",
]
