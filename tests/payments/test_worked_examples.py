"""The venue's main job, as stories an accountant could sign: every figure after every step."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.models import Contact
from credit.selectors import get_standing
from institution_settings.models import PaymentMode
from payments.choices import IdentityDocument, RefundChoice
from payments.services import (
    MoneyRequest,
    RefundRequest,
    TenderRequest,
    check_out,
    close_till,
    make_deposit,
    make_payout,
    refund_order,
)
from sales.models import Order, Price
from sales.services import (
    CategoryPlan,
    PerformancePlan,
    create_event,
    create_rate,
    open_basket,
    set_purchaser,
    set_quantity,
)
from tests.venue import Venue


@pytest.fixture
def seat(venue: Venue) -> Price:
    """A seat at 21,10 € (20,00 and 1,10 of VAT), tomorrow night."""
    create_rate(code="PLEIN", label="Plein tarif")
    event = create_event(
        title="Le Misanthrope",
        performances=[
            PerformancePlan(
                starts_at=timezone.now() + timedelta(days=1),
                hall="Grande salle",
                categories=[
                    CategoryPlan(name="Cat. 1", capacity=10, prices={"PLEIN": venue.money("21.10")})
                ],
            )
        ],
    )
    return Price.objects.get(category__performance__event=event)


def basket(venue: Venue, seat: Price, seats: int, contact: Contact | None) -> Order:
    order = open_basket(
        point_of_sale_id=venue.counter.pk,
        operator=venue.operator,
        currency=venue.currency,
        minutes=15,
        now=timezone.now(),
    )
    set_quantity(order_id=order.pk, price_id=seat.pk, quantity=seats, now=timezone.now())
    if contact:
        set_purchaser(order_id=order.pk, contact_id=contact.pk)
    return order


def tender(mode: PaymentMode, venue: Venue, amount: str) -> TenderRequest:
    return TenderRequest(mode_id=mode.pk, amount=venue.money(amount))


def available(venue: Venue, contact: Contact) -> str:
    standing = get_standing(contact_id=contact.pk, currency=venue.currency)
    return str(standing.available.amount)


def test_the_main_job_from_sale_to_closing(venue: Venue, seat: Price) -> None:
    desk, zoe, modes = venue.open("G1", float_="100.00"), venue.contact(), venue.modes
    order = basket(venue, seat, 2, zoe)

    paid = check_out(
        claim=venue.claim(),
        desk=desk,
        order_id=order.pk,
        tenders=[tender(modes["ESPECES"], venue, "50.00")],
    )
    assert paid.change == venue.money("7.80")
    assert len(paid.tickets) == 2

    back = refund_order(
        claim=venue.claim(),
        desk=desk,
        request=RefundRequest(
            order_id=order.pk,
            ticket_ids=[paid.tickets[0].pk],
            choice=RefundChoice.CREDIT,
            consent="au guichet",
        ),
    )
    assert back.credited == venue.money("21.10")
    assert available(venue, zoe) == "21.10"

    make_deposit(
        claim=venue.claim(),
        desk=desk,
        request=MoneyRequest(
            contact_id=zoe.pk, mode_id=modes["CB"].pk, amount=venue.money("20.00")
        ),
    )
    assert available(venue, zoe) == "41.10"

    second = basket(venue, seat, 2, zoe)
    paid = check_out(
        claim=venue.claim(),
        desk=desk,
        order_id=second.pk,
        tenders=[tender(modes["AVOIR"], venue, "41.10"), tender(modes["ESPECES"], venue, "5.00")],
    )
    assert paid.change == venue.money("3.90")
    assert available(venue, zoe) == "0.00"

    session = close_till(
        claim=venue.claim(),
        desk=desk,
        counted={modes["ESPECES"].pk: venue.money("143.30")},
        operator=venue.operator,
    )
    counts = {count.mode.code: count for count in session.counts.select_related("mode")}
    assert counts["ESPECES"].expected == venue.money("143.30")
    assert counts["CB"].expected == venue.money("20.00")
    assert counts["AVOIR"].taken == venue.money("41.10")
    assert counts["AVOIR"].given == venue.money("21.10")


def test_a_payout_never_takes_the_last_cent_twice(venue: Venue) -> None:
    desk, zoe = venue.desk(), venue.contact()
    venue.deposit(venue.account(zoe), "5.00")
    make_payout(
        claim=venue.claim(),
        desk=desk,
        request=MoneyRequest(
            contact_id=zoe.pk,
            mode_id=venue.modes["ESPECES"].pk,
            amount=venue.money("5.00"),
            identity=IdentityDocument.PASSPORT,
        ),
    )
    assert available(venue, zoe) == "0.00"
