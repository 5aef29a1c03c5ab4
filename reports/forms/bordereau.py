"""The filters of the bordereau as an accountant chooses them."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from contacts.models import User
from credit.choices import MovementKind
from institution_settings.choices import ModeKind, Role
from institution_settings.models import PaymentMode
from reports.selectors.filters import ORDERS, BordereauFilter
from tills.models import Till, TillSession

MOST_ZS = 50
_BETWEEN = re.compile(r"[\s,;]+")
_Z = re.compile(r"(?:Z-)?([A-Z0-9][A-Z0-9_-]{0,15})-([0-9]{1,9})", re.ASCII)


class DayField(forms.DateField):
    """A day, typed or picked."""

    widget = forms.DateInput({"type": "date"})


class Boxes(forms.CheckboxSelectMultiple):
    """Boxes to tick; an error leads to the first of them."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """Return the id of one box, the first unless told."""
        return str(super().id_for_label(id_, "0" if index is None else index))


class CodesField(forms.MultipleChoiceField):
    """Codes of rows, ticked; which ones is known when the form is made."""

    widget = Boxes

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)


class BordereauForm(forms.Form):
    """A period or a list of Zs, and filters; nothing chosen means all."""

    first = DayField(label=_("From"), required=False)
    last = DayField(label=_("To"), required=False)
    z = forms.CharField(
        label=_("Z numbers"),
        required=False,
        max_length=1000,
        help_text=_("For instance Z-G1-0412. They give the period themselves."),
    )
    tills = CodesField(label=_("Tills"))
    kinds = CodesField(label=_("Kinds"))
    operators = CodesField(label=_("Operators"))
    modes = CodesField(label=_("Credit modes"))
    counterparts = CodesField(label=_("Counterparts"))
    balance = forms.BooleanField(label=_("Show the balance after each movement"), required=False)

    def __init__(self, data: Mapping[str, Any], *, opened_by: User | None) -> None:
        """``opened_by`` keeps an operator to own sessions."""
        super().__init__(data)
        self.opened_by = opened_by
        modes = list(PaymentMode.objects.order_by("position", "code"))
        tills = Till.objects.order_by("code")
        people = User.objects.exclude(role=Role.CUSTOMER).order_by("name", "code")
        choices: dict[str, list[tuple[str, str]]] = {
            "tills": [(till.code, str(till)) for till in tills],
            "kinds": [(kind.value, capfirst(str(kind.label))) for kind in MovementKind],
            "operators": [(person.code or "", str(person)) for person in people],
            "modes": [(mode.code, mode.label) for mode in modes if mode.kind == ModeKind.CREDIT],
            "counterparts": [
                (ORDERS, pgettext("purchase", "Order")),
                *((mode.code, mode.label) for mode in modes if mode.kind != ModeKind.CREDIT),
            ],
        }
        for name, offered in choices.items():
            field = self.fields[name]
            assert isinstance(field, CodesField)  # noqa: S101 (for the type checker)
            field.choices = offered

    @property
    def choices(self) -> list[forms.BoundField]:
        """The fields behind “More filters”."""
        return [self[name] for name in ("tills", "kinds", "operators", "modes", "counterparts")]

    def clean_z(self) -> list[TillSession]:
        """Return the sessions whose Zs were typed, with or without ``Z-``, in any case."""
        typed = [word for word in _BETWEEN.split(self.cleaned_data["z"].upper()) if word]
        if len(typed) > MOST_ZS:
            raise ValidationError(_("At most %(most)s Zs."), params={"most": MOST_ZS})
        return [self._session(word) for word in dict.fromkeys(typed)]

    def _session(self, word: str) -> TillSession:
        named = _Z.fullmatch(word)
        found = TillSession.objects.select_related("till")
        if self.opened_by:
            found = found.filter(opened_by=self.opened_by)
        session = named and found.filter(till__code=named[1], number=int(named[2])).first()
        if not session:
            raise ValidationError(_("There is no Z %(number)s."), params={"number": word})
        return session

    def clean(self) -> None:
        sessions = self.cleaned_data.get("z")
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if sessions:
            days = [session.business_date for session in sessions]
            self.cleaned_data |= {"first": min(days), "last": max(days)}
            return
        for name, day in (("first", first), ("last", last)):
            if day is None and name not in self.errors and "z" not in self.errors:
                self.add_error(name, _("Choose a day."))
        if first and last and last < first:
            self.add_error("last", _("The period ends before it begins."))

    def to_filter(self, *, currency: str) -> BordereauFilter:
        """Return what was chosen."""
        chosen = self.cleaned_data
        return BordereauFilter(
            first=chosen["first"],
            last=chosen["last"],
            currency=currency,
            tills=tuple(chosen["tills"]),
            sessions=tuple((session.till.code, session.number) for session in chosen["z"]),
            kinds=tuple(chosen["kinds"]),
            operators=tuple(chosen["operators"]),
            modes=tuple(chosen["modes"]),
            counterparts=tuple(chosen["counterparts"]),
            opened_by=self.opened_by,
        )

    def criteria(self) -> list[str]:
        """Return the chosen filters in words, for the head of screen and paper (RPT-00)."""
        words = []
        if self.opened_by:
            words.append(str(_("sessions opened by %(name)s") % {"name": self.opened_by}))
        if self.cleaned_data["z"]:
            words.append(", ".join(str(session) for session in self.cleaned_data["z"]))
        for field in self.choices:
            offered = dict(self.fields[field.name].choices)  # type: ignore[attr-defined]
            if ticked := [offered[code] for code in self.cleaned_data[field.name]]:
                words.append(
                    str(_("%(filter)s: %(values)s"))
                    % {"filter": str(field.label).lower(), "values": ", ".join(ticked)}
                )
        return words
