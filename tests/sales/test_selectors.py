"""Reading the programme and the orders: what is found, and that rows cost no queries."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sales.choices import OrderState, PerformanceState
from sales.models import Event, Order, Performance
from sales.selectors import (
    count_left,
    find_orders,
    get_order,
    get_order_by_number,
    get_performance_offer,
    get_ticket_numbers,
    list_orders_of_contact,
    list_programme,
)
from sales.services import CategoryPlan, PerformancePlan, create_event
from tests.sales.show import LATER, NOW, STARTS_AT, Show
from tests.venue import euros


def another(show: Show, title: str, *, days: int = 3, hall: str = "Studio") -> Event:
    category = CategoryPlan(name="Unique", capacity=10, prices={"PLEIN": euros("9")})
    return create_event(
        title=title,
        performances=[
            PerformancePlan(starts_at=NOW + timedelta(days=days), hall=hall, categories=[category])
        ],
    )


def queries_of(read: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        read()
    return len(queries)


def test_the_programme_lists_what_is_on_sale_soonest_first(show: Show) -> None:
    another(show, "L’Île des esclaves", days=1)
    another(show, "Terminé", days=-1)
    draft = another(show, "En projet")
    draft.performances.update(state=PerformanceState.DRAFT)
    titles = [offer.title for offer in list_programme(now=NOW)]
    assert titles == ["L’Île des esclaves", "Cyrano de Bergerac"]
    assert [offer.title for offer in list_programme(now=NOW, limit=1)] == titles[:1]


@pytest.mark.parametrize("text", ["cyrano", "CYRANO BERGERAC", "rostand", "théâtre", " cyr "])
def test_the_programme_is_searched_without_case_or_accents(show: Show, text: str) -> None:
    another(show, "L’Île des esclaves")
    assert [offer.title for offer in list_programme(now=NOW, text=text)] == ["Cyrano de Bergerac"]
    assert [offer.title for offer in list_programme(now=NOW, text="l'ile")] == [
        "L’Île des esclaves"
    ]
    assert list_programme(now=NOW, text="molière") == []


def test_latecomers_are_still_served_for_a_while(show: Show) -> None:
    begun = STARTS_AT + timedelta(minutes=90)
    assert len(list_programme(now=begun)) == 1
    assert list_programme(now=begun, grace=timedelta(0)) == []
    assert list_programme(now=STARTS_AT + timedelta(hours=2)) == []


def test_an_offer_says_prices_and_seats_left(show: Show) -> None:
    show.fill(show.basket(), 2)
    offer = get_performance_offer(performance_id=show.performance.pk, now=NOW)
    assert (offer.title, offer.hall, offer.starts_at) == (
        "Cyrano de Bergerac",
        "Grande salle",
        STARTS_AT,
    )
    assert [
        (
            category.name,
            category.left,
            [(price.rate_code, price.amount) for price in category.prices],
        )
        for category in offer.categories
    ] == [
        ("Parterre", 4, [("PLEIN", euros("25")), ("REDUIT", euros("17")), ("EXO", euros("0"))]),
        ("Galerie", 2, [("PLEIN", euros("12.50"))]),
    ]
    assert (offer.left, offer.capacity, offer.lowest) == (6, 8, euros("12.50"))
    assert offer.categories[0].prices[0].id == show.price().pk


def test_seats_of_orders_out_of_time_count_as_left(show: Show) -> None:
    gone, awaiting = show.basket(), show.basket()
    show.fill(gone, 2)
    show.fill(awaiting, 1)
    Order.objects.filter(pk=awaiting.pk).update(state=OrderState.AWAITING)
    category_id = show.category().pk
    assert count_left(category_id=category_id, now=NOW) == 3
    assert count_left(category_id=category_id, now=LATER) == 5
    offer = get_performance_offer(performance_id=show.performance.pk, now=LATER)
    assert [category.left for category in offer.categories] == [5, 2]


def test_a_retired_rate_is_not_offered(show: Show) -> None:
    rate = show.price("REDUIT").rate
    rate.active = False
    rate.save()
    offer = get_performance_offer(performance_id=show.performance.pk, now=NOW)
    assert [price.rate_code for price in offer.categories[0].prices] == ["PLEIN", "EXO"]


def test_an_unknown_performance_is_unknown(show: Show) -> None:
    with pytest.raises(Performance.DoesNotExist):
        get_performance_offer(performance_id=0, now=NOW)


def test_the_programme_costs_the_same_queries_for_one_date_and_for_three(show: Show) -> None:
    one = queries_of(lambda: list_programme(now=NOW))
    another(show, "Phèdre")
    another(show, "Ruy Blas")
    assert len(list_programme(now=NOW)) == 3
    assert queries_of(lambda: list_programme(now=NOW)) == one == 4


def test_an_order_is_read_with_all_its_page_shows(show: Show) -> None:
    def read(order: Order) -> list[str]:
        whole = get_order(order_id=order.pk)
        shown = [str(whole.contact), whole.point_of_sale.name, str(whole.operator)]
        for line in whole.lines.all():
            assert line.category
            shown.append(f"{line.label} {line.category.name} {line.category.performance.starts_at}")
        shown += [f"{ticket.line.label} {ticket.price}" for ticket in whole.tickets.all()]
        return shown

    small, large = show.basket(contact=show.venue.contact()), show.basket()
    show.fill(small, 1)
    show.fill(large, 1)
    show.fill(large, 1, rate="REDUIT")
    show.fill(large, 1, category="Galerie")
    show.settle(small)
    show.settle(large)
    assert len(read(large)) == 9
    assert queries_of(lambda: read(small)) == queries_of(lambda: read(large)) == 3


def test_an_order_is_read_by_its_number(show: Show) -> None:
    order = show.basket()
    assert get_order_by_number(number=f" {order.number} ") == order
    with pytest.raises(Order.DoesNotExist):
        get_order_by_number(number="2027-999999")


def test_the_orders_of_a_contact_are_paged_newest_first(show: Show) -> None:
    zoe = show.venue.contact()
    first, second, third = (show.basket(contact=zoe) for _each in range(3))
    show.fill(second, 2)
    show.give_back(show.settle(second)[:1])
    show.basket(contact=show.venue.contact("Petit", "Paul"))
    page = list_orders_of_contact(contact_id=zoe.pk, limit=2)
    assert [(order.pk, order.seats) for order in page] == [(third.pk, 0), (second.pk, 1)]  # type: ignore[attr-defined]
    rest = list_orders_of_contact(contact_id=zoe.pk, before_id=second.pk, limit=2)
    assert rest == [first]


def test_orders_are_found_by_number_or_purchaser(show: Show) -> None:
    zoe = show.venue.contact()
    order, other = show.basket(contact=zoe), show.basket()
    for text in (order.number, str(order.pk), f"{order.pk:06d}", "lefevre", "ZOE lef", "Lefèvre"):
        assert find_orders(text=str(text)) == [order]
    assert find_orders(text=str(other.number)) == [other]


@pytest.mark.parametrize("text", ["", "  ", "%", "_", "'", "9" * 40, "١٢", "inconnu", "\x00"])
def test_what_names_no_order_finds_none(show: Show, text: str) -> None:
    show.basket(contact=show.venue.contact())
    assert find_orders(text=text) == []


def test_finding_orders_costs_the_same_queries_for_one_and_for_three(show: Show) -> None:
    zoe = show.venue.contact()
    show.fill(show.basket(contact=zoe), 1)
    one = queries_of(lambda: find_orders(text="lefevre"))
    for _each in range(2):
        show.fill(show.basket(contact=zoe), 1)
    assert len(find_orders(text="lefevre")) == 3
    assert queries_of(lambda: find_orders(text="lefevre")) == one == 2


def test_ticket_numbers_cost_one_query(show: Show) -> None:
    tickets = show.sell(3)
    assert queries_of(lambda: get_ticket_numbers(tickets=tickets)) == 1
    assert len(get_ticket_numbers(tickets=tickets)) == 3
