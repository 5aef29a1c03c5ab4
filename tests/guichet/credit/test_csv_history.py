"""What leaves the counter says what its screens say, whatever the names (B83, B84; D3)."""

import csv
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest

from contacts.models import Contact, User
from contacts.services import create_contact
from institution_settings.models import PaymentMode
from institution_settings.money import format_money
from sales.choices import OrderState
from sales.services import abandon
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.papers import read, text_of
from tests.reports.conftest import paper_rows, table_rows
from tests.venue import Venue, build_venue
from tests.verified import findings

pytestmark = pytest.mark.django_db

LEGIBLE = ("Łukasz Šťastný", "Nguyễn Thị Ánh", "W" * 80)
OTHERS = ("محمد", "李小龙", "😀 Zoé")


def sheet(answer: Any) -> list[list[str]]:
    """The rows of a spreadsheet file below its head."""
    text = b"".join(answer.streaming_content).decode().removeprefix("\ufeff")
    return list(csv.reader(StringIO(text), delimiter=";"))[1:]


def number(cell: str) -> Decimal:
    return Decimal(cell.replace(",", ".") or "0")


def test_b83_screen_sheet_and_paper_say_the_same(
    counter: Counter, lea: Person, zoe: Contact
) -> None:
    """A sale, an order cancelled unpaid, a refund to credit, a payout: 3 credits, 2 debits."""
    counter.deposit(zoe, "60.00")
    sold = counter.sell(["20.00", "22.00"], ("AVOIR", "42.00"), contact=zoe)
    unpaid = counter.basket(["20.00"], contact=zoe)
    abandon(order_id=unpaid.pk, now=unpaid.created_at)
    counter.refund(sold, sold.tickets[:1])
    counter.payout(zoe, "5.00")
    counter.deposit(zoe, "1.00", "CB")

    page = lea.get("credit", zoe.pk)
    on_screen = [
        tuple(
            None if money is None else money.amount
            for money in (line.debit, line.credit, line.history.movement.balance_after)
        )
        for line in page.context["lines"]
    ]
    in_sheet = [
        tuple(number(cell) if cell else None for cell in row[-3:])
        for row in sheet(lea.get("credit_csv", zoe.pk))
    ]
    assert on_screen == in_sheet
    assert len(on_screen) == 5
    shown = [row for row in table_rows(page.content.decode()) if "Solde" not in row]
    assert [row[-1] for row in shown] == ["34,00", "33,00", "38,00", "18,00", "60,00"]

    debits = sum(debit or 0 for debit, _credit, _balance in on_screen)
    credits_ = sum(credit or 0 for _debit, credit, _balance in on_screen)
    assert (debits, credits_) == (Decimal(47), Decimal(81))
    statement = paper_rows(lea.get("statement_pdf", zoe.pk).content)
    assert ["Solde de clôture", "47,00", "81,00", "34,00"] in statement
    assert counter.available(zoe) == "34.00" == str(credits_ - debits)

    order = lea.get("order", sold.order.pk).context["order"]
    assert (order.state, order.paid_at is not None) == (OrderState.PAID, True)
    assert findings() == []


@pytest.mark.parametrize(
    ("currency", "cells"),
    [
        ("EUR", ["42,00", "", "1000,00"]),
        ("CHF", ["42.00", "", "1000.00"]),
        ("KWD", ["42,000", "", "1000,000"]),
        ("JPY", ["42", "", "1000"]),
    ],
)
def test_b84a_an_amount_is_a_number_in_the_house_s_own_decimals(
    db: None, currency: str, cells: list[str]
) -> None:
    venue = build_venue(currency=currency)
    counter, zoe = Counter(venue), venue.contact()
    counter.deposit(zoe, "600", "CB")
    counter.deposit(zoe, "442", "CB")
    counter.sell(["42"], ("AVOIR", "42"), contact=zoe)
    lea = Person(venue, venue.operator).stand_at("G1")
    assert sheet(lea.get("credit_csv", zoe.pk))[0][-3:] == cells


@pytest.mark.parametrize("name", ["=1+1", "+33 6 12", "@x", "-2+3", "=HYPERLINK(0)"])
def test_b84b_a_formula_in_a_name_opens_as_text(
    venue: Venue, counter: Counter, lea: Person, zoe: Contact, name: str
) -> None:
    User.objects.filter(pk=venue.operator.pk).update(name=name)
    PaymentMode.objects.filter(code="CB").update(label=name)
    counter.deposit(zoe, "20.00", "CB")
    (row,) = sheet(lea.get("credit_csv", zoe.pk))
    assert [cell for cell in row if cell.startswith(name[0])] == []
    assert (row[3], row[5]) == (f"'{name}", f"'{name}")


@pytest.mark.parametrize(
    ("currency", "shown"),
    [("EUR", "20,00 €"), ("CHF", "CHF 20.00"), ("JPY", "20 ¥"), ("GBP", "20,00 £")],
)
def test_b84d_the_sign_of_a_currency_is_on_the_paper(db: None, currency: str, shown: str) -> None:
    venue = build_venue(currency=currency)
    counter, zoe = Counter(venue), venue.contact()
    payment = counter.deposit(zoe, "20", "CB")
    lea = Person(venue, venue.operator).stand_at("G1")
    assert format_money(payment.amount).replace("\u00a0", " ") == shown
    assert shown in text_of(lea.get("receipt_pdf", payment.pk).content)


@pytest.mark.parametrize("name", LEGIBLE + OTHERS)
def test_b84e_papers_are_made_whatever_the_name(counter: Counter, lea: Person, name: str) -> None:
    contact = create_contact(last_name=name)
    payment = counter.deposit(contact, "20.00")
    for pdf in (
        lea.get("receipt_pdf", payment.pk).content,
        lea.get("statement_pdf", contact.pk).content,
    ):
        # Beside signs of another font the reader finds halves of characters; the paper has none.
        text = text_of(pdf).replace("\x00", "")
        assert (len(read(pdf).pages), "20,00" in text) == (1, True)
        assert name not in LEGIBLE or name.replace(" ", "") in text.replace(" ", "")


def test_b84f_one_odd_name_leaves_all_the_others_their_lines(
    counter: Counter, lea: Person, zoe: Contact
) -> None:
    """What came in before names were tidied: a next-line sign and a direction mark."""
    odd = Contact.objects.create(last_name="Lefè\u0085vre", first_name="\u202eZoé\u200b")
    for contact in (odd, zoe):
        payment = counter.deposit(contact, "20.00")
        for page, subject in (("receipt_pdf", payment.pk), ("statement_pdf", contact.pk)):
            assert "20,00" in text_of(lea.get(page, subject).content)
        assert [row[-1] for row in sheet(lea.get("credit_csv", contact.pk))] == ["20,00"]
        assert lea.get("credit", contact.pk).status_code == 200
    paid = lea.get("till").context["payments"]
    assert [payment.contact for payment, _standing in paid] == [zoe, odd]


def test_b84f_typed_at_the_counter_it_is_kept_without_them(lea: Person) -> None:
    typed = {"kind": "person", "country": "FR", "confirmed": "1"}
    for name in ("Du\x00pont", "Du\u0085pont", "\u202eDupont"):
        lea.post("new_contact", last_name=name, **typed)
    kept = Contact.objects.order_by("pk").values_list("last_name", flat=True)
    assert list(kept) == ["Dupont", "Du pont", "Dupont"]
