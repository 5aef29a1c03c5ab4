"""Balances and sums over periods by index probes, never by adding movements up (design.md §3).

``credits_after`` is a running total, so that opening, credits, debits and count over any period
follow from two movements: the last before it and the last in it.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from moneyed import Money

from credit.models import CreditAccount, Movement
from institution_settings.money import from_minor


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """What an account opened with, received, gave and closed with between two business dates."""

    account_id: int
    opening: Money
    credits: Money
    debits: Money
    closing: Money
    movements: int


def balance_at(*, account_id: int, day: date) -> Money:
    """Return the balance at the end of a business date; one index probe."""
    account = CreditAccount.objects.get(pk=account_id)
    last = (
        Movement.objects.filter(account_id=account_id, business_date__lte=day)
        .order_by("-business_date", "-position")
        .values_list("balance_after_minor", flat=True)
        .first()
    )
    return from_minor(last or 0, account.currency)


def sum_period(*, account_id: int, first: date, last: date) -> PeriodFigures:
    """Return the figures of one account from ``first`` to ``last``, both included."""
    account = period_accounts(first=first, last=last).get(pk=account_id)
    return figures_of(account)


def period_accounts(*, first: date, last: date) -> QuerySet[CreditAccount]:
    """Return accounts annotated with the two probes of a period; ``figures_of`` reads them."""
    return CreditAccount.objects.annotate(
        **_probes("opening", business_date__lt=first), **_probes("closing", business_date__lte=last)
    )


def figures_of(account: CreditAccount) -> PeriodFigures:
    """Return the period's figures of an account of ``period_accounts``."""
    value = account.__dict__
    received = value["closing_credits"] - value["opening_credits"]
    given = received - (value["closing_balance"] - value["opening_balance"])
    currency = account.currency
    return PeriodFigures(
        account_id=account.pk,
        opening=from_minor(value["opening_balance"], currency),
        credits=from_minor(received, currency),
        debits=from_minor(given, currency),
        closing=from_minor(value["closing_balance"], currency),
        movements=value["closing_position"] - value["opening_position"],
    )


def sum_all_periods(*, first: date, last: date, currency: str) -> tuple[int, int, int]:
    """Return count, credits and debits of all accounts in a period, by their running totals.

    In minor units. What the movements add up to must be the same (I3).
    """
    accounts = period_accounts(first=first, last=last).filter(currency=currency)
    sums = accounts.aggregate(
        **{f"sum_{name}": Coalesce(Sum(name), 0) for name in _PROBES},
    )
    received = sums["sum_closing_credits"] - sums["sum_opening_credits"]
    given = received - (sums["sum_closing_balance"] - sums["sum_opening_balance"])
    return sums["sum_closing_position"] - sums["sum_opening_position"], received, given


_PROBES = [
    f"{name}_{what}"
    for name in ("opening", "closing")
    for what in ("balance", "credits", "position")
]


def sum_balances(*, currency: str) -> Money:
    """Return what the venue owes now: the sum of all balances in a currency."""
    total = CreditAccount.objects.filter(currency=currency).aggregate(total=Sum("balance_minor"))
    return from_minor(total["total"] or 0, currency)


def _probes(name: str, **until: date) -> dict[str, Coalesce]:
    last = Movement.objects.filter(account=OuterRef("pk"), **until).order_by(
        "-business_date", "-position"
    )
    return {
        f"{name}_{what}": Coalesce(Subquery(last.values(column)[:1]), 0)
        for what, column in (
            ("balance", "balance_after_minor"),
            ("credits", "credits_after_minor"),
            ("position", "position"),
        )
    }
