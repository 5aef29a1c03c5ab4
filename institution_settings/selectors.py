"""Reading the settings: the institution, its day, and what may be used where (spec S3, S7)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import models

from institution_settings.business_days import business_day_of
from institution_settings.choices import ModeKind
from institution_settings.errors import (
    CreditNotAllowed,
    ModeMovesNoMoney,
    ModeNotAllowed,
    NoCreditMode,
    NotSetUp,
)
from institution_settings.models import Institution, ModeAuthorisation, PaymentMode, PointOfSale
from institution_settings.permissions import NEEDS, Act, Needs, Use


def get_institution() -> Institution:
    """Return the one institution; ``NotSetUp`` before the venue is set up."""
    institution = Institution.objects.first()
    if institution is None:
        raise NotSetUp
    return institution


def current_business_date(*, at: datetime) -> date:
    """Return the business date a moment falls in at this venue (spec S7)."""
    venue = get_institution()
    day = business_day_of(at=at, starts_at=venue.day_starts_at, time_zone=venue.time_zone)
    return day.date


def venue_date(*, at: datetime) -> date:
    """Return the calendar date of a moment at the venue: days there end at midnight."""
    return at.astimezone(ZoneInfo(get_institution().time_zone)).date()


def list_modes(
    *, point_of_sale_id: int, use: Use, kinds: Collection[ModeKind] | None = None
) -> list[PaymentMode]:
    """Return the modes authorised at a point of sale for a use, in the institution's order (S3).

    Only active modes of an active point of sale; ``kinds`` narrows them (``MONEY_KINDS`` for
    deposits and payouts). One query.
    """
    rows = _authorised(point_of_sale_id)
    modes = [row.mode for row in rows if _usable(row, use)]
    return [mode for mode in modes if kinds is None or mode.kind in kinds]


def may_use(*, point_of_sale_id: int, mode_id: int, use: Use) -> bool:
    """Whether one mode is authorised at a point of sale for a use (S3). One query."""
    return any(
        row.mode_id == mode_id and _usable(row, use) for row in _authorised(point_of_sale_id)
    )


def get_credit_mode(*, point_of_sale_id: int, use: Use) -> PaymentMode | None:
    """Return the first credit mode in order authorised there for a use, or None (S3)."""
    modes = list_modes(point_of_sale_id=point_of_sale_id, use=use, kinds={ModeKind.CREDIT})
    return modes[0] if modes else None


@dataclass(frozen=True, slots=True)
class Cleared:
    """The modes of an act that S3 allows, by id, and the credit mode it will use."""

    modes: dict[int, PaymentMode]
    credit: PaymentMode | None


def check_act(
    *,
    act: Act,
    point_of_sale_id: int,
    mode_ids: Collection[int] = (),
    money_mode_id: int | None = None,
    credit_mode_id: int | None = None,
) -> Cleared:
    """Return the modes of an act if all are authorised at the point of sale (S3). One query.

    ``mode_ids`` are the tenders of a sale or refund, ``money_mode_id`` the one mode of a deposit
    or payout. ``credit_mode_id`` is the operator's choice; without it the first in order is
    taken. Raises ``ModeNotAllowed``, ``CreditNotAllowed``, ``ModeMovesNoMoney`` or
    ``NoCreditMode``, each naming what is refused and where.
    """
    needs = NEEDS[act]
    rows = _authorised(point_of_sale_id)
    wanted = {*mode_ids} if money_mode_id is None else {*mode_ids, money_mode_id}
    modes = {mode_id: _mode(rows, mode_id, point_of_sale_id, needs) for mode_id in sorted(wanted)}
    if needs.credit is None:
        return Cleared(modes, None)
    return Cleared(modes, _credit(rows, credit_mode_id, point_of_sale_id, needs.credit))


def is_used(*, row: models.Model) -> bool:
    """Whether any protected row points at this one: then it is never deleted (spec S5)."""
    return any(
        relation.related_model._base_manager.filter(  # noqa: SLF001 (Django's own name for it)
            **{relation.field.name: row}
        ).exists()
        for relation in row._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ForeignObjectRel)
        and getattr(relation, "on_delete", None) is models.PROTECT
    )


def _authorised(point_of_sale_id: int) -> list[ModeAuthorisation]:
    return list(
        ModeAuthorisation.objects.filter(
            point_of_sale_id=point_of_sale_id, point_of_sale__active=True, mode__active=True
        )
        .select_related("mode")
        .order_by("mode__position", "mode__code")
    )


def _usable(row: ModeAuthorisation, use: Use) -> bool:
    if use == "payment":
        return row.payment and row.mode.for_payment
    return row.refund and row.mode.for_refund


def _mode(
    rows: list[ModeAuthorisation], mode_id: int, point_of_sale_id: int, needs: Needs
) -> PaymentMode:
    found = next((row for row in rows if row.mode_id == mode_id), None)
    if found is not None and needs.money and not found.mode.is_money:
        raise ModeMovesNoMoney(mode=found.mode.label)
    if found is None or needs.modes is None or not _usable(found, needs.modes):
        raise ModeNotAllowed(
            use=needs.modes or "payment",
            mode=_label(mode_id),
            point_of_sale=_place(point_of_sale_id),
        )
    return found.mode


def _credit(
    rows: list[ModeAuthorisation], chosen_id: int | None, point_of_sale_id: int, use: Use
) -> PaymentMode:
    usable = [row.mode for row in rows if row.mode.is_credit and _usable(row, use)]
    if chosen_id is None and not usable:
        raise CreditNotAllowed(use=use, point_of_sale=_place(point_of_sale_id))
    if chosen_id is None:
        return usable[0]
    for mode in usable:
        if mode.pk == chosen_id:
            return mode
    if any(row.mode_id == chosen_id and not row.mode.is_credit for row in rows):
        raise NoCreditMode(mode=_label(chosen_id))
    raise ModeNotAllowed(use=use, mode=_label(chosen_id), point_of_sale=_place(point_of_sale_id))


# Names are fetched only to refuse.
def _label(mode_id: int) -> str:
    return PaymentMode.objects.filter(pk=mode_id).values_list("label", flat=True).first() or "?"


def _place(point_of_sale_id: int) -> str:
    names = PointOfSale.objects.filter(pk=point_of_sale_id).values_list("name", flat=True)
    return names.first() or "?"
