"""Z, and tills that roll by themselves: every payment is in exactly one (G6, S7)."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from moneyed import Money

from contacts.models import Contact, User
from institution_settings.choices import Role
from institution_settings.errors import AmountError
from journal.errors import DayIsOver, KeyReused, TillClosed
from payments.services import automatic_desk, close_till
from tests.counter import Counter
from tests.payments.books import books, refused
from tests.payments.tills.reports import close, z
from tests.venue import Venue
from tests.verified import findings
from tills.errors import TillAlreadyOpen, TillOfAnother
from tills.models import TillSession

PARIS = ZoneInfo("Europe/Paris")


MORNING = datetime(2026, 10, 5, 9, 0, tzinfo=PARIS)


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

    def test_nobody_else_closes_it_but_a_supervisor(self, venue: Venue) -> None:
        """Whatever door one comes through: the rule is the service's own (spec G6)."""
        desk = venue.desk()

        def closed_by(person: User | None) -> TillSession:
            return close_till(claim=venue.claim(), desk=desk, counted={}, operator=person)

        def colleague(role: Role, *, is_active: bool = True) -> User:
            code = f"{role}-{is_active}"
            return User.objects.create(
                email=f"{code}@tilleuls.example", code=code, role=role, is_active=is_active
            )

        left = colleague(Role.SUPERVISOR, is_active=False)
        for other in (colleague(Role.OPERATOR), colleague(Role.ACCOUNTANT), left, None):
            with refused(TillOfAnother) as caught:
                closed_by(other)
            assert caught.value.data == {"till": "G1", "operator": str(venue.operator)}
        assert closed_by(venue.supervisor).closed_by == venue.supervisor
        assert findings() == []

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
