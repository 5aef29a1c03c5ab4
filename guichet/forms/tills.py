"""Opening a till with its float, moving cash by hand, and counting it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from moneyed import Money

from guichet.selectors.tills import difference_of, is_countable, sum_money
from institution_settings.choices import ModeKind
from institution_settings.forms import AmountField
from institution_settings.money import to_minor
from payments.selectors.takings import Taking
from payments.services import CashRequest
from tills.choices import CashReason, CashWay


class OpenTillForm(forms.Form):
    """The float a drawer starts with; none is zero."""

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opening_float"] = AmountField(
            label=gettext_lazy("Opening float"),
            help_text=gettext_lazy("The cash in the drawer before the first sale."),
            currency=currency,
            zero=True,
        )


class CashForm(forms.Form):
    """Cash put into the drawer or taken out of it, and why."""

    way = forms.ChoiceField(
        label=gettext_lazy("What do you do?"), choices=CashWay.choices, widget=forms.RadioSelect
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=[("", gettext_lazy("Choose…")), *CashReason.choices]
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"] = AmountField(label=gettext_lazy("Amount"), currency=currency)
        self.fields["amount"].widget.attrs["data-autofocus"] = ""

    def request(self) -> CashRequest:
        """Return what was typed, for the service."""
        typed = self.cleaned_data
        return CashRequest(
            way=CashWay(typed["way"]), reason=CashReason(typed["reason"]), amount=typed["amount"]
        )


@dataclass(frozen=True, slots=True)
class CountRow:
    """A mode to count: what it took, its field (None: nothing to count) and the difference."""

    taking: Taking
    field: BoundField | None
    difference: Money | None


@dataclass(frozen=True, slots=True)
class CountTotals:
    """What the counted modes add up to."""

    expected: Money
    counted: Money | None
    difference: Money | None


class CountForm(forms.Form):
    """What was counted, mode by mode. Cash always is; an empty line of another was not counted.

    ``accepted`` carries the differences the operator has been shown: a Z with a difference is
    written when they press again, never by a slip of the fingers.

    A ``blind`` count shows nothing of what is expected before there is a count that can be read.
    """

    accepted = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        takings: list[Taking],
        currency: str,
        blind: bool = False,
    ) -> None:
        super().__init__(data)
        self.blind = blind
        self.takings = takings
        self.currency = currency
        for taking in takings:
            if is_countable(taking.mode):
                self.fields[self.name_of(taking)] = AmountField(
                    label=_("%(mode)s, counted") % {"mode": taking.mode.label},
                    currency=currency,
                    zero=True,
                    required=taking.mode.kind == ModeKind.CASH,
                )
        for field in list(self.fields.values())[1:2]:  # after ``accepted``: the first count
            field.widget.attrs["data-autofocus"] = ""

    @staticmethod
    def name_of(taking: Taking) -> str:
        """Return the name of a mode's field."""
        return f"counted_{taking.mode.pk}"

    @property
    def shows_expected(self) -> bool:
        """Whether what is expected may be shown: always, or blind only after the count."""
        return not self.blind or (self.is_bound and not self.errors)

    def counted(self) -> dict[int, Money]:
        """Return what was counted, by mode id; modes nobody counted are left out."""
        typed = {taking.mode.pk: self._typed(taking) for taking in self.takings}
        return {mode_id: amount for mode_id, amount in typed.items() if amount is not None}

    def rows(self) -> list[CountRow]:
        """Return the lines of the table."""
        return [
            CountRow(
                taking,
                self[self.name_of(taking)] if self.name_of(taking) in self.fields else None,
                difference_of(self._typed(taking), taking.expected),
            )
            for taking in self.takings
        ]

    def totals(self) -> CountTotals:
        """Return the sums over what can be counted; the difference over what was."""
        countable = [row for row in self.rows() if row.field is not None]
        expected = sum_money((row.taking.expected for row in countable), currency=self.currency)
        if not self.counted():
            return CountTotals(expected, None, None)
        return CountTotals(
            expected,
            sum_money(self.counted().values(), currency=self.currency),
            sum_money(
                (row.difference for row in countable if row.difference is not None),
                currency=self.currency,
            ),
        )

    def differences(self) -> str:
        """Return what differs as it is sent back to be accepted: ``3:-250``; empty for nothing."""
        return ",".join(
            f"{row.taking.mode.pk}:{to_minor(row.difference)}"
            for row in self.rows()
            if row.difference is not None and row.difference.amount
        )

    def needs_acceptance(self) -> bool:
        """Whether there are differences the operator has not been shown yet."""
        return self.differences() not in ("", self.cleaned_data["accepted"])

    def _typed(self, taking: Taking) -> Money | None:
        found: Money | None = getattr(self, "cleaned_data", {}).get(self.name_of(taking))
        return found
