"""The credit account, its movements and what is held on it (design.md §3).

Amounts are whole minor units of the account's currency. Rows of ``Movement`` are written once;
the next movement follows from the locked account row alone.
"""

from dataclasses import dataclass

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact, User
from credit.choices import AccountState, MovementKind, ReasonCode, Side
from institution_settings.models import PaymentMode
from institution_settings.money import MoneyOf
from journal.guards import AppendOnly
from journal.sealing import stamp
from tills.models import TillSession


class CreditAccount(models.Model):
    """A contact's account in one currency (spec S6).

    ``position`` counts its movements, ``credits_minor`` sums its credits since the first;
    ``moved_non_refundable_minor`` is the non-refundable part of the last movement, kept so that
    the one UPDATE … RETURNING of a posting can tell it.
    """

    contact = models.ForeignKey(
        Contact, models.PROTECT, related_name="credit_accounts", verbose_name=_("contact")
    )
    currency = models.CharField(_("currency"), max_length=3)
    balance_minor = models.BigIntegerField(_("balance"), default=0)
    held_minor = models.BigIntegerField(_("held"), default=0)
    non_refundable_minor = models.BigIntegerField(_("non-refundable"), default=0)
    credits_minor = models.BigIntegerField(_("credits since the first"), default=0)
    moved_non_refundable_minor = models.BigIntegerField(default=0, editable=False)
    position = models.BigIntegerField(_("movements"), default=0)
    last_at = models.DateTimeField(_("last movement at"), null=True)
    state = models.CharField(
        _("state"), max_length=8, choices=AccountState.choices, default=AccountState.OPEN
    )

    balance = MoneyOf()
    held = MoneyOf()
    non_refundable = MoneyOf()

    class Meta:
        verbose_name = _("credit account")
        verbose_name_plural = _("credit accounts")
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "currency"], name="credit_account_one_per_currency"
            ),
            models.CheckConstraint(
                condition=Q(held_minor__gte=0) & Q(held_minor__lte=F("balance_minor")),
                name="credit_account_held_within_balance",
                violation_error_message=_("What is held cannot exceed the balance."),
            ),
            models.CheckConstraint(
                condition=Q(non_refundable_minor__gte=0)
                & Q(non_refundable_minor__lte=F("balance_minor")),
                name="credit_account_non_refundable_within_balance",
                violation_error_message=_("The non-refundable part cannot exceed the balance."),
            ),
            models.CheckConstraint(
                condition=Q(position__gte=0) & Q(credits_minor__gte=F("balance_minor")),
                name="credit_account_totals_count",
            ),
        ]
        indexes = [
            models.Index(
                fields=["contact"],
                condition=Q(balance_minor__gt=0),
                name="credit_account_with_credit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.currency}"


@dataclass(frozen=True, slots=True)
class MovementCodes:
    """The codes of the rows a movement points at, as they are sealed."""

    till: str
    contact: str | None
    mode: str | None = None
    counterpart: str | None = None
    operator: str | None = None
    session: int | None = None
    reverses_position: int | None = None


class Movement(AppendOnly):
    """One line of an account (spec C5). Two ends, one amount: it balances by construction."""

    account = models.ForeignKey(
        CreditAccount,
        models.PROTECT,
        related_name="movements",
        verbose_name=_("account"),
        db_index=False,
    )
    position = models.BigIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=16, choices=MovementKind.choices)
    side = models.CharField(_("side"), max_length=1, choices=Side.choices)
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount"))
    non_refundable_minor = models.BigIntegerField(_("non-refundable part"), default=0)
    balance_after_minor = models.BigIntegerField(_("balance after"))
    non_refundable_after_minor = models.BigIntegerField(_("non-refundable after"))
    credits_after_minor = models.BigIntegerField(_("credits after"))
    mode = models.ForeignKey(
        PaymentMode,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("credit mode"),
        db_index=False,
    )
    counterpart = models.ForeignKey(
        PaymentMode,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("counterpart"),
        db_index=False,
    )
    session = models.ForeignKey(
        TillSession,
        models.PROTECT,
        related_name="+",
        verbose_name=_("till session"),
        db_index=False,
    )
    operator = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("operator"),
        db_index=False,
    )
    operation = models.ForeignKey(
        "journal.Operation", models.PROTECT, related_name="+", verbose_name=_("operation")
    )
    reference = models.CharField(_("order or receipt"), max_length=32, blank=True)
    at = models.DateTimeField(_("at"))
    business_date = models.DateField(_("business date"))
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by", verbose_name=_("takes back")
    )
    reason = models.CharField(
        _("reason"), max_length=20, choices=ReasonCode.choices, blank=True, default=""
    )

    amount = MoneyOf()
    non_refundable = MoneyOf()
    balance_after = MoneyOf()
    non_refundable_after = MoneyOf()

    class Meta:
        verbose_name = _("movement")
        verbose_name_plural = _("movements")
        constraints = [
            models.UniqueConstraint(fields=["account", "position"], name="movement_position_once"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="movement_amount_positive"
            ),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="movement_side_known"),
            models.CheckConstraint(
                condition=Q(non_refundable_minor__gte=0)
                & Q(non_refundable_minor__lte=F("amount_minor")),
                name="movement_non_refundable_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(non_refundable_after_minor__gte=0)
                & Q(non_refundable_after_minor__lte=F("balance_after_minor")),
                name="movement_balances_count",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "business_date", "position"], name="movement_period_probe"
            ),
            models.Index(fields=["session", "id"], name="movement_session"),
            models.Index(fields=["business_date", "id"], name="movement_day"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}/{self.position}"

    def sealed_facts(self, *, codes: MovementCodes) -> dict[str, object]:
        """Return what is sealed of this row: numbers and codes, never names (FIS-06).

        Used when it is written and again when it is verified.
        """
        return {
            "caisse": codes.till,
            "contact": codes.contact,
            "contrepartie": codes.counterpart,
            "contrepasse": codes.reverses_position,
            "credits": self.credits_after_minor,
            "devise": self.currency,
            "horodatage": stamp(self.at),
            "journee": self.business_date.isoformat(),
            "mode": codes.mode,
            "montant": self.amount_minor,
            "motif": self.reason or None,
            "nature": str(self.kind),
            "non_remboursable": self.non_refundable_minor,
            "non_remboursable_apres": self.non_refundable_after_minor,
            "operateur": codes.operator,
            "piece": self.reference or None,
            "rang": self.position,
            "sens": str(self.side),
            "session": codes.session,
            "solde": self.balance_after_minor,
        }


class MovementComment(models.Model):
    """A free comment on a movement: apart, so that it is erased with its contact (RGP-03)."""

    movement = models.OneToOneField(Movement, models.PROTECT, related_name="comment")
    text = models.TextField(_("comment"))

    class Meta:
        verbose_name = _("comment on a movement")
        verbose_name_plural = _("comments on movements")

    def __str__(self) -> str:
        return self.text


class Hold(models.Model):
    """Credit set aside while another payment is pending (spec C9): captured or released, once."""

    account = models.ForeignKey(
        CreditAccount, models.PROTECT, related_name="holds", verbose_name=_("account")
    )
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount"))
    mode = models.ForeignKey(PaymentMode, models.PROTECT, related_name="+")
    key = models.UUIDField(_("key"), unique=True)
    reference = models.CharField(_("order"), max_length=32, blank=True)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    operation = models.ForeignKey("journal.Operation", models.PROTECT, related_name="+")
    released_at = models.DateTimeField(_("released at"), null=True)
    captured = models.OneToOneField(
        Movement, models.PROTECT, null=True, related_name="hold", verbose_name=_("captured by")
    )

    amount = MoneyOf()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="hold_amount_positive"),
            models.CheckConstraint(
                condition=Q(released_at=None) | Q(captured=None), name="hold_ends_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "expires_at"],
                condition=Q(released_at=None, captured=None),
                name="hold_pending",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.key}"

    def sealed_facts(self, *, till: str, mode: str) -> dict[str, object]:
        """Return what is sealed when credit is set aside; ``till`` and ``mode`` are codes."""
        return {
            "caisse": till,
            "cle": str(self.key),
            "devise": self.currency,
            "fin": stamp(self.expires_at),
            "horodatage": stamp(self.created_at),
            "mode": mode,
            "montant": self.amount_minor,
            "piece": self.reference or None,
        }

    def release_facts(self, *, till: str) -> dict[str, object]:
        """Return what is sealed when it is given back."""
        return {
            "caisse": till,
            "cle": str(self.key),
            "devise": self.currency,
            "horodatage": stamp(self.released_at) if self.released_at else None,
            "montant": self.amount_minor,
            "piece": self.reference or None,
        }
