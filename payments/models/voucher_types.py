"""Types of vouchers (*modèles de bons*): the rules that a voucher of the type follows (spec G7)."""

from calendar import monthrange
from datetime import date, timedelta

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from institution_settings.models import CODE
from payments.choices import VoucherUse

MAX_MONTHS = 120
MAX_DAYS = 3660


class VoucherType(models.Model):
    """A sort of voucher: how it may be had, what becomes of its rest, how long it is valid.

    Its rules never change: vouchers of the type were sold under them. Another type is made
    instead. Once used it is deactivated, never deleted (S5).
    """

    code = models.CharField(_("code"), max_length=20, unique=True, validators=[CODE])
    label = models.CharField(_("label"), max_length=60)
    use = models.CharField(
        _("how it is issued"), max_length=8, choices=VoucherUse.choices, default=VoucherUse.ANY
    )
    refundable = models.BooleanField(
        _("refundable"),
        default=True,
        help_text=_(
            "What is left of one that was sold may be given back as money. If not, it may be "
            "spent but never paid out, and only a supervisor takes its sale back."
        ),
    )
    gives_change = models.BooleanField(
        _("gives change in cash"),
        default=False,
        help_text=_("For what it is worth beyond the order. If not, the rest becomes credit."),
    )
    validity_months = models.PositiveSmallIntegerField(
        _("valid for months"), null=True, blank=True, validators=[MaxValueValidator(MAX_MONTHS)]
    )
    validity_days = models.PositiveSmallIntegerField(
        _("valid for days"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MAX_DAYS)],
        help_text=_("Months or days from the day it is issued. Without either it stays valid."),
    )
    conditions = models.TextField(
        _("conditions"),
        max_length=400,
        blank=True,
        help_text=_("Printed on the voucher, after what follows from its rules."),
    )
    position = models.PositiveSmallIntegerField(pgettext_lazy("position", "order"), default=0)
    active = models.BooleanField(_("active"), default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("voucher type")
        verbose_name_plural = _("voucher types")
        constraints = [
            models.CheckConstraint(
                condition=Q(gives_change=False) | Q(refundable=True),
                name="voucher_type_change_is_money",
                violation_error_message=_(
                    "Change is money: only a refundable voucher gives change in cash."
                ),
            ),
            models.CheckConstraint(
                condition=Q(refundable=False) | ~Q(use=VoucherUse.FREE),
                name="voucher_type_free_is_never_paid_out",
                violation_error_message=_(
                    "What nobody paid for is never paid out: a type that is only issued free is "
                    "not refundable."
                ),
            ),
            models.CheckConstraint(
                condition=Q(validity_months=None) | Q(validity_days=None),
                name="voucher_type_one_validity",
                violation_error_message=_("Months or days: fill in one of the two."),
            ),
            models.CheckConstraint(
                condition=(Q(validity_months=None) | Q(validity_months__range=(1, MAX_MONTHS)))
                & (Q(validity_days=None) | Q(validity_days__range=(1, MAX_DAYS))),
                name="voucher_type_validity_counts",
                violation_error_message=_(
                    "A voucher is valid for a day at least, ten years at most."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def last_day(self, *, issued: date) -> date | None:
        """Return the last day, in venue time, of one issued on a day; None: it stays valid.

        Months end on the same day of the month, or on its last day where there is none.
        """
        if self.validity_days:
            return issued + timedelta(days=self.validity_days)
        if not self.validity_months:
            return None
        years, month = divmod(issued.month - 1 + self.validity_months, 12)
        year, month = issued.year + years, month + 1
        return date(year, month, min(issued.day, monthrange(year, month)[1]))
