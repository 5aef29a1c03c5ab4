"""Who enters the administration, and what each may do there: the same ladder for every page."""

from urllib.parse import quote

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from contacts.authentication import CHANGEABLE, DELETABLE
from contacts.models import User
from institution_settings.choices import Role
from tests.admin.conftest import Login, person
from tests.counter import Counter
from tests.venue import PASSWORD, Venue
from tests.vouchers import gift_card

SEALED = {
    "journal.operation", "journal.chain", "journal.entry",
    "credit.creditaccount", "credit.movement", "credit.hold",
    "payments.approval", "payments.payment", "payments.refund", "payments.voucher",
    "tills.tillsession", "sales.order", "sales.price", "sales.ticket",
}  # fmt: skip


def pages() -> list[type[Model]]:
    """Every page of the administration that is ours."""
    own = {"journal", "institution_settings", "contacts", "tills", "credit", "sales", "payments"}
    models = [model for model in admin.site._registry if model._meta.app_label in own]
    return sorted(models, key=lambda model: model._meta.label_lower)


def address(model: type[Model], page: str, *arguments: object) -> str:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
    return reverse(name, args=arguments)


@pytest.fixture
def busy_venue(counter: Counter) -> Venue:
    """A venue where something of everything has happened."""
    zoe = counter.venue.contact()
    counter.deposit(zoe, "50.00")
    voucher = counter.sell_voucher("30.00")
    paid = counter.sell(
        ["21.10", "21.10"],
        ("BON", "10.00", voucher.code),
        ("AVOIR", "12.20"),
        ("ESPECES", "20.00"),
        contact=zoe,
    )
    counter.refund(paid, paid.tickets[:1])
    gift_card()
    return counter.venue


def test_every_page_has_its_rights() -> None:
    ours = {model._meta.label_lower for model in pages()}
    assert ours - CHANGEABLE == SEALED
    assert DELETABLE < CHANGEABLE


def test_a_deep_link_leads_through_the_login_and_back(client: Client, venue: Venue) -> None:
    person(Role.ADMINISTRATOR)
    wanted = reverse("admin:contacts_contact_changelist")
    first = client.get(wanted, follow=True)
    assert first.redirect_chain[-1][0] == f"/comptes/login/?next={quote(wanted, safe='')}"
    typed = {"login": "administrator@tilleuls.example", "password": PASSWORD, "next": wanted}
    back = client.post("/comptes/login/", typed, follow=True)
    assert back.redirect_chain == [(wanted, 302)]
    assert back.status_code == 200


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR, Role.ACCOUNTANT])
def test_who_works_elsewhere_does_not_enter(login: Login, role: Role) -> None:
    browser = login(role)
    for model in pages():
        assert browser.get(address(model, "changelist"), follow=True).status_code == 403


def test_nobody_is_sent_to_the_login(client: Client, venue: Venue) -> None:
    for model in pages():
        answer = client.get(address(model, "changelist"), follow=True)
        assert answer.redirect_chain[-1][0].partition("?")[0] == "/comptes/login/"


def test_whoever_left_does_not_enter(login: Login) -> None:
    browser = login(Role.ADMINISTRATOR)
    leaver = person(Role.ADMINISTRATOR)
    leaver.is_active = False
    leaver.save()
    answer = browser.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0] == "/comptes/login/?next=%2Fadmin%2F"


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_each_page_gives_what_the_role_may(busy_venue: Venue, login: Login, role: Role) -> None:
    browser = login(role)
    assert browser.get("/admin/").status_code == 200
    for model in pages():
        label = model._meta.label_lower
        changes = role == Role.ADMINISTRATOR and label in CHANGEABLE
        adds = changes and label != "institution_settings.institution"
        for query in ({}, {"q": "zoé"}):
            assert browser.get(address(model, "changelist"), query).status_code == 200, label
        assert browser.get(address(model, "add")).status_code == (200 if adds else 403), label
        row = model._default_manager.first()
        if row is not None:
            shown = browser.get(address(model, "change", row.pk))
            assert shown.status_code == 200, label
            assert (b'name="_save"' in shown.content) is changes, label
            assert browser.get(address(model, "history", row.pk)).status_code == 200, label


def test_something_of_everything_was_looked_at(busy_venue: Venue) -> None:
    empty = [model for model in pages() if not model._default_manager.exists()]
    assert {model._meta.label_lower for model in empty} <= {"credit.hold", "payments.approval"}


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_c4_what_is_sealed_is_never_changed_whatever_is_forged(
    busy_venue: Venue, login: Login, role: Role
) -> None:
    browser = login(role)
    if role == Role.ADMINISTRATOR:
        # Not even somebody who was given everything.
        User.objects.filter(pk=person(role).pk).update(is_superuser=True)
    for model in (model for model in pages() if model._meta.label_lower in SEALED):
        label = model._meta.label_lower
        before = list(model._default_manager.order_by("pk").values())
        pk = before[0]["id"] if before else 1
        forged = {"amount_minor": 1, "post": "yes", "_save": "1", "action": "delete_selected"}
        forged |= {"_selected_action": str(pk), "select_across": "1"}
        assert browser.post(address(model, "add"), forged).status_code == 403, label
        for page in ("delete", "change") if before else ():
            assert browser.post(address(model, page, pk), forged).status_code == 403, label
        browser.post(address(model, "changelist"), forged)
        assert list(model._default_manager.order_by("pk").values()) == before, label


@pytest.mark.parametrize("wrong", ["0", "-1", "abc", "9" * 30, "1_5F", "%00"])
def test_a_page_that_does_not_exist_is_not_a_500(
    busy_venue: Venue, chef: Client, wrong: str
) -> None:
    for model in pages():
        base = address(model, "changelist")
        statuses = {
            chef.get(f"{base}{wrong}/{page}/").status_code
            for page in ("change", "delete", "history")
        }
        assert statuses <= {302, 403, 404}, model


def test_garbage_in_the_address_is_not_a_500(busy_venue: Venue, chef: Client) -> None:
    for model in pages():
        for query in ("?p=x", "?p=-3", "?o=99", "?q=%00", "?q=%F0%9F%98%80", "?kind=%27", "?all="):
            answer = chef.get(address(model, "changelist") + query, follow=True)
            assert answer.status_code in {200, 400}, (model, query)
