"""The signed link by which a customer chooses money or credit (spec G8, CNS-01)."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from payments.choices import RunPolicy
from payments.models import RefundRunLine
from payments.selectors.runs import sign_choice
from payments.services.runs import continue_run, start_run
from tests.counter import Counter


@pytest.fixture
def line(counter: Counter) -> RefundRunLine:
    """An order whose customer has to choose."""
    counter.sell(["20.00"], ("ESPECES", "20.00"), contact=counter.venue.contact())
    run = start_run(
        key=uuid4(),
        performance_id=counter.price("20.00").category.performance_id,
        policy=RunPolicy.CHOICE,
        reason="",
        person=counter.venue.supervisor,
        till=counter.venue.tills["BO"],
    )
    continue_run(run_id=run.pk)
    return run.lines.get()


@pytest.mark.parametrize(("wanted", "state"), [("credit", "done"), ("money", "owed")])
def test_a_customer_chooses_once_by_the_link(line: RefundRunLine, wanted: str, state: str) -> None:
    address = reverse("ticketshop:choose_refund", args=[sign_choice(line=line)])
    client = Client()
    page = client.get(address)
    assert (page.status_code, "no-store" in page["Cache-Control"]) == (200, True)
    assert client.post(address).status_code == 422
    assert [client.post(address, {"choice": wanted}).status_code for _ in range(2)] == [302, 302]
    other = {"credit": "money", "money": "credit"}[wanted]
    assert client.post(address, {"choice": other}).status_code == 422
    line.refresh_from_db()
    assert line.state == state


def test_a_forged_link_is_told_so(line: RefundRunLine) -> None:
    token = sign_choice(line=line)
    assert Client().get(reverse("ticketshop:choose_refund", args=[token + "x"])).status_code == 404
