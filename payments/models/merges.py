"""Two contacts that are one person, and the same taken back (spec C10, RGP-05)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact, User
from journal.guards import AppendOnly
from journal.sealing import stamp
from sales.models import Order
from tills.models import TillSession


class Merge(AppendOnly):
    """One contact merged into another; a row that ``undoes`` another takes it back.

    ``given`` is the credit that moved, none where there was nothing to move. ``kept_position`` is
    the last movement of the kept account just afterwards: as long as it still is, the merge can be
    undone. ``holds`` and ``orders`` (not paid yet) went over with it.
    """

    kept = models.ForeignKey(
        Contact, models.PROTECT, related_name="merges_kept", verbose_name=_("kept contact")
    )
    merged = models.ForeignKey(
        Contact, models.PROTECT, related_name="merges", verbose_name=_("merged contact")
    )
    given = models.ForeignKey("credit.Movement", models.PROTECT, null=True, related_name="+")
    kept_position = models.BigIntegerField(_("movements of the kept account"))
    holds = models.ManyToManyField("credit.Hold", related_name="+")
    orders = models.ManyToManyField(Order, related_name="merges")
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="undone_by", verbose_name=_("takes back")
    )
    operator = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    session = models.ForeignKey(TillSession, models.PROTECT, related_name="+")
    operation = models.ForeignKey("journal.Operation", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    business_date = models.DateField(_("business date"))

    class Meta:
        verbose_name = _("merge of contacts")
        verbose_name_plural = _("merges of contacts")
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("merged")), name="merge_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id} → {self.kept_id}"

    def sealed_facts(
        self, *, till: str, kept: str | None, merged: str | None, operator: str | None
    ) -> dict[str, object]:
        """Return what is sealed of this row: numbers and codes, never names (FIS-06)."""
        return {
            "acte": "DEFUSION" if self.undoes_id else "FUSION",
            "caisse": till,
            "fusionne": merged,
            "garde": kept,
            "horodatage": stamp(self.at),
            "journee": self.business_date.isoformat(),
            "operateur": operator,
        }
