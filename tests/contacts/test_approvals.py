"""A supervisor approves with code and PIN on the operator's screen (spec §1, RGP-06)."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.db import connection

from contacts.errors import MayNotApprove, NotApproved, TooManyTries
from contacts.models import User
from contacts.services import approvals, approve, create_operator
from institution_settings.choices import Role
from institution_settings.permissions import Act

PIN = "4711"
WRONG = "1748"


class Clock:
    """The time the waits are measured with; ``pass_`` lets it go by."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def time(self) -> float:
        return self.now

    def moment(self) -> datetime:
        """The same, as the cache reads it."""
        return datetime.fromtimestamp(self.now, UTC)

    def pass_(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture(autouse=True)
def clock(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    stopped = Clock()
    monkeypatch.setattr("time.time", stopped.time)
    monkeypatch.setattr("django.core.cache.backends.db.tz_now", stopped.moment)
    cache.clear()
    yield stopped
    cache.clear()


@pytest.fixture
def marc(db: None) -> User:
    return create_operator(
        email="marc@exemple.fr",
        password="une longue phrase de passe",
        name="Marc",
        code="marc",
        role=Role.SUPERVISOR,
        pin=PIN,
    )


def refusal(call: Callable[[], User]) -> NotApproved:
    with pytest.raises(NotApproved) as caught:
        call()
    return caught.value


def wrong(code: str = "marc") -> NotApproved:
    return refusal(lambda: approve(code=code, pin=WRONG, act=Act.PAYOUT))


def test_the_right_pin_says_who_approved(marc: User) -> None:
    assert approve(code="marc", pin=PIN, act=Act.GOODWILL) == marc


def test_a_wrong_pin_and_an_unknown_code_get_the_same_words(marc: User) -> None:
    assert type(wrong()) is type(wrong("nobody")) is NotApproved
    assert str(wrong()) == str(wrong("nobody"))


@pytest.mark.parametrize("code", ["", " ", "MARC", "m arc", "%", "\x00", "\ud800", "é" * 500])
def test_a_code_is_exact(marc: User, code: str) -> None:
    assert type(refusal(lambda: approve(code=code, pin=PIN, act=Act.PAYOUT))) is NotApproved


def test_whoever_left_or_has_no_pin_approves_nothing(marc: User) -> None:
    User.objects.filter(pk=marc.pk).update(pin="")
    assert type(refusal(lambda: approve(code="marc", pin="", act=Act.PAYOUT))) is NotApproved
    User.objects.filter(pk=marc.pk).update(pin=marc.pin, is_active=False)
    assert type(refusal(lambda: approve(code="marc", pin=PIN, act=Act.PAYOUT))) is NotApproved


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ACCOUNTANT, Role.AUDITOR])
def test_only_supervisors_approve(marc: User, role: Role) -> None:
    User.objects.filter(pk=marc.pk).update(role=role)
    error = refusal(lambda: approve(code="marc", pin=PIN, act=Act.PAYOUT))
    assert type(error) is MayNotApprove
    assert error.data == {"name": "Marc"}


def test_nobody_approves_what_is_not_theirs_to_do(marc: User) -> None:
    error = refusal(lambda: approve(code="marc", pin=PIN, act=Act.ADMINISTER))
    assert type(error) is MayNotApprove


def test_after_five_wrong_pins_each_try_waits_longer(marc: User, clock: Clock) -> None:
    assert [type(wrong()) for _ in range(5)] == [NotApproved] * 5
    waits = []
    for _ in range(3):
        error = refusal(lambda: approve(code="marc", pin=PIN, act=Act.PAYOUT))
        assert type(error) is TooManyTries
        waits.append(error.data["seconds"])
        clock.pass_(float(str(waits[-1])) + 0.1)
        assert type(wrong()) is NotApproved
    assert waits == [30, 60, 120]


def test_the_right_pin_after_the_wait_begins_anew(marc: User, clock: Clock) -> None:
    for _ in range(5):
        wrong()
    clock.pass_(31)
    assert approve(code="marc", pin=PIN, act=Act.PAYOUT) == marc
    assert [type(wrong()) for _ in range(5)] == [NotApproved] * 5


def test_one_persons_tries_do_not_hinder_another(marc: User) -> None:
    for _ in range(7):
        refusal(lambda: approve(code="ghost", pin=WRONG, act=Act.PAYOUT))
    assert approve(code="marc", pin=PIN, act=Act.PAYOUT) == marc


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_burst_of_guesses_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []
    check = approvals.check_pin

    def counted(*, user: User, pin: str) -> bool:
        looked_at.append(pin)
        return check(user=user, pin=pin)

    monkeypatch.setattr(approvals, "check_pin", counted)
    start = threading.Barrier(20)

    def guess(pin: str) -> None:
        start.wait()
        try:
            refusal(lambda: approve(code="marc", pin=pin, act=Act.PAYOUT))
        finally:
            connection.close()

    threads = [threading.Thread(target=guess, args=(f"{n:04}",)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(looked_at) <= 6
