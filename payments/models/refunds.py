"""What was taken back and how its money returned."""

from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from institution_settings.money import MoneyOf
from journal.guards import AppendOnly
from journal.sealing import stamp
from payments.choices import RefundChoice
from sales.models import Order, Ticket
from tills.models import TillSession


@dataclass(frozen=True, slots=True)
class RefundCodes:
    """The codes and counts of the rows a refund points at, as they are sealed."""

    till: str
    session: int | None
    order: str | None
    operator: str | None
    tickets: int
    vouchers: int
    exchange: str | None = None


class Refund(AppendOnly):
    """Tickets (or a voucher) taken back and how their money returned (spec G4)."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="refunds")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField(_("amount"))
    choice = models.CharField(_("choice"), max_length=8, choices=RefundChoice.choices)
    consent = models.CharField(
        _("consent"),
        max_length=80,
        blank=True,
        help_text=_("The customer’s express choice of credit over money (CNS-01)."),
    )
    exchanged_for = models.ForeignKey(
        Order,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("exchanged for"),
        db_index=False,
    )
    operator = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    session = models.ForeignKey(TillSession, models.PROTECT, related_name="+")
    operation = models.OneToOneField("journal.Operation", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    business_date = models.DateField(_("business date"))

    amount = MoneyOf()

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="refund_amount_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.amount_minor}"

    def sealed_facts(self, *, codes: "RefundCodes") -> dict[str, object]:
        """Return what is sealed of this row; of the consent that it was given, not its words."""
        return {
            "billets": codes.tickets,
            "bons": codes.vouchers,
            "caisse": codes.till,
            "choix": str(self.choice),
            "commande": codes.order,
            "consentement": bool(self.consent),
            "devise": self.currency,
            "echange": codes.exchange,
            "horodatage": stamp(self.at),
            "journee": self.business_date.isoformat(),
            "montant": self.amount_minor,
            "operateur": codes.operator,
            "session": codes.session,
        }


class RefundedTicket(AppendOnly):
    """A ticket is taken back once."""

    refund = models.ForeignKey(Refund, models.PROTECT, related_name="tickets")
    ticket = models.OneToOneField(Ticket, models.PROTECT, related_name="refunded")

    class Meta:
        verbose_name = _("refunded ticket")
        verbose_name_plural = _("refunded tickets")

    def __str__(self) -> str:
        return f"{self.refund_id}/{self.ticket_id}"
