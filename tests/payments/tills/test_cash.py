"""Cash put into a drawer and taken out of it: counted in its session, in no taking (G6)."""

import uuid

import pytest
from django.db import Error, connection, transaction

from contacts.models import Contact
from credit.errors import AmountNotPositive
from institution_settings.choices import ModeKind
from institution_settings.models import PaymentMode
from journal.errors import AppendOnlyViolation, DayIsOver, KeyReused, TillClosed
from payments.errors import NotInDrawer
from payments.selectors.sealed.comparing import ROW_DIFFERS, ROW_GONE
from payments.selectors.takings import sum_purposes
from payments.selectors.verification import FAULTS
from payments.services import CashRequest, move_cash
from tests.counter import Counter
from tests.payments.books import books, refused
from tests.payments.tills.reports import close, x, z
from tests.payments.tills.test_z import MORNING
from tests.tampering import tamper
from tests.venue import Venue
from tests.verified import findings
from tills.choices import CashReason, CashWay
from tills.models import CashMovement
from tills.selectors import Desk


def move(
    venue: Venue,
    desk: Desk,
    way: str,
    amount: str,
    *,
    reason: CashReason = CashReason.BANK,
    key: uuid.UUID | None = None,
) -> CashMovement:
    return move_cash(
        claim=venue.claim(key),
        desk=desk,
        request=CashRequest(way=CashWay(way), reason=reason, amount=venue.money(amount)),
    )


def test_it_counts_in_the_drawer_and_in_no_taking(venue: Venue, zoe: Contact) -> None:
    desk = venue.open("G1", float_="100.00")
    Counter(venue, desk=desk).deposit(zoe, "30.00")
    before = sum_purposes(session_id=desk.session_id)
    move(venue, desk, "in", "50.00", reason=CashReason.CHANGE)
    move(venue, desk, "out", "120.00")
    cash = x(desk)["ESPECES"]
    assert (cash.taken, cash.given) == (venue.money("30.00"), venue.money("0.00"))
    assert (cash.put_in, cash.taken_out) == (venue.money("50.00"), venue.money("120.00"))
    assert (cash.payments, cash.expected) == (1, venue.money("60.00"))
    assert sum_purposes(session_id=desk.session_id) == before
    assert findings() == []


def test_the_z_says_it_and_the_next_session_begins_anew(venue: Venue, zoe: Contact) -> None:
    desk = venue.open("G1", float_="100.00")
    move(venue, desk, "in", "20.00")
    move(venue, desk, "out", "5.00", reason=CashReason.EXPENSE)
    count = close(venue, desk, ESPECES="114.00").counts.get(mode__code="ESPECES")
    assert (count.put_in, count.taken_out) == (venue.money("20.00"), venue.money("5.00"))
    assert (count.expected, count.counted) == (venue.money("115.00"), venue.money("114.00"))
    again = venue.open("G1", float_="50.00")
    Counter(venue, desk=again).deposit(zoe, "10.00")
    assert z(close(venue, again, ESPECES="60.00"))["ESPECES"] == (1000, 0, 6000, 6000)
    assert findings() == []


def test_no_more_is_taken_out_than_should_be_there(venue: Venue) -> None:
    desk = venue.open("G1", float_="100.00")
    with refused(NotInDrawer):
        move(venue, desk, "out", "100.01")
    move(venue, desk, "out", "100.00")
    with refused(NotInDrawer):
        move(venue, desk, "out", "0.01")
    assert x(desk)["ESPECES"].expected == venue.money("0.00")


@pytest.mark.parametrize("amount", ["0.00", "-1.00"])
def test_nothing_is_no_movement(venue: Venue, amount: str) -> None:
    desk = venue.desk()
    with refused(AmountNotPositive):
        move(venue, desk, "in", amount)


def test_a_repeat_moves_it_once(venue: Venue) -> None:
    desk, key = venue.desk(), uuid.uuid4()
    first = move(venue, desk, "in", "20.00", key=key)
    before = books()
    assert move(venue, desk, "in", "20.00", key=key) == first
    assert books() == before
    with refused(KeyReused):
        move(venue, desk, "out", "20.00", key=key)
    assert CashMovement.objects.count() == 1


def test_a_till_that_is_closed_or_of_yesterday_moves_nothing(venue: Venue) -> None:
    desk = venue.desk("G1")
    close(venue, desk)
    with refused(TillClosed):
        move(venue, desk, "in", "20.00")
    yesterday = venue.open("G2", at=MORNING)
    with refused(DayIsOver):
        move(venue, yesterday, "in", "20.00")


def test_it_lies_with_the_float_in_the_first_cash_mode(venue: Venue) -> None:
    PaymentMode.objects.create(code="MONNAIE", label="Monnaie", kind=ModeKind.CASH, position=70)
    desk = venue.open("G1", float_="10.00")
    assert move(venue, desk, "in", "5.00").mode == venue.modes["ESPECES"]
    told = x(desk)
    assert told["ESPECES"].expected == venue.money("15.00")
    assert told["MONNAIE"].expected == venue.money("0.00")


def test_it_is_written_once(venue: Venue) -> None:
    moved = move(venue, venue.desk(), "in", "5.00")
    with pytest.raises(AppendOnlyViolation):
        CashMovement.objects.filter(pk=moved.pk).update(amount_minor=1)
    for statement in (
        "UPDATE tills_cashmovement SET amount_minor = 1",
        "DELETE FROM tills_cashmovement",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


class TestVerify:
    @pytest.mark.parametrize("change", ["amount_minor = 1", "way = 'out'", "reason = 'safe'"])
    def test_it_finds_a_changed_movement(self, venue: Venue, change: str) -> None:
        move(venue, venue.open("G1", float_="100.00"), "in", "5.00")
        tamper(f"UPDATE tills_cashmovement SET {change}")
        assert [finding.what for finding in findings()] == [ROW_DIFFERS]

    def test_it_finds_a_missing_movement_and_the_z_that_counts_it(self, venue: Venue) -> None:
        desk = venue.open("G1", float_="100.00")
        move(venue, desk, "in", "5.00")
        close(venue, desk, ESPECES="105.00")
        tamper("DELETE FROM tills_cashmovement")
        assert {(f.where, str(f.what)) for f in findings()} == {
            ("G1-000002", str(ROW_GONE)),
            ("Z-G1-0001", str(FAULTS["counts"])),
        }

    @pytest.mark.parametrize("column", ["put_in_minor", "taken_out_minor"])
    def test_it_finds_a_changed_count(self, venue: Venue, column: str) -> None:
        desk = venue.open("G1", float_="100.00")
        move(venue, desk, "in", "5.00")
        close(venue, desk, ESPECES="105.00")
        tamper(f"UPDATE tills_modecount SET {column} = {column} + 1")
        assert {(f.where, str(f.what)) for f in findings()} == {
            ("G1-000003", str(ROW_DIFFERS)),
            ("Z-G1-0001", str(FAULTS["counts"])),
        }
