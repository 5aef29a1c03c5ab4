"""Statements of takings closed for good (BIL-08)."""

import hashlib

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from journal.guards import AppendOnly
from journal.sealing import stamp
from sales.models import Performance


class TakingsStatement(AppendOnly):
    """The statement of a performance as it was closed: numbered, once, never changed.

    ``content`` is canonical JSON of its lines and payment modes. What is sold or taken back later
    stands beside it, not in it.
    """

    performance = models.OneToOneField(
        Performance, models.PROTECT, related_name="+", verbose_name=_("performance")
    )
    number = models.PositiveIntegerField(_("number"), unique=True)
    content = models.TextField(_("content"))
    gross_minor = models.BigIntegerField(_("takings, VAT included"))
    closed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("closed by")
    )
    operation = models.OneToOneField("journal.Operation", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("statement of takings")
        verbose_name_plural = _("statements of takings")

    def __str__(self) -> str:
        return f"RR-{self.number:06d}"

    @property
    def digest(self) -> str:
        """The SHA-256 of its content: the same for every edition (fiscal.md I12)."""
        return hashlib.sha256(self.content.encode()).hexdigest()

    def sealed_facts(self, *, person: str | None) -> dict[str, object]:
        """Return what is sealed of this row: its digest and its sum; ``person`` is a code."""
        return {
            "empreinte": self.digest,
            "horodatage": stamp(self.at),
            "operateur": person,
            "recette": self.gross_minor,
            "releve": self.number,
        }
