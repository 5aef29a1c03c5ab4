"""Orders found and shown, their tickets on paper, and refunds (spec G4, CNS-01)."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact
from credit.selectors import get_standing
from institution_settings.choices import Role
from institution_settings.models import ModeAuthorisation
from payments.errors import (
    ApprovalNeeded,
    ContactNeeded,
    ModeCannotReturn,
    ModeNotAuthorised,
)
from payments.models import Payment, Refund
from payments.selectors.results import CheckoutResult
from sales.errors import TicketNotValid
from sales.models import Order, Performance, Ticket
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.venue import PIN, Venue

pytestmark = pytest.mark.django_db
MOST_QUERIES = 13


@pytest.fixture
def counter(venue: Venue) -> Counter:
    return Counter(venue)


@pytest.fixture
def zoe(counter: Counter) -> Contact:
    contact = counter.venue.contact()
    counter.venue.deposit(counter.venue.account(contact), "12.40")
    return contact


@pytest.fixture
def sold(counter: Counter, zoe: Contact) -> CheckoutResult:
    """Two seats at 20 €, paid with 12,40 € of credit and 27,60 € in cash."""
    return counter.sell(["20.00", "20.00"], ("AVOIR", "12.40"), ("ESPECES", "27.60"), contact=zoe)


def refund(person: Person, order: Order, tickets: Sequence[Ticket] = (), **typed: object) -> Any:
    """Send the refund form."""
    return person.post("refund", order.pk, tickets=[ticket.pk for ticket in tickets], **typed)


def available(contact: Contact) -> str:
    return str(get_standing(contact_id=contact.pk, currency="EUR").available.amount)


def given_back(order: Order) -> list[tuple[str, str]]:
    rows = Payment.objects.filter(order=order, direction="out").select_related("mode")
    return sorted((row.mode.code, str(row.amount.amount)) for row in rows)


def test_orders_are_found_by_number_and_by_purchaser(
    lea: Person, sold: CheckoutResult, counter: Counter
) -> None:
    other = counter.sell(["20.00"], ("CB", "20.00")).order
    for text in (sold.order.number, str(sold.order.pk), "lefevre", "zoe lef"):
        rows = lea.get("orders", q=text, htmx=True).context["rows"]
        assert [order for order, _standing in rows] == [sold.order]
    latest = lea.get("orders").context["rows"]
    assert [order for order, _standing in latest] == [other, sold.order]
    assert lea.get("orders", q="personne").context["rows"] == []
    assert lea.get("orders", q="\x00%" * 90).status_code == 200


def test_an_order_shows_what_was_sold_paid_and_given_back(
    lea: Person, sold: CheckoutResult, zoe: Contact
) -> None:
    refund(lea, sold.order, sold.tickets[:1], choice="credit", consent="1")
    card = lea.get("order", sold.order.pk).context["card"]
    assert [row.is_valid for row in card.tickets] == [False, True]
    assert [row.number[:3] for row in card.tickets] == ["G1-", "G1-"]
    assert [payment.mode.code for payment in card.payments] == ["AVOIR", "ESPECES"]
    [row] = card.refunds
    assert (row.refund.amount.amount, row.refund.consent[:8]) == (20, "À la cai")
    money = [str(each.amount) for each in (card.received, card.returned, card.kept)]
    assert money == ["40.00", "20.00", "20.00"]
    assert card.standing.available == lea.venue.money("20.00")
    assert "coins-button" in lea.get("order", sold.order.pk).content.decode()
    assert "coins-button" in lea.get("orders").content.decode()


def test_nothing_is_chosen_beforehand(lea: Person, sold: CheckoutResult) -> None:
    shown = lea.get("refund", sold.order.pk)
    assert shown.content.decode().count(" checked") == 0
    answer = refund(lea, sold.order, sold.tickets)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["choice"]
    assert answer.content.decode().count(" checked") == 2
    nothing = refund(lea, sold.order, choice="origin")
    assert list(nothing.context["form"].errors) == ["tickets"]
    assert not Refund.objects.exists()


def test_credit_instead_of_money_is_the_customers_choice(
    lea: Person, sold: CheckoutResult, zoe: Contact
) -> None:
    refused = refund(lea, sold.order, sold.tickets[:1], choice="credit")
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["consent"]
    answer = refund(lea, sold.order, sold.tickets[:1], choice="credit", consent="1")
    shown = lea.client.get(answer["Location"])
    assert shown.context["result"].credited == lea.venue.money("20.00")
    assert available(zoe) == "20.00"
    assert Refund.objects.get().consent != ""


def test_money_returns_as_it_was_paid(lea: Person, sold: CheckoutResult, zoe: Contact) -> None:
    shown = lea.client.post(
        reverse("guichet:refund", args=[sold.order.pk]) + "?count=1",
        {"tickets": [ticket.pk for ticket in sold.tickets], "choice": "origin"},
        headers={"HX-Request": "true"},
    )
    parts = [
        (part.label, str(part.amount.amount)) for part in shown.context["forecast"].destinations
    ]
    assert parts == [("Avoir", "12.40"), ("Especes", "27.60")]
    answer = refund(lea, sold.order, sold.tickets, choice="origin")
    assert lea.client.get(answer["Location"]).context["result"].cash == lea.venue.money("27.60")
    assert given_back(sold.order) == [("AVOIR", "12.40"), ("ESPECES", "27.60")]
    assert lea.get("order", sold.order.pk).context["card"].can_refund is False


def test_money_returns_in_another_mode(lea: Person, sold: CheckoutResult) -> None:
    nowhere = refund(lea, sold.order, sold.tickets[:1], choice="mode")
    assert list(nowhere.context["form"].errors) == ["mode"]
    transfer = lea.venue.modes["VIREMENT"].pk
    assert refund(lea, sold.order, sold.tickets[:1], choice="mode", mode=transfer)["Location"]
    assert given_back(sold.order) == [("VIREMENT", "12.40"), ("VIREMENT", "7.60")]


def test_the_same_click_twice_refunds_once(lea: Person, sold: CheckoutResult) -> None:
    typed = {"choice": "origin", "key": str(uuid4())}
    first = refund(lea, sold.order, sold.tickets[:1], **typed)
    second = refund(lea, sold.order, sold.tickets[:1], **typed)
    assert first["Location"] == second["Location"]
    assert Refund.objects.count() == 1
    again = refund(lea, sold.order, sold.tickets[:1], choice="origin")
    assert again.status_code == 409
    assert again.context["form"].errors["tickets"] == [str(TicketNotValid())]


def test_an_order_without_contact_is_given_one_first(
    lea: Person, counter: Counter, zoe: Contact
) -> None:
    sold = counter.sell(["20.00"], ("CB", "20.00"))
    refused = refund(lea, sold.order, sold.tickets, choice="credit", consent="1")
    assert refused.status_code == 422
    assert refused.context["form"].errors["choice"] == [str(ContactNeeded())]
    assert reverse("guichet:order_purchaser", args=[sold.order.pk]) in refused.content.decode()
    chosen = lea.post("order_purchaser", sold.order.pk, search="1", q="lef")
    assert chosen["Location"] == reverse("guichet:order", args=[sold.order.pk])
    assert refund(lea, sold.order, sold.tickets, choice="credit", consent="1")["Location"]
    assert available(zoe) == "32.40"
    # Once paid, a purchaser stays.
    other = counter.venue.contact("Martin", "Paul")
    fixed = lea.post("order_purchaser", sold.order.pk, contact=other.pk)
    assert fixed.status_code == 422
    assert Order.objects.get(pk=sold.order.pk).contact == zoe


def test_a_supervisor_approves_for_a_show_that_began(
    lea: Person, marc: Person, sold: CheckoutResult
) -> None:
    Performance.objects.update(starts_at=timezone.now() - timedelta(hours=1))
    asked = refund(lea, sold.order, sold.tickets[:1], choice="origin")
    assert asked.status_code == 422
    assert asked.context["approval_reason"] == str(ApprovalNeeded(reason="used_ticket"))
    wrong = refund(
        lea, sold.order, sold.tickets[:1], choice="origin", approver_code="marc", approver_pin="1"
    )
    assert list(wrong.context["approval"].errors) == ["approver_pin"]
    right = refund(
        lea, sold.order, sold.tickets[:1], choice="origin", approver_code="marc", approver_pin=PIN
    )
    assert right.status_code == 302
    rows = Payment.objects.filter(direction="out")
    people = [(payment.operator, payment.approved_by) for payment in rows]
    assert people == [(lea.user, lea.venue.supervisor)] * 2
    own = refund(marc.stand_at("G1"), sold.order, sold.tickets[1:], choice="origin")
    assert own.status_code == 302


def test_only_authorised_ways_are_shown_and_forged_ones_are_refused(
    lea: Person, sold: CheckoutResult
) -> None:
    ModeAuthorisation.objects.exclude(mode__code="VIREMENT").update(refund=False)
    shown = lea.get("refund", sold.order.pk).context["form"]
    assert [mode.code for mode in shown.money_modes] == ["VIREMENT"]
    assert shown.credit_modes == []
    modes = lea.venue.modes
    forged: list[tuple[dict[str, object], str]] = [
        ({"choice": "credit", "consent": "1", "credit_mode": modes["AVOIR"].pk}, "?"),
        ({"choice": "origin"}, "Avoir"),
        ({"choice": "mode", "mode": modes["ESPECES"].pk}, "Especes"),
        ({"choice": "mode", "mode": modes["BON"].pk}, "Bon"),
        ({"choice": "mode", "mode": 999}, "?"),
    ]
    for typed, label in forged:
        answer = refund(lea, sold.order, sold.tickets, **typed)
        assert answer.status_code == 422
        sentence = answer.context["form"].errors["choice"][0]
        if label != "?":
            assert sentence == str(ModeNotAuthorised(mode=label))
    assert not Refund.objects.exists()


def test_a_paper_voucher_does_not_return_as_such(lea: Person, counter: Counter) -> None:
    sold = counter.sell(["20.00"], ("CHQVAC", "20.00"))
    answer = refund(lea, sold.order, sold.tickets, choice="origin")
    assert answer.context["form"].errors["choice"] == [str(ModeCannotReturn(mode="Chqvac"))]


def test_the_sale_of_a_voucher_is_taken_back(lea: Person, counter: Counter) -> None:
    voucher = counter.sell_voucher("50.00")
    assert voucher.sold_on is not None
    order = voucher.sold_on.order
    shown = lea.get("refund", order.pk)
    assert [sold.voucher for sold in shown.context["vouchers"]] == [voucher]
    answer = refund(lea, order, choice="origin", vouchers=[voucher.pk])
    assert answer.status_code == 302
    voucher.refresh_from_db()
    assert (voucher.state, voucher.balance_minor) == ("cancelled", 0)


def test_b27_of_a_used_voucher_only_the_rest_is_given_back(lea: Person, counter: Counter) -> None:
    voucher = counter.sell_voucher("50.00")
    using = counter.sell(["35.00"], ("BON", "35.00", voucher.code)).order
    assert voucher.sold_on is not None
    order = voucher.sold_on.order
    [sold] = lea.get("refund", order.pk).context["vouchers"]
    assert sold.used_by == (using,)
    refund(lea, order, choice="origin", vouchers=[voucher.pk])
    assert given_back(order) == [("ESPECES", "15.00")]


@pytest.mark.parametrize(
    "typed",
    [
        {"tickets": ["x"], "choice": "origin"},
        {"tickets": ["999"], "choice": "origin"},
        {"tickets": [str(10**30)], "choice": "origin"},
        {"vouchers": ["0"], "choice": "origin"},
        {"tickets": ["1"], "choice": "nothing"},
        {"tickets": ["1"], "choice": "mode", "mode": "x"},
        {"tickets": ["1"], "choice": "credit", "consent": "1", "credit_mode": str(10**30)},
    ],
)
def test_garbage_refunds_nothing(
    lea: Person, sold: CheckoutResult, typed: dict[str, object]
) -> None:
    answer = lea.post("refund", sold.order.pk, **typed)
    assert answer.status_code == 422
    assert not Refund.objects.exists()


def test_an_unpaid_order_goes_on_with_its_sale(lea: Person, counter: Counter) -> None:
    order = counter.basket(["20.00"])
    shown = lea.get("order", order.pk).content.decode()
    assert reverse("guichet:sale", args=[order.pk]) in shown
    assert lea.get("refund", order.pk).context["card"].can_refund is False
    assert refund(lea, order, choice="origin").status_code == 422


def test_pages_cost_few_queries_whatever_they_show(
    lea: Person, counter: Counter, sold: CheckoutResult, zoe: Contact
) -> None:
    refund(lea, sold.order, sold.tickets[:1], choice="origin")
    few = [lea.count_queries(page, sold.order.pk) for page in ("order", "refund")]
    few.append(lea.count_queries("orders", q="lef"))
    large = counter.sell(["20.00"] * 9, ("CB", "180.00"), contact=zoe)
    for ticket in large.tickets[:3]:
        refund(lea, large.order, [ticket], choice="origin")
    many = [lea.count_queries(page, large.order.pk) for page in ("order", "refund")]
    many.append(lea.count_queries("orders", q="lef"))
    assert few == many
    assert max(few) <= MOST_QUERIES


@pytest.mark.parametrize("name", ["order", "refund", "order_purchaser", "print_tickets"])
def test_who_may_see_an_order(sold: CheckoutResult, ladder: Callable[..., None], name: str) -> None:
    ladder(name, sold.order.pk)


def test_who_may_look_for_orders(ladder: Callable[..., None]) -> None:
    ladder("orders")


@pytest.mark.parametrize("name", ["order", "refund", "order_purchaser", "print_tickets"])
def test_no_such_order(lea: Person, name: str) -> None:
    for nowhere in (0, 999, 10**30):
        assert lea.get(name, nowhere).status_code == 404


def test_what_was_given_back_is_shown_for_its_own_order_only(
    lea: Person, counter: Counter, sold: CheckoutResult
) -> None:
    done = refund(lea, sold.order, sold.tickets, choice="origin")["Location"]
    operation = int(done.rstrip("/").rsplit("/", 1)[1])
    other = counter.sell(["20.00"], ("CB", "20.00")).order
    assert lea.get("refunded", other.pk, operation).status_code == 404
    assert lea.get("refunded", sold.order.pk, 10**30).status_code == 404
    assert lea.count_queries("refunded", sold.order.pk, operation) <= MOST_QUERIES


def test_an_accountant_refunds_nothing(
    somebody: Callable[..., Person], sold: CheckoutResult
) -> None:
    accountant = somebody(Role.ACCOUNTANT).stand_at("G1")
    assert refund(accountant, sold.order, sold.tickets, choice="origin").status_code == 403
