"""Money of a refund that could not be handed over yet, and that it was (CNS-02)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from institution_settings.money import MoneyOf
from journal.guards import AppendOnly
from journal.sealing import stamp
from payments.models.payments import Payment
from payments.models.refunds import Refund
from tills.models import TillSession


class SumOwed(AppendOnly):
    """What a refund still owes its customer; ``due_on`` is the venue's day it is to be paid by.

    The refund's payments in the mode of kind *owed* add up to it. It is paid whole, once.
    """

    refund = models.OneToOneField(Refund, models.PROTECT, related_name="sum_owed")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField(_("amount"))
    due_on = models.DateField(_("due on"), db_index=True)
    operator = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    session = models.ForeignKey(TillSession, models.PROTECT, related_name="+")
    operation = models.OneToOneField("journal.Operation", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    business_date = models.DateField(_("business date"))

    amount = MoneyOf()

    class Meta:
        verbose_name = _("sum owed")
        verbose_name_plural = _("sums owed")
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="sum_owed_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.refund_id} {self.amount_minor}"

    def sealed_facts(
        self, *, till: str, session: int | None, order: str | None, operator: str | None
    ) -> dict[str, object]:
        """Return what is sealed of this row."""
        return {
            "caisse": till,
            "commande": order,
            "devise": self.currency,
            "echeance": self.due_on.isoformat(),
            "horodatage": stamp(self.at),
            "journee": self.business_date.isoformat(),
            "montant": self.amount_minor,
            "operateur": operator,
            "session": session,
        }


class SumOwedPayment(AppendOnly):
    """The payment that handed a sum owed over: one for one."""

    sum_owed = models.OneToOneField(SumOwed, models.PROTECT, related_name="settled")
    payment = models.OneToOneField(Payment, models.PROTECT, related_name="pays_sum")

    class Meta:
        verbose_name = _("payment of a sum owed")
        verbose_name_plural = _("payments of sums owed")

    def __str__(self) -> str:
        return f"{self.sum_owed_id}/{self.payment_id}"

    def sealed_facts(self, *, number: str | None) -> dict[str, object]:
        """Return what is sealed of this row: the journal's number of the sum that was paid."""
        return {"somme": number}
