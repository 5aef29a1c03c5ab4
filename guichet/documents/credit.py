"""Papers about credit: the receipt of a deposit or payout, the statement of an account (G5)."""

from django.utils.translation import gettext_lazy as _

from contacts.models import User
from guichet.documents.papers import render_paper
from guichet.selectors.credit import Receipt, Statement


def render_receipt(*, receipt: Receipt, edited_by: User) -> bytes:
    """Return the receipt of a deposit, payout or correction (MON-05)."""
    return render_paper(
        name="receipt",
        title=_("Receipt %(what)s"),
        what=receipt.number,
        edited_by=edited_by,
        receipt=receipt,
    )


def render_statement(*, statement: Statement, edited_by: User) -> bytes:
    """Return the statement of a credit account over a period (spec G5)."""
    return render_paper(
        name="statement",
        title=_("Credit account of %(what)s"),
        what=statement.contact.label,
        edited_by=edited_by,
        statement=statement,
    )
