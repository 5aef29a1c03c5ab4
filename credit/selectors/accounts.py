"""What an account holds at this instant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from moneyed import Money

from credit.models import CreditAccount, Hold
from institution_settings.money import from_minor


@dataclass(frozen=True, slots=True)
class Standing:
    """An account's figures: available = balance − held; refundable = what a payout may take.

    ``held`` leaves out holds whose time is over: whoever next needs the credit releases them.
    """

    account_id: int | None
    contact_id: int
    balance: Money
    held: Money
    available: Money
    non_refundable: Money
    refundable: Money
    state: str = "open"

    @property
    def has_credit(self) -> bool:
        """Whether the coins are shown (spec G1)."""
        return bool(self.balance.amount > 0)


def get_standing(*, contact_id: int, currency: str, at: datetime | None = None) -> Standing:
    """Return the figures of a contact's account; nothing at all when there is none yet."""
    found = list_standings(contact_ids=[contact_id], currency=currency, at=at)
    if contact_id in found:
        return found[contact_id]
    nothing = from_minor(0, currency)
    return Standing(None, contact_id, nothing, nothing, nothing, nothing, nothing)


def list_standings(
    *, contact_ids: Iterable[int], currency: str, at: datetime | None = None
) -> dict[int, Standing]:
    """Return the figures of several contacts' accounts in one query, by contact id."""
    accounts = _with_lapsed(at or datetime.now(UTC)).filter(
        contact_id__in=list(contact_ids), currency=currency
    )
    return {account.contact_id: _standing(account) for account in accounts}


def list_holds(*, contact_id: int, at: datetime | None = None) -> list[Hold]:
    """Return the holds that still count, oldest first (spec C9: everybody concerned sees them)."""
    now = at or datetime.now(UTC)
    return list(
        Hold.objects.filter(
            account__contact_id=contact_id, released_at=None, captured=None, expires_at__gte=now
        ).order_by("id")
    )


def get_hold_contact_id(*, hold_id: int) -> int | None:
    """Return whose credit a hold sets aside, pending or ended; None where there is no such hold."""
    owner: int | None = (
        Hold.objects.filter(pk=hold_id).values_list("account__contact_id", flat=True).first()
    )
    return owner


def _with_lapsed(at: datetime) -> QuerySet[CreditAccount]:
    lapsed = (
        Hold.objects.filter(
            account=OuterRef("pk"), released_at=None, captured=None, expires_at__lt=at
        )
        .order_by()
        .values("account")
        .annotate(total=Sum("amount_minor"))
        .values("total")
    )
    return CreditAccount.objects.annotate(lapsed_minor=Coalesce(Subquery(lapsed), 0))


def _standing(account: CreditAccount) -> Standing:
    """Make the figures of an account annotated by ``_with_lapsed``."""
    held = account.held_minor - int(getattr(account, "lapsed_minor", 0))
    available = account.balance_minor - held
    refundable = max(available - account.non_refundable_minor, 0)
    currency = account.currency
    return Standing(
        account_id=account.pk,
        contact_id=account.contact_id,
        balance=account.balance,
        held=from_minor(held, currency),
        available=from_minor(available, currency),
        non_refundable=account.non_refundable,
        refundable=from_minor(refundable, currency),
        state=account.state,
    )


def count_accounts() -> int:
    """Return how many credit accounts there are."""
    return CreditAccount.objects.count()
