"""Goodwill, adjustment, expiry, waiver, their reversals, and holds released (spec C4, C6, C9)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from contacts.models import Contact
from credit.models import Hold, Movement
from credit.selectors import get_standing
from credit.services import account_for, hold
from journal.services import perform
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.guichet.credit.account import balance
from tests.venue import PIN, Venue
from tests.verified import findings

pytestmark = pytest.mark.django_db

MARC = {"approver_code": "marc", "approver_pin": PIN}


def last() -> Movement:
    return Movement.objects.select_related("session__till").latest("id")


@pytest.fixture
def held(venue: Venue, zoe: Contact, counter: Counter) -> Hold:
    """12.50 € of Zoé's 20.00 €, set aside for order 1042."""
    counter.deposit(zoe, "20.00")
    account = account_for(contact_id=zoe.pk, currency=venue.currency)
    return perform(
        claim=venue.claim(),
        kind="test.hold",
        content={},
        register=counter.desk.register,
        write=lambda op: hold(
            op=op,
            desk=counter.desk,
            account_id=account.pk,
            amount=venue.money("12.50"),
            mode=venue.modes["AVOIR"],
            reference="1042",
            expires_at=datetime.now(UTC) + timedelta(minutes=35),
        ),
        found=lambda _operation_id: None,
    )


@pytest.mark.parametrize(
    ("kind", "after", "till"),
    [
        ("GESTE", "23.00", "G1"),
        ("AJUSTEMENT", "17.00", "G1"),
        ("EXPIRATION", "17.00", "BO"),
        ("RENONCIATION", "17.00", "BO"),
    ],
)
def test_a_supervisor_moves_credit_and_takes_it_back(
    venue: Venue, lea: Person, zoe: Contact, counter: Counter, kind: str, after: str, till: str
) -> None:
    counter.deposit(zoe, "20.00")
    sent = {"kind": kind, "amount": "3,00", "reason": "complaint", "key": str(uuid4())}
    asked = lea.post("credit_by_hand", zoe.pk, **sent)
    assert (asked.status_code, "approval" in asked.context) == (422, True)
    assert balance(venue, zoe) == "20.00"
    for _click in range(2):
        assert lea.post("credit_by_hand", zoe.pk, **sent, **MARC).status_code == 302
    movement = last()
    assert (movement.kind, movement.session.till.code) == (kind, till)
    assert balance(venue, zoe) == after
    asked = lea.post("reverse_movement", movement.pk, reason="typing")
    assert (asked.status_code, "approval" in asked.context) == (422, True)
    answer = lea.post("reverse_movement", movement.pk, reason="typing", **MARC)
    assert (answer.status_code, balance(venue, zoe)) == (302, "20.00")
    again = lea.post("reverse_movement", movement.pk, reason="typing", **MARC)
    assert (again.status_code, list(again.context["form"].errors)) == (422, ["__all__"])
    assert lea.get("reverse_movement", last().pk).status_code == 404
    assert findings() == []


def test_goodwill_that_was_spent_names_what_is_missing(
    venue: Venue, lea: Person, zoe: Contact, counter: Counter
) -> None:
    counter.goodwill(zoe, "30.00")
    gesture = last()
    counter.sell(["21.10"], ("AVOIR", "21.10"), contact=zoe)
    answer = lea.post("reverse_movement", gesture.pk, reason="typing", **MARC)
    assert answer.status_code == 422
    assert "21,10" in answer.context["form"].errors["__all__"][0]
    assert balance(venue, zoe) == "8.90"


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"kind": "DEPOT"}, "kind"),
        ({"amount": "0"}, "amount"),
        ({"amount": "20,01"}, "amount"),
        ({"reason": "takeover"}, "reason"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    venue: Venue, lea: Person, zoe: Contact, counter: Counter, typed: dict[str, str], wrong: str
) -> None:
    counter.deposit(zoe, "20.00")
    sent = {"kind": "AJUSTEMENT", "amount": "3,00", "reason": "typing", **typed, **MARC}
    answer = lea.post("credit_by_hand", zoe.pk, **sent)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [wrong])
    assert balance(venue, zoe) == "20.00"


def test_a_hold_is_released_once(venue: Venue, lea: Person, zoe: Contact, held: Hold) -> None:
    def available() -> str:
        return str(get_standing(contact_id=zoe.pk, currency="EUR").available.amount)

    assert (available(), len(lea.get("credit", zoe.pk).context["holds"])) == ("7.50", 1)
    assert lea.post("release_hold", held.pk).status_code == 302
    assert available() == "20.00"
    again = lea.post("release_hold", held.pk)
    assert (again.status_code, again.context["refused"] is not None) == (422, True)
    assert lea.post("release_hold", 0).status_code == 404
    assert findings() == []


def test_by_hand_is_for_the_counter(
    zoe: Contact, counter: Counter, ladder: Callable[..., None]
) -> None:
    ladder("credit_by_hand", zoe.pk)


def test_a_reversal_is_for_the_counter(
    zoe: Contact, counter: Counter, ladder: Callable[..., None]
) -> None:
    counter.goodwill(zoe, "3.00")
    ladder("reverse_movement", last().pk)
