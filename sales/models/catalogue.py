"""What is sold: events, their dates, categories of seats and prices."""

from decimal import Decimal
from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from djmoney.models.fields import MoneyField
from simple_history.models import HistoricalRecords

from contacts.search import fold
from institution_settings.money import validate_minor_units
from sales.choices import PerformanceState

COLOUR = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("A colour like #6b2346."))


class Event(models.Model):
    """A show; its performances are what people buy."""

    title = models.CharField(_("title"), max_length=160)
    subtitle = models.CharField(_("author, cast"), max_length=200, blank=True)
    genre = models.CharField(_("genre"), max_length=40, blank=True)
    description = models.TextField(_("description"), blank=True)
    duration_minutes = models.PositiveSmallIntegerField(
        _("duration, minutes"), null=True, blank=True
    )
    colour = models.CharField(
        _("poster colour"), max_length=7, default="#6b2346", validators=[COLOUR]
    )
    image = models.ImageField(_("image"), upload_to="events/", blank=True)
    search = models.TextField(_("search text"), editable=False, default="")
    history = HistoricalRecords(excluded_fields=["search"])

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def __str__(self) -> str:
        return self.title

    def save(self, *args: object, **options: object) -> None:
        """Keep ``search`` in step: it is what a typed title is compared with."""
        self.search = fold(f"{self.title} {self.subtitle} {self.genre}")
        if options.get("update_fields") is not None:
            options["update_fields"] = {*options["update_fields"], "search"}  # type: ignore[misc]
        super().save(*args, **options)  # type: ignore[arg-type]


class Performance(models.Model):
    """One date of an event, in one hall."""

    event = models.ForeignKey(
        Event, models.PROTECT, related_name="performances", verbose_name=_("event")
    )
    starts_at = models.DateTimeField(_("starts at"))
    hall = models.CharField(_("hall"), max_length=80)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=PerformanceState.choices,
        default=PerformanceState.ON_SALE,
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("performance")
        verbose_name_plural = _("performances")
        indexes = [models.Index(fields=["starts_at"], name="performance_starts")]

    def __str__(self) -> str:
        return f"{self.event_id} · {self.starts_at:%Y-%m-%d %H:%M}"


class PriceCategory(models.Model):
    """Seats of one price level of a performance. ``taken`` never passes ``capacity``."""

    performance = models.ForeignKey(
        Performance, models.PROTECT, related_name="categories", verbose_name=_("performance")
    )
    name = models.CharField(_("name"), max_length=40)
    capacity = models.PositiveIntegerField(_("capacity"))
    taken = models.PositiveIntegerField(_("seats taken"), default=0, editable=False)
    position = models.PositiveSmallIntegerField(pgettext_lazy("position", "order"), default=0)

    class Meta:
        verbose_name = _("price category")
        verbose_name_plural = _("price categories")
        constraints = [
            models.UniqueConstraint(
                fields=["performance", "name"], name="price_category_name_once"
            ),
            models.CheckConstraint(
                condition=Q(taken__lte=F("capacity")),
                name="price_category_never_oversold",
                violation_error_message=_("More seats are taken than the capacity allows."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **options: object) -> None:
        """Write everything but ``taken``: a form opened before a sale must not undo its seats."""
        if not self._state.adding and options.get("update_fields") is None:
            options["update_fields"] = ["performance", "name", "capacity", "position"]
        super().save(*args, **options)  # type: ignore[arg-type]

    @property
    def left(self) -> int:
        """Seats still to be had, baskets counted as taken, those out of time too."""
        return self.capacity - self.taken


class Rate(models.Model):
    """Full, reduced, free…: for whom a price is."""

    code = models.CharField(_("code"), max_length=16, unique=True)
    label = models.CharField(_("label"), max_length=60)
    position = models.PositiveSmallIntegerField(pgettext_lazy("position", "order"), default=0)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("rate")
        verbose_name_plural = _("rates")

    def __str__(self) -> str:
        return self.label


class Price(models.Model):
    """What a seat of a category costs at a rate, VAT included; 0 is free."""

    category = models.ForeignKey(
        PriceCategory, models.CASCADE, related_name="prices", verbose_name=_("category")
    )
    rate = models.ForeignKey(Rate, models.PROTECT, related_name="prices", verbose_name=_("rate"))
    amount = MoneyField(
        _("price"), max_digits=14, decimal_places=3, validators=[validate_minor_units]
    )
    vat_rate = models.DecimalField(
        _("VAT rate, %"), max_digits=4, decimal_places=2, default=Decimal("5.50")
    )
    # django-money wraps the managers of its models in classes that type checkers cannot see.
    objects: ClassVar[models.Manager["Price"]] = models.Manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            models.UniqueConstraint(fields=["category", "rate"], name="price_once_per_rate"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="price_not_negative"),
            models.CheckConstraint(
                condition=Q(vat_rate__gte=0, vat_rate__lt=100), name="price_vat_rate_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category_id} · {self.rate_id}"
