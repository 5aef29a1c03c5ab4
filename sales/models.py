"""What is sold, and the orders that sell it. Knows no credit: payments joins the two."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from djmoney.models.fields import MoneyField
from moneyed import Money
from simple_history.models import HistoricalRecords

from contacts.models import Contact, User
from contacts.search import fold
from institution_settings.models import PointOfSale
from institution_settings.money import MoneyOf, from_minor, validate_minor_units
from sales.choices import LineKind, OrderState, PerformanceState, TicketState


class Event(models.Model):
    """A show; its performances are what people buy."""

    title = models.CharField(_("title"), max_length=160)
    subtitle = models.CharField(_("author, cast"), max_length=200, blank=True)
    genre = models.CharField(_("genre"), max_length=40, blank=True)
    description = models.TextField(_("description"), blank=True)
    duration_minutes = models.PositiveSmallIntegerField(
        _("duration, minutes"), null=True, blank=True
    )
    colour = models.CharField(_("poster colour"), max_length=7, default="#6b2346")
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
    taken = models.PositiveIntegerField(_("taken"), default=0, editable=False)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

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
    position = models.PositiveSmallIntegerField(_("order"), default=0)
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


class Order(models.Model):
    """A purchase (spec G2): basket, awaiting provider, reserved, paid, cancelled."""

    number = models.CharField(
        _("number"), max_length=16, unique=True, editable=False, null=True, blank=True
    )
    point_of_sale = models.ForeignKey(PointOfSale, models.PROTECT, related_name="orders")
    contact = models.ForeignKey(
        Contact,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("purchaser"),
    )
    operator = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("operator")
    )
    linked_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="linked"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=OrderState.choices, default=OrderState.BASKET
    )
    currency = models.CharField(_("currency"), max_length=3)
    total_minor = models.BigIntegerField(_("total"), default=0)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("kept until"), null=True)
    paid_at = models.DateTimeField(_("paid at"), null=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True)

    total = MoneyOf()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [
            models.CheckConstraint(condition=Q(total_minor__gte=0), name="order_total_counts"),
            models.CheckConstraint(
                condition=~Q(state=OrderState.PAID) | Q(paid_at__isnull=False),
                name="order_paid_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["contact", "-id"], name="order_of_contact"),
            models.Index(
                fields=["expires_at"],
                condition=Q(state__in=["basket", "awaiting", "reserved"]),
                name="order_lapsing",
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"


class OrderLine(models.Model):
    """So many seats of one category at one rate, or one voucher; the price is frozen here.

    ``label`` is the event's title as it was sold, or the word for a voucher.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    kind = models.CharField(max_length=8, choices=LineKind.choices, default=LineKind.TICKET)
    category = models.ForeignKey(PriceCategory, models.PROTECT, null=True, related_name="lines")
    rate = models.ForeignKey(Rate, models.PROTECT, null=True, related_name="+")
    label = models.CharField(_("label"), max_length=200)
    currency = models.CharField(max_length=3)
    unit_minor = models.BigIntegerField(_("unit price"))
    vat_rate = models.DecimalField(_("VAT rate, %"), max_digits=4, decimal_places=2)
    quantity = models.PositiveIntegerField(_("quantity"))

    unit = MoneyOf()

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        constraints = [
            models.UniqueConstraint(
                fields=["order", "category", "rate"],
                condition=Q(kind=LineKind.TICKET),
                name="order_line_once_per_rate",
            ),
            models.CheckConstraint(
                condition=Q(unit_minor__gte=0, quantity__gte=1), name="order_line_counts"
            ),
            models.CheckConstraint(
                condition=Q(kind=LineKind.VOUCHER, category=None, rate=None, quantity=1)
                | Q(kind=LineKind.TICKET, category__isnull=False, rate__isnull=False),
                name="order_line_sells_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def total_minor(self) -> int:
        """What the line costs, in minor units."""
        return self.unit_minor * self.quantity

    @property
    def total(self) -> Money:
        """What the line costs."""
        return from_minor(self.total_minor, self.currency)


class Ticket(models.Model):
    """One person's entry (BIL-01), issued when its order is paid. ``token`` is the QR's content.

    ``net_minor`` is the price without VAT, stored so that no later sum rounds again (CPT-02).
    """

    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="tickets")
    order = models.ForeignKey(Order, models.PROTECT, related_name="tickets")
    performance = models.ForeignKey(Performance, models.PROTECT, related_name="tickets")
    currency = models.CharField(max_length=3)
    price_minor = models.BigIntegerField(_("price"))
    net_minor = models.BigIntegerField(_("price without VAT"))
    vat_rate = models.DecimalField(_("VAT rate, %"), max_digits=4, decimal_places=2)
    token = models.CharField(_("token"), max_length=32, unique=True)
    state = models.CharField(
        _("state"), max_length=10, choices=TicketState.choices, default=TicketState.VALID
    )
    operation = models.ForeignKey("journal.Operation", models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True)
    scanned_at = models.DateTimeField(_("scanned at"), null=True)

    price = MoneyOf()
    net = MoneyOf()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints = [
            models.CheckConstraint(
                condition=Q(net_minor__gte=0, net_minor__lte=F("price_minor")),
                name="ticket_price_counts",
            ),
            models.CheckConstraint(
                condition=Q(state=TicketState.VALID, cancelled_at=None)
                | Q(state=TicketState.CANCELLED, cancelled_at__isnull=False),
                name="ticket_cancelled_has_time",
            ),
        ]
        indexes = [models.Index(fields=["performance", "state"], name="ticket_of_performance")]

    def __str__(self) -> str:
        return self.token[:8]

    @property
    def vat_minor(self) -> int:
        """The VAT within the price, in minor units."""
        return self.price_minor - self.net_minor

    @property
    def vat(self) -> Money:
        """The VAT within the price."""
        return from_minor(self.vat_minor, self.currency)
