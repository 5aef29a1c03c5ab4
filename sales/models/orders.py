"""The orders that sell it, and the tickets they give."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from moneyed import Money

from contacts.models import Contact, User
from institution_settings.models import PointOfSale
from institution_settings.money import MoneyOf, from_minor
from sales.choices import LineKind, OrderState, TicketState
from sales.models.catalogue import Performance, PriceCategory, Rate


class Order(models.Model):
    """A purchase (spec G2): basket, awaiting provider, reserved, paid, cancelled.

    ``exchanged_tickets`` of another, paid order are taken back when this one is paid (G4).
    """

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
    exchanged_tickets = models.ManyToManyField(
        "sales.Ticket", related_name="exchanging", blank=True, verbose_name=_("tickets exchanged")
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

    ``label`` is the event's title as it was sold, or the word for a voucher; ``article`` is the
    code of the type of voucher, as payments knows it, "" for seats and vouchers without a type.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    kind = models.CharField(max_length=8, choices=LineKind.choices, default=LineKind.TICKET)
    category = models.ForeignKey(PriceCategory, models.PROTECT, null=True, related_name="lines")
    rate = models.ForeignKey(Rate, models.PROTECT, null=True, related_name="+")
    label = models.CharField(_("label"), max_length=200)
    article = models.CharField(_("article"), max_length=20, blank=True, default="")
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
