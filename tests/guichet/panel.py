"""The sale screen in a test's hands: what is typed and pressed there, and what it shows."""

from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from sales.models import Order
from tests.guichet.conftest import Person

HTMX = {"HX-Request": "true"}
TOLD_NOTHING = "0/0/0"


class SaleScreen:
    """One order on one operator's screen.

    A tender is ``("ESPECES", "50,00")``; a coded voucher's has its code as third.
    """

    def __init__(self, person: Person, order: Order) -> None:
        self.person = person
        self.order = order
        self.key = str(uuid4())

    @property
    def client(self) -> Client:
        """The browser."""
        return self.person.client

    def send(self, page: str, *, htmx: bool = True, query: str = "", **typed: object) -> Any:
        """Post a form of the screen."""
        address = reverse(f"guichet:{page}", args=[self.order.pk])
        return self.client.post(address + query, typed, headers=HTMX if htmx else {})

    def show(self, *tenders: tuple[str, ...], query: str = "", **typed: object) -> Any:
        """Return the panel, or with ``?count=1`` what changes while an amount is typed."""
        return self.send("sale_tenders", query=query, **self.fields(*tenders), **typed)

    def press(self, button: str, *tenders: tuple[str, ...], **typed: object) -> Any:
        """Add a tender of a mode, as its button or key does."""
        return self.show(*tenders, add_tender=self.person.venue.modes[button].pk, **typed)

    def pay(self, *tenders: tuple[str, ...], htmx: bool = True, **typed: object) -> Any:
        """Press Enter in the panel."""
        sent = {"said": TOLD_NOTHING, **self.fields(*tenders), **typed}
        return self.send("sale_pay", htmx=htmx, **sent)

    def fields(self, *tenders: tuple[str, ...]) -> dict[str, object]:
        """Return tenders as the panel posts them, with its key."""
        sent: dict[str, object] = {"key": self.key}
        for index, (mode, amount, *code) in enumerate(tenders):
            sent[f"t{index}-mode"] = self.person.venue.modes[mode].pk
            sent[f"t{index}-amount"] = amount
            if code:
                sent[f"t{index}-code"] = code[0]
        return sent


def amounts(answer: Any) -> list[str]:
    """The amounts as they stand in the panel's lines."""
    return [row.typed.amount for row in answer.context["payment"].rows]


def errors(answer: Any) -> list[str]:
    """What stands beside each line of the panel."""
    return [row.error for row in answer.context["payment"].rows]


def sums(answer: Any) -> dict[str, str]:
    """What the panel comes to."""
    panel = answer.context["payment"].panel
    names = ("due", "entered", "left", "change", "surplus", "given_up")
    return {name: str(getattr(panel, name).amount) for name in names}
