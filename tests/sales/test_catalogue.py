"""Putting shows on sale: all of it or nothing, and prices with their history."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from sales.models import Event, Performance, Price, PriceCategory
from sales.services import (
    CategoryPlan,
    PerformancePlan,
    add_performance,
    create_event,
    create_rate,
    set_prices,
)
from tests.sales.show import STARTS_AT, Show
from tests.venue import euros


def plan(*, capacity: int = 10, rate: str = "PLEIN", amount: str = "20") -> PerformancePlan:
    category = CategoryPlan(name="Unique", capacity=capacity, prices={rate: euros(amount)})
    return PerformancePlan(starts_at=STARTS_AT, hall="Studio", categories=[category])


def test_an_event_is_made_with_its_dates_categories_and_prices(show: Show) -> None:
    event = create_event(title="Phèdre", colour="#123456", performances=[plan(), plan()])
    assert event.colour == "#123456"
    assert event.search == "phedre"
    assert event.performances.count() == 2
    prices = Price.objects.filter(category__performance__event=event)
    assert {(price.rate.code, price.amount.amount, price.vat_rate) for price in prices} == {
        ("PLEIN", Decimal("20.000"), Decimal("5.50"))
    }


def test_a_date_is_added_to_an_event(show: Show) -> None:
    performance = add_performance(event=show.event, plan=plan())
    assert list(show.event.performances.order_by("id")) == [show.performance, performance]


def test_a_rate_is_made_once(show: Show) -> None:
    assert create_rate(code="PLEIN", label="Autre mot") == show.price().rate
    assert show.price().rate.label == "Plein tarif"


def test_prices_are_set_changed_and_taken_away_and_remembered(show: Show) -> None:
    category, full, reduced = show.category(), show.price().rate, show.price("REDUIT").rate
    prices = {full: euros("30"), reduced: None}
    for _twice in range(2):
        set_prices(category=category, prices=prices, vat_rate=Decimal("5.50"))
    assert show.price().amount.amount == Decimal(30)
    assert not category.prices.filter(rate=reduced).exists()
    amounts = Price.history.filter(rate=full, category=category).order_by("history_id")
    assert [str(row.amount.amount) for row in amounts] == ["25.000", "30.000"]


def test_saving_a_category_does_not_undo_seats_taken_meanwhile(show: Show) -> None:
    form = show.category()
    show.fill(show.basket(), 4)
    form.capacity = 5
    form.save()
    fresh = show.category()
    assert (fresh.capacity, fresh.taken, fresh.left) == (5, 4, 1)


# What is refused: nothing is written.


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (plan(rate="INCONNU"), KeyError),
        (plan(amount="-1"), ValidationError),
        (plan(amount="12.345"), ValidationError),
        (PerformancePlan(starts_at=STARTS_AT, hall="", categories=[]), ValidationError),
    ],
)
def test_a_wrong_date_leaves_no_event(
    show: Show, wrong: PerformancePlan, error: type[Exception]
) -> None:
    with pytest.raises(error):
        create_event(title="Phèdre", performances=[plan(), wrong])
    assert [event.title for event in Event.objects.all()] == ["Cyrano de Bergerac"]
    assert (Performance.objects.count(), PriceCategory.objects.count()) == (1, 2)
