"""The accounts of a contact who is erased: empty, closed, without comments (RGP-02, RGP-03)."""

from collections.abc import Iterable

from credit.choices import AccountState
from credit.errors import AccountNotEmpty
from credit.models import CreditAccount, MovementComment
from credit.services.accounts import account_for
from credit.services.corrections import lock_accounts


def close_accounts(*, contact_ids: Iterable[int], currency: str) -> None:
    """Close the accounts of contacts for good and delete the comments on their movements.

    Movements and figures stay. Who had no account gets a closed one, so that a deposit under way
    finds it closed. ``AccountNotEmpty`` while anything is owed; decided under the locks.
    """
    wanted = list(contact_ids)
    for contact_id in wanted:
        account_for(contact_id=contact_id, currency=currency)
    found = CreditAccount.objects.filter(contact_id__in=wanted).values_list("pk", flat=True)
    accounts = lock_accounts(account_ids=list(found))
    for account in accounts:
        if account.balance_minor:
            raise AccountNotEmpty(balance=account.balance)
    MovementComment.objects.filter(movement__account__in=accounts).delete()
    CreditAccount.objects.filter(pk__in=[account.pk for account in accounts]).update(
        state=AccountState.ERASED
    )
