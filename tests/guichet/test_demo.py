"""The demo venue: seeded through the services, once, with books that are right."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Sum
from django.utils import timezone
from pytest_django import Settings

from contacts.models import Contact, User
from credit.choices import MovementKind, Side
from credit.models import CreditAccount, Hold, Movement
from guichet.management.demo.house import LOGINS, PASSWORD, PIN
from guichet.management.demo.names import ODD_PEOPLE, ORGANISATIONS
from guichet.management.demo.seeding import seed, voucher_to_try
from institution_settings.choices import Role
from institution_settings.models import Institution, PaymentMode
from journal.models import Operation
from payments.choices import Direction
from payments.models import Payment, Refund, Voucher
from sales.choices import OrderState
from sales.models import Event, Order, Performance, PriceCategory, Rate, Ticket
from tests.venue import Venue
from tills.models import ModeCount, TillSession

pytestmark = pytest.mark.django_db

SCALE = 0.05
DRAWERS = ("G1", "G2")


@pytest.fixture(autouse=True)
def _own_heads(settings: Settings, tmp_path: Path) -> None:
    """What this test writes is rolled back: its heads must not stay behind."""
    settings.JOURNAL_HEADS_LOG = tmp_path / "heads.log"


def run_demo() -> str:
    out = StringIO()
    call_command("demo", scale=SCALE, stdout=out)
    return out.getvalue()


def verify() -> str:
    out = StringIO()
    call_command("verify", stdout=out)  # ends with status 1 if anything is wrong
    return out.getvalue()


def figures() -> dict[str, int]:
    """Return how much there is of everything."""
    tables = (Contact, Event, Movement, Operation, Order, Payment, Ticket, TillSession, User)
    return {table.__name__: table.objects.count() for table in tables}


def sum_of(side: Side) -> int:
    found = Movement.objects.filter(side=side).aggregate(total=Sum("amount_minor"))
    return int(found["total"])


def check_books() -> None:
    """What is owed is what came in less what went out, and nothing was altered."""
    owed = CreditAccount.objects.aggregate(total=Sum("balance_minor"))["total"]
    assert owed == sum_of(Side.CREDIT) - sum_of(Side.DEBIT) > 0
    assert not CreditAccount.objects.filter(held_minor__gt=F("balance_minor")).exists()
    sold = Order.objects.filter(state=OrderState.PAID).aggregate(total=Sum("total_minor"))["total"]
    paid = Payment.objects.filter(purpose="sale").aggregate(total=Sum("amount_minor"))["total"]
    assert paid == sold
    verify()


def check_days() -> None:
    """Nothing happens outside its business day, and no drawer is left open."""
    assert not TillSession.objects.filter(closed_at=None, till__code__in=DRAWERS).exists()
    today = TillSession.objects.filter(closed_at=None).values_list("till__code", flat=True)
    assert sorted(today) == ["BO", "WEB"]
    assert Movement.objects.exclude(business_date=F("session__business_date")).count() == 0


def test_the_demo_is_seeded_once_and_its_books_are_right() -> None:
    said = run_demo()

    assert Institution.objects.get().is_demo
    assert said.splitlines()[0].endswith("0 %")
    for login in LOGINS:
        assert (login.email in said) == login.tried
    assert PASSWORD in said
    assert f"PIN {PIN}" in said
    check_books()
    check_days()

    before = figures()
    again = run_demo()
    assert figures() == before
    assert "%" not in again
    assert again.splitlines() == said.splitlines()[-len(again.splitlines()) :]


def test_every_screen_and_report_has_something_to_show() -> None:
    run_demo()

    assert set(Movement.objects.values_list("kind", flat=True)) == set(MovementKind.values)
    assert set(Rate.objects.values_list("code", flat=True)) == {
        "PLEIN",
        "REDUIT",
        "JEUNE",
        "GRATUIT",
    }
    assert PaymentMode.objects.filter(kind="credit").count() == 2
    used = set(Movement.objects.values_list("mode__code", flat=True))
    assert used == {"AVOIR", "AVOIR-CE"}
    out = set(Payment.objects.filter(direction=Direction.OUT).values_list("purpose", flat=True))
    assert out == {"refund", "payout", "deposit"}
    for parts in ({"change_minor__gt": 0}, {"surplus_minor__gt": 0}, {"given_up_minor__gt": 0}):
        assert Payment.objects.filter(**parts).exists(), parts
    assert Payment.objects.exclude(approved_by=None).exists()
    assert Refund.objects.exclude(consent="").exists()
    assert Order.objects.exclude(linked_to=None).count() == 1
    states = dict(Order.objects.values_list("state").annotate(count=Count("pk")))
    assert states[OrderState.RESERVED] == 3
    assert states[OrderState.CANCELLED] >= 1
    pending = Hold.objects.filter(released_at=None, captured=None)
    assert pending.filter(expires_at__gt=timezone.now()).count() == 3
    assert voucher_to_try()
    assert Voucher.objects.filter(free=True, balance_minor__gt=0).exists()
    assert CreditAccount.objects.filter(non_refundable_minor__gt=0).exists()
    assert ModeCount.objects.exclude(counted_minor=F("expected_minor")).exists()


def test_the_season_and_the_people() -> None:
    run_demo()

    now = timezone.now()
    assert Event.objects.count() >= 12
    assert Performance.objects.filter(starts_at__lt=now - timedelta(days=70)).exists()
    assert Performance.objects.filter(starts_at__gt=now + timedelta(days=70)).exists()
    assert not PriceCategory.objects.filter(taken__gt=F("capacity")).exists()
    rates = set(Ticket.objects.values_list("vat_rate", flat=True))
    assert rates == {0} | rates  # never empty
    assert Contact.objects.count() == len(ODD_PEOPLE) + len(ORGANISATIONS)
    assert Contact.objects.filter(last_name="=1+1").exists()
    assert {user.role for user in User.objects.all()} == set(Role.values) - {Role.CUSTOMER}


def test_a_seeding_that_was_stopped_is_finished_by_the_next() -> None:
    def stop(done: float) -> None:
        if done > 0.6:
            raise KeyboardInterrupt

    now = timezone.now()
    with pytest.raises(KeyboardInterrupt):
        seed(now=now, scale=SCALE, step=stop)
    assert not Institution.objects.get().is_demo
    half = figures()

    run_demo()
    assert Institution.objects.get().is_demo
    whole = figures()
    for same in ("Contact", "Event", "User"):
        assert whole[same] == half[same]
    assert whole["Order"] > half["Order"]
    check_books()
    check_days()


def test_somebodys_own_venue_is_left_alone(venue: Venue) -> None:
    before = figures()
    said = run_demo()

    assert figures() == before
    assert not Institution.objects.get().is_demo
    assert venue.institution.name in said
    assert PASSWORD not in said


@pytest.mark.parametrize("typed", ["0", "-1", "11", "beaucoup", "nan"])
def test_a_size_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(CommandError):
        call_command("demo", f"--scale={typed}")
    assert not Institution.objects.exists()
