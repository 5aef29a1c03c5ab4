"""S3: each act in a mode that is not authorised for it is refused by the service itself."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import pytest

from contacts.models import Contact
from credit.models import CreditAccount
from institution_settings.choices import ModeKind
from institution_settings.errors import (
    CreditNotAllowed,
    ModeMovesNoMoney,
    ModeNotAllowed,
    NoCreditMode,
)
from institution_settings.models import ModeAuthorisation, PaymentMode
from institution_settings.services import (
    authorise,
    create_point_of_sale,
    deactivate_payment_mode,
    deactivate_point_of_sale,
)
from payments.choices import RefundChoice
from payments.errors import ModeNotAuthorised
from payments.models import Payment
from payments.selectors.results import CheckoutResult
from payments.services import MoneyRequest, make_deposit, make_payout
from tests.counter import Counter
from tests.payments.books import refused
from tests.venue import Venue
from tests.verified import findings

Act = Callable[[], object]


class Acts:
    """Every act of S3, ready to be done in a mode: all of them work before it is forbidden."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter
        self.zoe: Contact = counter.venue.contact()
        counter.deposit(self.zoe, "50.00")
        self.voucher = counter.sell_voucher("30.00")
        self.paid = {mode: self._paid(mode) for mode in ("ESPECES", "CB", "BON", "AVOIR")}

    def _paid(self, mode: str) -> CheckoutResult:
        code = (self.counter.sell_voucher("5.00").code,) if mode == "BON" else ()
        order = self.counter.basket(["5.00"], contact=self.zoe)
        return self.counter.pay(order, (mode, "5.00", *code))

    def sale(self, mode: str) -> Act:
        """A sale in a mode."""
        code = (self.voucher.code,) if mode == "BON" else ()
        order = self.counter.basket(["5.00"], contact=self.zoe)
        return partial(self.counter.pay, order, (mode, "5.00", *code))

    def refund_to_origin(self, mode: str) -> Act:
        """A refund of what was paid in a mode."""
        return partial(self.counter.refund, self.paid[mode], to=RefundChoice.ORIGIN)

    def refund_in(self, mode: str) -> Act:
        """A refund in another mode."""
        return partial(self.counter.refund, self.paid["CB"], to=RefundChoice.MODE, mode=mode)

    def refund_to_credit(self, mode: str | None = None) -> Act:
        """A refund to credit, in the first credit mode or another."""
        return partial(self.counter.refund, self.paid["CB"], to=RefundChoice.CREDIT, mode=mode)

    def deposit(self, mode: str, credit_mode: str | None = None) -> Act:
        """A deposit."""
        return partial(
            make_deposit,
            claim=self.counter.venue.claim(),
            desk=self.counter.desk,
            request=self._money(mode, credit_mode),
        )

    def payout(self, mode: str, credit_mode: str | None = None) -> Act:
        """A payout."""
        return partial(
            make_payout,
            claim=self.counter.venue.claim(),
            desk=self.counter.desk,
            request=self._money(mode, credit_mode),
        )

    def _money(self, mode: str, credit_mode: str | None) -> MoneyRequest:
        modes = self.counter.modes
        return MoneyRequest(
            contact_id=self.zoe.pk,
            mode_id=modes[mode].pk,
            amount=self.counter.venue.money("5.00"),
            credit_mode_id=modes[credit_mode].pk if credit_mode else None,
        )


@pytest.fixture
def acts(counter: Counter) -> Acts:
    return Acts(counter)


def withdraw(counter: Counter, mode: str, use: str) -> None:
    """Take one use of a mode away from the counter, and leave the other."""
    rows = ModeAuthorisation.objects.filter(point_of_sale=counter.venue.counter, mode__code=mode)
    assert rows.update(**{use: False}) == 1


class Need(NamedTuple):
    """An act, whose authorisation it needs, for which use, and what refuses it without."""

    act: str
    arguments: tuple[str, ...]
    mode: str
    use: str
    refusal: type[Exception]

    def prepare(self, acts: Acts) -> Act:
        """Return the act, ready to be done."""
        done: Act = getattr(acts, self.act)(*self.arguments)
        return done


NEEDS = [
    Need("sale", ("ESPECES",), "ESPECES", "payment", ModeNotAuthorised),
    Need("sale", ("CB",), "CB", "payment", ModeNotAuthorised),
    Need("sale", ("BON",), "BON", "payment", ModeNotAuthorised),
    Need("sale", ("AVOIR",), "AVOIR", "payment", ModeNotAuthorised),
    Need("refund_to_origin", ("ESPECES",), "ESPECES", "refund", ModeNotAuthorised),
    Need("refund_to_origin", ("CB",), "CB", "refund", ModeNotAuthorised),
    Need("refund_to_origin", ("BON",), "BON", "refund", ModeNotAuthorised),
    Need("refund_to_origin", ("AVOIR",), "AVOIR", "refund", ModeNotAuthorised),
    Need("refund_in", ("ESPECES",), "ESPECES", "refund", ModeNotAuthorised),
    Need("refund_in", ("VIREMENT",), "VIREMENT", "refund", ModeNotAuthorised),
    Need("refund_to_credit", (), "AVOIR", "refund", ModeNotAuthorised),
    Need("refund_to_credit", ("AVOIR",), "AVOIR", "refund", ModeNotAuthorised),
    Need("deposit", ("ESPECES",), "ESPECES", "payment", ModeNotAllowed),
    Need("deposit", ("ESPECES",), "AVOIR", "refund", CreditNotAllowed),
    Need("deposit", ("ESPECES", "AVOIR"), "AVOIR", "refund", ModeNotAllowed),
    Need("payout", ("ESPECES",), "ESPECES", "refund", ModeNotAllowed),
    Need("payout", ("ESPECES",), "AVOIR", "payment", CreditNotAllowed),
    Need("payout", ("ESPECES", "AVOIR"), "AVOIR", "payment", ModeNotAllowed),
]
OTHER_USE = {"payment": "refund", "refund": "payment"}
each_need = pytest.mark.parametrize("need", NEEDS, ids=lambda need: "-".join(need[:1] + need[1]))


@each_need
def test_an_act_is_refused_where_its_use_is_not_authorised(acts: Acts, need: Need) -> None:
    done = need.prepare(acts)
    withdraw(acts.counter, need.mode, need.use)
    with refused(need.refusal):
        done()


@each_need
def test_an_act_is_refused_in_a_mode_no_longer_in_use(acts: Acts, need: Need) -> None:
    done = need.prepare(acts)
    deactivate_payment_mode(mode=acts.counter.modes[need.mode])
    with refused(need.refusal):
        done()


@each_need
def test_an_act_is_refused_in_a_mode_not_meant_for_it(acts: Acts, need: Need) -> None:
    done = need.prepare(acts)
    PaymentMode.objects.filter(code=need.mode).update(**{f"for_{need.use}": False})
    with refused(need.refusal):
        done()


@each_need
def test_an_act_is_refused_at_a_point_of_sale_no_longer_in_use(acts: Acts, need: Need) -> None:
    done = need.prepare(acts)
    deactivate_point_of_sale(point_of_sale=acts.counter.venue.counter)
    money = need.act in {"deposit", "payout"}
    with refused(ModeNotAllowed if money else ModeNotAuthorised):
        done()


@each_need
def test_an_act_needs_no_other_use_of_its_mode(acts: Acts, need: Need) -> None:
    done = need.prepare(acts)
    withdraw(acts.counter, need.mode, OTHER_USE[need.use])
    done()
    assert findings() == []


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


@pytest.fixture
def schools(acts: Acts) -> PaymentMode:
    counter = acts.counter
    mode = PaymentMode.objects.create(
        code="SCOLAIRE", label="Avoir scolaire", kind=ModeKind.CREDIT, position=90
    )
    authorise(point_of_sale=counter.venue.counter, mode=mode, payment=True, refund=True)
    counter.modes["SCOLAIRE"] = mode
    return mode


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
