"""The payment panel while it is filled: the settlement engine, asked without locks (spec G3, C8).

What it says is a forecast. ``payments.services.check_out`` decides again under its locks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from moneyed import Money

from credit.selectors import Standing
from institution_settings.choices import ModeKind
from institution_settings.models import Institution, PaymentMode
from institution_settings.money import from_minor, round_cash_minor, to_minor
from institution_settings.selectors import list_modes
from payments.codes import canonical_code
from payments.errors import CashLimit, PaymentsError, SurplusNeedsConsent, VoucherUnknown
from payments.models import Voucher
from payments.settlement import ModeRules, SettledTender, Settlement, Situation, Tender, plan
from sales.models import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedTender:
    """A line of the panel as far as it is typed.

    ``automatic``: the panel fills its amount with what is left to pay, until somebody types one.
    """

    mode_id: int
    amount: Money | None = None
    voucher_code: str = ""
    automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelLine:
    """A line of the panel and what becomes of it."""

    typed: TypedTender
    mode: PaymentMode | None
    currency: str
    voucher: Voucher | None = None
    settled: SettledTender | None = None
    error: str = ""

    def _money(self, name: str) -> Money | None:
        minor = getattr(self.settled, name, 0)
        return from_minor(minor, self.currency) if minor else None

    @property
    def change(self) -> Money | None:
        """Cash given back of it."""
        return self._money("change_minor")

    @property
    def surplus(self) -> Money | None:
        """What of it goes to the purchaser's credit (C8)."""
        return self._money("surplus_minor")

    @property
    def kept(self) -> Money | None:
        """What stays on the voucher: what was not taken of it, and what the order did not need."""
        if self.voucher is None or self.settled is None:
            return None
        rest = self.voucher.balance_minor - self.settled.tendered_minor
        return from_minor(rest, self.currency) if rest > 0 else None

    @property
    def given_up(self) -> Money | None:
        """What of it is lost to the customer, knowingly."""
        return self._money("given_up_minor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Everything the panel shows: modes to choose from, lines, and what they come to."""

    modes: tuple[PaymentMode, ...]
    lines: tuple[PanelLine, ...]
    settlement: Settlement
    currency: str
    asks_for_loss: bool
    credit_after: Money | None

    @property
    def due(self) -> Money:
        """What the order costs."""
        return from_minor(self.settlement.due_minor, self.currency)

    @property
    def entered(self) -> Money:
        """What was put on the table so far."""
        return from_minor(self.settlement.entered_minor, self.currency)

    @property
    def left(self) -> Money:
        """What is still to be paid."""
        return from_minor(self.settlement.left_minor, self.currency)

    @property
    def change(self) -> Money:
        """Cash to give back."""
        return from_minor(self.settlement.change_minor, self.currency)

    @property
    def surplus(self) -> Money:
        """What will go to the purchaser's credit (C8)."""
        return from_minor(self.settlement.surplus_to_credit_minor, self.currency)

    @property
    def given_up(self) -> Money:
        """What the customer gives up, knowingly."""
        return from_minor(self.settlement.given_up_minor, self.currency)

    @property
    def has_errors(self) -> bool:
        """Whether a line cannot be taken as it is."""
        return any(line.error for line in self.lines)

    @property
    def said(self) -> str:
        """What the screen says of vouchers' rests: it is said before it is confirmed (C8)."""
        told = self.settlement
        return f"{told.surplus_to_credit_minor}/{told.kept_minor}/{told.given_up_minor}"


def get_panel(
    *,
    order: Order,
    standing: Standing | None,
    point_of_sale_id: int,
    tenders: Sequence[TypedTender],
    confirms_loss: bool = False,
) -> Panel:
    """Return what the tenders typed so far come to; errors stand on the line they concern.

    Automatic lines take what the others leave, credit at most what is available. Two queries
    where nothing is typed, two more for vouchers and the limit of cash.
    """
    asked = _Asked(order, standing, point_of_sale_id, tenders, confirms_loss=confirms_loss)
    return asked.answer()


class _Asked:
    """One forecast: rows read once, then the engine asked until every wrong line is named."""

    def __init__(
        self,
        order: Order,
        standing: Standing | None,
        point_of_sale_id: int,
        tenders: Sequence[TypedTender],
        *,
        confirms_loss: bool,
    ) -> None:
        self.currency = order.currency
        modes = list_modes(point_of_sale_id=point_of_sale_id, use="payment")
        self.modes = {mode.pk: mode for mode in modes}
        self.takes_credit = _takes_credit(point_of_sale_id) if tenders else ""
        self.tenders = list(tenders)
        self.errors: dict[int, str] = {}
        self.asks_for_loss = confirms_loss
        self.vouchers = self._find_vouchers()
        available = to_minor(standing.available) if standing else 0
        self.standing = standing
        self.situation = Situation(
            due_minor=order.total_minor,
            currency=order.currency,
            has_purchaser=order.contact_id is not None,
            credit_available_minor=available,
            credit_mode=self.takes_credit,
            cash_limit_minor=Institution.objects.get().cash_limit_minor if tenders else None,
            confirms_loss=confirms_loss,
        )

    def answer(self) -> Panel:
        self._fill()
        settlement = self._plan(range(len(self.tenders)))
        settled = {payment.position: payment for payment in settlement.payments}
        after = None
        if self.standing:
            moved = settlement.surplus_to_credit_minor - settlement.credit_used_minor
            after = self.standing.available + from_minor(moved, self.currency)
        return Panel(
            modes=tuple(self.modes.values()),
            lines=tuple(
                PanelLine(
                    typed=tender,
                    mode=self.modes.get(tender.mode_id),
                    currency=self.currency,
                    voucher=self.vouchers.get(position),
                    settled=settled.get(position),
                    error=self.errors.get(position, ""),
                )
                for position, tender in enumerate(self.tenders)
            ),
            settlement=settlement,
            currency=self.currency,
            asks_for_loss=self.asks_for_loss,
            credit_after=after,
        )

    def _find_vouchers(self) -> dict[int, Voucher]:
        codes = {
            position: canonical_code(tender.voucher_code)
            for position, tender in enumerate(self.tenders)
            if tender.voucher_code
        }
        if not codes:
            return {}
        rows = Voucher.objects.filter(code__in=set(codes.values())).select_related("mode")
        found = {voucher.code: voucher for voucher in rows}
        for position, code in codes.items():
            if code not in found:
                typed = self.tenders[position].voucher_code.strip()
                self.errors[position] = str(VoucherUnknown(code=typed))
        return {position: found[code] for position, code in codes.items() if code in found}

    def _fill(self) -> None:
        """Give each automatic line what the others leave, in the order they stand."""
        automatic = [at for at, tender in enumerate(self.tenders) if tender.automatic]
        if not automatic:
            return
        typed = [at for at in range(len(self.tenders)) if at not in automatic]
        errors, self.errors = self.errors, dict(self.errors)
        base = self._plan(typed)
        self.errors = errors
        left, credit = base.left_minor, self.situation.credit_available_minor
        credit -= base.credit_used_minor
        for position in automatic:
            mode = self.modes.get(self.tenders[position].mode_id)
            part = left
            if mode and mode.is_credit:
                part = min(left, max(credit, 0))
                credit -= part
            left -= part
            if mode and mode.kind == ModeKind.CASH:
                part = round_cash_minor(part, currency=self.currency)
            amount = from_minor(part, self.currency) if part else None
            self.tenders[position] = replace(self.tenders[position], amount=amount)

    def _plan(self, positions: Sequence[int]) -> Settlement:
        """Ask the engine, leaving out, one after the other, the lines it refuses."""
        asked = [at for at in positions if self.tenders[at].amount and at not in self.errors]
        while True:
            try:
                planned = plan(self.situation, [self._tender(at) for at in asked])
            except PaymentsError as error:
                at = self._blamed(error, asked)
                self.errors[at] = str(error)
                self.asks_for_loss |= isinstance(error, SurplusNeedsConsent)
                asked.remove(at)
            else:
                payments = tuple(replace(p, position=asked[p.position]) for p in planned.payments)
                return replace(planned, payments=payments)

    def _blamed(self, error: PaymentsError, asked: Sequence[int]) -> int:
        position = error.data.get("position")
        if isinstance(position, int):
            return asked[position]
        if not isinstance(error, CashLimit):
            raise error
        kinds = {at: self.modes[self.tenders[at].mode_id].kind for at in asked}
        return next(at for at in reversed(asked) if kinds[at] == ModeKind.CASH)

    def _tender(self, position: int) -> Tender:
        typed, voucher = self.tenders[position], self.vouchers.get(position)
        mode = self.modes.get(typed.mode_id)
        if mode is None:  # a forged line: the engine refuses what is not usable
            rules = ModeRules(code="?", kind="", usable=False)
        else:
            rules = ModeRules(
                code=mode.code,
                kind=mode.kind,
                label=mode.label,
                may_exceed=mode.may_exceed,
                gives_change=mode.gives_change,
            )
        return Tender(
            mode=rules,
            amount_minor=to_minor(typed.amount) if typed.amount else 0,
            voucher_code=voucher.code if voucher else "",
            voucher_balance_minor=voucher.balance_minor - voucher.held_minor if voucher else 0,
            issued_free=voucher.free if voucher else False,
        )


def _takes_credit(point_of_sale_id: int) -> str:
    """Return the credit mode that may receive a surplus here, ``""`` if none may (S3)."""
    modes = list_modes(point_of_sale_id=point_of_sale_id, use="refund", kinds={ModeKind.CREDIT})
    return modes[0].code if modes else ""
