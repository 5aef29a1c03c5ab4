"""A voucher on paper: code in clear and as QR, what it is worth, until when, its rules (G7)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from institution_settings.money import format_money
from payments.models import Voucher
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.papers import read, size_of, text_of
from tests.vouchers import gift_card, give, invitation, sell

pytestmark = pytest.mark.django_db
Print = Callable[[Voucher], bytes]
LONG = "Carte cadeau des Amis du Théâtre des Tilleuls, Łódź et Ōsaka réunis"[:60]


@pytest.fixture
def printed(lea: Person) -> Print:
    def ask(voucher: Voucher) -> bytes:
        answer = lea.get("voucher_pdf", voucher.pk)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert voucher.code not in answer["Content-Disposition"]
        return bytes(answer.content)

    return ask


def test_it_says_what_it_is(printed: Print, counter: Counter) -> None:
    voucher = sell(counter, "50.00", gift_card(label=LONG, conditions="Hors soirées privées."))
    pdf = printed(voucher)
    assert [size_of(page) for page in read(pdf).pages] == [(210, 148)]
    text = text_of(pdf)
    for said in (voucher.code, "50,00", LONG, "Théâtre des Tilleuls", "Hors soirées privées."):
        assert said in text
    assert voucher.expires_on is not None
    assert str(voucher.expires_on.year) in text
    assert counter.venue.counter.name in text


def test_partly_spent_it_says_what_is_left(printed: Print, voucher: Voucher) -> None:
    text = text_of(printed(voucher))
    left = " ".join(format_money(voucher.balance).split())
    assert left == "30,00 €"
    assert left in text


def test_its_rules_are_those_of_its_type(printed: Print, counter: Counter) -> None:
    pages = {
        text_of(printed(voucher)).replace(voucher.code, "")
        for voucher in (
            sell(counter, "20.00", gift_card()),
            sell(counter, "20.00", gift_card(code="CASH", gives_change=True)),
            sell(counter, "20.00", gift_card(code="FERME", refundable=False)),
            give(counter, "20.00", invitation(label="Carte cadeau")),
        )
    }
    assert len(pages) == 4


def test_what_is_worth_nothing_is_not_printed(lea: Person, counter: Counter) -> None:
    spent = counter.sell_voucher("20.00")
    counter.sell(["20.00"], ("BON", "20.00", spent.code))
    yesterday = counter.desk.venue_date(timezone.now() - timedelta(days=1))
    for voucher in (spent, counter.free_voucher("20.00", expires_on=yesterday)):
        assert lea.get("voucher_pdf", voucher.pk).status_code == 404
