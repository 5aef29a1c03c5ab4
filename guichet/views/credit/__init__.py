"""The menu "Solde avoir": what its addresses show (spec G5)."""

from guichet.views.credit.account import (
    correct,
    deposit,
    history,
    payout,
    receipt_pdf,
    statement_pdf,
)
from guichet.views.credit.by_hand import by_hand, release, take_back
from guichet.views.credit.exports import history_csv, history_xlsx

__all__ = [
    "by_hand",
    "correct",
    "deposit",
    "history",
    "history_csv",
    "history_xlsx",
    "payout",
    "receipt_pdf",
    "release",
    "statement_pdf",
    "take_back",
]
