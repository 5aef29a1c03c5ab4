"""Modes, tenders and payments as stories say them.

Amounts are written as people say them and counted in minor units; ``m("12.20")`` is 1220.
"""

from dataclasses import replace
from decimal import Decimal

import pytest

from institution_settings.choices import ModeKind
from institution_settings.money import from_minor
from payments.choices import RefundChoice
from payments.errors import PaymentsError
from payments.settlement import ModeRules, Paid, Situation, Tender, settle, split_refund

CASH = ModeRules(
    code="ESP", label="Espèces", kind=ModeKind.CASH, may_exceed=True, gives_change=True
)
EXACT_CASH = ModeRules(code="ESP0", label="Appoint", kind=ModeKind.CASH)
CARD = ModeRules(code="CB", label="Carte", kind=ModeKind.CARD)
CHEQUE = ModeRules(code="CHQ", label="Chèque", kind=ModeKind.CHEQUE)
CREDIT = ModeRules(code="AVOIR", label="Avoir", kind=ModeKind.CREDIT)
VOUCHER = ModeRules(code="BON", label="Bon", kind=ModeKind.VOUCHER, may_exceed=True)
PAPER = ModeRules(
    code="ANCV", label="Chèque-vacances", kind=ModeKind.PAPER_VOUCHER, may_exceed=True
)
PAPER_CHANGE = ModeRules(
    code="CADEAU", label="Chèque cadeau", kind="paper_voucher", may_exceed=True, gives_change=True
)


def m(amount: str) -> int:
    """Return cents of an amount in euros or francs."""
    return int(Decimal(amount) * 100)


def due(amount: str, **facts: object) -> Situation:
    """Return an order of Zoé's, who has the credit named in ``facts``, at a counter with credit."""
    usual = Situation(due_minor=m(amount), currency="EUR", has_purchaser=True, credit_mode="AVOIR")
    return replace(usual, **facts)  # type: ignore[arg-type]


def tender(mode: ModeRules, amount: str) -> Tender:
    return Tender(mode=mode, amount_minor=m(amount))


def voucher(
    amount: str, *, code: str = "AB12", balance: str | None = None, free: bool = False
) -> Tender:
    return Tender(
        mode=VOUCHER,
        amount_minor=m(amount),
        voucher_code=code,
        voucher_balance_minor=m(balance or amount),
        issued_free=free,
    )


def refusal(kind: type[PaymentsError], situation: Situation, *tenders: Tender) -> dict[str, object]:
    """Return the data of the refusal, whose sentence must be whole."""
    with pytest.raises(kind) as caught:
        settle(situation, tenders)
    assert type(caught.value) is kind
    assert "%(" not in str(caught.value)
    return caught.value.data


def eur(amount: str) -> object:
    return from_minor(m(amount), "EUR")


def paid(mode: ModeRules, amount: str, **facts: int) -> Paid:
    return Paid(reference=1, mode=mode, remaining_minor=m(amount), **facts)


def returned(
    *payments: Paid, amount: str, currency: str = "EUR", choice: str = RefundChoice.ORIGIN
) -> list[tuple[str, int]]:
    """Return who hands what back."""
    shares = split_refund(payments, amount_minor=m(amount), currency=currency, choice=choice)
    return [(share.paid.mode.code, share.handed_minor) for share in shares]


def after(payments: list[Paid], amount: int, currency: str) -> tuple[list[Paid], int]:
    """Return what remains of the payments after a refund to origin, and what cash was handed."""
    shares = split_refund(payments, amount_minor=amount, currency=currency)
    assert sum(share.amount_minor for share in shares) == amount
    given = {share.paid.reference: share for share in shares}
    cash = sum(s.handed_minor for s in shares if s.paid.mode.kind == ModeKind.CASH)
    rest = []
    for payment in payments:
        share = given.get(payment.reference)
        if share is None:
            rest.append(payment)
            continue
        assert 0 < share.amount_minor <= payment.remaining_minor
        assert 0 <= share.non_refundable_minor <= payment.non_refundable_minor
        assert share.handed_minor >= 0
        rest.append(
            replace(
                payment,
                remaining_minor=payment.remaining_minor - share.amount_minor,
                rounding_minor=payment.rounding_minor - share.rounding_minor,
                non_refundable_minor=payment.non_refundable_minor - share.non_refundable_minor,
            )
        )
    return rest, cash
