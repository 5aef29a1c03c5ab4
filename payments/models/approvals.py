"""Who approved what an operator may not do alone (spec §1: both are recorded)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from journal.guards import AppendOnly
from journal.sealing import stamp
from payments.choices import ApprovalReason
from tills.models import TillSession


class Approval(AppendOnly):
    """A supervisor's approval, within the operation it allowed; ``operator`` is whose screen."""

    operation = models.ForeignKey("journal.Operation", models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=16, choices=ApprovalReason.choices)
    person = models.ForeignKey(
        User, models.PROTECT, related_name="approvals", verbose_name=_("approved by")
    )
    operator = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("operator")
    )
    session = models.ForeignKey(TillSession, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    business_date = models.DateField(_("business date"))

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = [
            models.UniqueConstraint(fields=["operation", "reason"], name="approval_once"),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.operation_id}"

    def sealed_facts(
        self, *, till: str, session: int | None, person: str | None, operator: str | None
    ) -> dict[str, object]:
        """Return what is sealed of this row: codes, never names (FIS-06)."""
        return {
            "caisse": till,
            "horodatage": stamp(self.at),
            "journee": self.business_date.isoformat(),
            "motif": str(self.reason),
            "operateur": operator,
            "session": session,
            "valide_par": person,
        }
