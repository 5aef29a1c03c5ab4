"""The sale screen: the basket, its programme, its lines and its purchaser (spec G1, G2)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact
from institution_settings.choices import Channel
from institution_settings.models import PointOfSale
from sales.choices import OrderState
from sales.errors import PurchaserMissing, SoldOut
from sales.models import Order
from sales.services import abandon
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.guichet.panel import HTMX, SaleScreen
from tests.venue import Venue

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


@pytest.fixture
def counter(venue: Venue) -> Counter:
    return Counter(venue)


def lines(order: Order) -> list[tuple[str, int]]:
    return [(line.label, line.quantity) for line in order.lines.order_by("id")]


def test_a_sale_begins_with_an_empty_basket_and_takes_it_again(lea: Person) -> None:
    order = Order.objects.get(pk=lea.get("new_sale").url.split("/")[-2])
    assert (order.state, order.contact, order.operator) == (OrderState.BASKET, None, lea.user)
    assert lea.get("new_sale")["Location"] == reverse("guichet:sale", args=[order.pk])
    assert Order.objects.count() == 1


def test_a_sale_begins_with_its_purchaser_or_adds_to_a_paid_order(
    lea: Person, counter: Counter
) -> None:
    zoe = counter.venue.contact()
    lea.get("new_sale", contact=zoe.pk)
    assert Order.objects.get().contact == zoe
    paid = counter.sell(["20.00"], ("CB", "20.00"), contact=zoe).order
    lea.get("new_sale", linked=paid.pk)
    added = Order.objects.latest("pk")
    assert (added.linked_to, added.contact) == (paid, zoe)


@pytest.mark.parametrize("query", [{"contact": 999}, {"linked": 999}, {"contact": 9**20}])
def test_a_sale_for_nobody_there_is_does_not_begin(lea: Person, query: dict[str, int]) -> None:
    known = {k: v for k, v in query.items() if len(str(v)) <= 18}
    assert lea.get("new_sale", **query).status_code == (404 if known else 302)


def test_the_screen_lists_what_is_on_and_narrows_it(lea: Person, counter: Counter) -> None:
    counter.price("20.00")
    order = counter.basket()
    shown = lea.get("sale", order.pk).content.decode()
    assert shown.count("Le Misanthrope") == 1
    found = lea.get("sale_programme", order.pk, q="misan", htmx=True)
    assert [offer.title for day in found.context["days"] for offer in day.offers] == [
        "Le Misanthrope"
    ]
    nothing = lea.get("sale_programme", order.pk, q="zzz", htmx=True)
    assert nothing.context["days"] == []
    picked = lea.get("sale_programme", order.pk, q="misan", pick="1", htmx=True)
    assert picked.context["offer"].title == "Le Misanthrope"
    assert 'hx-swap-oob="true"' in picked.content.decode()


def test_seats_are_added_one_by_one_and_set_on_their_line(lea: Person, counter: Counter) -> None:
    price = counter.price("20.00")
    screen = SaleScreen(lea, counter.basket())
    for _press in range(2):
        assert screen.send("sale_quantity", price=price.pk, add=1).status_code == 200
    assert lines(screen.order) == [("Le Misanthrope", 2)]
    answer = screen.send("sale_quantity", price=price.pk, quantity=30)
    assert lines(screen.order) == [("Le Misanthrope", 30)]
    assert answer.context["basket"].count == 30
    assert answer["HX-Retarget"] == "#lines"
    line = screen.order.lines.get()
    screen.send("sale_quantity", remove=line.pk)
    screen.send("sale_quantity", remove=line.pk)
    assert lines(screen.order) == []


def test_without_scripts_the_screen_comes_back_with_its_performance(
    lea: Person, counter: Counter
) -> None:
    price = counter.price("20.00")
    show = price.category.performance_id
    screen = SaleScreen(lea, counter.basket())
    offered = lea.get("sale_offer", screen.order.pk, show)
    assert offered.context["offer"].id == show
    answer = screen.send("sale_quantity", htmx=False, price=price.pk, add=1, seance=show)
    assert answer.status_code == 303
    assert answer["Location"] == f"{reverse('guichet:sale', args=[screen.order.pk])}?seance={show}"
    assert lea.client.get(answer["Location"]).context["offer"].id == show


def test_a_seat_too_many_is_refused_beside_its_line(lea: Person, counter: Counter) -> None:
    price = counter.price("20.00", capacity=3)
    screen = SaleScreen(lea, counter.basket([price, price]))
    for htmx in (True, False):
        answer = screen.send("sale_quantity", htmx=htmx, price=price.pk, quantity=4)
        assert answer.status_code == 422
        assert answer.context["refused_price"] == price.pk
        assert answer.context["refusal"] == str(SoldOut(left=3))
        assert 'value="4"' in answer.content.decode()
    assert lines(screen.order) == [("Le Misanthrope", 2)]


@pytest.mark.parametrize(
    "typed",
    [
        {"price": "x", "add": "1"},
        {"price": "0", "quantity": "1"},
        {"price": str(10**30), "quantity": "1"},
        {"price": "999", "quantity": "1"},
        {"price": "", "quantity": "-1"},
        {},
    ],
)
def test_garbage_quantities_are_refused(
    lea: Person, counter: Counter, typed: dict[str, object]
) -> None:
    screen = SaleScreen(lea, counter.basket(["20.00"]))
    answer = screen.send("sale_quantity", **typed)
    assert answer.status_code == 422
    assert lines(screen.order) == [("Le Misanthrope", 1)]


def test_vouchers_are_sold_like_seats(lea: Person, counter: Counter) -> None:
    screen = SaleScreen(lea, counter.basket())
    screen.send("sale_quantity", value="50", count="2")
    screen.send("sale_quantity", value="50,00", count="1")
    assert screen.order.lines.count() == 3
    refused = screen.send("sale_quantity", value="12,345", count="1")
    assert refused.status_code == 422
    assert list(refused.context["voucher_form"].errors) == ["value"]
    assert 'value="12,345"' in refused.content.decode()
    assert screen.order.lines.count() == 3


def test_the_purchaser_is_found_by_three_letters_and_chosen_by_enter(
    lea: Person, counter: Counter
) -> None:
    zoe = counter.venue.contact()
    counter.venue.deposit(counter.venue.account(zoe), "12.40")
    screen = SaleScreen(lea, counter.basket(["20.00"]))
    found = lea.get("sale_purchaser", screen.order.pk, q="lef", htmx=True)
    [(contact, standing)] = found.context["found"]
    assert (contact, standing.balance) == (zoe, counter.venue.money("12.40"))
    answer = screen.send("sale_purchaser", search="1", q="lef")
    assert Order.objects.get(pk=screen.order.pk).contact == zoe
    assert answer.context["payment"].focus == "tenders"
    screen.send("sale_purchaser", contact="")
    assert Order.objects.get(pk=screen.order.pk).contact is None


def test_among_several_contacts_enter_chooses_nobody(lea: Person, counter: Counter) -> None:
    counter.venue.contact("Lefèvre", "Zoé")
    counter.venue.contact("Lefort", "Jean")
    screen = SaleScreen(lea, counter.basket())
    answer = screen.send("sale_purchaser", search="1", q="lef")
    assert len(answer.context["found"]) == 2
    assert Order.objects.get(pk=screen.order.pk).contact is None


def test_a_purchaser_is_created_without_leaving_the_sale(lea: Person, counter: Counter) -> None:
    screen = SaleScreen(lea, counter.basket())
    refused = screen.send("sale_purchaser", create="1", first_name="Zoé", email="zoe@")
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["email"]
    nameless = screen.send("sale_purchaser", create="1", first_name="Zoé")
    assert nameless.status_code == 422
    screen.send("sale_purchaser", create="1", last_name="Lefèvre", first_name="Zoé")
    assert Order.objects.get(pk=screen.order.pk).contact == Contact.objects.get()


@pytest.mark.parametrize("contact", ["x", "0", "999", str(10**30), "-1"])
def test_nobody_there_is_cannot_be_the_purchaser(
    lea: Person, counter: Counter, contact: str
) -> None:
    screen = SaleScreen(lea, counter.basket())
    assert screen.send("sale_purchaser", contact=contact).status_code == 422
    assert Order.objects.get(pk=screen.order.pk).contact is None


def test_a_lapsed_basket_says_so_and_begins_again(lea: Person, counter: Counter) -> None:
    zoe = counter.venue.contact()
    order = counter.basket(["20.00"], contact=zoe)
    abandon(order_id=order.pk, now=timezone.now())
    shown = lea.get("sale", order.pk)
    assert shown.templates[0].name == "guichet/sale/lapsed.html"
    assert f"{reverse('guichet:new_sale')}?contact={zoe.pk}" in shown.content.decode()
    answer = SaleScreen(lea, order).send("sale_quantity", price=1, add=1)
    assert answer["HX-Redirect"] == reverse("guichet:sale", args=[order.pk])


def test_a_basket_out_of_time_is_kept_again_on_demand(lea: Person, counter: Counter) -> None:
    order = counter.basket(["20.00"], at=timezone.now() - timedelta(minutes=16))
    assert lea.get("sale", order.pk).context["seconds_left"] == 0
    SaleScreen(lea, order).send("sale_keep")
    assert lea.get("sale", order.pk).context["seconds_left"] > 0


def test_giving_up_frees_the_seats_and_begins_anew(lea: Person, counter: Counter) -> None:
    price = counter.price("20.00")
    order = counter.basket([price])
    answer = SaleScreen(lea, order).send("sale_abandon", htmx=False)
    assert answer["Location"] == reverse("guichet:new_sale")
    price.category.refresh_from_db()
    assert price.category.taken == 0


def test_seats_are_kept_unpaid_for_somebody(lea: Person, counter: Counter) -> None:
    screen = SaleScreen(lea, counter.basket(["20.00"]))
    nobody = screen.send("sale_reserve")
    assert (nobody.status_code, nobody.context["refusal"]) == (422, str(PurchaserMissing()))
    screen.send("sale_purchaser", contact=counter.venue.contact().pk)
    past = screen.send("sale_reserve", until="2020-01-01")
    assert list(past.context["reserve_form"].errors) == ["until"]
    answer = screen.send("sale_reserve")
    page = reverse("guichet:order", args=[screen.order.pk])
    assert answer["HX-Redirect"] == page
    order = Order.objects.get(pk=screen.order.pk)
    assert order.state == OrderState.RESERVED
    assert order.expires_at is not None
    assert (order.expires_at.date() - timezone.now().date()).days in (6, 7, 8)
    day = (timezone.now() + timedelta(days=20)).date()
    assert screen.send("sale_reserve", htmx=False, until=day.isoformat())["Location"] == page
    assert "HX-Redirect" in screen.pay(("CB", "20"))


def test_an_order_paid_meanwhile_leads_to_its_page(lea: Person, counter: Counter) -> None:
    order = counter.sell(["20.00"], ("CB", "20.00")).order
    assert lea.get("sale", order.pk)["Location"] == reverse("guichet:order", args=[order.pk])
    answer = SaleScreen(lea, order).send("sale_quantity", price=1, add=1)
    assert answer["HX-Redirect"] == reverse("guichet:sale", args=[order.pk])


def test_the_baskets_of_other_points_of_sale_are_not_ours(lea: Person, counter: Counter) -> None:
    web = PointOfSale.objects.create(code="WEB", name="Boutique", channel=Channel.ONLINE)
    order = counter.basket(["20.00"])
    Order.objects.filter(pk=order.pk).update(point_of_sale=web)
    assert lea.get("sale", order.pk).status_code == 404
    assert SaleScreen(lea, order).pay(("CB", "20,00")).status_code == 404
    Order.objects.filter(pk=order.pk).update(state=OrderState.RESERVED)
    assert lea.get("sale", order.pk).status_code == 200


def test_the_screen_costs_few_queries_whatever_it_shows(lea: Person, counter: Counter) -> None:
    zoe = counter.venue.contact()
    few = counter.basket(["20.00"], contact=zoe)
    counts = [lea.count_queries("sale", few.pk)]
    many = counter.basket(["21.00", "22.00", "23.00"], contact=zoe)
    counts.append(lea.count_queries("sale", many.pk))
    assert counts[0] == counts[1]
    assert counts[0] <= MOST_QUERIES
    assert lea.count_queries("sale_purchaser", many.pk, q="lef") <= MOST_QUERIES


@pytest.mark.parametrize("name", ["sale", "sale_programme", "sale_purchaser"])
def test_who_may_see_a_sale(counter: Counter, ladder: Callable[..., None], name: str) -> None:
    ladder(name, counter.basket().pk)


@pytest.mark.parametrize(
    "name",
    ["sale_quantity", "sale_tenders", "sale_pay", "sale_abandon", "sale_keep", "sale_reserve"],
)
def test_changes_are_posted_and_orders_exist(lea: Person, counter: Counter, name: str) -> None:
    assert lea.get(name, counter.basket().pk).status_code == 405
    for nowhere in (0, 999, 10**30):
        assert lea.post(name, nowhere).status_code == 404


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("sale", {"seance": "x", "q": "\x00"}),
        ("sale_programme", {"q": "%" * 500}),
        ("sale_programme", {"pick": "", "q": "’"}),
        ("sale_purchaser", {"q": "\x00😀" * 50}),
    ],
)
def test_garbage_in_addresses_is_no_fault(
    lea: Person, counter: Counter, name: str, query: dict[str, str]
) -> None:
    order = counter.basket()
    for headers in ({}, HTMX):
        address = reverse(f"guichet:{name}", args=[order.pk])
        assert lea.client.get(address, query, headers=headers).status_code == 200
