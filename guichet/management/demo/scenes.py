"""When each scene is played: how far into the story, at which till."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from math import floor

from credit.services import account_for, hold
from guichet.management.demo import scenes_counter as counter
from guichet.management.demo import scenes_office as office
from guichet.management.demo import scenes_returns as returns
from guichet.management.demo.bookings import book, fill, walk_away
from guichet.management.demo.programme import choose_seats
from guichet.management.demo.world import Moment
from institution_settings.money import to_minor
from journal.services import perform

Scene = Callable[[Moment], object]

# How far into the story (0 to 1), the till, and what happens there.
SCENES: tuple[tuple[float, str, Scene], ...] = (
    (0.00, "BO", office.take_over),
    (0.05, "G1", counter.give_a_present),
    (0.08, "BO", office.say_sorry),
    (0.12, "G1", counter.mistype),
    (0.14, "G1", walk_away),
    (0.16, "G1", counter.save_on_the_other_card),
    (0.20, "BO", office.join_the_two),
    (0.24, "G1", counter.pay_with_paper),
    (0.28, "BO", office.promise_a_seat),
    (0.32, "G1", counter.save_up),
    (0.36, "BO", office.put_right),
    (0.40, "G1", counter.bring_a_promise),
    (0.44, "G1", counter.return_a_present),
    (0.48, "BO", office.mistake_one_for_another),
    (0.52, "G1", counter.want_it_back),
    (0.56, "G1", counter.give_the_rest_up),
    (0.60, "BO", office.school_comes),
    (0.64, "G1", counter.works_council),
    (0.68, "G1", counter.invite),
    (0.72, "BO", office.let_lapse),
    (0.76, "G1", counter.bring_a_friend),
    (0.80, "BO", office.promise_a_seat),
    (0.84, "G1", counter.pay_with_everything),
    (0.88, "G1", counter.save_on_the_other_card),
    (0.92, "BO", office.renounce),
    (0.96, "G1", counter.sell_presents),
    (0.98, "G1", counter.ask_for_cash),
    (0.78, "G1", returns.owe),
    (0.93, "G1", returns.pay_what_is_owed),
    (0.94, "G1", returns.change_the_evening),
    (0.97, "G1", returns.owe),
)
# How long groups have time to pay, in days from the end of the story.
RESERVED_DAYS = (2, 5, 9)
HOLDS = 3
# Longer than the setting: whoever looks at the demo in the evening still finds them.
HELD_HOURS = 12


def scenes_by_day(days: list[date]) -> dict[date, list[tuple[str, Scene]]]:
    """Return which scenes are played on which days: working days of both the hall and office."""
    working = [day for day in days if 1 <= day.weekday() <= 5]
    played: dict[date, list[tuple[str, Scene]]] = {}
    for part, till, scene in SCENES:
        if working:
            day = working[floor(part * len(working))]
            played.setdefault(day, []).append((till, scene))
    return played


def keep_for_groups(moment: Moment, *, today: date) -> None:
    """Book seats for groups that pay later: reserved orders, each with its own date (G2)."""
    later = [show for show in moment.world.dates if show.starts_at > moment.at + timedelta(days=14)]
    moment.rng.shuffle(later)
    for days, contact in zip(RESERVED_DAYS, moment.world.people.groups, strict=False):
        until = datetime.combine(today + timedelta(days=days), time(18), tzinfo=moment.house.zone)
        party = moment.rng.randint(8, 18)
        # Not every category has so many seats left together.
        while later and not book(
            moment, show=later.pop(), party=party, contact=contact, until=until
        ):
            pass


def hold_online(moment: Moment) -> None:
    """Set credit of a few aside, as while their card is being asked for (spec C9).

    Their baskets stay open as long as any basket; the holds lapse by themselves.
    """
    held = 0
    shows = [show for show in moment.world.dates if show.starts_at > moment.at]
    for contact in moment.world.creditors.values():
        available = moment.available_minor(contact)
        if available < 1000 or not shows:
            continue
        show = moment.rng.choice(shows)
        seats = choose_seats(show, party=2, rng=moment.rng)
        order = fill(moment, seats=seats, contact=contact)
        if order is None or order.total_minor <= 1000:
            continue
        minor = min(available // 2, order.total_minor)
        _hold(moment, contact_id=contact.pk, minor=minor, reference=order.number or "")
        held += 1
        if held == HOLDS:
            return


def _hold(moment: Moment, *, contact_id: int, minor: int, reference: str) -> None:
    """One operation of its own, as the shop will make it: nothing of ``payments`` does it yet."""
    house = moment.house
    account = account_for(contact_id=contact_id, currency=house.currency)
    amount = house.money(minor)
    perform(
        claim=moment.claim(),
        kind="credit.hold",
        content={"account": account.pk, "amount": to_minor(amount), "order": reference},
        register=moment.desk.register,
        write=lambda op: hold(
            op=op,
            desk=moment.desk,
            account_id=account.pk,
            amount=amount,
            mode=house.modes["AVOIR"],
            reference=reference,
            expires_at=moment.at + timedelta(hours=HELD_HOURS),
        ),
        found=lambda _operation: None,
        at=moment.at,
    )
