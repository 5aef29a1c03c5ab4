"""Why a posting was refused: read only after the UPDATE found nothing to change."""

from credit.choices import AccountState, Side
from credit.errors import (
    AccountNotOpen,
    CreditError,
    InsufficientCredit,
    ModeNotAuthorised,
    NonRefundable,
    WrongCurrency,
)
from credit.models import CreditAccount
from credit.services.shapes import Posting
from institution_settings.money import from_minor, to_minor
from tills.selectors import Desk


def explain(*, desk: Desk, posting: Posting) -> CreditError:
    """Return the refusal that tells the customer and the operator what stands in the way."""
    account = CreditAccount.objects.filter(pk=posting.account_id).first()
    if account is None or account.state != AccountState.OPEN:
        return AccountNotOpen()
    if account.currency != posting.amount.currency.code:
        return WrongCurrency(currency=account.currency)
    if posting.side == Side.DEBIT:
        free = account.balance_minor - account.held_minor + posting.capture_minor
        asked = to_minor(posting.amount)
        if free < asked:
            return InsufficientCredit(
                asked=posting.amount,
                available=from_minor(free, account.currency),
                held=account.held,
                missing=from_minor(asked - free, account.currency),
            )
        refundable = free - account.non_refundable_minor
        if posting.refundable_only and refundable < asked:
            return NonRefundable(
                asked=posting.amount, refundable=from_minor(max(refundable, 0), account.currency)
            )
    return ModeNotAuthorised(
        mode=posting.mode.code if posting.mode else None, point_of_sale=desk.point_of_sale_id
    )
