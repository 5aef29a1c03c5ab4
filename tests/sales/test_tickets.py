"""Tickets are issued when their order is paid, taken back once, and sealed both times."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from journal.services import Op, perform
from sales.choices import OrderState, PerformanceState, TicketState
from sales.errors import NotOnSale, OrderEmpty, OrderLapsed, OrderNotOpen, TicketNotValid
from sales.models import Order, Ticket
from sales.selectors import get_ticket_numbers
from sales.services import (
    abandon,
    lapse_orders,
    lock_order,
    set_purchaser,
    set_voucher_line,
    settle_order,
)
from tests.sales.show import LATER, NOW, Show, sealed
from tests.venue import euros

FRAME = {"chaine", "entite", "enregistrement", "format", "inscrit", "precedent", "seq"}


def test_a_paid_order_gives_one_ticket_a_seat_each_with_a_secret_of_its_own(show: Show) -> None:
    order = show.basket()
    show.fill(order, 2)
    show.fill(order, 1, rate="EXO")
    show.fill(order, 1, category="Galerie")
    tickets = show.settle(order)
    order.refresh_from_db()
    assert (order.state, order.paid_at) == (OrderState.PAID, NOW)
    assert [(ticket.price, ticket.net, ticket.vat) for ticket in tickets] == [
        (euros("25"), euros("23.70"), euros("1.30")),
        (euros("25"), euros("23.69"), euros("1.31")),
        (euros("0"), euros("0"), euros("0")),
        (euros("12.50"), euros("11.85"), euros("0.65")),
    ]
    assert {ticket.performance_id for ticket in tickets} == {show.performance.pk}
    tokens = {ticket.token for ticket in tickets}
    assert len(tokens) == 4
    assert {len(token) for token in tokens} == {22}
    assert (show.taken(), show.taken("Galerie")) == (3, 1)


def test_the_sale_is_sealed_without_names_and_then_each_ticket(show: Show) -> None:
    zoe = show.venue.contact()
    tickets = show.sell(3, contact=zoe)
    order = tickets[0].order
    (sale,) = sealed("VENTE")
    assert {key: value for key, value in sale.items() if key not in FRAME} == {
        "caisse": "G1",
        "commande": order.number,
        "complete": None,
        "contact": zoe.number,
        "devise": "EUR",
        "horodatage": "2027-03-10T18:00:00Z",
        "journee": "2027-03-10",
        "lignes": [
            {
                "categorie": "Parterre",
                "ht": 7109,
                "libelle": "Cyrano de Bergerac",
                "nature": "BILLET",
                "prix": 2500,
                "quantite": 3,
                "seance": "2027-03-12T19:30:00Z",
                "tarif": "PLEIN",
                "taux": 550,
                "ttc": 7500,
                "tva": 391,
            }
        ],
        "operateur": "lea",
        "total": 7500,
    }
    entries = sealed("BILLET")
    assert [(entry["prix"], entry["ht"], entry["tva"], entry["taux"]) for entry in entries] == [
        (2500, 2370, 130, 550),
        (2500, 2369, 131, 550),
        (2500, 2370, 130, 550),
    ]
    numbers = get_ticket_numbers(tickets=tickets)
    assert [numbers[ticket.pk] for ticket in tickets] == ["G1-000003", "G1-000004", "G1-000005"]


def test_a_voucher_sold_is_in_the_sale_and_gives_no_ticket(show: Show) -> None:
    order = show.basket()
    set_voucher_line(order_id=order.pk, amount=euros("50"), quantity=1, now=NOW)
    assert show.settle(order) == []
    (line,) = sealed("VENTE")[0]["lignes"]  # type: ignore[misc]
    assert line == {
        "categorie": None,
        "ht": 5000,
        "libelle": "Bon",
        "nature": "BON",
        "prix": 5000,
        "quantite": 1,
        "seance": None,
        "tarif": None,
        "taux": 0,
        "ttc": 5000,
        "tva": 0,
    }


def test_a_linked_order_names_the_one_it_completes(show: Show) -> None:
    first = show.sell(1)[0].order
    second = show.basket()
    Order.objects.filter(pk=second.pk).update(linked_to=first)
    show.fill(second, 1)
    show.settle(second)
    assert [sale["complete"] for sale in sealed("VENTE")] == [None, first.number]


def test_a_ticket_taken_back_frees_its_seat_and_is_sealed_against_its_number(show: Show) -> None:
    kept, returned = show.sell(2)
    show.give_back([returned], at=LATER)
    returned.refresh_from_db()
    kept.refresh_from_db()
    assert (returned.state, returned.cancelled_at) == (TicketState.CANCELLED, LATER)
    assert (kept.state, kept.cancelled_at) == (TicketState.VALID, None)
    assert show.taken() == 1
    (entry,) = sealed("ANNULATION")
    assert {key: value for key, value in entry.items() if key not in FRAME} == {
        "billet": "G1-000004",
        "caisse": "G1",
        "categorie": "Parterre",
        "commande": returned.order.number,
        "contact": None,
        "devise": "EUR",
        "horodatage": "2027-03-10T18:16:00Z",
        "ht": 2369,
        "journee": "2027-03-10",
        "libelle": "Cyrano de Bergerac",
        "operateur": "lea",
        "prix": 2500,
        "seance": "2027-03-12T19:30:00Z",
        "tarif": "PLEIN",
        "taux": 550,
        "tva": 131,
    }


def test_tickets_of_several_orders_and_categories_come_back_together(show: Show) -> None:
    order = show.basket()
    show.fill(order, 1)
    show.fill(order, 2, category="Galerie")
    tickets = [*show.settle(order), *show.sell(2)]
    show.give_back(tickets)
    assert (show.taken(), show.taken("Galerie")) == (0, 0)
    assert {ticket.state for ticket in tickets} == {TicketState.CANCELLED}
    assert len(sealed("ANNULATION")) == 5


def test_a_basket_out_of_time_that_still_has_its_seats_may_be_paid(show: Show) -> None:
    order = show.basket()
    show.fill(order, 1)
    assert len(show.settle(order, at=LATER)) == 1


# What is refused: nothing is written, nothing sealed.


def test_a_lapsed_order_cannot_be_paid(show: Show) -> None:
    order = show.basket()
    show.fill(order, 1)
    lapse_orders(now=LATER)
    with pytest.raises(OrderLapsed) as refused:
        show.settle(order)
    assert refused.value.data == {"number": order.number}
    assert (Ticket.objects.count(), sealed("VENTE")) == (0, [])


def test_an_order_is_paid_once(show: Show) -> None:
    order = show.sell(1)[0].order
    with pytest.raises(OrderNotOpen):
        show.settle(order)
    assert (Ticket.objects.count(), len(sealed("VENTE"))) == (1, 1)


def test_an_empty_order_cannot_be_paid(show: Show) -> None:
    with pytest.raises(OrderEmpty):
        show.settle(show.basket())


def test_seats_of_a_cancelled_performance_cannot_be_paid(show: Show) -> None:
    order = show.basket()
    show.fill(order, 1)
    show.performance.state = PerformanceState.CANCELLED
    show.performance.save()
    with pytest.raises(NotOnSale):
        show.settle(order)
    order.refresh_from_db()
    assert order.state == OrderState.BASKET


def test_a_ticket_is_taken_back_once_and_then_none_of_the_others(show: Show) -> None:
    first, second = show.sell(2)
    show.give_back([first])
    with pytest.raises(TicketNotValid):
        show.give_back([second, first])
    second.refresh_from_db()
    assert (second.state, show.taken(), len(sealed("ANNULATION"))) == (TicketState.VALID, 1, 1)


def test_a_paid_order_is_not_abandoned_and_not_lapsed(show: Show) -> None:
    order = show.sell(1)[0].order
    with pytest.raises(OrderNotOpen):
        abandon(order_id=order.pk, now=LATER)
    assert lapse_orders(now=LATER) == 0
    assert show.taken() == 1


@pytest.mark.parametrize("column", ["price_minor", "net_minor", "token", "vat_rate"])
def test_what_a_ticket_says_never_changes(show: Show, column: str) -> None:
    (ticket,) = show.sell(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(**{column: "1"})


def test_erasing_a_purchaser_leaves_what_was_sealed(show: Show) -> None:
    zoe = show.venue.contact("Zgegovitch", "Zoé")
    show.sell(1, contact=zoe)
    texts = [str(entry) for kind in ("VENTE", "BILLET") for entry in sealed(kind)]
    assert [text for text in texts if "Zgegovitch" in text or "Zoé" in text] == []


def test_settling_costs_the_same_queries_for_one_line_and_for_three(show: Show) -> None:
    counts = []
    for wanted in ([("PLEIN", 1)], [("PLEIN", 1), ("REDUIT", 1), ("EXO", 1)]):
        order = show.basket(contact=show.venue.contact())
        for rate, quantity in wanted:
            show.fill(order, quantity, rate=rate)
        with CaptureQueriesContext(connection) as queries:
            show.settle(order)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_purchaser_given_after_the_sale_is_on_the_cancellation(show: Show) -> None:
    tickets, zoe = show.sell(1), show.venue.contact()
    set_purchaser(order_id=tickets[0].order_id, contact_id=zoe.pk)
    show.give_back(tickets)
    assert [entry["contact"] for entry in sealed("ANNULATION")] == [zoe.number]


def test_a_failed_settlement_leaves_no_operation_behind(show: Show) -> None:
    order = show.basket()
    show.fill(order, 1)
    desk = show.venue.desk()

    def fail_after(op: Op) -> None:
        settle_order(op=op, desk=desk, order=lock_order(order_id=order.pk))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        perform(
            claim=show.venue.claim(),
            kind="test.settle",
            content={},
            register=desk.register,
            write=fail_after,
            found=lambda _operation: None,
            at=NOW,
        )
    order.refresh_from_db()
    assert (order.state, Ticket.objects.count(), show.taken()) == (OrderState.BASKET, 0, 1)
