"""What the payment panel shows: modes, lines, and what they come to (spec G3, C8)."""

from collections.abc import Sequence
from dataclasses import dataclass

from moneyed import Money

from credit.selectors import Standing
from guichet.selectors.forecast import Forecast, Question, TypedTender, forecast
from guichet.selectors.vouchers import available
from institution_settings.choices import ModeKind
from institution_settings.models import PaymentMode
from institution_settings.money import from_minor, next_notes_minor, round_cash_minor
from payments.models import Voucher
from payments.settlement import SettledTender


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelLine:
    """A line of the panel and what becomes of it."""

    typed: TypedTender
    mode: PaymentMode | None
    currency: str
    voucher: Voucher | None
    settled: SettledTender | None
    error: str
    left_minor: int

    @property
    def is_cash(self) -> bool:
        """Whether coins and notes are counted for it."""
        return self.mode is not None and self.mode.kind == ModeKind.CASH

    @property
    def notes(self) -> tuple[Money, ...]:
        """What the customer may hand over for it in notes, beyond the exact sum (G3)."""
        if not (self.is_cash and self.mode and self.mode.gives_change):
            return ()
        owed = self.left_minor + (self.settled.applied_minor if self.settled else 0)
        exact = round_cash_minor(owed, currency=self.currency)
        handed = next_notes_minor(exact, currency=self.currency) if exact else []
        return tuple(from_minor(minor, self.currency) for minor in handed)

    @property
    def change(self) -> Money | None:
        """Cash given back of it."""
        return self._money("change_minor")

    @property
    def surplus(self) -> Money | None:
        """What of it goes to the purchaser's credit (C8)."""
        return self._money("surplus_minor")

    @property
    def given_up(self) -> Money | None:
        """What of it is lost to the customer, knowingly."""
        return self._money("given_up_minor")

    @property
    def worth(self) -> Money | None:
        """What may be spent of its voucher."""
        return available(self.voucher) if self.voucher else None

    @property
    def kept(self) -> Money | None:
        """What stays on its voucher: not taken of it, or not needed by the order."""
        if self.voucher is None or self.settled is None:
            return None
        rest = self.voucher.balance_minor - self.settled.tendered_minor
        return from_minor(rest, self.currency) if rest > 0 else None

    def _money(self, name: str) -> Money | None:
        minor = getattr(self.settled, name, 0)
        return from_minor(minor, self.currency) if minor else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The panel as it stands."""

    modes: tuple[PaymentMode, ...]
    lines: tuple[PanelLine, ...]
    currency: str
    forecast: Forecast
    confirms_loss: bool
    standing: Standing | None
    exchanged_minor: int = 0
    difference_minor: int = 0

    @property
    def exchanged(self) -> Money:
        """What the tickets are worth that are taken back for it."""
        return self._money(self.exchanged_minor)

    @property
    def difference(self) -> Money:
        """What is given back where the new tickets cost less."""
        return self._money(self.difference_minor)

    @property
    def due(self) -> Money:
        """What the order costs, less what is taken back for it."""
        return self._money(self.forecast.settlement.due_minor)

    @property
    def entered(self) -> Money:
        """What was put on the table so far."""
        return self._money(self.forecast.settlement.entered_minor)

    @property
    def left(self) -> Money:
        """What is still to be paid."""
        return self._money(self.forecast.settlement.left_minor)

    @property
    def change(self) -> Money:
        """Cash to give back."""
        return self._money(self.forecast.settlement.change_minor)

    @property
    def rounding(self) -> Money:
        """What cash rounding adds to the sum, or takes off it (FMT-02)."""
        return self._money(self.forecast.settlement.rounding_minor)

    @property
    def surplus(self) -> Money:
        """What will go to the purchaser's credit (C8)."""
        return self._money(self.forecast.settlement.surplus_to_credit_minor)

    @property
    def given_up(self) -> Money:
        """What the customer gives up, knowingly."""
        return self._money(self.forecast.settlement.given_up_minor)

    @property
    def credit_after(self) -> Money | None:
        """What will be available on the purchaser's account, where this changes it."""
        told = self.forecast.settlement
        moved = told.surplus_to_credit_minor - told.credit_used_minor
        if self.standing is None or not moved:
            return None
        return self.standing.available + self._money(moved)

    @property
    def asks_for_loss(self) -> bool:
        """Whether the rest of a paper voucher can go nowhere: asks for a confirmation (C8)."""
        return self.forecast.asks_for_loss or bool(self.forecast.settlement.given_up_minor)

    @property
    def has_errors(self) -> bool:
        """Whether a line cannot be taken as it is."""
        return any(line.error for line in self.lines)

    @property
    def said(self) -> str:
        """What the screen says becomes of vouchers' rests: said before it is confirmed (C8)."""
        told = self.forecast.settlement
        return f"{told.surplus_to_credit_minor}/{told.kept_minor}/{told.given_up_minor}"

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to pay and no line is wrong."""
        return not self.forecast.settlement.left_minor and not self.has_errors

    def _money(self, minor: int) -> Money:
        return from_minor(minor, self.currency)


def get_panel(
    *, question: Question, modes: Sequence[PaymentMode], tenders: Sequence[TypedTender]
) -> Panel:
    """Return the panel of an order with the tenders typed so far.

    ``modes`` are those authorised for payment here. No query where nothing is typed, two where
    something is, one more for vouchers.
    """
    found = forecast(question=question, modes=modes, tenders=tenders)
    by_id = {mode.pk: mode for mode in modes}
    settled = {payment.position: payment for payment in found.settlement.payments}
    return Panel(
        modes=tuple(modes),
        lines=tuple(
            PanelLine(
                typed=tender,
                mode=by_id.get(tender.mode_id),
                currency=question.order.currency,
                voucher=found.vouchers.get(position),
                settled=settled.get(position),
                error=found.errors.get(position, ""),
                left_minor=found.settlement.left_minor,
            )
            for position, tender in enumerate(found.tenders)
        ),
        currency=question.order.currency,
        forecast=found,
        confirms_loss=question.confirms_loss,
        standing=question.standing,
        exchanged_minor=question.exchanged_minor,
        difference_minor=max(question.exchanged_minor - question.order.total_minor, 0),
    )


def takes_nothing_twice(mode: PaymentMode) -> bool:
    """Whether one line of this mode is enough: one drawer, one account."""
    return mode.kind in {ModeKind.CASH, ModeKind.CREDIT}
