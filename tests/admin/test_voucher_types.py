"""Types of vouchers in the administration (spec G7, S5)."""

import pytest
from django.test import Client
from django.urls import reverse

from institution_settings.choices import Role
from institution_settings.errors import SettingInUse
from payments.models import VoucherType
from tests.admin.conftest import Login, errors, form_of, said
from tests.counter import Counter
from tests.vouchers import gift_card, sell

pytestmark = pytest.mark.django_db
NEW = reverse("admin:payments_vouchertype_add")


def page(type_: VoucherType, name: str = "change") -> str:
    return reverse(f"admin:payments_vouchertype_{name}", args=[type_.pk])


def test_a_type_is_made(chef: Client) -> None:
    typed = form_of(chef, NEW, code="CADEAU", label="Carte cadeau", validity_months="12")
    assert chef.post(NEW, typed).status_code == 302
    made = VoucherType.objects.get()
    assert (made.code, made.validity_months, made.refundable, made.active) == (
        "CADEAU",
        12,
        True,
        True,
    )
    assert made.history.count() == 1


@pytest.mark.parametrize(
    ("typed", "beside"),
    [
        ({"code": "carte cadeau"}, "code"),
        ({"label": ""}, "label"),
        ({"validity_months": "121"}, "validity_months"),
        ({"validity_days": "x"}, "validity_days"),
        ({"validity_months": "12", "validity_days": "90"}, "__all__"),
        ({"validity_days": "0"}, "__all__"),
        ({"use": "free"}, "__all__"),
    ],
)
def test_what_contradicts_itself_is_refused_with_a_sentence(
    chef: Client, typed: dict[str, str], beside: str
) -> None:
    right = {"code": "CADEAU", "label": "Carte cadeau"}
    answer = chef.post(NEW, form_of(chef, NEW, **{**right, **typed}))
    assert list(errors(answer)) == [beside]
    assert not VoucherType.objects.exists()


def test_change_in_cash_needs_a_refundable_type(chef: Client) -> None:
    typed = form_of(chef, NEW, code="CADEAU", label="Carte", gives_change="on")
    del typed["refundable"]
    assert list(errors(chef.post(NEW, typed))) == ["__all__"]


def test_its_rules_are_shown_and_not_asked(chef: Client) -> None:
    type_ = gift_card()
    typed = form_of(chef, page(type_))
    assert not set(typed) & {"code", "refundable", "gives_change", "validity_months"}
    forged = {**typed, "label": "Carte", "code": "AUTRE", "validity_months": "1"}
    assert chef.post(page(type_), forged).status_code == 302
    type_.refresh_from_db()
    assert (type_.code, type_.label, type_.validity_months) == ("CADEAU", "Carte", 12)


def test_once_used_it_is_deactivated_and_not_deleted(chef: Client, counter: Counter) -> None:
    used, unused = gift_card(), gift_card(code="NOEL")
    sell(counter, "20.00", used)
    answer = chef.post(page(used, "delete"), {"post": "yes"}, follow=True)
    assert said(answer) == [str(SettingInUse(name="Carte cadeau"))]
    chef.post(page(unused, "delete"), {"post": "yes"})
    assert list(VoucherType.objects.all()) == [used]
    typed = form_of(chef, page(used))
    del typed["active"]
    chef.post(page(used), typed)
    used.refresh_from_db()
    assert used.active is False


@pytest.mark.parametrize(
    ("role", "status"), [(Role.ADMINISTRATOR, 200), (Role.AUDITOR, 403), (Role.SUPERVISOR, 403)]
)
def test_who_makes_types(login: Login, role: Role, status: int) -> None:
    assert login(role).get(NEW, follow=True).status_code == status
