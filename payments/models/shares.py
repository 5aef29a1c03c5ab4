"""Which part of a payment is for which performance (fiscal.md I11)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from journal.guards import AppendOnly
from payments.models.payments import Payment
from sales.models import Performance


class PaymentShare(AppendOnly):
    """The part of one payment of an order that is for one performance; none: for vouchers sold.

    Written with the payment, so that a statement of takings never divides again. The shares of a
    payment add up to its amount.
    """

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="shares")
    performance = models.ForeignKey(
        Performance, models.PROTECT, null=True, related_name="+", verbose_name=_("performance")
    )
    amount_minor = models.BigIntegerField(_("amount"))

    class Meta:
        verbose_name = _("share of a payment")
        verbose_name_plural = _("shares of payments")
        constraints = [
            models.UniqueConstraint(fields=["payment", "performance"], name="payment_share_once"),
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(performance=None),
                name="payment_share_of_vouchers_once",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payment_share_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} → {self.performance_id}: {self.amount_minor}"
