"""What the gates looked at: every code, every answer, kept for good (spec G11, BIL-07)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from journal.guards import AppendOnly
from journal.sealing import stamp
from sales.choices import ScanOutcome
from sales.models.catalogue import Performance
from sales.models.orders import Ticket


class Scan(AppendOnly):
    """One look at one code at the door of one performance; the stub of the ticket (BIL-07).

    Of a code that is no ticket's only a fingerprint is kept. ``typed`` says that the number printed
    on the ticket was typed, because its QR could not be read. ``seen_at`` is when a ticket that is
    already in came in.
    """

    performance = models.ForeignKey(
        Performance, models.PROTECT, related_name="scans", verbose_name=_("performance")
    )
    ticket = models.ForeignKey(
        Ticket, models.PROTECT, null=True, related_name="scans", verbose_name=_("ticket")
    )
    outcome = models.CharField(_("answer"), max_length=10, choices=ScanOutcome.choices)
    code_print = models.CharField(_("fingerprint of the code"), max_length=16)
    typed = models.BooleanField(_("number typed"), default=False)
    seen_at = models.DateTimeField(_("came in at"), null=True)
    operator = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("operator"))
    operation = models.OneToOneField("journal.Operation", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=Q(outcome=ScanOutcome.ADMITTED),
                name="scan_admits_a_ticket_once",
            ),
            models.CheckConstraint(
                condition=Q(outcome=ScanOutcome.UNKNOWN, ticket=None)
                | (~Q(outcome=ScanOutcome.UNKNOWN) & Q(ticket__isnull=False)),
                name="scan_knows_its_ticket",
            ),
        ]
        indexes = [models.Index(fields=["performance", "-id"], name="scan_of_performance")]

    def __str__(self) -> str:
        return f"{self.performance_id} {self.outcome}"

    def sealed_facts(self, *, number: str, operator: str | None) -> dict[str, object]:
        """Return what is sealed of somebody let in; ``number`` is the ticket's (BIL-03).

        Which performance follows from the ticket's own entry: it may be put off later.
        """
        return {
            "billet": number,
            "horodatage": stamp(self.at),
            "operateur": operator,
            "saisi": self.typed,
        }
