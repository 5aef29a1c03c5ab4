"""Tills and their sessions."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from institution_settings.choices import Channel
from institution_settings.models import CODE, PaymentMode, PointOfSale
from institution_settings.money import MaybeMoneyOf, MoneyOf
from journal.guards import AppendOnly
from journal.models import Chain, Operation
from journal.sealing import stamp
from tills.choices import CashReason, CashWay


class Till(models.Model):
    """A drawer at a counter, or a virtual till (WEB, BO, API) whose sessions roll by themselves."""

    code = models.CharField(_("code"), max_length=16, unique=True, validators=[CODE])
    label = models.CharField(_("label"), max_length=60)
    point_of_sale = models.ForeignKey(
        PointOfSale, models.PROTECT, related_name="tills", verbose_name=_("point of sale")
    )
    automatic = models.BooleanField(
        _("automatic"), default=False, help_text=_("Opens and closes by itself, day by day.")
    )
    blind_count = models.BooleanField(
        _("blind count"),
        default=False,
        help_text=_("What is expected is shown only once the till has been counted."),
    )
    active = models.BooleanField(_("active"), default=True)
    chain = models.OneToOneField(Chain, models.PROTECT, related_name="till", editable=False)

    class Meta:
        verbose_name = _("till")
        verbose_name_plural = _("tills")

    def __str__(self) -> str:
        return f"{self.code} · {self.label}"

    @property
    def is_online(self) -> bool:
        """Whether this till belongs to the shop."""
        return self.point_of_sale.channel == Channel.ONLINE


class TillSession(models.Model):
    """One opening-to-closing of a till, on one business day; its number is its Z (spec G6, S7)."""

    till = models.ForeignKey(Till, models.PROTECT, related_name="sessions", verbose_name=_("till"))
    number = models.PositiveIntegerField(_("number"))
    business_date = models.DateField(_("business date"))
    currency = models.CharField(_("currency"), max_length=3)
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("opened by")
    )
    float_minor = models.BigIntegerField(_("float"), default=0)
    closed_at = models.DateTimeField(_("closed at"), null=True)
    closed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("closed by")
    )
    operation = models.OneToOneField(Operation, models.PROTECT, related_name="+")

    opening_float = MoneyOf("float_minor")

    class Meta:
        verbose_name = _("till session")
        verbose_name_plural = _("till sessions")
        constraints = [
            models.UniqueConstraint(fields=["till", "number"], name="till_session_number_once"),
            models.UniqueConstraint(
                fields=["till"],
                condition=models.Q(closed_at=None),
                name="till_session_one_open",
                violation_error_message=_("This till is open already."),
            ),
            models.CheckConstraint(
                condition=models.Q(float_minor__gte=0), name="till_session_float_counts"
            ),
        ]

    def __str__(self) -> str:
        return f"Z-{self.till.code}-{self.number:04d}"

    def opening_facts(self, *, operator: str | None) -> dict[str, object]:
        """Return what is sealed of the opening; ``operator`` is a code (FIS-06)."""
        return {
            "caisse": self.till.code,
            "devise": self.currency,
            "fond": self.float_minor,
            "horodatage": stamp(self.opened_at),
            "journee": self.business_date.isoformat(),
            "operateur": operator,
            "session": self.number,
        }

    def closing_facts(
        self, *, counts: Iterable["ModeCount"], operator: str | None
    ) -> dict[str, object]:
        """Return what is sealed of the Z, mode by mode in the order of its lines."""
        return {
            "caisse": self.till.code,
            "devise": self.currency,
            "fond": self.float_minor,
            "horodatage": stamp(self.closed_at) if self.closed_at else None,
            "journee": self.business_date.isoformat(),
            "modes": [count.sealed_facts() for count in counts],
            "operateur": operator,
            "session": self.number,
        }


class CashMovement(AppendOnly):
    """Cash put into the drawer or taken out of it that pays nothing (spec G6).

    It lies in the drawer of ``mode``, the till's first cash mode, and counts in what is expected
    there; it is no taking, so no report of payments knows it (I6).
    """

    session = models.ForeignKey(
        TillSession, models.PROTECT, related_name="cash", verbose_name=_("till session")
    )
    mode = models.ForeignKey(PaymentMode, models.PROTECT, related_name="+", verbose_name=_("mode"))
    way = models.CharField(_("way"), max_length=3, choices=CashWay.choices)
    reason = models.CharField(_("reason"), max_length=16, choices=CashReason.choices)
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount"))
    operator = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("operator")
    )
    operation = models.OneToOneField(Operation, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    business_date = models.DateField(_("business date"))

    amount = MoneyOf()

    class Meta:
        verbose_name = _("cash movement")
        verbose_name_plural = _("cash movements")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0), name="cash_movement_counts"
            ),
            models.CheckConstraint(
                condition=models.Q(way__in=CashWay.values), name="cash_movement_way_known"
            ),
            models.CheckConstraint(
                condition=models.Q(reason__in=CashReason.values), name="cash_movement_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.way} {self.amount_minor}"

    def sealed_facts(
        self, *, till: str, session: int | None, mode: str, operator: str | None
    ) -> dict[str, object]:
        """Return what is sealed of this row: codes, never names (FIS-06)."""
        return {
            "caisse": till,
            "devise": self.currency,
            "horodatage": stamp(self.at),
            "journee": self.business_date.isoformat(),
            "mode": mode,
            "montant": self.amount_minor,
            "motif": str(self.reason),
            "operateur": operator,
            "sens": str(self.way),
            "session": session,
        }


class BlindCount(AppendOnly):
    """What was counted of a mode before what is expected was shown: what a recount cannot change.

    One row a mode for each count of a till counted blind that did not agree. The count that
    closes the till is that of its Z (``ModeCount``).
    """

    session = models.ForeignKey(
        TillSession, models.PROTECT, related_name="blind_counts", verbose_name=_("till session")
    )
    mode = models.ForeignKey(PaymentMode, models.PROTECT, related_name="+", verbose_name=_("mode"))
    currency = models.CharField(_("currency"), max_length=3)
    expected_minor = models.BigIntegerField(_("expected"))
    counted_minor = models.BigIntegerField(_("counted"))
    operator = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("operator")
    )
    operation = models.ForeignKey(Operation, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    expected = MoneyOf("expected_minor")
    counted = MoneyOf("counted_minor")

    class Meta:
        verbose_name = _("blind count")
        verbose_name_plural = _("blind counts")
        constraints = [
            models.UniqueConstraint(fields=["operation", "mode"], name="blind_count_mode_once"),
            models.CheckConstraint(
                condition=models.Q(counted_minor__gte=0), name="blind_count_counts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} · {self.mode_id} · {self.counted_minor}"

    def sealed_facts(
        self, *, till: str, session: int | None, mode: str, operator: str | None
    ) -> dict[str, object]:
        """Return what is sealed of this row: codes, never names (FIS-06)."""
        return {
            "attendu": self.expected_minor,
            "caisse": till,
            "compte": self.counted_minor,
            "devise": self.currency,
            "horodatage": stamp(self.at),
            "mode": mode,
            "operateur": operator,
            "session": session,
        }


class ModeCount(AppendOnly):
    """One line of a Z: what a mode brought and gave, what was expected and counted (G6).

    Cash put in and taken out stands apart from what came in and went out as payments.
    """

    session = models.ForeignKey(TillSession, models.PROTECT, related_name="counts")
    mode = models.ForeignKey(PaymentMode, models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    payments = models.PositiveIntegerField(_("number of payments"))
    in_minor = models.BigIntegerField(_("in"))
    out_minor = models.BigIntegerField(_("out"))
    put_in_minor = models.BigIntegerField(_("cash put in"), default=0)
    taken_out_minor = models.BigIntegerField(_("cash taken out"), default=0)
    expected_minor = models.BigIntegerField(_("expected"))
    counted_minor = models.BigIntegerField(_("counted"), null=True)
    operation = models.ForeignKey(Operation, models.PROTECT, related_name="+")

    taken = MoneyOf("in_minor")
    given = MoneyOf("out_minor")
    put_in = MoneyOf("put_in_minor")
    taken_out = MoneyOf("taken_out_minor")
    expected = MoneyOf("expected_minor")
    counted = MaybeMoneyOf("counted_minor")

    class Meta:
        verbose_name = _("count of a mode")
        verbose_name_plural = _("counts of modes")
        constraints = [
            models.UniqueConstraint(fields=["session", "mode"], name="mode_count_once"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} · {self.mode_id}"

    def sealed_facts(self) -> dict[str, object]:
        """Return what is sealed of this line within its Z.

        Cash moved is named where there was some: a Z sealed without it stays as it was sealed.
        """
        moved = {"apports": self.put_in_minor, "prelevements": self.taken_out_minor}
        return {
            "attendu": self.expected_minor,
            "compte": self.counted_minor,
            "entrees": self.in_minor,
            "mode": self.mode.code,
            "reglements": self.payments,
            "sorties": self.out_minor,
            **(moved if any(moved.values()) else {}),
        }
