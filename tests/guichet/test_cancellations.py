"""Cancelling a performance on screen: who may, what is shown, and the sheet that proves it."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import User
from contacts.services import create_operator
from institution_settings.choices import Role
from payments.models import RefundRun
from payments.services.runs import continue_run
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.papers import text_of
from tests.venue import PASSWORD


@pytest.fixture
def address(counter: Counter) -> str:
    """The page of a performance with one paid order."""
    counter.sell(["20.00"], ("ESPECES", "20.00"), contact=counter.venue.contact())
    show = counter.price("20.00").category.performance
    return reverse("guichet:cancel_performance", args=[show.pk])


def seen_by(user: User | None, address: str) -> int:
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return int(client.get(address).status_code)


def test_only_a_supervisor_cancels(counter: Counter, address: str) -> None:
    elsewhere, customer = (
        create_operator(
            email=f"{code}@tilleuls.example",
            password=PASSWORD,
            name=code,
            code=code,
            role=role,
            points_of_sale=[],
        )
        for code, role in (("eve", Role.OPERATOR), ("cli", Role.CUSTOMER))
    )
    people = (None, customer, elsewhere, counter.venue.operator, counter.venue.supervisor)
    assert [seen_by(person, address) for person in people] == [302, 403, 403, 403, 200]
    listed = reverse("guichet:cancellations")
    assert [seen_by(person, listed) for person in people] == [302, 403, 403, 403, 200]
    pdf = address + "preuve.pdf"
    assert [seen_by(person, pdf) for person in people] == [302, 403, 403, 403, 404]


def test_at_the_counter_the_customer_says_it_to_any_operator(
    counter: Counter, address: str
) -> None:
    lea = Person(counter.venue, counter.venue.operator).stand_at("G1")
    contact = counter.venue.contact()
    sold = counter.sell(["20.00"], ("CB", "20.00"), contact=contact)
    supervisor = Client()
    supervisor.force_login(
        counter.venue.supervisor, backend="django.contrib.auth.backends.ModelBackend"
    )
    supervisor.post(address, {"policy": "choice", "key": uuid4()})
    run = continue_run(run_id=RefundRun.objects.get().pk)
    line = run.lines.get(order=sold.order)
    assert lea.get("order", sold.order.pk).context["asked"] == [line]
    assert lea.post("choose_refund", sold.order.pk, line=line.pk, choice="gold").status_code == 404
    for _click in range(2):
        answer = lea.post("choose_refund", sold.order.pk, line=line.pk, choice="credit")
        assert answer.status_code == 302
    assert counter.available(contact) == "20.00"
    line.refresh_from_db()
    assert line.refund.consent.split()[:2] == ["guichet", "lea"]
    assert lea.get("order", sold.order.pk).context["asked"] == []


def test_a_supervisor_cancels_follows_and_prints(counter: Counter, address: str) -> None:
    client = Client()
    client.force_login(
        counter.venue.supervisor, backend="django.contrib.auth.backends.ModelBackend"
    )
    assert client.post(address, {"policy": "credit", "key": uuid4()}).status_code == 422
    sent = {"reason": "Hors obligation", "key": uuid4()}
    assert client.post(address, {"policy": "gold", **sent}).status_code == 422
    assert client.post(address, {"policy": "credit", **sent}).status_code == 302
    run = RefundRun.objects.get()
    continue_run(run_id=run.pk)
    line = run.lines.get()
    proof = client.get(address).context["proof"]
    assert (proof.given_back, proof.pending.amount) == (line.amount, 0)
    assert client.post(address, {"choice": "credit", "line": "x"}).status_code == 404
    assert client.post(address, {"choice": "money", "line": line.pk}).status_code == 422
    words = text_of(client.get(address + "preuve.pdf").content)
    assert words.count("À rendre 20,00 € Remboursé 20,00 € Reste à faire 0,00 € Écart 0,00 €") == 1
