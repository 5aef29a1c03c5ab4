"""CHF: parts in coins never add up to more than came in (FMT-02, B64)."""

from institution_settings.models import Institution
from payments.choices import RefundChoice
from payments.errors import (
    CashLimit,
)
from payments.models import Refund
from payments.selectors.refundable import list_paid
from tests.counter import Counter
from tests.payments.books import refused
from tests.verified import findings

ORIGIN, CREDIT, MODE = RefundChoice.ORIGIN, RefundChoice.CREDIT, RefundChoice.MODE


class TestSwissCoins:
    """CHF: cash in steps of 0.05; never more in all than came in (FMT-02, B64)."""

    def test_parts_in_cash_add_up_to_what_was_taken(self, francs: Counter) -> None:
        paid = francs.sell(["0.98", "0.98"], ("ESPECES", "1.95"))
        assert paid.payments[0].tendered_minor == 195
        cash = [
            francs.refund(paid, [ticket], to=MODE, mode="ESPECES").cash for ticket in paid.tickets
        ]
        assert cash == [francs.venue.money("1.00"), francs.venue.money("0.95")]
        assert findings() == []

    def test_parts_to_origin_add_up_too(self, francs: Counter) -> None:
        paid = francs.sell(["0.98", "0.98", "0.98"], ("ESPECES", "2.95"))
        cash = [francs.refund(paid, [ticket], to=ORIGIN).cash for ticket in paid.tickets]
        assert sum(part.amount for part in cash) == francs.venue.money("2.95").amount
        assert findings() == []

    def test_what_a_card_paid_is_not_multiplied_by_coins(self, francs: Counter) -> None:
        paid = francs.sell(["0.98", "0.98", "0.98"], ("CB", "2.94"))
        cash = [
            francs.refund(paid, [ticket], to=MODE, mode="ESPECES").cash for ticket in paid.tickets
        ]
        assert sum(part.amount for part in cash) == francs.venue.money("2.95").amount
        assert list_paid(order=paid.order) == []
        assert findings() == []

    def test_to_credit_goes_the_exact_price(self, francs: Counter) -> None:
        zoe = francs.venue.contact()
        paid = francs.sell(["1.98"], ("ESPECES", "2.00"), contact=zoe)
        francs.refund(paid)
        assert francs.available(zoe) == "1.98"


def test_a_till_with_a_low_limit_still_counts_in_its_own_currency(francs: Counter) -> None:
    Institution.objects.update(cash_limit_minor=200)
    paid = francs.sell(["1.98", "1.98"], ("CB", "3.96"))
    francs.refund(paid, paid.tickets[:1], to=MODE, mode="ESPECES")
    with refused(CashLimit):
        francs.refund(paid, paid.tickets[1:], to=MODE, mode="ESPECES")
    assert Refund.objects.count() == 1
