"""Keeping the basket, reserving it unpaid, and giving it up (spec G2)."""

from datetime import UTC, date, datetime, time, timedelta

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from guichet.forms.sale import ReserveForm
from guichet.views.entry import DeskRequest, at_desk
from guichet.views.sale.changes import answer, change, refuse
from guichet.views.sale.screen import basket_of, go_to, status_of
from institution_settings.permissions import Act
from institution_settings.selectors import get_institution
from journal.errors import Refusal
from sales import services


@at_desk(Act.SALE)
@require_POST
def keep(request: DeskRequest, order_id: int) -> HttpResponse:
    """Start the basket's time again: somebody is at it."""
    basket = basket_of(request, order_id)
    return change(
        request, basket, lambda: services.extend(order_id=order_id, now=datetime.now(UTC))
    )


@at_desk(Act.SALE)
@require_POST
def abandon(request: DeskRequest, order_id: int) -> HttpResponse:
    """Give the order up, its seats on sale at once, and begin a new one."""
    basket = basket_of(request, order_id)
    try:
        services.abandon(order_id=order_id, now=datetime.now(UTC))
    except Refusal as refusal:
        return refuse(request, basket, str(refusal), status=status_of(refusal))
    return go_to(reverse("guichet:new_sale"))


@at_desk(Act.SALE)
@require_POST
def reserve(request: DeskRequest, order_id: int) -> HttpResponse:
    """Keep the seats unpaid through a day at the venue; without one, as long as the settings say.

    A reservation gets the new day. Then its page, from which the sale goes on.
    """
    basket = basket_of(request, order_id)
    today = request.desk.venue_date(datetime.now(UTC))
    form = ReserveForm(request.POST, today=today)
    if not form.is_valid():
        return answer(request, basket, {"reserve_form": form}, status=422)
    day = form.cleaned_data["until"] or today + timedelta(days=get_institution().reservation_days)
    try:
        services.reserve(order_id=order_id, until=_end_of(request, day), now=datetime.now(UTC))
    except Refusal as refusal:
        return refuse(request, basket, str(refusal), status=status_of(refusal))
    return go_to(reverse("guichet:order", args=[order_id]))


def _end_of(request: DeskRequest, day: date) -> datetime:
    """Return the last minute of a day at the venue."""
    return datetime.combine(day, time(23, 59), tzinfo=request.desk.zone)
