"""Movements counted and summed: one query over the database, shared by totals and recaps."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Count, Q, QuerySet, Sum
from moneyed import Money

from credit.choices import Side
from credit.models import Movement
from institution_settings.money import from_minor, zero

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Sums:
    """Movements counted and summed; the net is credits less debits."""

    count: int
    debits: Money
    credits: Money

    @property
    def net(self) -> Money:
        """What the customers' credit grew by."""
        return self.credits - self.debits


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The movements that agree in all that a recap may ask for, in minor units.

    Codes and names of till, credit mode, counterpart and operator; empty where there is none.
    """

    till: str
    kind: str
    is_reversal: bool
    side: str
    mode: tuple[str, str, str]
    counterpart: tuple[str, str, str]
    operator: tuple[str, str]
    count: int
    total: int


_MODE = ("code", "label", "account")


def list_shares(found: QuerySet[Movement]) -> list[Share]:
    """Return a query's movements added up once, as finely as any recap needs. One query."""
    modes = [f"{end}__{what}" for end in ("mode", "counterpart") for what in _MODE]
    rows = (
        found.order_by()
        .annotate(is_reversal=Q(reverses__isnull=False))
        .values_list(
            "session__till__code",
            "kind",
            "is_reversal",
            "side",
            *modes,
            "operator__code",
            "operator__name",
        )
        .annotate(count=Count("id"), total=Sum("amount_minor"))
    )
    return [
        Share(
            till=till,
            kind=kind,
            is_reversal=is_reversal,
            side=side,
            mode=(texts[0] or "", texts[1] or "", texts[2] or ""),
            counterpart=(texts[3] or "", texts[4] or "", texts[5] or ""),
            operator=(texts[6] or "", texts[7] or ""),
            count=count,
            total=total,
        )
        for till, kind, is_reversal, side, *texts, count, total in rows
    ]


def add_shares(shares: Iterable[Share], *, currency: str) -> Sums:
    """Return count, debits and credits of some shares."""
    count = debits = credits_ = 0
    for share in shares:
        count += share.count
        if share.side == Side.DEBIT:
            debits += share.total
        else:
            credits_ += share.total
    return Sums(count, from_minor(debits, currency), from_minor(credits_, currency))


def group_shares(
    shares: Iterable[Share], *, by: Callable[[Share], K], currency: str
) -> dict[K, Sums]:
    """Return the sums of each group of shares that ``by`` makes."""
    groups: dict[K, list[Share]] = {}
    for share in shares:
        groups.setdefault(by(share), []).append(share)
    return {key: add_shares(group, currency=currency) for key, group in groups.items()}


def add_sums(parts: Iterable[Sums], *, currency: str) -> Sums:
    """Return the sums of several sums."""
    listed, nothing = list(parts), zero(currency)
    return Sums(
        count=sum(part.count for part in listed),
        debits=sum((part.debits for part in listed), nothing),
        credits=sum((part.credits for part in listed), nothing),
    )
