"""What is read and typed on the pages of "Solde avoir"."""

from io import BytesIO
from typing import Any

from pypdf import PdfReader

from contacts.models import Contact
from credit.selectors import get_standing
from tests.venue import Venue


def balance(venue: Venue, contact: Contact) -> str:
    return str(get_standing(contact_id=contact.pk, currency=venue.currency).balance.amount)


def typed(venue: Venue, amount: str, mode: str = "ESPECES", **more: str) -> dict[str, Any]:
    """What is typed of a deposit or payout; only a payout asks for an identity document."""
    return {"amount": amount, "mode": venue.modes[mode].pk, "identity": "id_card", **more}


def text_of(answer: Any) -> str:
    assert answer["Content-Type"] == "application/pdf"
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
