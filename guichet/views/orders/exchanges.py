"""Beginning an exchange: which tickets; what is sold for them is chosen on the sale screen (G4)."""

from datetime import UTC, datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from guichet.forms.orders import ExchangeForm
from guichet.selectors.orders import OrderCard
from guichet.views.entry import DeskRequest, at_desk
from guichet.views.orders.cards import card_of
from guichet.views.web import status_of
from institution_settings.permissions import Act
from institution_settings.selectors import get_institution
from journal.errors import Refusal
from sales.errors import ExchangeElsewhere
from sales.models import Order
from sales.services import open_basket, plan_exchange


@at_desk(Act.REFUND)
@require_http_methods(["GET", "HEAD", "POST"])
def exchange(request: DeskRequest, order_id: int) -> HttpResponse:
    """Choose the tickets, then go to a basket of their purchaser: nothing is taken back yet."""
    card = card_of(order_id, brief=True)
    form = ExchangeForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                basket = _begin(request, card, form.cleaned_data["tickets"])
            except Refusal as refusal:
                form.add_error("tickets", str(refusal))
                status = status_of(refusal)
            else:
                return redirect("guichet:sale", basket.pk)
    context = {
        "card": card,
        "order": card.order,
        "form": form,
        "ticked": list(getattr(form, "cleaned_data", {}).get("tickets") or ()),
    }
    return render(request, "guichet/orders/exchange.html", context, status=status)


def _begin(request: DeskRequest, card: OrderCard, ticket_ids: list[int]) -> Order:
    valid = {row.ticket.pk for row in card.tickets if row.is_valid}
    if not card.is_paid or not valid.issuperset(ticket_ids):
        raise ExchangeElsewhere
    contact = card.order.contact
    basket = open_basket(
        point_of_sale_id=request.desk.point_of_sale_id,
        operator=request.user,
        contact=contact and contact.current,
        currency=card.order.currency,
        minutes=get_institution().basket_minutes,
        now=datetime.now(UTC),
        linked_to_id=card.order.pk,
    )
    return plan_exchange(order_id=basket.pk, ticket_ids=ticket_ids)
