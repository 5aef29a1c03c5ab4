"""The payment panel: what it fills in, says, and does once (spec G3, C8)."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact
from credit.selectors import get_standing
from institution_settings.models import ModeAuthorisation, PaymentMode
from journal.errors import DayIsOver, TillClosed
from journal.models import Chain
from payments.models import Payment, Voucher
from payments.services import issue_free_voucher
from sales.choices import OrderState
from sales.errors import OrderNotOpen
from sales.models import Order
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.guichet.panel import SaleScreen, amounts, errors, sums
from tests.venue import Venue, build_venue
from tills.models import TillSession

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_was_guessed(db: None) -> None:
    cache.clear()


@pytest.fixture
def counter(venue: Venue) -> Counter:
    """No voucher gives change here, so that C8 has something to say."""
    PaymentMode.objects.filter(code__in=["BON", "CHQVAC"]).update(gives_change=False)
    return Counter(venue)


@pytest.fixture
def zoe(counter: Counter) -> Contact:
    """Zoé has 12,40 € of credit."""
    contact = counter.venue.contact()
    counter.venue.deposit(counter.venue.account(contact), "12.40")
    return contact


@pytest.fixture
def screen(lea: Person, counter: Counter, zoe: Contact) -> SaleScreen:
    """Two seats at 20 € for Zoé."""
    return SaleScreen(lea, counter.basket(["20.00", "20.00"], contact=zoe))


def free_voucher(venue: Venue, value: str, *, days: int = 30) -> Voucher:
    return issue_free_voucher(
        claim=venue.claim(),
        desk=venue.desk(),
        value=venue.money(value),
        approved_by=venue.supervisor,
        expires_on=timezone.now().date() + timedelta(days=days),
    )


def paid(screen: SaleScreen) -> list[tuple[str, str, str]]:
    rows = Payment.objects.filter(order=screen.order).select_related("mode").order_by("id")
    return [(row.mode.code, str(row.amount.amount), str(row.change.amount)) for row in rows]


def available(contact: Contact) -> str:
    return str(get_standing(contact_id=contact.pk, currency="EUR").available.amount)


def test_credit_fills_what_it_can_and_cash_the_rest(screen: SaleScreen, zoe: Contact) -> None:
    first = screen.press("AVOIR")
    assert amounts(first) == ["12,40"]
    assert first.context["payment"].focus == "t0-amount"
    second = screen.press("ESPECES", ("AVOIR", "12,40"))
    assert amounts(second) == ["12,40", "27,60"]
    shown = screen.show(("AVOIR", "12,40"), ("ESPECES", "50"), query="?count=1")
    assert sums(shown) == {
        "due": "40.00",
        "entered": "62.40",
        "left": "0.00",
        "change": "22.40",
        "surplus": "0.00",
        "given_up": "0.00",
    }
    done = screen.pay(("AVOIR", "12,40"), ("ESPECES", "50"))
    result = screen.client.get(done["HX-Redirect"])
    assert result.context["result"].change.amount == screen.person.venue.money("22.40").amount
    assert paid(screen) == [("AVOIR", "12.40", "0.00"), ("ESPECES", "27.60", "22.40")]
    assert available(zoe) == "0.00"


def test_what_the_panel_filled_in_moves_until_somebody_types(screen: SaleScreen) -> None:
    added = screen.press("CB")
    assert amounts(added) == ["40,00"]
    auto = {"t0-auto": "40,00"}
    moved = screen.show(("CB", "40,00"), ("ESPECES", "15"), query="?count=1", **auto)
    assert amounts(moved) == ["25,00", "15"]
    typed = screen.show(("CB", "30"), ("ESPECES", "15"), query="?count=1", **auto)
    assert amounts(typed) == ["30", "15"]
    assert sums(typed)["change"] == "5.00"
    refilled = screen.show(("CB", "30"), ("ESPECES", "15"), fill_tender="0")
    assert amounts(refilled) == ["25,00", "15"]
    removed = screen.show(("CB", "30"), ("ESPECES", "15"), remove_tender="0")
    assert amounts(removed) == ["15"]


def test_a_drawer_and_an_account_are_one_line_each(screen: SaleScreen) -> None:
    again = screen.press("ESPECES", ("ESPECES", "10"))
    assert amounts(again) == ["10"]
    cards = screen.press("CB", ("CB", "10"))
    assert amounts(cards) == ["10", "30,00"]
    full = screen.press("CB", *[("CB", "1")] * 12)
    assert len(amounts(full)) == 12


def test_a_voucher_says_where_its_rest_goes_before_it_is_confirmed(
    screen: SaleScreen, zoe: Contact
) -> None:
    voucher = free_voucher(screen.person.venue, "50.00")
    typed = f" {voucher.code.lower().replace('-', ' ')} "
    told = screen.pay(("BON", "", typed))
    assert told.status_code == 200
    assert amounts(told) == ["50,00"]
    assert sums(told)["surplus"] == "10.00"
    assert told.context["payment"].focus == "confirm"
    assert Order.objects.get(pk=screen.order.pk).state == OrderState.BASKET
    said = told.context["payment"].panel.said
    done = screen.pay(("BON", "50,00", typed), said=said)
    assert "HX-Redirect" in done
    assert available(zoe) == "22.40"


def test_a_voucher_without_purchaser_keeps_its_rest(lea: Person, counter: Counter) -> None:
    voucher = free_voucher(counter.venue, "50.00")
    screen = SaleScreen(lea, counter.basket(["20.00"]))
    told = screen.pay(("BON", "", voucher.code))
    assert told.context["payment"].rows[0].line.kept == counter.venue.money("30.00")
    screen.pay(("BON", "50,00", voucher.code), said=told.context["payment"].panel.said)
    voucher.refresh_from_db()
    assert voucher.balance == counter.venue.money("30.00")


def test_where_credit_is_not_authorised_a_voucher_keeps_its_rest(screen: SaleScreen) -> None:
    ModeAuthorisation.objects.filter(mode__code="AVOIR").update(refund=False)
    voucher = free_voucher(screen.person.venue, "50.00")
    told = screen.pay(("BON", "", voucher.code))
    assert told.context["payment"].rows[0].line.kept == screen.person.venue.money("10.00")
    assert "HX-Redirect" in screen.pay(("BON", "50,00", voucher.code), said="0/1000/0")
    paper = SaleScreen(screen.person, Counter(screen.person.venue).basket(["20.00"]))
    refused = paper.pay(("CHQVAC", "25"))
    assert refused.context["payment"].panel.asks_for_loss


def test_less_of_a_voucher_may_be_used(screen: SaleScreen) -> None:
    voucher = free_voucher(screen.person.venue, "50.00")
    done = screen.pay(("BON", "25", voucher.code), ("CB", "15"))
    assert "HX-Redirect" in done
    voucher.refresh_from_db()
    assert voucher.balance == screen.person.venue.money("25.00")


def test_the_rest_of_a_paper_voucher_is_lost_only_knowingly(lea: Person, counter: Counter) -> None:
    screen = SaleScreen(lea, counter.basket(["20.00"]))
    refused = screen.pay(("CHQVAC", "25"))
    assert refused.status_code == 422
    assert refused.context["payment"].panel.asks_for_loss
    assert errors(refused) != [""]
    told = screen.pay(("CHQVAC", "25"), confirms_loss="1")
    assert told.status_code == 200
    assert sums(told)["given_up"] == "5.00"
    done = screen.pay(("CHQVAC", "25"), confirms_loss="1", said="0/0/500")
    assert "HX-Redirect" in done
    assert Payment.objects.get().given_up_minor == 500


def test_what_was_said_is_asked_again_when_it_changed(screen: SaleScreen) -> None:
    told = screen.pay(("CHQVAC", "45"))
    assert (told.status_code, sums(told)["surplus"]) == (200, "5.00")
    changed = screen.pay(("CHQVAC", "50"), said="500/0/0")
    assert (changed.status_code, sums(changed)["surplus"]) == (200, "10.00")
    assert not Payment.objects.filter(order=screen.order).exists()


def test_the_same_click_twice_is_the_same_sale(screen: SaleScreen) -> None:
    first = screen.pay(("ESPECES", "50"))
    second = screen.pay(("ESPECES", "50"))
    assert first["HX-Redirect"] == second["HX-Redirect"]
    plain = screen.pay(("ESPECES", "50"), htmx=False)
    assert (plain.status_code, plain["Location"]) == (303, first["HX-Redirect"])
    assert paid(screen) == [("ESPECES", "40.00", "10.00")]


def test_another_window_is_told_that_the_order_is_paid(lea: Person, screen: SaleScreen) -> None:
    screen.pay(("ESPECES", "40"))
    other = SaleScreen(lea, screen.order)
    answer = other.pay(("CB", "40"))
    assert answer.status_code == 409
    order = Order.objects.get(pk=screen.order.pk)
    refusal = OrderNotOpen(number=order.number, state=order.get_state_display())
    assert answer.context["payment"].notice == str(refusal)
    assert reverse("guichet:order", args=[order.pk]) in answer.content.decode()
    # The back button: the old page with the old key and other tenders.
    assert screen.pay(("CB", "40")).status_code == 409
    assert paid(screen) == [("ESPECES", "40.00", "0.00")]


def test_a_closed_till_leads_to_the_choice_of_a_till_and_keeps_the_basket(
    screen: SaleScreen,
) -> None:
    TillSession.objects.update(closed_at=timezone.now())
    answer = screen.pay(("ESPECES", "40"))
    assert answer["HX-Redirect"] == reverse("guichet:tills")
    assert Order.objects.get(pk=screen.order.pk).state == OrderState.BASKET


def test_a_till_closed_at_the_last_moment_says_so_and_keeps_what_was_typed(
    screen: SaleScreen,
) -> None:
    Chain.objects.update(session_open=None)
    answer = screen.pay(("ESPECES", "40"))
    assert answer.status_code == 409
    assert answer.context["payment"].notice == str(TillClosed(till="G1"))
    assert amounts(answer) == ["40"]


def test_a_day_that_is_over_says_so_and_keeps_what_was_typed(venue: Venue) -> None:
    venue.open("G1", at=timezone.now() - timedelta(days=2))
    lea = Person(venue, venue.operator).stand_at("G1")
    screen = SaleScreen(lea, Counter(venue).basket(["20.00"]))
    answer = screen.pay(("ESPECES", "20"))
    assert answer.status_code == 409
    assert answer.context["payment"].notice == str(DayIsOver(till="G1"))
    assert amounts(answer) == ["20"]


def test_who_is_logged_out_comes_back_to_the_sale(screen: SaleScreen) -> None:
    screen.client.logout()
    page = reverse("guichet:sale", args=[screen.order.pk])
    answer = screen.client.post(
        reverse("guichet:sale_pay", args=[screen.order.pk]),
        headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"},
    )
    assert answer["HX-Redirect"] == f"{reverse('account_login')}?next={page}"


def test_nothing_due_is_confirmed_without_payment(lea: Person, counter: Counter) -> None:
    screen = SaleScreen(lea, counter.basket(["0"]))
    done = screen.pay()
    shown = screen.client.get(done["HX-Redirect"])
    assert len(shown.context["result"].tickets) == 1


def test_an_empty_order_cannot_be_paid(lea: Person, counter: Counter) -> None:
    answer = SaleScreen(lea, counter.basket()).pay()
    assert answer.status_code == 422
    assert answer.context["payment"].notice


def test_tenders_stay_while_the_basket_changes(screen: SaleScreen, counter: Counter) -> None:
    price = counter.price("20.00")
    answer = screen.send(
        "sale_quantity", price=price.pk, quantity="3", **screen.fields(("ESPECES", "50"))
    )
    assert amounts(answer) == ["50"]
    assert answer.context["payment"].key == screen.key
    assert sums(answer)["left"] == "10.00"


def test_what_was_done_is_shown_for_its_own_order_only(
    lea: Person, counter: Counter, screen: SaleScreen
) -> None:
    done = screen.pay(("ESPECES", "40"))["HX-Redirect"]
    operation = int(done.rstrip("/").rsplit("/", 1)[1])
    other = counter.sell(["20.00"], ("CB", "20.00"))
    assert lea.get("sale_done", other.order.pk, operation).status_code == 404
    assert lea.get("sale_done", screen.order.pk, other.operation_id).status_code == 404
    assert lea.get("sale_done", 999, 10**30).status_code == 404
    assert lea.count_queries("sale_done", screen.order.pk, operation) <= 12


@pytest.mark.parametrize(
    ("currency", "price", "filled"),
    [("CHF", "12.43", "12.45"), ("JPY", "1500", "1\u202f500"), ("KWD", "1.125", "1,125")],
)
def test_amounts_are_filled_in_coins_with_the_currencys_decimals(
    db: None, currency: str, price: str, filled: str
) -> None:
    venue = build_venue(currency=currency)
    lea = Person(venue, venue.operator).stand_at("G1")
    screen = SaleScreen(lea, Counter(venue).basket([price]))
    assert amounts(screen.press("ESPECES")) == [filled]
    assert "HX-Redirect" in screen.pay(("ESPECES", filled))
    assert str(Payment.objects.get().amount.amount) == price
