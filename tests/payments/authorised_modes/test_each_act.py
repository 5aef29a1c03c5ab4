"""S3: each act in a mode not authorised for it is refused by the service itself."""

from typing import NamedTuple

import pytest

from institution_settings.errors import (
    CreditNotAllowed,
    ModeNotAllowed,
)
from institution_settings.models import PaymentMode
from institution_settings.services import (
    deactivate_payment_mode,
    deactivate_point_of_sale,
)
from payments.errors import ModeNotAuthorised
from tests.payments.authorised_modes.acts import Act, Acts, withdraw
from tests.payments.books import refused
from tests.verified import findings


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
