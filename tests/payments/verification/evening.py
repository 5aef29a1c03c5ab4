"""One evening at a counter, and what is found wrong with it afterwards."""

from dataclasses import dataclass

from django.utils import translation

from contacts.models import Contact
from journal.selectors import entry_numbers
from payments.models import Payment, Voucher
from payments.selectors.results import CheckoutResult, RefundResult
from tests.counter import Counter
from tests.verified import findings
from tills.models import TillSession


@dataclass
class Evening:
    """What one evening left: a bit of everything, and a closed till."""

    counter: Counter
    zoe: Contact
    voucher: Voucher
    by_voucher: CheckoutResult
    mixed: CheckoutResult
    refund: RefundResult
    deposit: Payment
    correction: Payment
    payout: Payment
    closed: TillSession


def number_of(kind: str, row: object) -> str:
    """The number of a row's entry: how a finding names it."""
    pk = int(getattr(row, "pk", 0))
    return entry_numbers(subject_kind=kind, subject_ids=[pk])[pk]


def found() -> set[tuple[str, str]]:
    """What is found, as place and English sentence."""
    with translation.override("en"):
        return {(finding.where, str(finding.what)) for finding in findings()}


def said(*pairs: tuple[str, object]) -> set[tuple[str, str]]:
    with translation.override("en"):
        return {(where, str(what)) for where, what in pairs}
