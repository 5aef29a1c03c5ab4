"""The refund of a cancelled performance: one run, one line an order (spec G8, B29)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from institution_settings.money import MoneyOf
from payments.choices import RunLineState, RunPolicy
from payments.models.refunds import Refund
from sales.models import Order, Performance
from tills.models import Till


class RefundRun(models.Model):
    """A cancelled performance whose orders are given back, resumable until ``done_at``.

    ``key`` is that of the supervisor's click; each order's own key follows from it, so that a run
    that was killed goes on where it stood and gives nothing back twice.
    """

    performance = models.OneToOneField(
        Performance, models.PROTECT, related_name="refund_run", verbose_name=_("performance")
    )
    policy = models.CharField(_("policy"), max_length=8, choices=RunPolicy.choices)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    key = models.UUIDField(_("key"), unique=True)
    till = models.ForeignKey(Till, models.PROTECT, related_name="+", verbose_name=_("till"))
    started_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("started by")
    )
    started_at = models.DateTimeField(_("started at"))
    done_at = models.DateTimeField(_("done at"), null=True)

    class Meta:
        verbose_name = _("refund run")
        verbose_name_plural = _("refund runs")
        constraints = [
            models.CheckConstraint(
                condition=~Q(policy="credit") | ~Q(reason=""), name="refund_run_credit_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.performance_id} {self.policy}"


class RefundRunLine(models.Model):
    """One order of a run. ``ticket_ids`` are the tickets it takes back, fixed before the first
    attempt: an attempt again asks for the same and gets the first one's result.
    ``amount_minor`` is what they were worth when the order was listed, and stays (``Proof``).
    """

    run = models.ForeignKey(RefundRun, models.PROTECT, related_name="lines")
    order = models.ForeignKey(Order, models.PROTECT, related_name="+")
    ticket_ids = models.JSONField(default=list)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField(_("amount"))
    state = models.CharField(
        _("state"), max_length=8, choices=RunLineState.choices, default=RunLineState.WAITING
    )
    refusal = models.CharField(_("refusal"), max_length=300, blank=True)
    told_at = models.DateTimeField(_("customer told at"), null=True)
    refund = models.OneToOneField(Refund, models.PROTECT, null=True, related_name="run_line")

    amount = MoneyOf()

    class Meta:
        verbose_name = _("order of a refund run")
        verbose_name_plural = _("orders of a refund run")
        constraints = [
            models.UniqueConstraint(fields=["run", "order"], name="refund_run_line_once"),
            models.CheckConstraint(
                condition=Q(amount_minor__gte=0), name="refund_run_line_amount_counts"
            ),
        ]
        indexes = [models.Index(fields=["run", "state"], name="refund_run_line_state")]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.order_id}"
