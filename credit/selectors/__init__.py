"""Reading credit: the same figure for every screen, report and program (cases.md B54)."""

from credit.selectors.accounts import (
    Standing,
    get_standing,
    list_holds,
    list_standings,
)
from credit.selectors.history import (
    HistoryLine,
    HistoryPage,
    get_movement,
    list_history,
    list_movements_of,
)
from credit.selectors.periods import PeriodFigures, balance_at, sum_balances, sum_period

__all__ = [
    "HistoryLine",
    "HistoryPage",
    "PeriodFigures",
    "Standing",
    "balance_at",
    "get_movement",
    "get_standing",
    "list_history",
    "list_holds",
    "list_movements_of",
    "list_standings",
    "sum_balances",
    "sum_period",
]
