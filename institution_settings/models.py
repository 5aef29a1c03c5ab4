"""Who sells: the institution, its payment modes, its points of sale and what they may take."""

import datetime
import zoneinfo

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from institution_settings.choices import MONEY_KINDS, Channel, ModeKind, Paper, Regime
from institution_settings.money import DECIMALS, MoneyOf

CODE = RegexValidator(r"^[A-Z0-9][A-Z0-9_-]*$", _("Capital letters, digits, - and _ only."))


def validate_time_zone(name: str) -> None:
    """Refuse a name that is not in the time zone database: no business day could be told."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("This is not a time zone: type it like Europe/Paris."))


class Institution(models.Model):
    """The legal entity that sells; one row per database (spec §2, S6, S7).

    What makes old rows readable (SIREN, currency, time zone, start of the day) is frozen by the
    database once anything was recorded.
    """

    name = models.CharField(_("name"), max_length=120)
    legal_name = models.CharField(_("legal name"), max_length=160, blank=True)
    regime = models.CharField(
        _("regime"), max_length=8, choices=Regime.choices, default=Regime.FR_TVA
    )
    siren = models.CharField(_("SIREN or IDE"), max_length=20)
    siret = models.CharField(_("SIRET"), max_length=20, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    licence = models.CharField(_("licence receipt number"), max_length=40, blank=True)
    address = models.TextField(_("address"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    website = models.CharField(
        _("website"), max_length=200, blank=True, validators=[URLValidator(["http", "https"])]
    )
    currency = models.CharField(
        _("currency"), max_length=3, default="EUR", choices=[(code, code) for code in DECIMALS]
    )
    time_zone = models.CharField(
        _("time zone"), max_length=40, default="Europe/Paris", validators=[validate_time_zone]
    )
    day_starts_at = models.TimeField(_("business day starts at"), default=datetime.time(5, 0))
    is_demo = models.BooleanField(_("demo"), default=False)
    cash_limit_minor = models.BigIntegerField(
        _("cash limit"),
        default=100_000,
        help_text=_("In the smallest unit of the currency; per order, deposit or payout."),
    )
    payout_limit_minor = models.BigIntegerField(
        _("payout without a supervisor"),
        default=15_000,
        help_text=_("In the smallest unit of the currency; per contact and business day."),
    )
    basket_minutes = models.PositiveSmallIntegerField(_("basket kept, minutes"), default=15)
    hold_minutes = models.PositiveSmallIntegerField(_("credit held, minutes"), default=35)
    reservation_days = models.PositiveSmallIntegerField(_("reservation kept, days"), default=7)
    history = HistoricalRecords()

    cash_limit = MoneyOf()
    payout_limit = MoneyOf()

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institution")
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="institution_is_one"),
            models.CheckConstraint(
                condition=models.Q(cash_limit_minor__gte=0, payout_limit_minor__gte=0),
                name="institution_limits_count",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PaymentMode(models.Model):
    """A way money comes in or goes out (spec S2); credit is one of them, several if wished (S1)."""

    code = models.CharField(_("code"), max_length=20, unique=True, validators=[CODE])
    label = models.CharField(_("label"), max_length=60)
    kind = models.CharField(_("kind"), max_length=16, choices=ModeKind.choices)
    for_payment = models.BooleanField(_("for payment"), default=True)
    for_refund = models.BooleanField(_("for refund"), default=True)
    may_exceed = models.BooleanField(_("may exceed the amount due"), default=False)
    gives_change = models.BooleanField(_("gives change in cash"), default=False)
    account = models.CharField(_("accounting account"), max_length=20, blank=True)
    active = models.BooleanField(_("active"), default=True)
    position = models.PositiveSmallIntegerField(pgettext_lazy("position", "order"), default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("payment mode")
        verbose_name_plural = _("payment modes")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(may_exceed=False)
                | models.Q(kind__in=[ModeKind.CASH, ModeKind.VOUCHER, ModeKind.PAPER_VOUCHER]),
                name="payment_mode_only_cash_and_vouchers_exceed",
                violation_error_message=_("Only cash and vouchers may exceed the amount due."),
            ),
            models.CheckConstraint(
                condition=models.Q(gives_change=False) | models.Q(may_exceed=True),
                name="payment_mode_change_needs_excess",
                violation_error_message=_("Change is given only by a mode that may exceed."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_credit(self) -> bool:
        """Whether paying with this mode draws on the customer's credit account."""
        return self.kind == ModeKind.CREDIT

    @property
    def is_money(self) -> bool:
        """Whether a deposit or payout may use this mode (spec S3)."""
        return self.kind in MONEY_KINDS

    @property
    def is_counter_money(self) -> bool:
        """Whether it is money taken at a counter, which may be typed in another mode (C4)."""
        return self.is_money and self.kind != ModeKind.ONLINE_CARD


class PointOfSale(models.Model):
    """A counter, the web shop or the back office; it authorises payment modes (spec S3, S4)."""

    code = models.CharField(_("code"), max_length=20, unique=True, validators=[CODE])
    name = models.CharField(_("name"), max_length=80)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    paper = models.CharField(_("paper"), max_length=8, choices=Paper.choices, default=Paper.A4)
    active = models.BooleanField(_("active"), default=True)
    modes = models.ManyToManyField(
        PaymentMode, through="ModeAuthorisation", related_name="points_of_sale"
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("point of sale")
        verbose_name_plural = _("points of sale")

    def __str__(self) -> str:
        return self.name


class ModeAuthorisation(models.Model):
    """A payment mode allowed at a point of sale, separately for payment and refund (spec S3)."""

    point_of_sale = models.ForeignKey(
        PointOfSale,
        models.CASCADE,
        related_name="authorisations",
        verbose_name=_("point of sale"),
    )
    mode = models.ForeignKey(
        PaymentMode,
        models.CASCADE,
        related_name="authorisations",
        verbose_name=_("payment mode"),
    )
    payment = models.BooleanField(_("for payment"), default=True)
    refund = models.BooleanField(_("for refund"), default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("authorisation")
        verbose_name_plural = _("authorisations")
        constraints = [
            models.UniqueConstraint(
                fields=["point_of_sale", "mode"], name="mode_authorisation_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point_of_sale} · {self.mode}"

    def clean(self) -> None:
        if self.mode_id is None:
            return  # the field itself says what is missing
        if (self.payment and not self.mode.for_payment) or (
            self.refund and not self.mode.for_refund
        ):
            raise ValidationError(_("This mode is not meant for that use in the institution."))
