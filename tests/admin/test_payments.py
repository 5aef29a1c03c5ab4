"""Payments in the administration: looked at, never changed."""

import re

import pytest
from django.urls import reverse

from institution_settings.choices import Role
from payments.models import Payment
from payments.services import Cheque, MoneyRequest, make_deposit
from tests.admin.conftest import Login
from tests.counter import Counter

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("drawer", ["Zoé Lefèvre", ""])
def test_whoever_drew_the_cheque_stands_on_its_page(
    counter: Counter, login: Login, drawer: str
) -> None:
    payment: Payment = make_deposit(
        claim=counter.venue.claim(),
        desk=counter.desk,
        request=MoneyRequest(
            contact_id=counter.venue.contact("Benali", "Karim").pk,
            mode_id=counter.modes["CHEQUE"].pk,
            amount=counter.venue.money("20.00"),
            cheque=Cheque(bank="BNP", number="0042", drawer=drawer),
        ),
    )
    page = login(Role.AUDITOR).get(reverse("admin:payments_payment_change", args=[payment.pk]))
    assert page.status_code == 200
    (field,) = re.findall(
        r"field-cheque_drawer.*?readonly\">(.*?)</div>", page.content.decode(), re.DOTALL
    )
    assert field == (drawer or "-")
