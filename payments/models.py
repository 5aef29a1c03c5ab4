"""How money moves: payments, refunds and vouchers. Joins credit and sales."""

from dataclasses import dataclass

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact, User
from institution_settings.models import PaymentMode
from institution_settings.money import MoneyOf
from journal.guards import AppendOnly
from journal.sealing import stamp
from payments.choices import Direction, Purpose, RefundChoice, VoucherMove, VoucherState
from sales.models import Order, OrderLine, Ticket
from tills.models import TillSession


class Voucher(models.Model):
    """A coded bearer voucher of the venue (*bon*). Its movements are written once."""

    code = models.CharField(_("code"), max_length=24, unique=True)
    mode = models.ForeignKey(
        PaymentMode, models.PROTECT, related_name="+", verbose_name=_("payment mode")
    )
    currency = models.CharField(_("currency"), max_length=3)
    value_minor = models.BigIntegerField(_("value"))
    balance_minor = models.BigIntegerField(_("balance"), default=0)
    held_minor = models.BigIntegerField(_("held"), default=0)
    position = models.PositiveIntegerField(_("movements"), default=0)
    free = models.BooleanField(
        _("issued free"), default=False, help_text=_("Its surplus may be spent, never paid out.")
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


@dataclass(frozen=True, slots=True)
class PaymentCodes:
    """The codes of the rows a payment points at, as they are sealed.

    A voucher is a bearer's money: of its code only a fingerprint is sealed.
    """

    till: str
    session: int | None
    mode: str
    order: str | None = None
    contact: str | None = None
    voucher: str | None = None
    operator: str | None = None
    approved_by: str | None = None


class Payment(AppendOnly):
    """One tender in or out, in one payment mode.

    ``amount_minor`` is what counts for its purpose; ``tendered_minor`` is what was handed over
    (``amount + change + surplus + given up + rounding``). What a drawer gains is tendered − change.
    ``non_refundable_minor`` is the part of the amount that may be spent but never paid out. A
    payment that gives money back names in ``refunds`` the payment it gives back from.
    """

    direction = models.CharField(_("direction"), max_length=3, choices=Direction.choices)
    purpose = models.CharField(_("purpose"), max_length=8, choices=Purpose.choices)
    order = models.ForeignKey(
        Order,
        models.PROTECT,
        null=True,
        related_name="payments",
        verbose_name=_("order"),
        db_index=False,
    )
    contact = models.ForeignKey(
        Contact,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("contact"),
        db_index=False,
    )
    mode = models.ForeignKey(
        PaymentMode,
        models.PROTECT,
        related_name="payments",
        verbose_name=_("payment mode"),
        db_index=False,
    )
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount"))
    tendered_minor = models.BigIntegerField(_("tendered"))
    change_minor = models.BigIntegerField(_("change"), default=0)
    surplus_minor = models.BigIntegerField(_("surplus to credit"), default=0)
    given_up_minor = models.BigIntegerField(_("given up"), default=0)
    rounding_minor = models.BigIntegerField(_("cash rounding"), default=0)
    non_refundable_minor = models.BigIntegerField(_("non-refundable part"), default=0)
    movement = models.ForeignKey(
        "credit.Movement", models.PROTECT, null=True, related_name="payments"
    )
    voucher = models.ForeignKey(
        Voucher, models.PROTECT, null=True, related_name="payments", verbose_name=_("voucher")
    )
    cheque_bank = models.CharField(_("bank"), max_length=60, blank=True)
    cheque_number = models.CharField(_("cheque number"), max_length=20, blank=True)
    cheque_drawer = models.CharField(_("drawer"), max_length=80, blank=True)
    refunds = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="refunded_by",
        verbose_name=_("gives back"),
    )
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by", verbose_name=_("takes back")
    )
    session = models.ForeignKey(
        TillSession, models.PROTECT, related_name="payments", db_index=False
    )
    operator = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False
    )
    operation = models.ForeignKey("journal.Operation", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    business_date = models.DateField(_("business date"))

    amount = MoneyOf()
    tendered = MoneyOf()
    change = MoneyOf()
    surplus = MoneyOf()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0) | Q(amount_minor=0, given_up_minor__gt=0),
                name="payment_amount_positive",
            ),
            models.CheckConstraint(
                condition=Q(change_minor__gte=0, surplus_minor__gte=0, given_up_minor__gte=0)
                & Q(non_refundable_minor__gte=0, non_refundable_minor__lte=F("amount_minor")),
                name="payment_parts_count",
            ),
            models.CheckConstraint(
                condition=Q(
                    tendered_minor=F("amount_minor")
                    + F("change_minor")
                    + F("surplus_minor")
                    + F("given_up_minor")
                    + F("rounding_minor")
                ),
                name="payment_tendered_adds_up",
            ),
        ]
        indexes = [
            models.Index(fields=["session", "id"], name="payment_session"),
            models.Index(fields=["order", "id"], name="payment_of_order"),
            models.Index(fields=["contact", "business_date"], name="payment_of_contact_day"),
        ]

    def __str__(self) -> str:
        return f"{self.mode_id} {self.amount_minor}"

    @property
    def drawer_minor(self) -> int:
        """What the mode gained (in) or gave (out), change and cash rounding counted."""
        return self.tendered_minor - self.change_minor

    def sealed_facts(self, *, codes: PaymentCodes) -> dict[str, object]:
        """Return what is sealed of this row: numbers and codes, never names (FIS-06)."""
        return {
            "abandon": self.given_up_minor,
            "arrondi": self.rounding_minor,
            "bon": codes.voucher,
            "caisse": codes.till,
            "cheque": self.cheque_number or None,
            "commande": codes.order,
            "contact": codes.contact,
            "devise": self.currency,
            "excedent": self.surplus_minor,
            "horodatage": stamp(self.at),
            "journee": self.business_date.isoformat(),
            "mode": codes.mode,
            "montant": self.amount_minor,
            "non_remboursable": self.non_refundable_minor,
            "objet": str(self.purpose),
            "operateur": codes.operator,
            "remis": self.tendered_minor,
            "rendu": self.change_minor,
            "sens": "E" if self.direction == Direction.IN else "S",
            "session": codes.session,
            "valide_par": codes.approved_by,
        }


class VoucherMovement(AppendOnly):
    """One line of a voucher; its balance after is the sum of its lines."""

    voucher = models.ForeignKey(Voucher, models.PROTECT, related_name="movements")
    position = models.PositiveIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=8, choices=VoucherMove.choices)
    currency = models.CharField(max_length=3)
    change_minor = models.BigIntegerField(_("change of the balance"))
    balance_after_minor = models.BigIntegerField(_("balance after"))
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="+")
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


class RefundedTicket(AppendOnly):
    """A ticket is taken back once."""

    refund = models.ForeignKey(Refund, models.PROTECT, related_name="tickets")
    ticket = models.OneToOneField(Ticket, models.PROTECT, related_name="refunded")

    class Meta:
        verbose_name = _("refunded ticket")
        verbose_name_plural = _("refunded tickets")

    def __str__(self) -> str:
        return f"{self.refund_id}/{self.ticket_id}"
