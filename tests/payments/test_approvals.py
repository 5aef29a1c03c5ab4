"""What an operator may not do alone, and who may allow it (spec §1, C4, C6, G4, G5, G7)."""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from moneyed import Money

from contacts.models import Contact, User
from contacts.services import create_operator
from credit.choices import MovementKind
from credit.errors import InsufficientCredit, WrongCurrency
from credit.models import Movement
from institution_settings.choices import Role
from payments.errors import ApprovalNeeded, ReasonNeeded
from payments.models import Approval
from payments.services import adjust_credit, give_credit, reverse_movement, transfer_credit
from tests.counter import Counter
from tests.payments.books import books, refused
from tests.venue import PASSWORD, Venue, euros
from tests.verified import findings
from tills.models import TillSession
from tills.selectors import desk_of

Act = Callable[..., int]


@pytest.fixture(params=["goodwill", "adjustment", "expiry", "waiver", "transfer", "reversal"])
def by_hand(counter: Counter, zoe: Contact, request: pytest.FixtureRequest) -> Act:
    """Each thing done to credit by hand; to be called with ``approved_by`` and more."""
    counter.deposit(zoe, "20.00")
    given = counter.goodwill(zoe, "5.00")
    counter.venue.desk("BO")  # expiry and waiver stand there; who comes first opens it for the day
    common: dict[str, Any] = {"desk": counter.desk, "reason": "typing"}
    taken = partial(adjust_credit, contact_id=zoe.pk, amount=counter.venue.money("5.00"), **common)
    martin = counter.venue.contact(last_name="Martin")
    acts: dict[str, Act] = {
        "goodwill": partial(
            give_credit, contact_id=zoe.pk, amount=counter.venue.money("5.00"), **common
        ),
        "adjustment": partial(taken, kind=MovementKind.ADJUSTMENT),
        "expiry": partial(taken, kind=MovementKind.EXPIRY),
        "waiver": partial(taken, kind=MovementKind.WAIVER),
        "transfer": partial(
            transfer_credit,
            from_contact_id=zoe.pk,
            to_contact_id=martin.pk,
            amount=counter.venue.money("5.00"),
            **common,
        ),
        "reversal": partial(reverse_movement, movement_id=given, **common),
    }
    return acts[request.param]


def person(venue: Venue, role: Role) -> User:
    return create_operator(
        email=f"{role}@tilleuls.example",
        password=PASSWORD,
        name=role.label,
        code=role.value[:20],
        role=role,
        points_of_sale=[venue.counter],
    )


def test_nobody_moves_credit_by_hand_without_a_supervisor(venue: Venue, by_hand: Act) -> None:
    with refused(ApprovalNeeded) as caught:
        by_hand(claim=venue.claim(), approved_by=None)
    assert caught.value.data["reason"] == "by_hand"


def test_an_operator_does_not_approve_himself(venue: Venue, by_hand: Act) -> None:
    with refused(ApprovalNeeded):
        by_hand(claim=venue.claim(), approved_by=venue.operator)


def test_a_supervisor_does_and_is_recorded_and_sealed(venue: Venue, by_hand: Act) -> None:
    movement = Movement.objects.get(pk=by_hand(claim=venue.claim(), approved_by=venue.supervisor))
    approval = Approval.objects.get(operation_id=movement.operation_id)
    assert (approval.person, approval.operator) == (venue.supervisor, venue.operator)
    assert (approval.reason, approval.session_id) == ("by_hand", movement.session_id)
    assert movement.operator == venue.operator
    assert findings() == []


def test_a_repeat_returns_the_first_movement(venue: Venue, by_hand: Act) -> None:
    key = uuid.uuid4()
    first = by_hand(claim=venue.claim(key), approved_by=venue.supervisor)
    before = books()
    assert by_hand(claim=venue.claim(key), approved_by=venue.supervisor) == first
    # The answer to a repeat needs no second approval: nothing is done.
    assert by_hand(claim=venue.claim(key), approved_by=None) == first
    assert books() == before


@pytest.mark.parametrize("reason", ["", "because I say so, and that is enough"])
def test_a_reason_is_needed_and_known(venue: Venue, by_hand: Act, reason: str) -> None:
    with refused(ReasonNeeded):
        by_hand(claim=venue.claim(), approved_by=venue.supervisor, reason=reason)


@pytest.mark.parametrize(
    "role", [Role.OPERATOR, Role.ACCOUNTANT, Role.AUDITOR, Role.ADMINISTRATOR, Role.CUSTOMER]
)
def test_no_other_role_approves(counter: Counter, zoe: Contact, role: Role) -> None:
    venue = counter.venue
    counter.deposit(zoe, "300.00", mode="VIREMENT")
    with refused(ApprovalNeeded):
        counter.payout(zoe, "200.00", approved_by=person(venue, role))


def test_a_supervisor_who_left_does_not_approve(counter: Counter, zoe: Contact) -> None:
    supervisor = counter.venue.supervisor
    supervisor.is_active = False
    supervisor.save(update_fields=["is_active"])
    counter.deposit(zoe, "300.00", mode="VIREMENT")
    with refused(ApprovalNeeded):
        counter.payout(zoe, "200.00", approved_by=supervisor)


def test_somebody_who_may_not_approve_is_never_recorded_as_having_done_so(
    counter: Counter, zoe: Contact
) -> None:
    counter.deposit(zoe, "20.00")
    payment = counter.payout(zoe, "5.00", approved_by=counter.venue.operator)
    assert payment.approved_by is None
    assert not Approval.objects.exists()


def test_what_a_supervisor_does_at_the_own_till_is_recorded_all_the_same(
    counter: Counter, zoe: Contact
) -> None:
    venue = counter.venue
    counter.deposit(zoe, "300.00", mode="VIREMENT")
    session = TillSession.objects.select_related("till").get(pk=counter.desk.session_id)
    own = desk_of(session=session, operator=venue.supervisor)
    counter.payout(zoe, "200.00", desk=own, approved_by=venue.supervisor)
    approval = Approval.objects.get()
    assert approval.person == approval.operator == venue.supervisor


def test_credit_by_hand_is_refused_by_the_account_like_any_other(
    counter: Counter, zoe: Contact
) -> None:
    venue = counter.venue
    counter.deposit(zoe, "20.00")
    common: dict[str, Any] = {
        "desk": counter.desk,
        "contact_id": zoe.pk,
        "kind": MovementKind.ADJUSTMENT,
        "reason": "typing",
        "approved_by": venue.supervisor,
    }
    with refused(InsufficientCredit):
        adjust_credit(claim=venue.claim(), amount=euros("20.01"), **common)
    with refused(WrongCurrency):
        adjust_credit(claim=venue.claim(), amount=Money(5, "CHF"), **common)
