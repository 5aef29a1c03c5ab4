"""What is asked of the settlement and what it answers. Amounts are whole minor units."""

from dataclasses import dataclass

from institution_settings.choices import ModeKind


@dataclass(frozen=True, kw_only=True, slots=True)
class ModeRules:
    """What a payment mode may do at this point of sale (spec S2, S3).

    ``usable``: authorised here for what is being done, paying or giving back.
    """

    code: str
    kind: str
    label: str = ""
    usable: bool = True
    may_exceed: bool = False
    gives_change: bool = False

    @property
    def name(self) -> str:
        """What the screen calls it."""
        return self.label or self.code

    @property
    def is_voucher(self) -> bool:
        """Whether it is a voucher, coded or of paper."""
        return self.kind in {ModeKind.VOUCHER, ModeKind.PAPER_VOUCHER}


@dataclass(frozen=True, kw_only=True, slots=True)
class Tender:
    """What is put on the table: an amount in a mode.

    A coded voucher comes with its code and what may be spent of it; ``issued_free`` marks one
    whose value may be spent but never paid out (spec C6b). Paper vouchers are always so.
    """

    mode: ModeRules
    amount_minor: int
    voucher_code: str = ""
    voucher_balance_minor: int = 0
    issued_free: bool = False

    @property
    def is_non_refundable(self) -> bool:
        """Whether its value may be spent but never paid out (spec C6b)."""
        return self.mode.kind == ModeKind.PAPER_VOUCHER or self.issued_free


@dataclass(frozen=True, kw_only=True, slots=True)
class Situation:
    """What is to be paid, by whom, and what is possible here.

    ``credit_mode`` is the credit mode that may receive a surplus at this point of sale, ``""`` if
    none is authorised. ``confirms_loss``: the operator confirmed that the customer gives up what
    a paper voucher is worth beyond the order, if it can go nowhere else (spec C8).
    """

    due_minor: int
    currency: str
    has_purchaser: bool = False
    credit_available_minor: int = 0
    credit_mode: str = ""
    cash_limit_minor: int | None = None
    confirms_loss: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class SettledTender:
    """What becomes of one tender. All parts add up to the tender's amount.

    ``applied`` pays the order; ``change`` is given back in cash; ``rounding`` is what cash
    rounding gains (or costs, negative) the venue; ``surplus`` goes to the purchaser's credit, of
    it ``surplus_non_refundable``; ``kept`` stays on the coded voucher; ``given_up`` is lost by
    the customer, knowingly. ``position`` is the tender's place as typed.
    """

    position: int
    tender: Tender
    applied_minor: int
    change_minor: int = 0
    rounding_minor: int = 0
    surplus_minor: int = 0
    kept_minor: int = 0
    given_up_minor: int = 0

    @property
    def surplus_non_refundable_minor(self) -> int:
        """The part of the surplus that may be spent but never paid out (spec C6b)."""
        return self.surplus_minor if self.tender.is_non_refundable else 0

    @property
    def tendered_minor(self) -> int:
        """What is really taken from the customer's hand or voucher, change included."""
        return self.tender.amount_minor - self.kept_minor


@dataclass(frozen=True, kw_only=True, slots=True)
class Settlement:
    """The answer: payments in the order in which they pay, and what is left to pay."""

    due_minor: int
    left_minor: int
    payments: tuple[SettledTender, ...]

    @property
    def entered_minor(self) -> int:
        """All that was put on the table."""
        return sum(payment.tender.amount_minor for payment in self.payments)

    @property
    def change_minor(self) -> int:
        """Cash to give back."""
        return sum(payment.change_minor for payment in self.payments)

    @property
    def rounding_minor(self) -> int:
        """What cash rounding gains the venue (FMT-02)."""
        return sum(payment.rounding_minor for payment in self.payments)

    @property
    def surplus_to_credit_minor(self) -> int:
        """What goes to the purchaser's credit account (spec C8)."""
        return sum(payment.surplus_minor for payment in self.payments)

    @property
    def surplus_non_refundable_minor(self) -> int:
        """The part of it that may be spent but never paid out (spec C6b)."""
        return sum(payment.surplus_non_refundable_minor for payment in self.payments)

    @property
    def kept_minor(self) -> int:
        """What stays on coded vouchers, of what was put on the table."""
        return sum(payment.kept_minor for payment in self.payments)

    @property
    def given_up_minor(self) -> int:
        """What the customer gives up, knowingly."""
        return sum(payment.given_up_minor for payment in self.payments)

    @property
    def credit_used_minor(self) -> int:
        """What the purchaser's credit account pays."""
        return sum(p.applied_minor for p in self.payments if p.tender.mode.kind == ModeKind.CREDIT)

    @property
    def cash_kept_minor(self) -> int:
        """What the drawer gains from cash tenders, change and rounding counted."""
        cash = (p for p in self.payments if p.tender.mode.kind == ModeKind.CASH)
        return sum(payment.tendered_minor - payment.change_minor for payment in cash)
