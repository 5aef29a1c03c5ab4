"""What does not go back at once: tickets exchanged, sums owed and paid (spec G4, CNS-02)."""

from guichet.management.demo.bookings import fill
from guichet.management.demo.returns import refund
from guichet.management.demo.scenes_counter import sell_priced
from guichet.management.demo.scenes_office import contact_of
from guichet.management.demo.tenders import tender
from guichet.management.demo.world import Moment
from payments.choices import RefundChoice
from payments.models import SumOwed
from payments.selectors.results import CheckoutResult
from payments.services import ExchangeRequest, exchange_tickets, pay_sum_owed
from sales.services import plan_exchange


def owe(moment: Moment) -> None:
    """Two seats by card whose money is not handed over at once: a sum owed (CNS-02)."""
    sold = _sell_by_card(moment, "Šťastný")
    if sold is not None:
        refund(
            moment,
            order_id=sold.order.pk,
            ticket_ids=tuple(ticket.pk for ticket in sold.tickets),
            choice=RefundChoice.OWED,
        )


def pay_what_is_owed(moment: Moment) -> None:
    """The oldest sum owed is paid by transfer."""
    owed = SumOwed.objects.filter(settled=None).order_by("due_on", "pk").first()
    if owed is not None:
        pay_sum_owed(
            claim=moment.claim(),
            desk=moment.desk,
            sum_id=owed.pk,
            mode_id=moment.house.modes["VIREMENT"].pk,
            at=moment.at,
        )


def change_the_evening(moment: Moment) -> None:
    """One of two seats exchanged for another evening, the difference to the credit account."""
    sold = _sell_by_card(moment, "Wójcik-Żółkiewska")
    if sold is None:
        return
    ticket = sold.tickets[0]
    later = [
        (show, seat)
        for show in moment.world.dates
        if show.starts_at > moment.at
        for seat in show.seats
        if seat.minor == ticket.price_minor and show.id != ticket.performance_id
    ]
    for _show, seat in later:
        basket = fill(moment, seats={seat: 1}, contact=sold.order.contact)
        if basket is None:
            continue
        plan_exchange(order_id=basket.pk, ticket_ids=[ticket.pk])
        exchange_tickets(
            claim=moment.claim(),
            desk=moment.desk,
            request=ExchangeRequest(order_id=basket.pk),
            at=moment.at,
        )
        return


def _sell_by_card(moment: Moment, name: str) -> CheckoutResult | None:
    return sell_priced(
        moment,
        contact=contact_of(moment, name),
        between=(1500, 3200),
        quantity=2,
        pays=lambda due: [tender(moment, "CB", due)],
    )
