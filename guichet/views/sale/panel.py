"""The payment panel between the browser and the settlement: what was typed, what is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.http import QueryDict

from guichet.forms.approval import ApprovalForm
from guichet.forms.tenders import MAX_LINES, TenderFields, check_lines, read_lines
from guichet.selectors.baskets import Basket
from guichet.selectors.forecast import Question, TypedTender
from guichet.selectors.panel import Panel, PanelLine, get_panel, takes_nothing_twice
from guichet.throttles import count_unknown_codes, too_many_codes
from guichet.views.entry import DeskRequest, key_of
from institution_settings.choices import ModeKind
from institution_settings.errors import AmountError
from institution_settings.models import PaymentMode
from institution_settings.money import parse_amount
from institution_settings.money.shown import SYMBOLS
from institution_settings.selectors import list_modes
from payments.services import Cheque, TenderRequest

# The first mode of these kinds answers to a key while the focus is in the panel (look.md).
KEYS: Mapping[str, str] = {
    ModeKind.CASH: "E",
    ModeKind.CARD: "C",
    ModeKind.VOUCHER: "V",
    ModeKind.CREDIT: "A",
}
ICONS: Mapping[str, str] = {
    ModeKind.CASH: "banknote",
    ModeKind.CARD: "credit-card",
    ModeKind.CHEQUE: "pen-line",
    ModeKind.TRANSFER: "landmark",
    ModeKind.ONLINE_CARD: "globe",
    ModeKind.VOUCHER: "ticket-percent",
    ModeKind.PAPER_VOUCHER: "gift",
    ModeKind.CREDIT: "coins",
    ModeKind.EXTERNAL: "arrow-right-left",
    ModeKind.OWED: "clock",
}
# What a mode asks for besides the amount.
ASKS: Mapping[str, str] = {ModeKind.VOUCHER: "code", ModeKind.CHEQUE: "cheque"}
# Modes whose amount is what is in the hand: nothing to fill in.
TYPED_WHOLE = frozenset({ModeKind.VOUCHER, ModeKind.PAPER_VOUCHER})


@dataclass(frozen=True, slots=True)
class ModeButton:
    """A mode to add to the panel, with the key that adds it."""

    mode: PaymentMode
    key: str
    icon: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the panel: what was typed, and what becomes of it."""

    index: int
    typed: TenderFields
    line: PanelLine

    @property
    def error(self) -> str:
        """What is wrong with its amount: as typed, or as the settlement sees it."""
        return self.typed.errors.get("amount") or self.line.error

    @property
    def asks(self) -> str:
        """What its mode asks for besides the amount: ``code``, ``cheque`` or nothing."""
        return ASKS.get(self._kind, "")

    @property
    def field(self) -> str:
        """The name of its amount's field."""
        return f"t{self.index}-amount"

    @property
    def icon(self) -> str:
        """The picture of its mode."""
        return ICONS.get(self._kind, "circle-alert")

    @property
    def _kind(self) -> str:
        return self.line.mode.kind if self.line.mode else ""


@dataclass(slots=True, kw_only=True)
class PaymentPanel:
    """The panel as it is shown. ``focus`` is the name of the field or button to go to.

    ``changed``: an amount was filled in that nobody has seen yet. ``is_over``: the order was paid
    or given up meanwhile. ``difference`` says how an exchange gives the difference back.
    """

    key: str
    panel: Panel
    rows: list[Row]
    focus: str = ""
    notice: str = ""
    changed: bool = False
    is_over: bool = False
    difference: str = ""
    approval: ApprovalForm | None = None
    approval_reason: str = ""

    @property
    def buttons(self) -> list[ModeButton]:
        """The modes authorised here, each with its key if it is the first of its kind."""
        free = dict(KEYS)
        return [
            ModeButton(mode, free.pop(mode.kind, ""), ICONS[mode.kind]) for mode in self.panel.modes
        ]

    @property
    def unit(self) -> str:
        """The sign shown behind each amount."""
        return SYMBOLS.get(self.panel.currency, self.panel.currency)

    @property
    def has_typing_errors(self) -> bool:
        """Whether something typed cannot be read or is missing: nothing is sent then."""
        return any(row.typed.errors for row in self.rows)

    def requests(self) -> list[TenderRequest]:
        """Return the tenders as ``check_out`` takes them, lines without an amount left out."""
        return [
            TenderRequest(
                mode_id=row.typed.mode_id,
                amount=row.typed.money,
                voucher_code=row.typed.code,
                cheque=Cheque(
                    bank=row.typed.bank, number=row.typed.number, drawer=row.typed.drawer
                ),
            )
            for row in self.rows
            if row.typed.money is not None
        ]

    def go_to_error(self) -> None:
        """Bring the focus to the first field that is wrong."""
        for row in self.rows:
            if row.typed.errors or row.error:
                self.focus = f"t{row.index}-{next(iter(row.typed.errors), 'amount')}"
                return

    def blame(self, position: object, sentence: str) -> None:
        """Put a refusal beside the line it concerns, or above the panel."""
        sent = [at for at, row in enumerate(self.rows) if row.typed.money is not None]
        if isinstance(position, int) and position < len(sent):
            row = self.rows[sent[position]]
            line = replace(row.line, error=sentence)
            self.rows[sent[position]] = replace(row, line=line)
        else:
            self.notice = sentence


def read_panel(request: DeskRequest, basket: Basket, *, to_pay: bool = False) -> PaymentPanel:
    """Return the panel of a posted form, the button pressed on it acted on.

    ``to_pay`` takes every line as typed: nothing is filled in any more that nobody saw. Codes
    are looked up at a throttled rate.
    """
    place = request.desk.point_of_sale_id
    modes = list_modes(point_of_sale_id=place, use="payment")
    lines = read_lines(request.POST, currency=basket.order.currency)
    focus = ""
    if to_pay:
        lines = check_lines(lines, modes={mode.pk: mode for mode in modes})
    else:
        lines, focus = _press(lines, request.POST, modes, basket)
    guesses = any(line.code for line in lines)
    question = Question(
        order=basket.order,
        standing=basket.standing,
        point_of_sale_id=place,
        today=request.desk.venue_date(datetime.now(UTC)),
        confirms_loss="confirms_loss" in request.POST,
        too_many_codes=too_many_codes(user_id=request.user.pk) if guesses else "",
        exchanged_minor=basket.exchanged_minor,
    )
    tenders = [_tender(line, automatic=not to_pay) for line in lines]
    panel = get_panel(question=question, modes=modes, tenders=tenders)
    count_unknown_codes(user_id=request.user.pk, codes=panel.forecast.unknown_codes)
    rows = [_row(index, *each) for index, each in enumerate(zip(lines, panel.lines, strict=True))]
    changed = any(row.typed.money != line.money for row, line in zip(rows, lines, strict=True))
    return PaymentPanel(
        key=key_of(request),
        panel=panel,
        rows=rows,
        focus=focus,
        changed=changed,
        difference=request.POST.get("difference", ""),
    )


def _tender(line: TenderFields, *, automatic: bool) -> TypedTender:
    return TypedTender(
        mode_id=line.mode_id,
        amount=line.money,
        voucher_code=line.code,
        automatic=automatic and line.is_automatic,
    )


def _row(index: int, typed: TenderFields, line: PanelLine) -> Row:
    """Show in the amount what the panel filled in; what somebody typed stands as typed.

    Credit is filled in once: what a customer agreed to draw does not move with the other lines.
    """
    if line.typed.automatic or (typed.money is None and line.typed.amount):
        moves = line.typed.automatic and not (line.mode and line.mode.is_credit)
        typed = typed.filled(line.typed.amount, automatic=moves)
    return Row(index, typed, line)


def _press(
    lines: list[TenderFields], data: QueryDict, modes: Sequence[PaymentMode], basket: Basket
) -> tuple[list[TenderFields], str]:
    """Return the lines after the button that was pressed, and where the focus goes."""
    added = next((mode for mode in modes if str(mode.pk) == data.get("add_tender")), None)
    if added:
        return _add(lines, added, basket)
    removed = _line_at(data.get("remove_tender", ""), lines)
    filled = _line_at(data.get("fill_tender", ""), lines)
    if removed is not None:
        rest = [line for at, line in enumerate(lines) if at != removed]
        return rest, f"t{len(rest) - 1}-amount" if rest else "tenders"
    given = _given(data, lines, currency=basket.order.currency)
    if given is not None:
        return lines, f"t{given}-amount"
    if filled is not None:
        lines[filled] = lines[filled].filled(None, automatic=True)
        return lines, f"t{filled}-amount"
    return lines, ""


def _given(data: QueryDict, lines: list[TenderFields], *, currency: str) -> int | None:
    """Put in what was handed over in notes: ``give_tender`` is ``line:amount``."""
    index, _colon, typed = data.get("give_tender", "").partition(":")
    at = _line_at(index, lines)
    if at is None:
        return None
    try:
        money = parse_amount(typed, currency=currency, zero=False)
    except AmountError:
        return None
    lines[at] = lines[at].filled(money, automatic=False)
    return at


def _add(
    lines: list[TenderFields], mode: PaymentMode, basket: Basket
) -> tuple[list[TenderFields], str]:
    known = [at for at, line in enumerate(lines) if line.mode_id == mode.pk]
    if known and takes_nothing_twice(mode):
        return lines, f"t{known[0]}-amount"
    if len(lines) >= MAX_LINES:
        return lines, f"t{len(lines) - 1}-amount"
    line = TenderFields(mode_id=mode.pk, auto=None if mode.kind in TYPED_WHOLE else "")
    if mode.kind == ModeKind.CHEQUE and basket.order.contact:
        line = replace(line, drawer=basket.order.contact.label)
    field = "code" if mode.kind == ModeKind.VOUCHER else "amount"
    return [*lines, line], f"t{len(lines)}-{field}"


def _line_at(index: str, lines: Sequence[TenderFields]) -> int | None:
    known = {str(at): at for at in range(len(lines))}
    return known.get(index)
