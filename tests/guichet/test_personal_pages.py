"""What one person was shown, nobody reads after them (B76): not even by the Back key."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.reports.conftest import Reader

pytestmark = pytest.mark.django_db

KEPT_NOWHERE = "max-age=0, no-cache, no-store, must-revalidate, private"


def test_b76_pages_and_papers_are_kept_nowhere(counter: Counter, lea: Person) -> None:
    zoe = counter.venue.contact()
    payment = counter.deposit(zoe, "20.00")
    answers = [
        lea.get("contact", zoe.pk),
        lea.get("credit", zoe.pk),
        lea.get("contacts", q="lef", htmx=True),
        lea.get("receipt_pdf", payment.pk),
        lea.get("credit_csv", zoe.pk),
        lea.get("home"),
        lea.get("contact", 0),
        Reader(counter.venue.supervisor).get("bordereau"),
    ]
    assert [answer["Cache-Control"] for answer in answers] == [KEPT_NOWHERE] * len(answers)


def test_b76_who_comes_next_sees_nothing_of_the_one_before(counter: Counter, lea: Person) -> None:
    zoe = counter.venue.contact("Lefèvre", "Zoé")
    counter.deposit(zoe, "20.00")
    address = reverse("guichet:credit", args=[zoe.pk])
    assert "Lefèvre" in lea.client.get(address).content.decode()
    lea.client.post(reverse("account_logout"))
    for browser in (lea.client, Client()):
        answer = browser.get(address, follow=True)
        page = answer.content.decode()
        assert ("Lefèvre" in page, "20,00" in page) == (False, False)
        assert "no-store" in answer["Cache-Control"]
