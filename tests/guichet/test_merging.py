"""Merging two contacts on screen: side by side, one stays, and parted again (spec C10)."""

import pytest

from contacts.models import Contact
from credit.models import CreditAccount
from institution_settings.choices import Role
from payments.errors import MergeSettled
from payments.models import Merge
from tests.guichet.conftest import Person
from tests.venue import Venue

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(marc: Person) -> Person:
    return marc.stand_at("G1")


@pytest.fixture
def pair(venue: Venue) -> tuple[Contact, Contact]:
    pair = (venue.contact("Lefèvre"), venue.contact("Lefèvre"))
    for contact, credit in zip(pair, ("100.00", "200.00"), strict=True):
        venue.account(contact, credit=credit)
    return pair


def merge(desk: Person, pair: tuple[Contact, Contact]) -> Merge:
    kept, other = pair
    answer = desk.post("merge_contacts", kept.pk, other.pk, kept=kept.pk)
    assert (answer.status_code, answer["Location"]) == (302, f"/guichet/contacts/{kept.pk}/")
    return Merge.objects.get(undoes=None, undone_by=None)


def test_two_are_merged_and_parted(desk: Person, pair: tuple[Contact, Contact]) -> None:
    kept, other = pair
    page = desk.get("contact", kept.pk)
    assert [one for one, _standing in page.context["similar"]] == [other]
    assert desk.get("merge_contacts", kept.pk, other.pk).status_code == 200
    made = merge(desk, pair)
    assert str(CreditAccount.objects.get(contact=kept).balance.amount) == "300.00"
    page = desk.get("contact", kept.pk)
    assert (page.context["merges"], page.context["similar"]) == ([made], [])
    old = desk.client.get(f"/guichet/contacts/{other.pk}/avoir/?fusionne=1")
    kinds = [line.history.movement.kind for line in old.context["lines"]]
    assert (old.status_code, kinds) == (200, ["TRANSFERT", "DEPOT"])
    assert desk.get("undo_merge", made.pk).status_code == 200
    assert desk.post("undo_merge", made.pk).status_code == 302
    balances = CreditAccount.objects.order_by("contact").values_list("balance_minor", flat=True)
    assert list(balances) == [10000, 20000]


def test_none_chosen_is_said(desk: Person, pair: tuple[Contact, Contact]) -> None:
    answer = desk.post("merge_contacts", pair[0].pk, pair[1].pk, kept="x")
    assert answer.status_code == 422
    assert not Merge.objects.exists()


def test_after_a_later_movement_the_reason_is_shown(
    venue: Venue, desk: Person, pair: tuple[Contact, Contact]
) -> None:
    made = merge(desk, pair)
    venue.account(pair[0], credit="5.00")
    answer = desk.post("undo_merge", made.pk)
    assert answer.status_code == 422
    assert answer.context["error"] == str(MergeSettled(reason="moved"))


def test_what_is_not_there_is_not_found(desk: Person, pair: tuple[Contact, Contact]) -> None:
    assert desk.get("merge_contacts", pair[0].pk, 999999).status_code == 404
    assert desk.get("undo_merge", 999999).status_code == 404


def test_supervisors_merge(venue: Venue, lea: Person, pair: tuple[Contact, Contact]) -> None:
    page = ("merge_contacts", pair[0].pk, pair[1].pk)
    assert Person(venue).get(*page).status_code == 302
    assert lea.get(*page).status_code == 403
    assert lea.post(*page, kept=pair[0].pk).status_code == 403
    assert not Merge.objects.exists()


def test_customers_do_not(somebody: object, pair: tuple[Contact, Contact]) -> None:
    customer = somebody(Role.CUSTOMER)  # type: ignore[operator]
    assert customer.get("merge_contacts", pair[0].pk, pair[1].pk).status_code == 403
