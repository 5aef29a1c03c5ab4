"""Setting up who sells: the institution, its payment modes, its points of sale (spec S1 to S5).

Everything is validated by ``full_clean``: a wrong value is Django's ``ValidationError``, by field.
"""

import datetime
from typing import TypedDict, Unpack

from django.db import models, transaction
from moneyed import Money

from institution_settings.choices import Channel, ModeKind, Paper, Regime
from institution_settings.errors import AlreadySetUp, SettingInUse
from institution_settings.models import Institution, ModeAuthorisation, PaymentMode, PointOfSale
from institution_settings.money import to_minor
from institution_settings.selectors import is_used
from journal.services import CLOSINGS, EVENTS, open_chain


class InstitutionDetails(TypedDict, total=False):
    """What may be said of an institution besides its name and SIREN."""

    legal_name: str
    regime: Regime
    siret: str
    vat_number: str
    licence: str
    address: str
    email: str
    phone: str
    website: str
    currency: str
    time_zone: str
    day_starts_at: datetime.time
    is_demo: bool
    basket_minutes: int
    hold_minutes: int
    reservation_days: int


@transaction.atomic
def set_up_institution(
    *,
    name: str,
    siren: str,
    cash_limit: Money | None = None,
    payout_limit: Money | None = None,
    **details: Unpack[InstitutionDetails],
) -> Institution:
    """Create the one institution of this database; a second time is ``AlreadySetUp``.

    ``cash_limit`` is per order, deposit or payout (MON-03), ``payout_limit`` what an operator
    pays back to a contact per day without a supervisor (G5); both in the institution's currency.
    """
    known = Institution.objects.first()
    if known:
        raise AlreadySetUp(name=known.name)
    institution = Institution(pk=1, name=name, siren=siren, **details)
    if cash_limit is not None:
        institution.cash_limit_minor = to_minor(cash_limit)
    if payout_limit is not None:
        institution.payout_limit_minor = to_minor(payout_limit)
    institution.full_clean()
    with transaction.atomic():
        institution.save(force_insert=True)
        for chain in (EVENTS, CLOSINGS):
            open_chain(code=chain, entity=institution.siren)
    return institution


class ModeDetails(TypedDict, total=False):
    """What a payment mode may be told besides its code, label and kind (spec S2)."""

    for_payment: bool
    for_refund: bool
    may_exceed: bool
    gives_change: bool
    account: str
    position: int


def create_payment_mode(
    *, code: str, label: str, kind: ModeKind, **details: Unpack[ModeDetails]
) -> PaymentMode:
    """Create a payment mode; it is used nowhere until a point of sale authorises it (S3).

    Without ``position`` it comes last in the institution's order.
    """
    if "position" not in details:
        last = PaymentMode.objects.aggregate(last=models.Max("position"))["last"]
        details["position"] = (last or 0) + 10
    mode = PaymentMode(code=code, label=label, kind=kind, **details)
    mode.full_clean()
    mode.save()
    return mode


OWED_CODE = "DU"


def ensure_owed_mode() -> PaymentMode:
    """Return the mode in which a refund says that its money is still owed (CNS-02).

    No point of sale authorises it and nobody chooses it as a tender: it is there once a sum is
    owed for the first time, and stands in the books until that sum is paid.
    """
    known = PaymentMode.objects.filter(kind=ModeKind.OWED).order_by("pk").first()
    if known is not None:
        return known
    mode, _made = PaymentMode.objects.get_or_create(
        code=OWED_CODE,
        defaults={
            "label": "Somme due",
            "kind": ModeKind.OWED,
            "for_payment": False,
            "account": "467200",
            "position": 900,
        },
    )
    return mode


class ModeSpec(ModeDetails):
    """A payment mode to be created."""

    code: str
    label: str
    kind: ModeKind


def default_modes() -> list[ModeSpec]:
    """Return the usual modes of a French venue, to be given to ``create_payment_mode``.

    Accounts are those of fiscal.md §3.1. Vouchers give no change: what they are worth beyond the
    amount due goes to the purchaser's credit (C8). Chèques-vacances are never handed back.
    """
    cash = ModeSpec(code="ESPECES", label="Espèces", kind=ModeKind.CASH, account="530000")
    cash |= {"may_exceed": True, "gives_change": True}
    voucher = ModeSpec(code="BON", label="Bon", kind=ModeKind.VOUCHER, account="419110")
    voucher |= {"may_exceed": True}
    paper = ModeSpec(
        code="CHQVAC", label="Chèque-vacances", kind=ModeKind.PAPER_VOUCHER, account="511800"
    )
    paper |= {"may_exceed": True, "for_refund": False}
    return [
        cash,
        ModeSpec(code="CB", label="Carte bancaire", kind=ModeKind.CARD, account="511500"),
        ModeSpec(code="CHEQUE", label="Chèque", kind=ModeKind.CHEQUE, account="511200"),
        ModeSpec(code="VIREMENT", label="Virement", kind=ModeKind.TRANSFER, account="512000"),
        ModeSpec(code="CBWEB", label="Carte en ligne", kind=ModeKind.ONLINE_CARD, account="517100"),
        voucher,
        paper,
        ModeSpec(code="AVOIR", label="Avoir", kind=ModeKind.CREDIT, account="419700"),
    ]


@transaction.atomic
def create_point_of_sale(
    *, code: str, name: str, channel: Channel, paper: Paper = Paper.A4
) -> PointOfSale:
    """Create a point of sale; it starts with every credit mode authorised both ways (S3)."""
    point_of_sale = PointOfSale(code=code, name=name, channel=channel, paper=paper)
    point_of_sale.full_clean()
    point_of_sale.save()
    authorise_credit(point_of_sale=point_of_sale)
    return point_of_sale


def authorise_credit(*, point_of_sale: PointOfSale) -> None:
    """Authorise every active credit mode at a point of sale, as far as the mode is meant for it."""
    for mode in PaymentMode.objects.filter(kind=ModeKind.CREDIT, active=True):
        authorise(
            point_of_sale=point_of_sale,
            mode=mode,
            payment=mode.for_payment,
            refund=mode.for_refund,
        )


@transaction.atomic
def authorise(
    *, point_of_sale: PointOfSale, mode: PaymentMode, payment: bool, refund: bool
) -> ModeAuthorisation:
    """Say what a mode may be used for at a point of sale (S3); a repeat replaces what was said.

    Refused (``ValidationError``) for a use that the mode is not meant for in the institution.
    """
    authorisation = (
        ModeAuthorisation.objects.select_for_update()
        .filter(point_of_sale=point_of_sale, mode=mode)
        .first()
    ) or ModeAuthorisation(point_of_sale=point_of_sale, mode=mode)
    authorisation.payment, authorisation.refund = payment, refund
    authorisation.full_clean()
    authorisation.save()
    return authorisation


def deactivate_payment_mode(*, mode: PaymentMode) -> None:
    """Take a mode out of use everywhere; what it paid stays readable (S5). May be repeated."""
    mode.active = False
    mode.save(update_fields=["active"])


def deactivate_point_of_sale(*, point_of_sale: PointOfSale) -> None:
    """Take a point of sale out of use: no mode may be used there any more (S5)."""
    point_of_sale.active = False
    point_of_sale.save(update_fields=["active"])


def delete_unused(*, row: models.Model) -> None:
    """Delete a setting that was never used; ``SettingInUse`` if anything points at it (S5)."""
    try:
        if is_used(row=row):
            raise SettingInUse(name=str(row))
        row.delete()
    except models.ProtectedError:
        # Used since it was looked at.
        raise SettingInUse(name=str(row)) from None
