"""Finding or creating the purchaser without leaving the sale (F2; spec G2, G9)."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guichet.selectors.baskets import Basket
from guichet.views.choosing import Choosing
from guichet.views.entry import DeskRequest, at_desk
from guichet.views.sale.screen import basket_of, go_to, show_changes
from institution_settings.permissions import Act


@at_desk(Act.SALE)
@require_http_methods(["GET", "HEAD", "POST"])
def purchaser(request: DeskRequest, order_id: int) -> HttpResponse:
    """Search contacts as somebody types; choose one, create one, or sell to nobody."""
    basket = basket_of(request, order_id)
    back = reverse("guichet:sale", args=[order_id])
    choosing = Choosing(
        request, basket.order, url=reverse("guichet:sale_purchaser", args=[order_id]), back=back
    )
    return choosing.answer() or _chosen(request, basket)


def _chosen(request: DeskRequest, basket: Basket) -> HttpResponse:
    fresh = basket_of(request, basket.order.pk)
    if not (request.htmx and fresh.is_open):
        return go_to(reverse("guichet:sale", args=[fresh.order.pk]))
    focus = "tenders" if fresh.lines else "find"
    return show_changes(request, fresh, extra={"chosen": True}, focus=focus)
