"""Fewer keys at the counter: notes in the hand, coins, seats that are gone, what was taken (G3)."""

from typing import Any

import pytest
from django.utils.translation import gettext, pgettext

from institution_settings.choices import ModeKind
from institution_settings.models import ModeAuthorisation
from institution_settings.selectors import list_modes
from institution_settings.services import create_payment_mode
from payments.errors import CreditShort
from payments.models import Payment
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.guichet.panel import SaleScreen, amounts, errors, sums
from tests.venue import build_venue

pytestmark = pytest.mark.django_db


def notes(answer: Any, index: int = 0) -> list[str]:
    """The notes offered beside a line."""
    return [str(handed.amount) for handed in answer.context["payment"].rows[index].line.notes]


@pytest.fixture
def screen(lea: Person, counter: Counter) -> SaleScreen:
    """Two seats for Zoé, who has 12,40 € of credit."""
    zoe = counter.venue.contact()
    counter.deposit(zoe, "12.40")
    return SaleScreen(lea, counter.basket(["32.00", "32.00"], contact=zoe))


def test_the_notes_in_the_hand_are_one_press(screen: SaleScreen) -> None:
    credit = ("AVOIR", "12,40")
    shown = screen.press("ESPECES", credit)
    assert amounts(shown) == ["12,40", "51,60"]
    assert notes(shown, 1) == ["55.00", "60.00", "100.00", "200.00"]
    given = screen.show(credit, ("ESPECES", "51,60"), give_tender="1:60,00")
    assert amounts(given) == ["12,40", "60,00"]
    assert given.context["payment"].focus == "t1-amount"
    assert sums(given)["change"] == "8.40"
    assert notes(given, 1) == ["55.00", "60.00", "100.00", "200.00"]
    exact = screen.show(credit, ("ESPECES", "abc"), fill_tender="1")
    assert (amounts(exact), errors(exact)) == (["12,40", "51,60"], ["", ""])


def test_the_notes_follow_what_the_others_pay_while_it_is_typed(screen: SaleScreen) -> None:
    shown = screen.show(("CB", "40"), ("ESPECES", "24"), query="?count=1")
    assert notes(shown, 1) == ["25.00", "30.00", "40.00", "50.00"]
    assert 'id="notes-1" hx-swap-oob="true"' in shown.content.decode()
    assert notes(screen.show(("CB", "64"))) == []


@pytest.mark.parametrize("forged", ["9:60,00", "x", "0:", "0:-5", "0:1e9", "0:" + "9" * 40])
def test_forged_notes_change_nothing(screen: SaleScreen, forged: str) -> None:
    assert amounts(screen.show(("ESPECES", "64"), give_tender=forged)) == ["64"]


def test_coins_of_five_centimes_are_shown_before_and_after(db: None) -> None:
    venue = build_venue(currency="CHF")
    lea = Person(venue, venue.operator).stand_at("G1")
    screen = SaleScreen(lea, Counter(venue).basket(["12.43"]))
    shown = screen.press("ESPECES")
    panel = shown.context["payment"].panel
    assert (panel.rounding, panel.left, panel.change) == (
        venue.money("0.02"),
        venue.money("0.00"),
        venue.money("0.00"),
    )
    assert notes(shown) == ["20.00", "50.00", "100.00", "200.00"]
    done = screen.pay(("ESPECES", "20"))
    result = screen.client.get(done["HX-Redirect"]).context["result"]
    assert result.change == venue.money("7.55")
    (payment,) = result.payments
    assert (payment.amount_minor, payment.rounding_minor) == (1243, 2)
    card = SaleScreen(lea, Counter(venue).basket(["12.43"])).press("CB").context["payment"].panel
    assert (card.entered, card.rounding) == (venue.money("12.43"), venue.money("0"))


def test_another_credit_mode_draws_on_the_same_account(screen: SaleScreen) -> None:
    venue = screen.person.venue
    schools = create_payment_mode(
        code="AVOIR2", label="Avoir scolaire", kind=ModeKind.CREDIT, position=900
    )
    ModeAuthorisation.objects.update_or_create(
        point_of_sale=venue.counter, mode=schools, defaults={"payment": True, "refund": True}
    )
    venue.modes["AVOIR2"] = schools
    modes = list_modes(point_of_sale_id=venue.counter.pk, use="payment")
    buttons = screen.show().context["payment"].buttons
    assert [button.mode for button in buttons] == modes
    assert [button.mode.code for button in buttons if button.key == "A"] == ["AVOIR"]
    chosen = screen.press("AVOIR2")
    assert amounts(chosen) == ["12,40"]
    both = screen.press("AVOIR2", ("AVOIR", "10,00"))
    assert amounts(both) == ["10,00", "2,40"]
    assert "HX-Redirect" in screen.pay(("AVOIR2", "12,40"), ("CB", "51,60"))
    paid = Payment.objects.filter(order=screen.order).order_by("id")
    assert [payment.mode.code for payment in paid] == ["AVOIR2", "CB"]
    assert paid[0].movement is not None
    assert paid[0].movement.mode == schools


def test_credit_spent_elsewhere_meanwhile_is_named_beside_its_line(
    screen: SaleScreen, counter: Counter
) -> None:
    zoe = screen.order.contact
    assert zoe is not None
    assert amounts(screen.press("AVOIR")) == ["12,40"]
    counter.sell(["10.00"], ("AVOIR", "10.00"), contact=zoe)
    lost = screen.pay(("AVOIR", "12,40"), ("CB", "51,60"))
    assert lost.status_code == 422
    left = screen.person.venue.money("2.40")
    assert errors(lost) == [str(CreditShort(available=left, position=0)), ""]
    assert amounts(lost) == ["12,40", "51,60"]
    assert not Payment.objects.filter(order=screen.order).exists()


def test_prices_of_a_category_sold_out_say_so_before_they_are_pressed(
    lea: Person, counter: Counter
) -> None:
    price = counter.price("20.00", capacity=2)
    order = counter.basket()
    performance = price.category.performance_id
    before = lea.get("sale_offer", order.pk, performance, htmx=True).content.decode()
    assert (before.count('aria-disabled="false"'), before.count('aria-disabled="true"')) == (1, 0)
    changed = SaleScreen(lea, order).send(
        "sale_quantity", price=price.pk, quantity=2, seance=performance
    )
    assert f'id="left-{price.category_id}" data-left="0"' in changed.content.decode()
    after = lea.get("sale_offer", order.pk, performance, htmx=True).content.decode()
    assert (after.count('aria-disabled="false"'), after.count('aria-disabled="true"')) == (0, 1)


def test_the_end_of_a_sale_names_what_stands_large(lea: Person, counter: Counter) -> None:
    exact = SaleScreen(lea, counter.basket(["20.00"])).pay(("ESPECES", "20"))
    page = lea.client.get(exact["HX-Redirect"]).content.decode()
    large = f'<span>{pgettext("money", "Taken")}</span><span class="change-due-value">20,00\u00a0€<'
    assert page.count(large) == 1
    back = SaleScreen(lea, counter.basket(["20.00"])).pay(("ESPECES", "50"))
    page = lea.client.get(back["HX-Redirect"]).content.decode()
    large = f'<span>{gettext("Change to give")}</span><span class="change-due-value">30,00\u00a0€<'
    assert page.count(large) == 1
