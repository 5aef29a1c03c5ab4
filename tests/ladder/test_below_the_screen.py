"""What the screens do not offer the services refuse too: a call needs no button (spec S3)."""

import pytest

from contacts.models import User
from contacts.services import create_operator
from institution_settings.choices import Role
from institution_settings.models import PointOfSale
from payments.services import close_till
from tests.busy import BusyVenue
from tests.ladder.asking import answer_of, everything
from tests.ladder.people import Cast, Who
from tests.payments.books import refused
from tests.venue import PASSWORD, Venue
from tests.verified import findings
from tills.errors import NotYourTill, TillOfAnother
from tills.models import TillSession
from tills.services import open_session

pytestmark = pytest.mark.django_db


def somebody(role: Role, *places: PointOfSale) -> User:
    return create_operator(
        email="karim@tilleuls.example",
        password=PASSWORD,
        name="Karim",
        code="karim",
        role=role,
        points_of_sale=places,
    )


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR])
def test_a_till_is_opened_by_those_of_its_point_of_sale(venue: Venue, role: Role) -> None:
    karim = somebody(role, venue.office)
    with refused(NotYourTill):
        open_session(claim=venue.claim(), till=venue.tills["G1"], operator=karim)
    assert not TillSession.objects.exists()
    karim.points_of_sale.add(venue.counter)
    session = open_session(claim=venue.claim(), till=venue.tills["G1"], operator=karim)
    assert (session.opened_by, session.till.code) == (karim, "G1")


def test_a_till_is_closed_by_its_opener_or_a_supervisor(venue: Venue) -> None:
    desk, karim = venue.open("G1"), somebody(Role.OPERATOR, venue.counter)
    with refused(TillOfAnother) as caught:
        close_till(claim=venue.claim(), desk=desk, counted={}, operator=karim)
    assert caught.value.data == {"till": "G1", "operator": str(venue.operator)}
    assert TillSession.objects.get().closed_at is None
    close_till(claim=venue.claim(), desk=desk, counted={}, operator=venue.supervisor)
    closed = TillSession.objects.get()
    assert (closed.opened_by, closed.closed_by) == (venue.operator, venue.supervisor)
    assert findings() == []


def test_a_basket_of_another_point_of_sale_gets_no_purchaser(venue: Venue) -> None:
    """It is looked at as an order; the one reserved there and the one paid are everybody's."""
    busy = BusyVenue(venue)
    elsewhere = Cast(busy).browser(Who.ELSEWHERE)
    basket = busy.counter.basket(["21.10"])
    before = everything()
    for chosen in ({"contact": busy.zoe.pk}, {"create": "1", "last_name": "Nouveau"}):
        assert elsewhere.get("order_purchaser", basket.pk).status_code == 404
        assert elsewhere.post("order_purchaser", basket.pk, **chosen).status_code == 404
    shown = elsewhere.get("order", basket.pk)
    assert (shown.status_code, shown.context["may_sell"]) == (200, False)
    assert everything() == before
    for order in (busy.anonymous.order, busy.reserved):
        chosen = elsewhere.post("order_purchaser", order.pk, contact=busy.jean.pk)
        assert answer_of(chosen) == "> guichet:order"
        order.refresh_from_db()
        assert order.contact == busy.jean
