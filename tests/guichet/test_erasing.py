"""Erasing a contact's data on screen: what goes, what stays, a supervisor's word (C11, RGP-02)."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.urls import reverse

from contacts.models import Contact
from institution_settings.choices import Role
from payments.errors import ApprovalNeeded, ErasureRefused
from payments.models import Approval
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.venue import PIN, Venue

pytestmark = pytest.mark.django_db

MARC = {"approver_code": "marc", "approver_pin": PIN}


@pytest.fixture
def zoe(counter: Counter) -> Contact:
    """Zoé, who put money on her credit and got it back."""
    zoe = counter.venue.contact()
    counter.deposit(zoe, "5.00")
    counter.payout(zoe, "5.00")
    return zoe


def is_erased(contact: Contact) -> bool:
    return Contact.objects.get(pk=contact.pk).erased_at is not None


def test_a_supervisor_erases_from_the_contacts_own_page(zoe: Contact, marc: Person) -> None:
    marc.stand_at("G1")
    assert (
        reverse("guichet:erase_contact", args=[zoe.pk])
        in marc.get("edit_contact", zoe.pk).content.decode()
    )
    page = marc.get("erase_contact", zoe.pk)
    assert (page.status_code, page.context["obstacles"]) == (200, [])
    answer = marc.post("erase_contact", zoe.pk, reason="request")
    assert answer["Location"] == reverse("guichet:contact", args=[zoe.pk])
    assert is_erased(zoe)
    shown = marc.client.get(answer["Location"]).content.decode()
    assert shown.count(f"<h1>Contact anonymisé {zoe.number}</h1>") == 1
    assert shown.count("Lefèvre") == 0
    assert shown.count(reverse("guichet:new_sale")) == 1  # the shell's own, none for the contact
    assert marc.get("credit", zoe.pk).status_code == 200


def test_an_operator_asks_and_the_pin_answers(zoe: Contact, lea: Person) -> None:
    asked = lea.post("erase_contact", zoe.pk, reason="request")
    assert (asked.status_code, is_erased(zoe)) == (422, False)
    assert asked.context["approval_reason"] == str(ApprovalNeeded(reason="erasure"))
    wrong = lea.post("erase_contact", zoe.pk, reason="request", **{**MARC, "approver_pin": "0000"})
    assert (wrong.status_code, is_erased(zoe)) == (422, False)
    answer = lea.post("erase_contact", zoe.pk, reason="request", **MARC)
    assert (answer.status_code, is_erased(zoe)) == (302, True)
    approval = Approval.objects.get(reason="erasure")
    assert (approval.person.code, approval.operator and approval.operator.code) == ("marc", "lea")


def test_what_is_in_the_way_is_said_before_anything_is_typed(
    counter: Counter, zoe: Contact, lea: Person
) -> None:
    counter.deposit(zoe, "12.40")
    page = lea.get("erase_contact", zoe.pk)
    balance = counter.venue.money("12.40")
    sentence = str(ErasureRefused(reason="balance", balance=balance))
    assert [str(one) for one in page.context["obstacles"]] == [sentence]
    assert page.content.decode().count(reverse("guichet:payout", args=[zoe.pk])) == 1
    answer = lea.post("erase_contact", zoe.pk, reason="request", **MARC)
    assert (answer.status_code, is_erased(zoe)) == (422, False)
    assert answer.context["form"].non_field_errors() == [sentence]


@pytest.mark.parametrize("reason", ["", "x", "\x00", "parce que Zoé"])
def test_a_reason_is_chosen(zoe: Contact, lea: Person, reason: str) -> None:
    answer = lea.post("erase_contact", zoe.pk, reason=reason, **MARC)
    assert (answer.status_code, is_erased(zoe)) == (422, False)
    assert list(answer.context["form"].errors) == ["reason"]


def test_the_same_click_again_leads_to_the_same_place(zoe: Contact, lea: Person) -> None:
    key = uuid4()
    sent = [lea.post("erase_contact", zoe.pk, key=key, reason="request", **MARC) for _ in range(2)]
    assert [answer["Location"] for answer in sent] == [
        reverse("guichet:contact", args=[zoe.pk])
    ] * 2
    later = lea.post("erase_contact", zoe.pk, reason="request", **MARC)
    assert later.status_code == 422
    assert later.context["form"].non_field_errors() == [str(ErasureRefused(reason="erased"))]
    assert lea.get("erase_contact", zoe.pk)["Location"] == reverse("guichet:contact", args=[zoe.pk])


def test_a_contact_never_used_is_gone(venue: Venue, lea: Person) -> None:
    contact, key = venue.contact(), uuid4()
    for _click in range(2):
        answer = lea.post("erase_contact", contact.pk, key=key, reason="mistake", **MARC)
        assert answer["Location"] == reverse("guichet:contacts")
    assert lea.get("contact", contact.pk).status_code == 404
    assert lea.get("erase_contact", contact.pk).status_code == 404
    assert lea.post("erase_contact", contact.pk, reason="mistake", **MARC).status_code == 404


def test_who_was_merged_leads_to_the_kept_one(venue: Venue, lea: Person) -> None:
    gone, kept = venue.contact(), venue.contact()
    Contact.objects.filter(pk=gone.pk).update(merged_into=kept)
    assert lea.get("erase_contact", gone.pk)["Location"] == reverse(
        "guichet:contact", args=[kept.pk]
    )


def test_the_number_finds_an_erased_contact_the_name_does_not(zoe: Contact, lea: Person) -> None:
    lea.post("erase_contact", zoe.pk, reason="request", **MARC)
    found = {text: lea.get("contacts", q=text).context["found"] for text in ("lef", zoe.number)}
    assert [contact.pk for contact, _credit in found[zoe.number]] == [zoe.pk]
    assert found["lef"] == []
    jumped = lea.post("search", q=zoe.number)
    assert jumped["Location"] == reverse("guichet:contact", args=[zoe.pk])


def test_a_form_opened_before_does_not_bring_the_name_back(zoe: Contact, lea: Person) -> None:
    lea.post("erase_contact", zoe.pk, reason="request", **MARC)
    typed = {"kind": "person", "last_name": "Lefèvre", "country": "FR"}
    assert lea.post("edit_contact", zoe.pk, **typed).status_code == 404
    assert Contact.objects.get(pk=zoe.pk).last_name == ""


def test_erasing_is_for_the_counter(zoe: Contact, ladder: Callable[..., None]) -> None:
    ladder("erase_contact", zoe.pk)


def test_customers_do_not(zoe: Contact, somebody: Callable[[Role], Person]) -> None:
    customer = somebody(Role.CUSTOMER)
    assert customer.post("erase_contact", zoe.pk, reason="request", **MARC).status_code == 403
    assert not is_erased(zoe)
