"""The demo venue: seeded through the services, once, with books that are right."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F, Model, Sum
from pytest_django import Settings

from contacts.models import Contact, User
from credit.choices import MovementKind, Side
from credit.models import CreditAccount, Hold, Movement
from guichet.management.demo.house import LOGINS, PASSWORD, PIN, voucher_to_try
from guichet.management.demo.names import ODD_PEOPLE, ORGANISATIONS
from guichet.management.demo.seeding import seed
from institution_settings.choices import Role
from institution_settings.models import Institution
from journal.models import Operation
from payments.choices import Direction, Purpose, RefundChoice
from payments.models import Payment, Refund, SumOwed, Voucher
from sales.choices import OrderState, ScanOutcome
from sales.models import Event, Order, Performance, Price, PriceCategory, Rate, Scan, Ticket
from tests.venue import Venue
from tills.choices import CashReason
from tills.models import CashMovement, ModeCount, TillSession

pytestmark = pytest.mark.django_db

SCALE = 0.05
NOW = datetime(2027, 3, 17, 15, 40, tzinfo=UTC)
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


def values(model: type[Model], field: str) -> set[object]:
    """Return what stands in a column."""
    return set(model._default_manager.values_list(field, flat=True))


def figures() -> dict[str, int]:
    """Return how much there is of everything."""
    tables = (
        *(Contact, Event, Movement, Operation, Order, Payment, Ticket, TillSession, User),
        *(CashMovement, Scan),
    )
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
    seed(now=NOW, scale=SCALE, step=lambda _done: None)

    assert values(Movement, "kind") == set(MovementKind.values)
    assert values(Movement, "mode__code") == {"AVOIR", "AVOIR-CE"}
    assert values(Payment, "purpose") == set(Purpose.values)
    assert values(Payment, "direction") == set(Direction.values)
    assert values(Refund, "choice") >= {RefundChoice.CREDIT, RefundChoice.ORIGIN}
    for parts in ("change_minor", "surplus_minor", "given_up_minor", "non_refundable_minor"):
        assert Payment.objects.filter(**{f"{parts}__gt": 0}).exists(), parts
    assert SumOwed.objects.filter(settled=None).count() == 1
    assert Refund.objects.filter(choice=RefundChoice.EXCHANGE).count() == 1
    assert Payment.objects.exclude(approved_by=None).exists()
    assert Refund.objects.filter(choice=RefundChoice.CREDIT, consent="").count() == 0
    assert Order.objects.exclude(linked_to=None).count() == 2
    states = values(Order, "state")
    assert states == set(OrderState.values) - {OrderState.AWAITING}
    assert Order.objects.filter(state=OrderState.RESERVED).count() == 3
    pending = Hold.objects.filter(released_at=None, captured=None, expires_at__gt=NOW)
    assert pending.count() == 3
    assert voucher_to_try()
    assert Voucher.objects.filter(free=True, balance_minor__gt=0).exists()
    assert CreditAccount.objects.filter(non_refundable_minor__gt=0).exists()
    assert ModeCount.objects.exclude(counted_minor=F("expected_minor")).exists()
    assert values(CashMovement, "reason") >= {CashReason.CHANGE, CashReason.EXPENSE}
    assert values(Scan, "outcome") >= {ScanOutcome.ADMITTED, ScanOutcome.ALREADY_IN}
    assert values(Payment, "identity") > {""}

    check_season()
    check_people()
    check_days()


def check_season() -> None:
    """Dates from three months ago to three months ahead, at French prices."""
    assert Event.objects.count() >= 12
    assert Performance.objects.filter(starts_at__lt=NOW - timedelta(days=80)).exists()
    assert Performance.objects.filter(starts_at__gt=NOW + timedelta(days=80)).exists()
    assert not PriceCategory.objects.filter(taken__gt=F("capacity")).exists()
    assert values(Rate, "code") == {"PLEIN", "REDUIT", "JEUNE", "GRATUIT"}
    assert values(Price, "vat_rate") == {Decimal("2.10"), Decimal("5.50")}


def check_people() -> None:
    """The odd names and the organisations at least, and one login of each role."""
    assert Contact.objects.count() == len(ODD_PEOPLE) + len(ORGANISATIONS)
    for last, first in (("=1+1", "Formule"), ("Lefèvre", "Éloïse"), ("李", "小龍"), ("Ng", "")):
        assert Contact.objects.filter(last_name=last, first_name=first).exists()
    assert values(User, "role") == set(Role.values) - {Role.CUSTOMER}


def test_a_seeding_that_was_stopped_is_finished_by_the_next() -> None:
    def stop(done: float) -> None:
        if done > 0.6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seed(now=NOW, scale=SCALE, step=stop)
    assert not Institution.objects.get().is_demo
    half = figures()

    seed(now=NOW, scale=SCALE, step=lambda _done: None)
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
