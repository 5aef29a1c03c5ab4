"""Letters to customers of a cancelled performance, by e-mail, each once (spec G8)."""

from datetime import UTC, datetime

from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from institution_settings.selectors import get_institution
from payments.documents import render_cancellation_letter
from payments.models import RefundRunLine
from payments.selectors.runs import list_untold


def tell_customer(*, line_id: int) -> bool:
    """Write to the customer of an order of a cancelled performance; returns whether it was sent.

    Once: noted in the transaction that sends it. Where the mail server is down nothing is noted,
    the books stand, and ``tick`` tries again. Nobody to write to is no error.
    """
    with transaction.atomic(durable=True):
        locked = RefundRunLine.objects.select_for_update(of=("self",)).filter(
            pk__in=list_untold().filter(pk=line_id).values("pk")
        )
        line = locked.first()
        if line is None:
            return False
        line.told_at = datetime.now(UTC)
        line.save(update_fields=["told_at"])
        _send(line)
    return True


def _send(line: RefundRunLine) -> None:
    contact = line.order.contact
    letter = render_cancellation_letter(line=line)
    institution = get_institution()
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        to=[contact.email] if contact else [],
        reply_to=[institution.email] if institution.email else None,
    )
    message.attach_alternative(letter.html, "text/html")
    message.send()
