"""X and Z as tests read them."""

from payments.selectors.takings import Taking, list_takings
from payments.services import close_till
from tests.venue import Venue
from tills.models import TillSession
from tills.selectors import Desk


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
