"""S3: elsewhere is not here, money is not credit, and several credit modes."""

import pytest

from credit.models import CreditAccount
from institution_settings.choices import ModeKind
from institution_settings.errors import (
    ModeMovesNoMoney,
    ModeNotAllowed,
    NoCreditMode,
)
from institution_settings.models import ModeAuthorisation, PaymentMode
from institution_settings.services import (
    create_point_of_sale,
)
from payments.errors import ModeNotAuthorised
from payments.models import Payment
from tests.payments.authorised_modes.acts import Acts, withdraw
from tests.payments.books import refused
from tests.venue import Venue
from tests.verified import findings


def test_what_is_authorised_elsewhere_is_not_authorised_here(acts: Acts) -> None:
    """The modes of the back office are no modes of the counter."""
    counter = acts.counter
    ModeAuthorisation.objects.filter(point_of_sale=counter.venue.counter).delete()
    for done, refusal in (
        (acts.sale("CB"), ModeNotAuthorised),
        (acts.refund_in("CB"), ModeNotAuthorised),
        (acts.refund_to_credit(), ModeNotAuthorised),
        (acts.deposit("CB"), ModeNotAllowed),
        (acts.payout("CB"), ModeNotAllowed),
    ):
        with refused(refusal):
            done()


def test_a_new_point_of_sale_has_credit_both_ways(venue: Venue) -> None:
    place = create_point_of_sale(code="BAR", name="Bar", channel="counter")
    rows = ModeAuthorisation.objects.filter(point_of_sale=place)
    assert list(rows.values_list("mode__code", "payment", "refund")) == [("AVOIR", True, True)]


@pytest.mark.parametrize("mode", ["AVOIR", "BON", "CHQVAC"])
def test_deposits_and_payouts_are_money_alone(acts: Acts, mode: str) -> None:
    for done in (acts.deposit(mode), acts.payout(mode)):
        with refused(ModeMovesNoMoney):
            done()


@pytest.mark.parametrize("mode", ["AVOIR", "BON", "CHQVAC"])
def test_a_refund_in_another_mode_is_money_alone(acts: Acts, mode: str) -> None:
    with refused(ModeNotAuthorised):
        acts.refund_in(mode)()


def test_a_refund_to_credit_needs_a_credit_mode(acts: Acts) -> None:
    with refused(ModeNotAuthorised):
        acts.refund_to_credit("ESPECES")()
    with refused(NoCreditMode):
        acts.deposit("ESPECES", "CB")()


def test_a_mode_that_does_not_exist_is_refused_like_any_other(acts: Acts) -> None:
    counter = acts.counter
    gone = PaymentMode(pk=10**9, code="RIEN", label="Rien", kind=ModeKind.CARD)
    counter.modes["RIEN"] = gone
    for done, refusal in (
        (acts.sale("RIEN"), ModeNotAuthorised),
        (acts.refund_in("RIEN"), ModeNotAuthorised),
        (acts.deposit("RIEN"), ModeNotAllowed),
        (acts.payout("RIEN"), ModeNotAllowed),
    ):
        with refused(refusal):
            done()


def test_the_first_credit_mode_is_taken_and_another_may_be_chosen(
    acts: Acts, schools: PaymentMode
) -> None:
    first = acts.deposit("ESPECES")()
    chosen = acts.deposit("ESPECES", "SCOLAIRE")()
    assert isinstance(first, Payment)
    assert isinstance(chosen, Payment)
    assert first.movement is not None
    assert chosen.movement is not None
    assert first.movement.mode == acts.counter.modes["AVOIR"]
    assert chosen.movement.mode == schools
    assert first.movement.account_id == chosen.movement.account_id
    assert CreditAccount.objects.count() == 1


def test_the_next_credit_mode_in_order_steps_in(acts: Acts, schools: PaymentMode) -> None:
    withdraw(acts.counter, "AVOIR", "refund")
    payment = acts.deposit("ESPECES")()
    assert isinstance(payment, Payment)
    assert payment.movement is not None
    assert payment.movement.mode == schools


def test_a_credit_mode_withdrawn_does_not_pay_though_the_other_does(
    acts: Acts, schools: PaymentMode
) -> None:
    withdraw(acts.counter, "AVOIR", "payment")
    withdrawn = acts.sale("AVOIR")
    with refused(ModeNotAuthorised):
        withdrawn()
    acts.sale("SCOLAIRE")()
    assert findings() == []


def test_without_a_credit_mode_for_refund_a_coded_voucher_keeps_its_rest(acts: Acts) -> None:
    counter = acts.counter
    withdraw(counter, "AVOIR", "refund")
    before = counter.available(acts.zoe)
    order = counter.basket(["5.00"], contact=acts.zoe)
    counter.pay(order, ("BON", "30.00", acts.voucher.code))
    acts.voucher.refresh_from_db()
    assert acts.voucher.balance == counter.venue.money("25.00")
    assert counter.available(acts.zoe) == before
