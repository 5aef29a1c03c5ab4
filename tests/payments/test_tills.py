"""X, Z and tills that roll by themselves: every payment is in exactly one Z (G6, S7, I6)."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from moneyed import Money

from contacts.models import Contact
from institution_settings.choices import ModeKind
from institution_settings.errors import AmountError
from institution_settings.models import PaymentMode
from journal.errors import DayIsOver, KeyReused, TillClosed
from payments.choices import Direction, Purpose, RefundChoice
from payments.selectors.takings import Taking, list_takings, sum_purposes
from payments.services import automatic_desk, close_till
from tests.counter import Counter
from tests.payments.books import books, refused
from tests.venue import Venue, build_venue
from tests.verified import findings
from tills.errors import TillAlreadyOpen
from tills.models import TillSession
from tills.selectors import Desk

PARIS = ZoneInfo("Europe/Paris")
MORNING = datetime(2026, 10, 5, 9, 0, tzinfo=PARIS)


@pytest.fixture
def zoe(venue: Venue) -> Contact:
    return venue.contact()


@pytest.fixture
def swiss(db: None) -> Venue:
    return build_venue(currency="CHF")


def x(desk: Desk) -> dict[str, Taking]:
    """The X report of a session, by mode."""
    return {taking.mode.code: taking for taking in list_takings(session_id=desk.session_id)}


def close(venue: Venue, desk: Desk, **counted: str) -> TillSession:
    """Close a till with what was counted by mode."""
    return close_till(
        claim=venue.claim(),
        desk=desk,
        counted={venue.modes[mode].pk: venue.money(amount) for mode, amount in counted.items()},
        operator=venue.operator,
    )


def z(session: TillSession) -> dict[str, tuple[int, int, int, int | None]]:
    """The lines of a Z: in, out, expected, counted."""
    return {
        count.mode.code: (
            count.in_minor,
            count.out_minor,
            count.expected_minor,
            count.counted_minor,
        )
        for count in session.counts.select_related("mode")
    }


class TestX:
    def test_an_open_till_expects_its_float(self, venue: Venue) -> None:
        taking = x(venue.open("G1", float_="100.00"))["ESPECES"]
        assert (taking.expected, taking.payments) == (venue.money("100.00"), 0)

    def test_it_says_at_any_time_what_came_and_went(self, venue: Venue, zoe: Contact) -> None:
        desk = venue.open("G1", float_="100.00")
        counter = Counter(venue, desk=desk)
        paid = counter.sell(["21.10", "21.10"], ("ESPECES", "50.00"), contact=zoe)
        counter.deposit(zoe, "30.00", mode="CB")
        counter.refund(paid, paid.tickets[:1], to=RefundChoice.ORIGIN)
        told = x(desk)
        assert (told["ESPECES"].taken, told["ESPECES"].given) == (
            venue.money("42.20"),
            venue.money("21.10"),
        )
        assert told["ESPECES"].expected == venue.money("121.10")
        assert told["ESPECES"].payments == 2
        assert told["CB"].expected == venue.money("30.00")
        assert set(told) == {"ESPECES", "CB"}

    def test_a_correction_leaves_nothing_expected(self, venue: Venue, zoe: Contact) -> None:
        desk = venue.open("G1", float_="100.00")
        counter = Counter(venue, desk=desk)
        counter.correct(counter.deposit(zoe, "30.00"))
        taking = x(desk)["ESPECES"]
        assert (taking.taken, taking.given) == (venue.money("30.00"), venue.money("30.00"))
        assert taking.expected == venue.money("100.00")

    def test_vouchers_count_what_is_in_hand_and_their_change_leaves_the_drawer(
        self, venue: Venue, zoe: Contact
    ) -> None:
        PaymentMode.objects.filter(code="CHQVAC").update(gives_change=True)
        desk = venue.open("G1", float_="100.00")
        Counter(venue, desk=desk).sell(["21.10"], ("CHQVAC", "30.00"), contact=zoe)
        told = x(desk)
        assert told["CHQVAC"].expected == venue.money("30.00")
        assert told["ESPECES"].given == venue.money("8.90")
        assert told["ESPECES"].expected == venue.money("91.10")
        close(venue, desk, ESPECES="91.10", CHQVAC="30.00")
        assert findings() == []

    def test_a_surplus_is_in_hand_too(self, venue: Venue, zoe: Contact) -> None:
        desk = venue.desk()
        Counter(venue, desk=desk).sell(["21.10"], ("CHQVAC", "30.00"), contact=zoe)
        assert x(desk)["CHQVAC"].expected == venue.money("30.00")

    def test_coins_are_expected_not_prices(self, swiss: Venue) -> None:
        desk = swiss.open("G1", float_="100.00")
        Counter(swiss, desk=desk).sell(["1.98"], ("ESPECES", "5.00"))
        assert x(desk)["ESPECES"].expected == swiss.money("102.00")
        close(swiss, desk, ESPECES="102.00")
        assert findings() == []

    def test_the_float_lies_in_the_first_cash_mode_alone(self, venue: Venue) -> None:
        PaymentMode.objects.create(code="MONNAIE", label="Monnaie", kind=ModeKind.CASH, position=70)
        told = x(venue.open("G1", float_="100.00"))
        assert told["ESPECES"].expected == venue.money("100.00")
        assert told["MONNAIE"].expected == venue.money("0.00")

    def test_each_purpose_is_a_line_of_its_own(self, venue: Venue, zoe: Contact) -> None:
        desk = venue.open("G1", float_="100.00")
        counter = Counter(venue, desk=desk)
        counter.deposit(zoe, "30.00")
        paid = counter.sell(["20.00"], ("AVOIR", "5.00"), ("ESPECES", "15.00"), contact=zoe)
        counter.refund(paid)
        counter.payout(zoe, "10.00")
        cash, credit = venue.modes["ESPECES"].pk, venue.modes["AVOIR"].pk
        assert sum_purposes(session_id=desk.session_id) == {
            (cash, Purpose.DEPOSIT, Direction.IN): 3000,
            (credit, Purpose.SALE, Direction.IN): 500,
            (cash, Purpose.SALE, Direction.IN): 1500,
            (credit, Purpose.REFUND, Direction.OUT): 2000,
            (cash, Purpose.PAYOUT, Direction.OUT): 1000,
        }


class TestZ:
    def test_it_holds_what_was_expected_and_counted(self, venue: Venue, zoe: Contact) -> None:
        desk = venue.open("G1", float_="100.00")
        counter = Counter(venue, desk=desk)
        counter.sell(["20.00"], ("ESPECES", "20.00"), contact=zoe)
        counter.sell(["20.00"], ("CB", "20.00"), contact=zoe)
        session = close(venue, desk, ESPECES="119.50")
        assert z(session) == {
            "ESPECES": (2000, 0, 12000, 11950),
            "CB": (2000, 0, 2000, None),
        }
        assert str(session) == "Z-G1-0001"
        assert session.closed_by == venue.operator
        assert findings() == []

    def test_what_was_counted_of_a_mode_that_took_nothing_is_not_lost(self, venue: Venue) -> None:
        session = close(venue, venue.desk(), ESPECES="0.00", CHEQUE="20.00")
        assert z(session)["CHEQUE"] == (0, 0, 0, 2000)
        assert findings() == []

    def test_it_counts_in_its_own_currency(self, venue: Venue) -> None:
        desk = venue.desk()
        with refused(AmountError):
            close_till(
                claim=venue.claim(),
                desk=desk,
                counted={venue.modes["ESPECES"].pk: Money(5, "CHF")},
                operator=venue.operator,
            )

    def test_a_repeat_returns_the_same_z(self, venue: Venue) -> None:
        desk, key = venue.desk(), uuid.uuid4()

        def once_more(amount: str) -> TillSession:
            return close_till(
                claim=venue.claim(key),
                desk=desk,
                counted={venue.modes["ESPECES"].pk: venue.money(amount)},
                operator=venue.operator,
            )

        first = once_more("5.00")
        before = books()
        assert once_more("5.00") == first
        assert books() == before
        with refused(KeyReused):
            once_more("6.00")

    def test_a_closed_till_takes_nothing_more(self, venue: Venue, zoe: Contact) -> None:
        desk = venue.desk()
        counter = Counter(venue, desk=desk)
        order = counter.basket(["20.00"])
        close(venue, desk)
        with refused(TillClosed):
            counter.pay(order, ("CB", "20.00"))
        with refused(TillClosed):
            counter.deposit(zoe, "20.00")
        with refused(TillClosed):
            close(venue, desk)

    def test_sessions_of_one_day_have_each_their_own_z(self, venue: Venue) -> None:
        first = close(venue, venue.open("G1", float_="100.00"), ESPECES="100.00")
        desk = venue.open("G1", float_="50.00")
        Counter(venue, desk=desk).sell(["10.00"], ("ESPECES", "10.00"))
        second = close(venue, desk, ESPECES="60.00")
        assert (first.number, second.number) == (1, 2)
        assert z(first)["ESPECES"] == (0, 0, 10000, 10000)
        assert z(second)["ESPECES"] == (1000, 0, 6000, 6000)

    def test_a_till_is_open_once(self, venue: Venue) -> None:
        venue.open("G1")
        with refused(TillAlreadyOpen):
            venue.open("G1")

    def test_after_its_day_it_takes_nothing_but_is_closed(self, venue: Venue, zoe: Contact) -> None:
        desk = venue.open("G1", at=MORNING)
        counter = Counter(venue, desk=desk)
        counter.deposit(zoe, "20.00", at=MORNING)
        next_day = MORNING + timedelta(hours=20)
        with refused(DayIsOver):
            counter.deposit(zoe, "20.00", at=next_day)
        session = close_till(
            claim=venue.claim(), desk=desk, counted={}, operator=venue.operator, at=next_day
        )
        assert session.business_date == MORNING.date()
        assert z(session)["ESPECES"] == (2000, 0, 2000, None)
        assert findings() == []


class TestAutomaticTills:
    def test_one_session_a_day_opened_by_whoever_comes_first(self, venue: Venue) -> None:
        till = venue.tills["BO"]
        first = automatic_desk(till=till, at=MORNING)
        again = automatic_desk(till=till, operator=venue.operator, at=MORNING + timedelta(hours=9))
        assert again.session_id == first.session_id
        assert (first.operator_code, again.operator_code) == ("", "lea")

    def test_the_next_day_closes_it_and_opens_another(self, venue: Venue, zoe: Contact) -> None:
        till = venue.tills["BO"]
        desk = automatic_desk(till=till, operator=venue.operator, at=MORNING)
        Counter(venue, desk=desk).deposit(zoe, "20.00", mode="VIREMENT", at=MORNING)
        for day in (1, 2, 5):
            automatic_desk(till=till, at=MORNING + timedelta(days=day))
        sessions = TillSession.objects.filter(till=till).order_by("number")
        assert [session.business_date.day for session in sessions] == [5, 6, 7, 10]
        assert [session.closed_at is None for session in sessions] == [False] * 3 + [True]
        assert z(sessions[0])["VIREMENT"] == (2000, 0, 2000, None)
        assert findings() == []

    def test_the_small_hours_belong_to_the_day_before(self, venue: Venue) -> None:
        till = venue.tills["BO"]
        first = automatic_desk(till=till, at=MORNING)
        late = automatic_desk(till=till, at=MORNING.replace(day=6, hour=4, minute=59))
        early = automatic_desk(till=till, at=MORNING.replace(day=6, hour=5, minute=0))
        assert late.session_id == first.session_id
        assert early.business_date == MORNING.date() + timedelta(days=1)

    def test_one_closed_during_its_day_is_followed_by_another(self, venue: Venue) -> None:
        till = venue.tills["BO"]
        first = automatic_desk(till=till, at=MORNING)
        close_till(
            claim=venue.claim(), desk=first, counted={}, operator=venue.supervisor, at=MORNING
        )
        second = automatic_desk(till=till, at=MORNING + timedelta(hours=1))
        assert second.session_id != first.session_id
        assert second.business_date == first.business_date
        third = automatic_desk(till=till, at=MORNING + timedelta(hours=2))
        assert third.session_id == second.session_id
        assert findings() == []
