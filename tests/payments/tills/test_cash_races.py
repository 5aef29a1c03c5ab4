"""Cash taken out by several at once, and while the till is closed: no cent leaves twice (G6)."""

from collections import Counter as Tally
from collections.abc import Callable, Sequence
from functools import partial

import pytest

from institution_settings.money import to_minor
from payments.selectors.takings import list_takings
from payments.services import CashRequest, close_till, move_cash
from tests.processes import count_deadlocks, in_processes
from tests.venue import Venue
from tests.verified import findings
from tills.choices import CashReason, CashWay
from tills.models import CashMovement, ModeCount, TillSession
from tills.selectors import Desk, desk_of

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(committed_venue: Venue) -> Desk:
    """A drawer with 100 € in it."""
    return committed_venue.open("G1", float_="100.00")


def move(venue: Venue, desk: Desk, way: CashWay, amount: str) -> CashMovement:
    return move_cash(
        claim=venue.claim(),
        desk=desk,
        request=CashRequest(way=way, reason=CashReason.SAFE, amount=venue.money(amount)),
    )


def close(venue: Venue, desk: Desk) -> TillSession:
    return close_till(claim=venue.claim(), desk=desk, counted={}, operator=venue.operator)


def race(acts: Sequence[Callable[[], object]]) -> dict[str, int]:
    """Do all at once; return how many of each sort came back, and let nothing lock up."""
    before = count_deadlocks()
    results = in_processes(acts)
    assert count_deadlocks() == before
    return dict(Tally(type(result).__name__ for result in results))


def moved(way: CashWay) -> int:
    """What went one way, in minor units."""
    rows = CashMovement.objects.filter(way=way)
    return sum(rows.values_list("amount_minor", flat=True))


def test_the_drawers_last_money_is_taken_out_once(committed_venue: Venue, desk: Desk) -> None:
    """Léa and Marc, at one drawer, both take its 100 € to the safe."""
    of_marc = desk_of(
        session=TillSession.objects.select_related("till").get(),
        operator=committed_venue.supervisor,
    )
    hands = [
        partial(move, committed_venue, each, CashWay.OUT, "100.00") for each in (desk, of_marc)
    ]
    assert race(hands * 2) == {"CashMovement": 1, "NotInDrawer": 3}
    (drawer,) = list_takings(session_id=desk.session_id)
    assert (drawer.expected_minor, moved(CashWay.OUT)) == (0, 10000)
    assert findings() == []


def test_what_is_put_in_meanwhile_may_be_taken_out(committed_venue: Venue, desk: Desk) -> None:
    """However they follow each other, no more leaves than lay there, and the sums are right."""
    acts = [partial(move, committed_venue, desk, CashWay.OUT, "60.00") for _hand in range(4)]
    acts += [partial(move, committed_venue, desk, CashWay.IN, "20.00") for _hand in range(2)]
    told = race(acts)
    taken = moved(CashWay.OUT) // 6000
    assert moved(CashWay.IN) == 4000
    assert taken in (1, 2)
    assert told == {"CashMovement": 2 + taken, "NotInDrawer": 4 - taken}
    (drawer,) = list_takings(session_id=desk.session_id)
    assert drawer.expected_minor == 10000 + 4000 - taken * 6000
    assert findings() == []


def test_cash_put_in_while_the_till_is_closed_is_in_its_z_or_refused(
    committed_venue: Venue, desk: Desk
) -> None:
    acts: list[Callable[[], object]] = [
        partial(move, committed_venue, desk, way, "10.00")
        for way in (CashWay.IN, CashWay.OUT, CashWay.IN)
    ]
    told = race([*acts, partial(close, committed_venue, desk)])
    assert told.get("TillSession") == 1
    assert told.get("CashMovement", 0) + told.get("TillClosed", 0) == 3
    z = ModeCount.objects.get(mode__kind="cash")
    put_in, taken_out = moved(CashWay.IN), moved(CashWay.OUT)
    assert (z.put_in_minor, z.taken_out_minor) == (put_in, taken_out)
    assert z.expected_minor == to_minor(committed_venue.money("100.00")) + put_in - taken_out
    assert findings() == []
