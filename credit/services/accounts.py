"""A contact's account, made when it is first needed."""

from credit.models import CreditAccount


def account_for(*, contact_id: int, currency: str) -> CreditAccount:
    """Return the contact's account in a currency, made on first use; safe against races (S6)."""
    account, _made = CreditAccount.objects.get_or_create(contact_id=contact_id, currency=currency)
    return account
