"""What was printed at a counter: the original once, then duplicates with their number (FIS-16)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from institution_settings.choices import Paper
from journal.guards import AppendOnly
from journal.sealing import stamp
from sales.choices import Document, ReprintReason
from sales.models.orders import Order, Ticket
from tills.models import TillSession

# The code of a duplicate in the event log (FIS-11).
DUPLICATE_EVENT = 400


class Printout(AppendOnly):
    """A ticket, or the receipt of an order, printed at a counter (BIL-04, FIS-16).

    ``copy`` is 0 for the original, then the number of the duplicate. What a customer downloads is
    none of these (spec G10).
    """

    document = models.CharField(_("document"), max_length=8, choices=Document.choices)
    order = models.ForeignKey(
        Order, models.PROTECT, related_name="printouts", verbose_name=_("order")
    )
    ticket = models.ForeignKey(
        Ticket, models.PROTECT, null=True, related_name="printouts", verbose_name=_("ticket")
    )
    copy = models.PositiveSmallIntegerField(_("duplicate number"))
    reason = models.CharField(_("reason"), max_length=8, choices=ReprintReason.choices, blank=True)
    paper = models.CharField(_("paper"), max_length=8, choices=Paper.choices)
    operator = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("operator")
    )
    session = models.ForeignKey(TillSession, models.PROTECT, related_name="+")
    operation = models.ForeignKey("journal.Operation", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    business_date = models.DateField(_("business date"))

    class Meta:
        verbose_name = _("printout")
        verbose_name_plural = _("printouts")
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "copy"],
                condition=Q(document=Document.TICKET),
                name="printout_ticket_copy_once",
            ),
            models.UniqueConstraint(
                fields=["order", "copy"],
                condition=Q(document=Document.RECEIPT),
                name="printout_receipt_copy_once",
            ),
            models.CheckConstraint(
                condition=Q(document=Document.TICKET, ticket__isnull=False)
                | Q(document=Document.RECEIPT, ticket=None),
                name="printout_is_of_one_thing",
            ),
            models.CheckConstraint(
                condition=~Q(document=Document.TICKET) | Q(copy=0) | ~Q(reason=""),
                name="printout_duplicate_ticket_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.order_id}/{self.ticket_id} n° {self.copy}"

    @property
    def is_duplicate(self) -> bool:
        """Whether it says DUPLICATA."""
        return self.copy > 0

    def sealed_facts(
        self, *, till: str, session: int | None, operator: str | None, number: str | None
    ) -> dict[str, object]:
        """Return what is sealed of this row; ``number`` is the ticket's, None for a receipt."""
        return {
            "billet": number,
            "caisse": till,
            "commande": self.order.number,
            "document": str(self.document),
            "duplicata": self.copy,
            "evenement": DUPLICATE_EVENT if self.is_duplicate else None,
            "horodatage": stamp(self.at),
            "journee": self.business_date.isoformat(),
            "motif": str(self.reason) or None,
            "operateur": operator,
            "papier": str(self.paper),
            "session": session,
        }
