"""Tickets, receipts and slips on paper: the original once, duplicates counted (G10, FIS-16)."""

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from contacts.models import Contact
from guichet.views.orders import papers
from institution_settings.choices import Paper, Role
from institution_settings.models import Institution
from journal.models import Entry
from payments.choices import RefundChoice
from payments.selectors.results import CheckoutResult
from sales.models import Printout
from sales.selectors import get_ticket_numbers
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.papers import read, size_of, text_of
from tests.venue import Venue
from tests.verified import findings

pytestmark = pytest.mark.django_db


@pytest.fixture
def zoe(venue: Venue) -> Contact:
    return venue.contact()


@pytest.fixture
def sold(counter: Counter, zoe: Contact) -> CheckoutResult:
    return counter.sell(["20.00", "20.00"], ("CB", "40.00"), contact=zoe)


def printed(person: Person, page: str, order: Any, **typed: object) -> str:
    """Print and return the text on the paper."""
    answer = person.post(page, order.pk, **typed)
    assert answer.status_code == 302, answer.content.decode()
    return text_of(person.client.get(answer["Location"]).content)


def again(person: Person, sold: CheckoutResult, *ids: int, reason: str = "lost") -> Any:
    chosen = ids or [ticket.pk for ticket in sold.tickets]
    return person.post("print_tickets", sold.order.pk, reprint="1", tickets=chosen, reason=reason)


def sealed(kind: str) -> list[dict[str, Any]]:
    rows = Entry.objects.filter(kind=kind).order_by("number")
    return [json.loads(row.payload) for row in rows]


def test_tickets_carry_what_the_law_asks(
    lea: Person, counter: Counter, sold: CheckoutResult
) -> None:
    Institution.objects.update(legal_name="Association des Tilleuls", licence="L-R-24-001234")
    counter.refund(sold, sold.tickets[:1])
    text = printed(lea, "print_tickets", sold.order)
    numbers = get_ticket_numbers(tickets=sold.tickets)
    taken_back, valid = (numbers[ticket.pk] for ticket in sold.tickets)
    for mention in (
        "Association des Tilleuls",
        "L-R-24-001234",
        "Le Misanthrope",
        "Grande salle",
        "Cat. 1",
        "Plein tarif",
        "20,00 €",
        "5,5 %",
        valid,
        sold.order.number,
        "Guichet",
        "Zoé Lefèvre",
    ):
        assert mention in text
    assert (text.count("Le Misanthrope"), taken_back in text) == (1, False)
    assert sold.tickets[1].token not in text


def test_a_free_ticket_says_so(lea: Person, counter: Counter) -> None:
    text = printed(lea, "print_tickets", counter.sell(["0"]).order)
    assert ("Gratuit" in text, "€" in text) == (True, False)


def test_the_original_is_printed_once_and_duplicates_are_numbered_and_sealed(
    lea: Person, sold: CheckoutResult
) -> None:
    assert "DUPLICATA" not in printed(lea, "print_tickets", sold.order)
    second = lea.post("print_tickets", sold.order.pk)
    assert (second.status_code, second.context["unprinted"]) == (422, 0)
    first = sold.tickets[0]
    for number in (1, 2):
        answer = again(lea, sold, first.pk)
        text = text_of(lea.client.get(answer["Location"]).content)
        assert text.count("DUPLICATA") == 1
        assert f"DUPLICATA n° {number}" in text
    rows = Printout.objects.order_by("id").values_list("ticket_id", "copy", "reason")
    other = sold.tickets[1].pk
    assert list(rows) == [
        (first.pk, 0, ""),
        (other, 0, ""),
        (first.pk, 1, "lost"),
        (first.pk, 2, "lost"),
    ]
    assert len(sealed("IMPRESSION")) == 2
    number = get_ticket_numbers(tickets=[first])[first.pk]
    facts = [
        (entry["billet"], entry["duplicata"], entry["evenement"], entry["motif"])
        for entry in sealed("DUPLICATA")
    ]
    assert facts == [(number, 1, 400, "lost"), (number, 2, 400, "lost")]
    assert findings() == []


def test_the_order_says_what_was_printed_and_offers_the_reprint(
    lea: Person, sold: CheckoutResult
) -> None:
    before = lea.get("order", sold.order.pk).context
    assert (before["has_new"], before["has_old"]) == (True, False)
    printed(lea, "print_tickets", sold.order)
    again(lea, sold, sold.tickets[0].pk)
    after = lea.get("order", sold.order.pk).context
    assert (after["has_new"], after["has_old"]) == (False, True)
    assert (len(after["card"].printed), after["card"].duplicates) == (2, 1)
    rows = lea.get("print_tickets", sold.order.pk).context["rows"]
    assert [row.times_printed for row in rows] == [2, 1]


def test_a_click_twice_is_one_printing(lea: Person, sold: CheckoutResult) -> None:
    key = str(uuid.uuid4())
    twice = [lea.post("print_tickets", sold.order.pk, key=key) for _click in range(2)]
    assert twice[0]["Location"] == twice[1]["Location"]
    assert Printout.objects.count() == 2


def test_what_was_printed_a_while_ago_is_printed_again_as_a_duplicate(
    lea: Person, sold: CheckoutResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = str(uuid.uuid4())
    address = lea.post("print_tickets", sold.order.pk, key=key)["Location"]
    assert lea.client.get(address)["Content-Type"] == "application/pdf"
    monkeypatch.setattr(papers, "FRESH", timedelta(0))
    order_page = reverse("guichet:order", args=[sold.order.pk])
    assert lea.client.get(address)["Location"] == order_page
    stale = lea.post("print_tickets", sold.order.pk, key=key)
    assert stale.status_code == 422
    assert stale.context["key"] != key


def test_a_duplicate_needs_tickets_and_a_reason(lea: Person, sold: CheckoutResult) -> None:
    printed(lea, "print_tickets", sold.order)
    for typed in ({"reason": "lost"}, {"tickets": sold.tickets[0].pk}):
        answer = lea.post("print_tickets", sold.order.pk, reprint="1", **typed)
        assert answer.status_code == 422
    assert again(lea, sold, reason="because").status_code == 422
    assert again(lea, sold, 999_999).status_code == 422
    assert Printout.objects.count() == 2


def test_a_basket_has_nothing_to_print(lea: Person, counter: Counter) -> None:
    basket = counter.basket(["20.00"])
    assert lea.post("print_tickets", basket.pk).status_code == 422
    assert lea.post("print_receipt", basket.pk).status_code == 404
    assert Printout.objects.count() == 0


@pytest.mark.parametrize(
    ("paper", "tickets", "receipt"),
    [
        (Paper.A4, [(210, 297)], (210, 297)),
        (Paper.TICKET, [(150, 70)] * 2, (210, 297)),
        (Paper.ROLL, [(80, 0)] * 2, (80, 0)),
    ],
)
def test_each_point_of_sale_prints_on_its_paper(
    venue: Venue,
    lea: Person,
    sold: CheckoutResult,
    paper: Paper,
    tickets: list[tuple[int, int]],
    receipt: tuple[int, int],
) -> None:
    """0: as long as what stands on it, and no longer than a hand."""
    venue.counter.paper = paper
    venue.counter.save()

    def sizes(page: str) -> list[tuple[int, int]]:
        answer = lea.post(page, sold.order.pk)
        pages = read(lea.client.get(answer["Location"]).content).pages
        found = [size_of(each) for each in pages]
        return [
            (width, 0 if paper == Paper.ROLL and width == 80 and 60 < height < 200 else height)
            for width, height in found
        ]

    assert sizes("print_tickets") == tickets
    assert sizes("print_receipt") == [receipt]


def test_a_name_longer_than_the_roll_goes_on_below_and_nothing_is_hidden(
    venue: Venue, lea: Person, counter: Counter
) -> None:
    venue.counter.paper = Paper.ROLL
    venue.counter.save()
    endless = "Wolfeschlegelsteinhausenbergerdorff" * 2
    sold = counter.sell(["20.00"], ("CB", "20.00"), contact=venue.contact(endless, "Jean"))
    ticket = printed(lea, "print_tickets", sold.order)
    receipt = printed(lea, "print_receipt", sold.order)
    for text in (ticket, receipt):
        assert (endless in text, text.replace(" ", "").count(endless)) == (False, 1)
    assert ticket.count("Page") == 0  # no page is numbered, so no word waits for its number


def test_the_receipt_says_lines_vat_payments_change_and_credit(
    lea: Person, counter: Counter, zoe: Contact
) -> None:
    counter.deposit(zoe, "15.00")
    order = counter.basket(["20.00", "20.00"], vouchers=["30.00"], contact=zoe)
    counter.pay(order, ("AVOIR", "12.40"), ("CB", "10.00"), ("ESPECES", "50.00"))
    text = printed(lea, "print_receipt", order)
    for mention in (
        order.number,
        "2 × Le Misanthrope",
        "1 × ",
        "70,00",  # the total
        "37,91",  # 40,00 without VAT at 5.5 %
        "2,09",
        "12,40",
        "50,00 €",
        "2,40",  # change
        "15,00",  # credit before
        "2,60",  # credit after
        "Léa",
    ):
        assert mention in text
    assert "DUPLICATA" not in text
    assert "DUPLICATA n° 1" in printed(lea, "print_receipt", order)
    assert findings() == []


def test_the_receipt_says_what_is_left_on_a_voucher(lea: Person, counter: Counter) -> None:
    voucher = counter.sell_voucher("30.00")
    sold = counter.sell(["20.00"], ("BON", "20.00", voucher.code))
    assert "10,00 €" in printed(lea, "print_receipt", sold.order)


def test_the_slips_of_a_refund_give_no_access(
    lea: Person, counter: Counter, sold: CheckoutResult
) -> None:
    refund = counter.refund(sold, sold.tickets[:1], to=RefundChoice.ORIGIN).refund
    answer = lea.get("coupons_pdf", sold.order.pk, refund.operation_id)
    text = text_of(answer.content)
    number = get_ticket_numbers(tickets=sold.tickets)[sold.tickets[0].pk]
    assert "COUPON DE GESTION – NE DONNE PAS ACCÈS" in text
    assert number in text
    assert sold.tickets[0].token not in text
    assert len(read(answer.content).pages[0].images) == 0
    shown = lea.get("order", sold.order.pk).content.decode()
    assert reverse("guichet:coupons_pdf", args=[sold.order.pk, refund.operation_id]) in shown


def test_the_slips_of_nothing_do_not_exist(lea: Person, sold: CheckoutResult) -> None:
    for operation in (sold.operation_id, 0, 10**30):
        assert lea.get("coupons_pdf", sold.order.pk, operation).status_code == 404


@pytest.mark.parametrize("paper", [Paper.A4, Paper.ROLL, Paper.TICKET])
def test_names_of_all_lengths_and_alphabets_stay_whole(
    venue: Venue, lea: Person, counter: Counter, paper: Paper
) -> None:
    venue.counter.paper = paper
    venue.counter.save()
    long = "Wolfeschlegelsteinhausenbergerdorff-de-Saint-Remy-en-Bouzemont-Saint-Genest-et-X"
    assert len(long) == 80
    for last, first in ((long, "Zoé"), ("Ахматова", "Анна"), ("Σεφέρης", "Γιώργος")):
        sold = counter.sell(["20.00"], ("CB", "20.00"), contact=venue.contact(last, first))
        address = lea.post("print_tickets", sold.order.pk)["Location"]
        pdf = lea.client.get(address).content
        assert len(read(pdf).pages) == 1
        assert f"{first}{last}" in text_of(pdf).replace(" ", "")


def test_what_somebody_printed_is_theirs_to_fetch(
    lea: Person, somebody: Callable[..., Person], sold: CheckoutResult
) -> None:
    operation = lea.post("print_tickets", sold.order.pk)["Location"]
    assert somebody(Role.SUPERVISOR).client.get(operation).status_code == 404
    assert lea.get("printout_pdf", 10**30).status_code == 404


@pytest.mark.parametrize("page", ["print_tickets"])
def test_who_may_print(sold: CheckoutResult, ladder: Callable[..., None], page: str) -> None:
    ladder(page, sold.order.pk)


def test_who_may_fetch_a_printout(lea: Person, ladder: Callable[..., None]) -> None:
    ladder("printout_pdf", 1, desk=False)


def test_who_may_see_slips(
    counter: Counter, sold: CheckoutResult, ladder: Callable[..., None]
) -> None:
    refund = counter.refund(sold, sold.tickets, to=RefundChoice.ORIGIN).refund
    ladder("coupons_pdf", sold.order.pk, refund.operation_id)


def test_an_accountant_prints_nothing(
    somebody: Callable[..., Person], sold: CheckoutResult
) -> None:
    accountant = somebody(Role.ACCOUNTANT).stand_at("G1")
    for page in ("print_tickets", "print_receipt"):
        assert accountant.post(page, sold.order.pk).status_code == 403
    assert Printout.objects.count() == 0
