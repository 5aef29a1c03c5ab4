"""Who sees and moves credit at the counter."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from contacts.models import Contact
from institution_settings.choices import Role
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.guichet.credit.account import typed
from tests.venue import Venue

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["credit", "deposit", "payout"])
def test_credit_is_for_the_counter(zoe: Contact, ladder: Callable[..., None], page: str) -> None:
    ladder(page, zoe.pk)


def test_a_correction_is_for_the_counter(
    zoe: Contact, counter: Counter, ladder: Callable[..., None]
) -> None:
    ladder("correct", counter.deposit(zoe, "20.00").pk)


def test_papers_are_for_staff(zoe: Contact, counter: Counter, ladder: Callable[..., None]) -> None:
    ladder("statement_pdf", zoe.pk, desk=False)


def test_a_receipt_is_for_staff(
    zoe: Contact, counter: Counter, ladder: Callable[..., None]
) -> None:
    ladder("receipt_pdf", counter.deposit(zoe, "20.00").pk, desk=False)


def test_an_accountant_does_not_move_money(
    venue: Venue, zoe: Contact, somebody: Callable[..., Person]
) -> None:
    accountant = somebody(Role.ACCOUNTANT).stand_at("G1")
    for page in ("credit", "deposit", "payout"):
        assert accountant.get(page, zoe.pk).status_code == 403


@pytest.mark.parametrize("page", ["deposit", "payout"])
def test_an_erased_or_merged_contact_has_no_form(
    venue: Venue, lea: Person, zoe: Contact, page: str
) -> None:
    Contact.objects.filter(pk=zoe.pk).update(erased_at=datetime.now(UTC))
    assert lea.get(page, zoe.pk).status_code == 404
    assert lea.post(page, zoe.pk, **typed(venue, "5")).status_code == 404
