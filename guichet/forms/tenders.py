"""The lines of the payment panel as they are posted: the form itself carries them (spec G3).

Nothing of a payment that is not confirmed is kept on the server. A line is a group of fields
``t0-mode``, ``t0-amount``…; what is added, removed or filled is a button of the same form.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _
from moneyed import Money

from institution_settings.choices import ModeKind
from institution_settings.errors import AmountError
from institution_settings.models import PaymentMode
from institution_settings.money import format_amount, parse_amount

MAX_LINES = 12
MAX_TEXT = 80
MAX_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class TenderFields:
    """One line as typed; ``errors`` stand beside the field they name.

    ``auto`` is the amount the panel filled in: as long as nobody changes it, the panel may.
    """

    mode_id: int
    amount: str = ""
    auto: str | None = None
    code: str = ""
    bank: str = ""
    number: str = ""
    drawer: str = ""
    money: Money | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_automatic(self) -> bool:
        """Whether nobody changed the amount that the panel filled in."""
        return self.auto is not None and self.amount == self.auto

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed that could be lost."""
        return not (self.amount.strip() or self.code.strip())

    def filled(self, money: Money | None, *, automatic: bool) -> "TenderFields":
        """Return the line with an amount put in by the panel."""
        shown = format_amount(money) if money else ""
        errors = {name: error for name, error in self.errors.items() if name != "amount"}
        auto = shown if automatic else None
        return replace(self, money=money, amount=shown, auto=auto, errors=errors)


def read_lines(data: Mapping[str, str], *, currency: str) -> list[TenderFields]:
    """Return the lines of a posted panel, each amount read; garbage is an error beside it."""
    lines = []
    for index in range(MAX_LINES):
        mode = data.get(f"t{index}-mode")
        if mode is None:
            break
        lines.append(_read_line(data, f"t{index}-", _id(mode), currency))
    return lines


def _read_line(data: Mapping[str, str], prefix: str, mode_id: int, currency: str) -> TenderFields:
    def text(name: str) -> str:
        return data.get(prefix + name, "").replace("\x00", "")[:MAX_TEXT]

    line = TenderFields(
        mode_id=mode_id,
        amount=text("amount"),
        auto=data.get(prefix + "auto"),
        code=text("code"),
        bank=text("bank"),
        number=text("number"),
        drawer=text("drawer"),
    )
    return _read_amount(line, currency)


def _read_amount(line: TenderFields, currency: str) -> TenderFields:
    if not line.amount.strip():
        return line
    try:
        return replace(line, money=parse_amount(line.amount, currency=currency, zero=False))
    except AmountError as error:
        return replace(line, errors={"amount": str(error)})


def check_lines(
    lines: Iterable[TenderFields], *, modes: Mapping[int, PaymentMode]
) -> list[TenderFields]:
    """Return the lines that are to pay, with what is missing of them; those left blank are gone."""
    return [_check(line, modes.get(line.mode_id)) for line in lines if not line.is_blank]


def _check(line: TenderFields, mode: PaymentMode | None) -> TenderFields:
    errors = dict(line.errors)
    kind = mode.kind if mode else ""
    if kind == ModeKind.VOUCHER and not line.code.strip():
        errors["code"] = _("Type the voucher’s code.")
    if kind == ModeKind.CHEQUE and not line.bank.strip():
        errors["bank"] = _("Type the bank.")
    if kind == ModeKind.CHEQUE and not line.number.strip():
        errors["number"] = _("Type the cheque number.")
    return replace(line, errors=errors)


def _id(value: str) -> int:
    """Return an id as posted; what is no id is 0, which nothing has."""
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 20 else 0
    return number if number <= MAX_ID else 0
