"""Receipts and statements (spec G5)."""

from datetime import timedelta

import pytest

from contacts.models import Contact
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.guichet.credit.account import text_of
from tests.venue import Venue

pytestmark = pytest.mark.django_db


def test_the_receipt_of_a_deposit_names_number_amount_and_balance(
    venue: Venue, lea: Person, zoe: Contact, counter: Counter
) -> None:
    counter.deposit(zoe, "5.00")
    text = text_of(lea.get("receipt_pdf", counter.deposit(zoe, "20.00", "CB").pk))
    for expected in ("G1-000005", "Zoé Lefèvre", zoe.number or "", "20,00", "25,00", "Cb", "Léa"):
        assert expected in text


def test_the_receipt_of_a_payout_is_signed_and_names_who_approved(
    venue: Venue, lea: Person, rich: Contact, counter: Counter
) -> None:
    payment = counter.payout(rich, "200.00", approved_by=venue.supervisor)
    text = text_of(lea.get("receipt_pdf", payment.pk))
    assert ("Carte d’identité" in text, "☐" in text, "Marc" in text) == (True, False, True)


def test_what_was_not_noted_is_ticked_by_hand(lea: Person, rich: Contact, counter: Counter) -> None:
    payment = counter.payout(rich, "20.00", "VIREMENT", identity=None)
    assert text_of(lea.get("receipt_pdf", payment.pk)).count("☐") == 3


def test_a_receipt_of_anything_else_does_not_exist(
    lea: Person, zoe: Contact, counter: Counter
) -> None:
    sale = counter.sell(["21.10"], ("ESPECES", "21.10"), contact=zoe).payments[0]
    for page in ("receipt_pdf", "correct"):
        assert [lea.get(page, wanted).status_code for wanted in (sale.pk, 0, 10**30)] == [404] * 3


def test_the_statement_adds_up_over_its_period(
    venue: Venue, lea: Person, zoe: Contact, counter: Counter
) -> None:
    counter.deposit(zoe, "50.00")
    counter.payout(zoe, "5.00")
    text = text_of(lea.get("statement_pdf", zoe.pk))
    for expected in ("Zoé Lefèvre", "50,00", "5,00", "45,00"):
        assert expected in text
    tomorrow = (counter.desk.business_date + timedelta(days=1)).isoformat()
    after = text_of(lea.get("statement_pdf", zoe.pk, since=tomorrow))
    assert after.count("45,00") >= 2
    assert "50,00" not in after


def test_the_statement_of_nothing_is_a_statement(lea: Person, zoe: Contact) -> None:
    assert "0,00" in text_of(lea.get("statement_pdf", zoe.pk, since="hier"))
