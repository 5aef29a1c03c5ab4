"""Payments: one row a tender, in or out."""

from dataclasses import dataclass

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact, User
from institution_settings.models import PaymentMode
from institution_settings.money import MoneyOf
from journal.guards import AppendOnly
from journal.sealing import stamp
from payments.choices import Direction, IdentityDocument, Purpose
from payments.models.vouchers import Voucher
from sales.models import Order
from tills.models import TillSession


@dataclass(frozen=True, slots=True)
class PaymentCodes:
    """The codes of the rows a payment points at, as they are sealed.

    A voucher is a bearer's money: of its code only a fingerprint is sealed. ``refunds`` and
    ``reverses`` are the journal numbers of the payments given back from or taken back.
    """

    till: str
    session: int | None
    mode: str
    order: str | None = None
    contact: str | None = None
    voucher: str | None = None
    operator: str | None = None
    approved_by: str | None = None
    refunds: str | None = None
    reverses: str | None = None


class Payment(AppendOnly):
    """One tender in or out, in one payment mode.

    ``amount_minor`` is what counts for its purpose; ``tendered_minor`` is what was handed over
    (``amount + change + surplus + given up + rounding``).
    ``non_refundable_minor`` is the part of the amount that may be spent but never paid out. A
    payment that gives money back names in ``refunds`` the payment it gives back from. In an
    exchange a payment of the new order ``carries`` what the old order gave back, in the same mode:
    no money moved.
    """

    direction = models.CharField(_("direction"), max_length=3, choices=Direction.choices)
    purpose = models.CharField(_("purpose"), max_length=8, choices=Purpose.choices)
    order = models.ForeignKey(
        Order,
        models.PROTECT,
        null=True,
        related_name="payments",
        verbose_name=_("order"),
        db_index=False,
    )
    contact = models.ForeignKey(
        Contact,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("contact"),
        db_index=False,
    )
    mode = models.ForeignKey(
        PaymentMode,
        models.PROTECT,
        related_name="payments",
        verbose_name=_("payment mode"),
        db_index=False,
    )
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount"))
    tendered_minor = models.BigIntegerField(_("tendered"))
    change_minor = models.BigIntegerField(_("change"), default=0)
    surplus_minor = models.BigIntegerField(_("surplus to credit"), default=0)
    given_up_minor = models.BigIntegerField(_("given up"), default=0)
    rounding_minor = models.BigIntegerField(_("cash rounding"), default=0)
    non_refundable_minor = models.BigIntegerField(_("non-refundable part"), default=0)
    movement = models.ForeignKey(
        "credit.Movement", models.PROTECT, null=True, related_name="payments"
    )
    voucher = models.ForeignKey(
        Voucher, models.PROTECT, null=True, related_name="payments", verbose_name=_("voucher")
    )
    cheque_bank = models.CharField(_("bank"), max_length=60, blank=True)
    cheque_number = models.CharField(_("cheque number"), max_length=20, blank=True)
    identity = models.CharField(
        _("identity document"),
        max_length=10,
        blank=True,
        default="",
        choices=IdentityDocument.choices,
        help_text=_("Its kind alone, as shown by whoever received money."),
    )
    refunds = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="refunded_by",
        verbose_name=_("gives back"),
    )
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by", verbose_name=_("takes back")
    )
    carries = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="+", verbose_name=_("carries over")
    )
    session = models.ForeignKey(
        TillSession, models.PROTECT, related_name="payments", db_index=False
    )
    operator = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False
    )
    operation = models.ForeignKey("journal.Operation", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    business_date = models.DateField(_("business date"))

    amount = MoneyOf()
    tendered = MoneyOf()
    change = MoneyOf()
    surplus = MoneyOf()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0) | Q(amount_minor=0, given_up_minor__gt=0),
                name="payment_amount_positive",
            ),
            models.CheckConstraint(
                condition=Q(change_minor__gte=0, surplus_minor__gte=0, given_up_minor__gte=0)
                & Q(non_refundable_minor__gte=0, non_refundable_minor__lte=F("amount_minor")),
                name="payment_parts_count",
            ),
            models.CheckConstraint(
                condition=Q(
                    tendered_minor=F("amount_minor")
                    + F("change_minor")
                    + F("surplus_minor")
                    + F("given_up_minor")
                    + F("rounding_minor")
                ),
                name="payment_tendered_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(identity="")
                | Q(identity__in=IdentityDocument.values, purpose=Purpose.PAYOUT),
                name="payment_identity_known",
            ),
        ]
        indexes = [
            models.Index(fields=["session", "id"], name="payment_session"),
            models.Index(fields=["order", "id"], name="payment_of_order"),
            models.Index(fields=["contact", "business_date"], name="payment_of_contact_day"),
        ]

    def __str__(self) -> str:
        return f"{self.mode_id} {self.amount_minor}"

    @property
    def drawer_minor(self) -> int:
        """What was handed over less the change, which is cash whatever the mode (spec S2)."""
        return self.tendered_minor - self.change_minor

    def sealed_facts(self, *, codes: PaymentCodes) -> dict[str, object]:
        """Return what is sealed of this row: numbers and codes, never names (FIS-06).

        An identity document is named where one was shown: what was sealed without stays as it was.
        """
        shown = {"identite": str(self.identity)} if self.identity else {}
        return {
            **shown,
            "abandon": self.given_up_minor,
            "arrondi": self.rounding_minor,
            "bon": codes.voucher,
            "caisse": codes.till,
            "cheque": self.cheque_number or None,
            "commande": codes.order,
            "contact": codes.contact,
            "contrepasse": codes.reverses,
            "devise": self.currency,
            "excedent": self.surplus_minor,
            "horodatage": stamp(self.at),
            "journee": self.business_date.isoformat(),
            "mode": codes.mode,
            "montant": self.amount_minor,
            "non_remboursable": self.non_refundable_minor,
            "objet": str(self.purpose),
            "operateur": codes.operator,
            "remis": self.tendered_minor,
            "rembourse": codes.refunds,
            "rendu": self.change_minor,
            "sens": "E" if self.direction == Direction.IN else "S",
            "session": codes.session,
            "valide_par": codes.approved_by,
        }


class ChequeDrawer(models.Model):
    """Who drew the cheque of a payment: apart, so that it is erased with its contact (RGP-03)."""

    payment = models.OneToOneField(Payment, models.PROTECT, related_name="cheque_drawer")
    name = models.CharField(_("drawer"), max_length=80)

    class Meta:
        verbose_name = _("drawer of a cheque")
        verbose_name_plural = _("drawers of cheques")

    def __str__(self) -> str:
        return self.name
