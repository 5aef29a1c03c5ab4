"""Everything that moves credit. One door: nothing else writes accounts, movements or holds."""

from credit.models import Movement
from credit.services.accounts import account_for
from credit.services.bulk import OpeningBalance, open_balances
from credit.services.corrections import lock_accounts, reverse, transfer
from credit.services.holds import capture, hold, release
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
    "credit_surplus",
    "deposit",
    "expire",
    "give_goodwill",
    "hold",
    "lock_accounts",
    "open_balances",
    "pay",
    "pay_out",
    "refund",
    "release",
    "reverse",
    "transfer",
    "waive",
]
