"""The ground: operations done once, chains, and the entries sealed on them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from journal.guards import AppendOnly


class Operation(AppendOnly):
    """One thing done once: its key was made before the click (spec C7).

    Every row that the operation writes carries it; together they are the receipt, and what a
    repeat of the same key is answered with.
    """

    source = models.CharField(_("source"), max_length=64)
    key = models.UUIDField(_("key"))
    kind = models.CharField(_("kind"), max_length=32)
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="operation_done_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Chain(models.Model):
    """The head of one journal: one per till, plus EVENTS and CLOSINGS.

    Whether a session is open, and its business date, stand here so that the statement that
    reads the number under the lock also decides whether anything may still be written.
    """

    code = models.CharField(_("code"), max_length=20, unique=True)
    entity = models.CharField(_("entity"), max_length=20)
    number = models.BigIntegerField(_("last number"), default=0)
    seal = models.CharField(_("last seal"), max_length=64)
    last_at = models.DateTimeField(_("last entry at"), null=True)
    session_open = models.PositiveIntegerField(_("open session"), null=True)
    business_date = models.DateField(_("business date"), null=True)

    class Meta:
        verbose_name = _("chain")
        verbose_name_plural = _("chains")
        constraints = [
            models.CheckConstraint(condition=models.Q(number__gte=0), name="chain_number_counts"),
            models.CheckConstraint(
                condition=models.Q(session_open=None) | ~models.Q(business_date=None),
                name="chain_open_has_date",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Entry(AppendOnly):
    """One sealed line of a chain (FIS-05). It points at its row; the row never points back."""

    chain = models.ForeignKey(
        Chain,
        models.PROTECT,
        related_name="entries",
        verbose_name=_("chain"),
        db_index=False,
    )
    number = models.BigIntegerField(_("number"))
    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("kind"), max_length=32)
    subject_kind = models.CharField(_("subject"), max_length=32)
    subject_id = models.BigIntegerField(_("subject id"))
    payload = models.TextField(_("sealed content"))
    previous = models.CharField(_("previous seal"), max_length=64)
    seal = models.CharField(_("seal"), max_length=64)
    key_id = models.CharField(_("key"), max_length=16)
    format = models.PositiveSmallIntegerField(_("format"))

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        constraints = [
            models.UniqueConstraint(fields=["chain", "number"], name="entry_number_once"),
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"], name="entry_subject_once"
            ),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="entry_number_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.chain_id}/{self.number}"
