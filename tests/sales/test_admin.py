"""The catalogue in the administration, in French; orders and tickets only to be looked at."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.models import User
from institution_settings.choices import Role
from sales.models import Event, Order, Performance, Price, PriceCategory, Ticket
from tests.sales.show import NOW, Show
from tests.venue import PASSWORD

READ_ONLY = ["order", "ticket", "price"]
ALL = [*READ_ONLY, "event", "performance", "rate"]


@pytest.fixture
def administrator(client: Client, show: Show) -> Client:
    """A browser in which an administrator is logged in."""
    user = User.objects.create_superuser("admin@tilleuls.example", PASSWORD, code="admin")
    client.force_login(user)
    return client


def grid(show: Show, **changed: str) -> dict[str, str]:
    """What the performance page posts for the stalls, with prices by rate code."""
    category, performance = show.category(), show.performance
    values = {
        "event": str(performance.event_id),
        "starts_at_0": "12/03/2027",
        "starts_at_1": "20:30:00",
        "hall": performance.hall,
        "state": performance.state,
        "categories-TOTAL_FORMS": "1",
        "categories-INITIAL_FORMS": "1",
        "categories-0-id": str(category.pk),
        "categories-0-performance": str(performance.pk),
        "categories-0-name": category.name,
        "categories-0-capacity": str(category.capacity),
        "categories-0-position": "0",
        "categories-0-vat_rate": "5.5",
    }
    prices = {"PLEIN": "25", "REDUIT": "17", "EXO": "0"} | changed
    for code, amount in prices.items():
        if code.isupper():
            values[f"categories-0-rate_{show.price(code).rate_id}"] = amount
    return values | {key: value for key, value in changed.items() if not key.isupper()}


def change(administrator: Client, show: Show, values: dict[str, str]) -> int:
    url = reverse("admin:sales_performance_change", args=[show.performance.pk])
    return administrator.post(url, values).status_code


def test_prices_are_typed_beside_the_seats(administrator: Client, show: Show) -> None:
    values = grid(show, PLEIN="27,50", REDUIT="", **{"categories-0-capacity": "8"})
    assert change(administrator, show, values) == 302
    assert str(show.price("PLEIN").amount.amount) == "27.500"
    assert not Price.objects.filter(category=show.category(), rate__code="REDUIT").exists()
    assert (show.category().capacity, show.price("EXO").amount.amount) == (8, 0)
    changes = Price.history.filter(rate__code="PLEIN", history_type="~")
    assert [str(row.history_user) for row in changes] == ["admin@tilleuls.example"]


def test_a_new_category_is_added_with_its_prices(administrator: Client, show: Show) -> None:
    rate = show.price("PLEIN").rate
    values = grid(show) | {
        "categories-TOTAL_FORMS": "2",
        "categories-1-performance": str(show.performance.pk),
        "categories-1-name": "Balcon",
        "categories-1-capacity": "4",
        "categories-1-position": "2",
        "categories-1-vat_rate": "2.1",
        f"categories-1-rate_{rate.pk}": "9",
    }
    assert change(administrator, show, values) == 302
    price = show.price("PLEIN", "Balcon")
    assert (str(price.amount), str(price.vat_rate)) == ("9,00 €".replace(" ", "\xa0"), "2.10")


def test_an_administrator_finds_an_event_without_accents(administrator: Client, show: Show) -> None:
    page = administrator.get(reverse("admin:sales_event_changelist"), {"q": "CYRÂNO"})
    assert page.context["cl"].result_count == 1


# What is refused: the form comes back with its sentence, nothing is written.


@pytest.mark.parametrize(
    "wrong",
    [
        {"PLEIN": "1.234,50"},
        {"PLEIN": "-5"},
        {"PLEIN": "12,345"},
        {"PLEIN": "NaN"},
        {"PLEIN": "9" * 13},
        {"categories-0-capacity": "3"},
        {"categories-0-vat_rate": "100"},
        {"categories-0-name": ""},
        {"hall": ""},
    ],
)
def test_a_wrong_grid_is_shown_again(
    administrator: Client, show: Show, wrong: dict[str, str]
) -> None:
    show.fill(show.basket(), 4)
    assert change(administrator, show, grid(show, **wrong)) == 200
    assert str(show.price("PLEIN").amount.amount) == "25.000"
    assert show.category().capacity == 6


def test_what_was_sold_is_not_deleted(administrator: Client, show: Show) -> None:
    show.sell(1)
    for model, row in (
        (Event, show.event),
        (Performance, show.performance),
        (PriceCategory, show.category()),
    ):
        name = model._meta.model_name
        if name != "pricecategory":
            url = reverse(f"admin:sales_{name}_delete", args=[row.pk])
            assert administrator.post(url, {"post": "yes"}).status_code == 200
        assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("name", READ_ONLY)
def test_orders_tickets_and_prices_are_only_looked_at(
    administrator: Client, show: Show, name: str
) -> None:
    show.sell(1)
    row = {"order": Order, "ticket": Ticket, "price": Price}[name].objects.first()
    assert row
    add, one = reverse(f"admin:sales_{name}_add"), [row.pk]
    assert administrator.get(reverse(f"admin:sales_{name}_change", args=one)).status_code == 200
    assert administrator.get(add).status_code == 403
    assert administrator.post(add).status_code == 403
    for act in ("change", "delete"):
        url = reverse(f"admin:sales_{name}_{act}", args=one)
        assert administrator.post(url, {"post": "yes"}).status_code == 403


def test_the_secret_of_a_ticket_is_not_shown(administrator: Client, show: Show) -> None:
    (ticket,) = show.sell(1)
    for url in (
        reverse("admin:sales_ticket_changelist"),
        reverse("admin:sales_ticket_change", args=[ticket.pk]),
    ):
        assert administrator.get(url).content.decode().count(ticket.token) == 0


@pytest.mark.parametrize("name", ALL)
def test_lists_cost_the_same_queries_for_one_row_and_for_three(
    administrator: Client, show: Show, name: str
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert administrator.get(reverse(f"admin:sales_{name}_changelist")).status_code == 200
        return len(captured)

    show.sell(1, contact=show.venue.contact())
    queries()
    one = queries()
    for _each in range(2):
        show.sell(1, contact=show.venue.contact())
    assert queries() == one


@pytest.mark.parametrize("name", ALL)
def test_an_operator_and_a_stranger_do_not_enter(client: Client, show: Show, name: str) -> None:
    url = reverse(f"admin:sales_{name}_changelist")
    assert client.get(url).status_code == 302
    client.force_login(User.objects.get(role=Role.OPERATOR))
    assert client.get(url, {"at": NOW.isoformat()}).status_code in (302, 403)
