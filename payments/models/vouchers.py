"""Coded vouchers (*bons*) and the lines that move them."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from institution_settings.models import PaymentMode
from institution_settings.money import MoneyOf
from journal.guards import AppendOnly
from journal.sealing import stamp
from payments.choices import VoucherMove, VoucherReason, VoucherState
from payments.codes import code_print
from payments.models.voucher_types import VoucherType
from sales.models import OrderLine


class Voucher(models.Model):
    """A coded bearer voucher of the venue (*bon*). Its movements are written once."""

    code = models.CharField(_("code"), max_length=24, unique=True)
    mode = models.ForeignKey(
        PaymentMode, models.PROTECT, related_name="+", verbose_name=_("payment mode")
    )
    type = models.ForeignKey(
        VoucherType,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="vouchers",
        verbose_name=_("voucher type"),
    )
    currency = models.CharField(_("currency"), max_length=3)
    value_minor = models.BigIntegerField(_("value"))
    balance_minor = models.BigIntegerField(_("balance"), default=0)
    held_minor = models.BigIntegerField(_("held"), default=0)
    position = models.PositiveIntegerField(_("movements"), default=0)
    free = models.BooleanField(
        _("issued free"), default=False, help_text=_("Its surplus may be spent, never paid out.")
    )
    non_refundable = models.BooleanField(
        _("non-refundable"),
        default=False,
        help_text=_(
            "Issued free, of a type that is not refundable, or bought with what may be spent but "
            "never paid out."
        ),
    )
    expires_on = models.DateField(_("valid through"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=VoucherState.choices, default=VoucherState.ACTIVE
    )
    sold_on = models.OneToOneField(
        OrderLine, models.PROTECT, null=True, blank=True, related_name="voucher"
    )
    operation = models.ForeignKey("journal.Operation", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("created at"))

    value = MoneyOf()
    balance = MoneyOf()

    class Meta:
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
        constraints = [
            models.CheckConstraint(condition=Q(value_minor__gt=0), name="voucher_value_positive"),
            models.CheckConstraint(
                condition=Q(balance_minor__gte=0) & Q(balance_minor__lte=F("value_minor")),
                name="voucher_balance_within_value",
            ),
            models.CheckConstraint(
                condition=Q(held_minor__gte=0) & Q(held_minor__lte=F("balance_minor")),
                name="voucher_held_within_balance",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def gives_change(self, mode: PaymentMode) -> bool:
        """Whether its rest is given in cash: as its type says, without a type as ``mode`` does.

        What may never be paid out never is (C6b). The type must be read with the voucher.
        """
        rule = self.type.gives_change if self.type else mode.gives_change
        return rule and not self.non_refundable

    def is_refillable(self, today: date) -> bool:
        """Whether what is put back on it could be spent again."""
        ended = self.expires_on is not None and today > self.expires_on
        return self.state == VoucherState.ACTIVE and not ended

    def is_final(self, today: date) -> bool:
        """Whether only a supervisor takes its sale back: not refundable, or its time over."""
        ended = self.expires_on is not None and today > self.expires_on
        return ended or (self.type is not None and not self.type.refundable)


class VoucherMovement(AppendOnly):
    """One line of a voucher; its balance after is the sum of its lines."""

    voucher = models.ForeignKey(Voucher, models.PROTECT, related_name="movements")
    position = models.PositiveIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=8, choices=VoucherMove.choices)
    currency = models.CharField(max_length=3)
    change_minor = models.BigIntegerField(_("change of the balance"))
    balance_after_minor = models.BigIntegerField(_("balance after"))
    payment = models.ForeignKey("payments.Payment", models.PROTECT, null=True, related_name="+")
    operator = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=10, choices=VoucherReason.choices, blank=True)
    operation = models.ForeignKey("journal.Operation", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    balance_after = MoneyOf()

    class Meta:
        verbose_name = _("voucher movement")
        verbose_name_plural = _("voucher movements")
        constraints = [
            models.UniqueConstraint(
                fields=["voucher", "position"], name="voucher_movement_position_once"
            ),
            models.CheckConstraint(
                condition=Q(balance_after_minor__gte=0) & ~Q(change_minor=0),
                name="voucher_movement_counts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.voucher_id}/{self.position}"

    def sealed_facts(self, *, till: str, operator: str | None) -> dict[str, object]:
        """Return what is sealed of this line; ``till`` and ``operator`` are codes (FIS-06).

        A voucher is a bearer's money: of its code only a fingerprint is sealed. Until when it is
        valid is sealed once, with its issue, and its type where it has one; a reason where one
        was given.
        """
        voucher = self.voucher
        issued = self.kind == VoucherMove.ISSUE
        ends = voucher.expires_on if issued else None
        more: dict[str, object] = {"motif": str(self.reason)} if self.reason else {}
        if issued and voucher.type is not None:
            more["modele"] = voucher.type.code
        return {
            **more,
            "bon": code_print(voucher.code),
            "caisse": till,
            "devise": self.currency,
            "echeance": ends.isoformat() if ends else None,
            "gratuit": voucher.free,
            "horodatage": stamp(self.at),
            "mode": voucher.mode.code,
            "mouvement": str(self.kind),
            "non_remboursable": voucher.non_refundable,
            "operateur": operator,
            "rang": self.position,
            "solde": self.balance_after_minor,
            "variation": self.change_minor,
        }
