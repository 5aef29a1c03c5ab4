"""The control box: what it finds when somebody changed the books behind the triggers (R4)."""

from dataclasses import replace

from django.db import connection

from credit.models import Movement
from reports.selectors.bordereau import get_bordereau
from reports.selectors.controls import list_controls
from reports.selectors.editions import edit_bordereau
from tests.october import October, clock
from tests.reports.conftest import OCTOBER, Money
from tests.tampering import triggers_off
from tests.venue import Venue


def broken() -> dict[str, str | None]:
    """The identities that are off in October, with the difference they show."""
    controls = list_controls(report=get_bordereau(filter=OCTOBER))
    assert [control.code for control in controls] == ["I3", "I6", "I7"]
    return {
        control.code: str(control.difference.amount) if control.difference else None
        for control in controls
        if control.broken
    }


def rewrite(statement: str, *values: object) -> None:
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_every_identity_holds_for_the_fixture(october: October) -> None:
    assert broken() == {}


def test_no_movement_keeps_every_identity(venue: Venue) -> None:
    assert broken() == {}


def test_a_filtered_bordereau_has_no_controls(october: October) -> None:
    for narrowed in (
        replace(OCTOBER, tills=("G1",)),
        replace(OCTOBER, sessions=(("G1", 1),)),
        replace(OCTOBER, opened_by=october.venue.operator),
    ):
        assert list_controls(report=get_bordereau(filter=narrowed)) == []


def test_a_changed_amount_shows_in_the_running_totals_and_on_the_z(october: October) -> None:
    deposit = Movement.objects.get(kind="DEPOT")
    rewrite("UPDATE credit_movement SET amount_minor = 5100 WHERE id = %s", deposit.pk)
    assert broken() == {"I3": "1.00", "I6": "1.00"}


def test_a_movement_told_as_another_kind_is_not_on_the_z(october: October) -> None:
    refund = Movement.objects.get(kind="REMBOURSEMENT")
    rewrite("UPDATE credit_movement SET kind = 'GESTE' WHERE id = %s", refund.pk)
    assert broken() == {"I6": "42.20"}


def test_a_payment_in_another_mode_is_not_what_moved(october: October) -> None:
    deposit = Movement.objects.get(kind="DEPOT")
    rewrite(
        "UPDATE payments_payment SET mode_id = %s WHERE movement_id = %s",
        october.modes["CB"].pk,
        deposit.pk,
    )
    assert broken() == {"I6": "100.00"}


def test_a_surplus_nobody_got_shows(october: October) -> None:
    rewrite(
        "UPDATE payments_payment SET surplus_minor = 990, tendered_minor = tendered_minor + 100"
        " WHERE surplus_minor = 890"
    )
    assert broken() == {"I6": "1.00"}


def test_money_that_went_the_wrong_way_is_a_difference_and_no_crash(october: October) -> None:
    rewrite("UPDATE payments_payment SET direction = 'out' WHERE purpose = 'sale'")
    # 21,10 and 54,60 and 8,90 paid in credit, each missing here and too much there
    assert broken() == {"I6": "169.20"}


def test_a_deleted_movement_is_missed_by_the_journal(october: October) -> None:
    """The last of its account and alone at its till: no sum can know."""
    last = Movement.objects.get(kind="EXPIRATION")
    rewrite("DELETE FROM credit_movement WHERE id = %s", last.pk)
    assert broken() == {"I7": None}


def test_a_movement_deleted_from_the_middle_is_missed_by_all(october: October) -> None:
    martin = Movement.objects.filter(account__contact__last_name="Martin").order_by("position")
    surplus, _payment = martin
    rewrite("UPDATE payments_payment SET movement_id = NULL WHERE movement_id = %s", surplus.pk)
    rewrite("DELETE FROM credit_movement WHERE id = %s", surplus.pk)
    assert broken() == {"I3": "8.90", "I6": "8.90", "I7": None}


def test_a_deleted_entry_is_a_gap(venue: Venue, money: Money) -> None:
    desk = money.open("G1", clock(5, 9, 0))
    for minute in (1, 2, 3):
        money.deposit(desk, venue.contact(), "5.00", clock(5, 10, minute))
    assert broken() == {}
    middle = Movement.objects.order_by("id")[1]
    rewrite(
        "DELETE FROM journal_entry WHERE subject_kind = 'movement' AND subject_id = %s", middle.pk
    )
    assert broken() == {"I7": None}


def test_an_edition_names_the_sessions_that_may_still_change_it(
    october: October, money: Money
) -> None:
    assert edit_bordereau(filter=OCTOBER).open_sessions == ["Z-BO-0002", "Z-WEB-0001"]
    money.open("G2", clock(20, 9, 0))
    of_counter = replace(OCTOBER, tills=("G1", "G2"))
    assert edit_bordereau(filter=OCTOBER).open_sessions == ["Z-BO-0002", "Z-G2-0003", "Z-WEB-0001"]
    assert edit_bordereau(filter=of_counter).open_sessions == ["Z-G2-0003"]
    assert edit_bordereau(filter=replace(OCTOBER, tills=("G1",))).open_sessions == []
    assert edit_bordereau(filter=replace(OCTOBER, sessions=(("G2", 1),))).open_sessions == []
