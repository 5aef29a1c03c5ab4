"""Reading credit: the same figure for every screen, report and program (cases.md B54)."""

from credit.selectors.accounts import (
    Standing,
    count_accounts,
    get_hold_contact_id,
    get_standing,
    list_holds,
    list_standings,
)
from credit.selectors.history import (
    HistoryLine,
    HistoryPage,
    find_movement,
    get_movement,
    list_history,
    list_movements_of,
)
from credit.selectors.periods import (
    PeriodFigures,
    balance_at,
    sum_all_periods,
    sum_balances,
    sum_period,
)
from credit.selectors.sealed import sealed_subjects, verify_sealed
from credit.selectors.verification import verify_accounts

__all__ = [
    "HistoryLine",
    "HistoryPage",
    "PeriodFigures",
    "Standing",
    "balance_at",
    "count_accounts",
    "find_movement",
    "get_hold_contact_id",
    "get_movement",
    "get_standing",
    "list_history",
    "list_holds",
    "list_movements_of",
    "list_standings",
    "sealed_subjects",
    "sum_all_periods",
    "sum_balances",
    "sum_period",
    "verify_accounts",
    "verify_sealed",
]
