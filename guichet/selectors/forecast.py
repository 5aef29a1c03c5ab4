"""The settlement engine asked without locks, while somebody still types (spec G3, C8).

What it says is a forecast: ``payments.services.check_out`` decides again under its locks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from moneyed import Money

from credit.selectors import Standing
from guichet.selectors.vouchers import available, find_vouchers, why_not
from institution_settings.choices import ModeKind
from institution_settings.models import Institution, PaymentMode
from institution_settings.money import from_minor, round_cash_minor, to_minor
from institution_settings.selectors import get_credit_mode
from payments.errors import CashLimit, PaymentsError, SurplusNeedsConsent, VoucherUnknown
from payments.models import Voucher
from payments.settlement import ModeRules, Settlement, Situation, Tender, plan
from sales.models import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedTender:
    """A line of the panel as far as it is typed; ``amount`` is None as long as it is not.

    ``automatic``: the panel fills it with what the others leave, until somebody types an amount.
    """

    mode_id: int
    amount: Money | None = None
    voucher_code: str = ""
    automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which order is to be paid, where and when, and what its purchaser has.

    ``too_many_codes`` is the sentence of whoever tried too many unknown codes: none is looked up.
    """

    order: Order
    standing: Standing | None
    point_of_sale_id: int
    today: date
    confirms_loss: bool = False
    too_many_codes: str = ""
    exchanged_minor: int = 0

    @property
    def due_minor(self) -> int:
        """What is to be paid: the order, less what is taken back for it."""
        return max(self.order.total_minor - self.exchanged_minor, 0)


@dataclass(slots=True, kw_only=True)
class Forecast:
    """What the tenders come to, and what is wrong with which, by position."""

    tenders: list[TypedTender]
    settlement: Settlement
    vouchers: dict[int, Voucher] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)
    asks_for_loss: bool = False
    unknown_codes: list[str] = field(default_factory=list)


def forecast(
    *, question: Question, modes: Sequence[PaymentMode], tenders: Iterable[TypedTender]
) -> Forecast:
    """Return what ``tenders`` come to; every wrong one is named and left out of the sums.

    A voucher without an amount pays with all it is worth. Automatic lines take what the others
    leave: credit at most what is available, cash in coins.
    """
    return _Asked(question, modes, list(tenders)).answer()


class _Asked:
    def __init__(
        self, question: Question, modes: Sequence[PaymentMode], tenders: list[TypedTender]
    ) -> None:
        order = question.order
        self.question = question
        self.currency = order.currency
        self.modes = {mode.pk: mode for mode in modes}
        self.situation = Situation(
            due_minor=question.due_minor,
            currency=order.currency,
            has_purchaser=order.contact_id is not None,
            credit_available_minor=to_minor(question.standing.available)
            if question.standing
            else 0,
            confirms_loss=question.confirms_loss,
        )
        due = question.due_minor
        nothing = Settlement(due_minor=due, left_minor=due, payments=())
        self.told = Forecast(tenders=tenders, settlement=nothing)

    def answer(self) -> Forecast:
        if self.told.tenders:
            self._read()
            self._fill()
        self.told.settlement = self._plan(range(len(self.told.tenders)), self.told.errors)
        return self.told

    def _read(self) -> None:
        place = self.question.point_of_sale_id
        credit = get_credit_mode(point_of_sale_id=place, use="refund")
        self.situation = replace(
            self.situation,
            credit_mode=credit.code if credit else "",
            cash_limit_minor=Institution.objects.get().cash_limit_minor,
        )
        typed = {
            at: tender.voucher_code
            for at, tender in enumerate(self.told.tenders)
            if tender.voucher_code and self._kind(at) == ModeKind.VOUCHER
        }
        if self.question.too_many_codes:
            self.told.errors.update(dict.fromkeys(typed, self.question.too_many_codes))
            return
        found = find_vouchers(codes=typed.values())
        for at, code in typed.items():
            self._take_voucher(at, code, found.get(code))

    def _take_voucher(self, at: int, code: str, voucher: Voucher | None) -> None:
        if voucher is None:
            self.told.unknown_codes.append(code)
            self.told.errors[at] = str(VoucherUnknown(code=code.strip()))
            return
        self.told.vouchers[at] = voucher
        refusal = why_not(voucher, currency=self.currency, today=self.question.today)
        if refusal:
            self.told.errors[at] = str(refusal)
        elif self.told.tenders[at].amount is None:
            self.told.tenders[at] = replace(self.told.tenders[at], amount=available(voucher))

    def _fill(self) -> None:
        """Give each automatic line what the others leave: credit first, then as they stand."""
        tenders = self.told.tenders
        automatic = [at for at, tender in enumerate(tenders) if tender.automatic]
        automatic.sort(key=lambda at: self._kind(at) != ModeKind.CREDIT)
        typed = [at for at in range(len(tenders)) if at not in automatic]
        base = self._plan(typed, dict(self.told.errors))
        left = base.left_minor
        credit = max(self.situation.credit_available_minor - base.credit_used_minor, 0)
        for at in automatic:
            part = min(left, credit) if self._kind(at) == ModeKind.CREDIT else left
            credit -= part if self._kind(at) == ModeKind.CREDIT else 0
            left -= part
            if self._kind(at) == ModeKind.CASH:
                part = round_cash_minor(part, currency=self.currency)
            tenders[at] = replace(
                tenders[at], amount=from_minor(part, self.currency) if part else None
            )

    def _plan(self, positions: Iterable[int], errors: dict[int, str]) -> Settlement:
        """Ask the engine, leaving out, one after the other, the lines it refuses."""
        asked = [at for at in positions if self.told.tenders[at].amount and at not in errors]
        while True:
            try:
                planned = plan(self.situation, [self._tender(at) for at in asked])
            except PaymentsError as error:
                at = self._blamed(error, asked)
                errors[at] = str(error)
                self.told.asks_for_loss |= isinstance(error, SurplusNeedsConsent)
                asked.remove(at)
            else:
                found = (replace(paid, position=asked[paid.position]) for paid in planned.payments)
                return replace(planned, payments=tuple(found))

    def _blamed(self, error: PaymentsError, asked: Sequence[int]) -> int:
        """Return the line an error is about; the limit of cash is about the last cash."""
        position = error.data.get("position")
        if isinstance(position, int):
            return asked[position]
        if not isinstance(error, CashLimit):
            raise error
        return next(at for at in reversed(asked) if self._kind(at) == ModeKind.CASH)

    def _kind(self, at: int) -> str:
        mode = self.modes.get(self.told.tenders[at].mode_id)
        return mode.kind if mode else ""

    def _tender(self, at: int) -> Tender:
        typed, voucher = self.told.tenders[at], self.told.vouchers.get(at)
        mode = self.modes.get(typed.mode_id)
        rules = ModeRules(code="?", kind="", usable=False)  # a forged line is refused as such
        if mode:
            rules = ModeRules(
                code=mode.code,
                kind=mode.kind,
                label=mode.label,
                may_exceed=mode.may_exceed,
                gives_change=voucher.gives_change(mode) if voucher else mode.gives_change,
            )
        return Tender(
            mode=rules,
            amount_minor=to_minor(typed.amount) if typed.amount else 0,
            voucher_code=voucher.code if voucher else "",
            voucher_balance_minor=to_minor(available(voucher)) if voucher else 0,
            issued_free=voucher.non_refundable if voucher else False,
        )
