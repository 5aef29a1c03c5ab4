"""X: what a till took and gave, at any time (G6, I6)."""

from contacts.models import Contact
from institution_settings.choices import ModeKind
from institution_settings.models import PaymentMode
from payments.choices import Direction, Purpose, RefundChoice
from payments.selectors.takings import sum_purposes
from tests.counter import Counter
from tests.payments.tills.reports import close, x
from tests.venue import Venue
from tests.verified import findings


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
