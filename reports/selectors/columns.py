"""The columns of the bordereau: named and written here once, for screen and paper alike.

``fiscal.md`` §7.2 (a) with the two mode columns of the decisions, in that order.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from moneyed import Money

from credit.choices import Side
from credit.models import Movement
from institution_settings.money import Style, format_amount, format_datetime
from journal.errors import StrOrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One movement with what its columns show beside its own fields.

    ``number`` is that of its entry, ``reference`` the order or the receipt it belongs to.
    """

    line: int
    number: str
    reference: str
    label: str
    counterpart: str
    movement: Movement

    @property
    def debit(self) -> Money | None:
        """The amount, where it lowers the balance."""
        return self.movement.amount if self.movement.side == Side.DEBIT else None

    @property
    def credit(self) -> Money | None:
        """The amount, where it raises the balance."""
        return self.movement.amount if self.movement.side == Side.CREDIT else None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its code in stylesheets, its title, and what it shows of a line."""

    code: str
    title: StrOrPromise
    show: Callable[[Line], str]
    is_amount: bool = False

    @property
    def css(self) -> str:
        """The classes of its cells."""
        return f"num col-{self.code}" if self.is_amount else f"col-{self.code}"


def style_of(movement: Movement) -> Style:
    """Return how a movement's dates are written: as its amounts are (FMT-01)."""
    return "fr-ch" if movement.currency == "CHF" else "fr"


def _amount(value: Money | None) -> str:
    return "" if value is None else format_amount(value)


COLUMNS = (
    Column("line", _("No."), lambda line: str(line.line), is_amount=True),
    Column(
        "at",
        _("Date and time"),
        lambda line: format_datetime(line.movement.at, style=style_of(line.movement)),
    ),
    Column("operation", _("Operation no."), lambda line: line.number),
    Column("reference", _("Receipt or order no."), lambda line: line.reference),
    Column("contact-no", _("Contact no."), lambda line: line.movement.account.contact.number or ""),
    Column("contact", _("Contact"), lambda line: line.movement.account.contact.label),
    Column("kind", _("Kind"), lambda line: capfirst(line.movement.get_kind_display())),
    Column("label", pgettext_lazy("column", "Label"), lambda line: line.label),
    Column(
        "mode",
        _("Credit mode"),
        lambda line: line.movement.mode.label if line.movement.mode else "",
    ),
    Column("counterpart", _("Counterpart"), lambda line: line.counterpart),
    Column("operator", _("Operator"), lambda line: str(line.movement.operator or "")),
    Column(
        "debit",
        pgettext_lazy("accounting", "Debit"),
        lambda line: _amount(line.debit),
        is_amount=True,
    ),
    Column(
        "credit",
        pgettext_lazy("accounting", "Credit"),
        lambda line: _amount(line.credit),
        is_amount=True,
    ),
)
BALANCE = Column(
    "balance",
    _("Balance after"),
    lambda line: format_amount(line.movement.balance_after),
    is_amount=True,
)


def list_columns(*, with_balance: bool) -> tuple[Column, ...]:
    """Return the columns in order; the balance after each movement where it was asked for."""
    return (*COLUMNS, BALANCE) if with_balance else COLUMNS
