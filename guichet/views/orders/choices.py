"""What the customer of a cancelled performance says at the counter: money, or credit (CNS-01)."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from guichet.views.entry import DeskRequest, at_desk
from guichet.views.orders.cards import card_of, show_card
from guichet.views.web import read_number, status_of
from institution_settings.permissions import Act
from journal.errors import Refusal
from payments.selectors.runs import list_asked
from payments.services.runs import choose


@at_desk(Act.REFUND)
@require_POST
def choose_refund(request: DeskRequest, order_id: int) -> HttpResponse:
    """Write down which of the two was chosen, and give the order back; repeats change nothing."""
    card_of(order_id, brief=True)
    wanted = request.POST.get("choice", "")
    line_id = read_number(request.POST.get("line"))
    if wanted not in {"credit", "money"}:
        raise Http404
    asked = next((line for line in list_asked(order_id=order_id) if line.pk == line_id), None)
    if asked is not None:
        try:
            choose(
                line_id=asked.pk, credit=wanted == "credit", channel=f"guichet {request.user.code}"
            )
        except Refusal as refusal:
            return show_card(request, order_id, refusal=str(refusal), status=status_of(refusal))
    return redirect("guichet:order", order_id)
