"""Stories an accountant could sign, every balance checked after every step."""

from tests.venue import Venue


def test_a_deposit_is_written_sealed_and_summed(venue: Venue) -> None:
    account = venue.account(credit="50.00")
    assert account.balance == venue.money("50.00")
    assert account.position == 1
