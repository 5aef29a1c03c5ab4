"""The rest of a day: cash that is no payment, and who comes in at the doors (spec G6, G11)."""

import random
from datetime import datetime, timedelta

from guichet.management.demo.programme import Date
from guichet.management.demo.shifts import FLOATS
from guichet.management.demo.world import Moment, World
from institution_settings.choices import ModeKind
from payments.selectors.takings import list_takings
from payments.services import CashRequest, move_cash
from sales.choices import TicketState
from sales.models import Ticket
from sales.services import admit
from tills.choices import CashReason, CashWay

# The doors of the last days are enough to look at; each ticket let in is a sealed entry.
DOOR_DAYS = 7
# The queue begins before the show, the last come when it has begun.
DOORS_OPEN, LATECOMERS = timedelta(minutes=25), timedelta(minutes=4)
STAYED_AWAY = 0.06
# What no ticket of ours says: a ticket of another house.
FOREIGN_CODE = "TDN-2041-88-C"
# A drawer with so much more than its float is emptied into the safe, in round sums.
TO_THE_SAFE_MINOR, ROUND_MINOR = 20_000, 5_000
EXPENSES = (450, 690, 1200)


def bring_change(moment: Moment) -> None:
    """Coins and small notes for a till that has just been opened."""
    _move(moment, CashWay.IN, CashReason.CHANGE, 5_000)


def pay_a_small_bill(moment: Moment) -> None:
    """Adhesive tape, light bulbs: paid out of the drawer, if it holds enough."""
    minor = EXPENSES[moment.at.day % len(EXPENSES)]
    if _cash_minor(moment) > FLOATS[moment.desk.till_code] + minor:
        _move(moment, CashWay.OUT, CashReason.EXPENSE, minor)


def empty_into_the_safe(moment: Moment) -> None:
    """What lies in the drawer far above its float goes to the safe before it is counted."""
    spare = _cash_minor(moment) - FLOATS[moment.desk.till_code]
    if spare > TO_THE_SAFE_MINOR:
        _move(moment, CashWay.OUT, CashReason.SAFE, spare // ROUND_MINOR * ROUND_MINOR)


def _cash_minor(moment: Moment) -> int:
    takings = list_takings(session_id=moment.desk.session_id)
    return next(one.expected_minor for one in takings if one.mode.kind == ModeKind.CASH)


def _move(moment: Moment, way: CashWay, reason: CashReason, minor: int) -> None:
    move_cash(
        claim=moment.claim(),
        desk=moment.desk,
        request=CashRequest(way=way, reason=reason, amount=moment.house.money(minor)),
        at=moment.at,
    )


def let_in(world: World, *, show: Date, others: list[Date], rng: random.Random) -> None:
    """Scan the tickets of a show in the order of the queue; a few people are sent away.

    One ticket is shown twice, somebody is at the wrong door, one ticket is of another house.
    """
    codes = _queue(show, rng)
    if len(codes) > 2:
        codes.append((show.starts_at + LATECOMERS, codes[0][1]))
        codes.append((show.starts_at, FOREIGN_CODE))
    elsewhere = [code for other in others for _at, code in _queue(other, rng)[:1]]
    codes += [(show.starts_at, code) for code in elsewhere[:1]]
    hugo = world.house.people["hugo"]
    for at, code in sorted(codes):
        admit(claim=world.claim(hugo), performance_id=show.id, code=code, operator=hugo, at=at)


def _queue(show: Date, rng: random.Random) -> list[tuple[datetime, str]]:
    """Return when each of those who come shows which ticket: never before it was sold."""
    tickets = Ticket.objects.filter(performance=show.id, state=TicketState.VALID).order_by("id")
    queue = []
    for token, sold_at in tickets.values_list("token", "operation__at"):
        early = DOORS_OPEN * rng.random()
        if rng.random() >= STAYED_AWAY:
            queue.append((max(show.starts_at - early, sold_at + timedelta(seconds=40)), token))
    return queue
