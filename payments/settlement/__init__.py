"""How an order is settled and how its money goes back: decisions only, no database.

Services lock and read, ask here, and write what is answered (``design.md`` §2, beat 3). Everything
is counted in whole minor units of one currency. ``shapes`` are the words of the question and of
the answer, ``paying`` settles an order, ``returning`` splits a refund,
``sharing`` says which part of a payment is for which performance.
"""

from payments.settlement.paying import plan, settle
from payments.settlement.returning import OwedWay, Paid, Share, owed_way, split_refund
from payments.settlement.shapes import ModeRules, SettledTender, Settlement, Situation, Tender
from payments.settlement.sharing import share_out

__all__ = [
    "ModeRules",
    "OwedWay",
    "Paid",
    "SettledTender",
    "Settlement",
    "Share",
    "Situation",
    "Tender",
    "owed_way",
    "plan",
    "settle",
    "share_out",
    "split_refund",
]
