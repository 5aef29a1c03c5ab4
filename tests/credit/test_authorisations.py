"""Credit is used only where its mode is authorised, decided by the posting itself (spec S3)."""

import pytest

from credit.errors import InsufficientCredit, ModeNotAuthorised
from credit.models import CreditAccount, Hold, Movement
from institution_settings.choices import ModeKind
from institution_settings.models import ModeAuthorisation, PaymentMode
from tests.ledger import Ledger

NEEDS_PAYMENT = ["pay", "pay_out", "hold"]
NEEDS_REFUND = ["deposit", "refund", "surplus"]
BY_HAND = ["goodwill", "adjust", "expire", "waive"]


def authorise(ledger: Ledger, **uses: bool) -> None:
    ModeAuthorisation.objects.filter(
        point_of_sale=ledger.venue.counter, mode=ledger.venue.modes["AVOIR"]
    ).update(**uses)


USES = [(act, "payment") for act in NEEDS_PAYMENT] + [(act, "refund") for act in NEEDS_REFUND]


def refused(ledger: Ledger, act: str, account: CreditAccount) -> None:
    """The act is refused, its mode and place are named, and nothing is written."""
    with pytest.raises(ModeNotAuthorised) as refusal:
        getattr(ledger, act)(account, "5.00")
    assert refusal.value.data == {
        "mode": ledger.venue.modes["AVOIR"].code,
        "point_of_sale": ledger.venue.counter.pk,
    }
    assert Movement.objects.count() == 1
    assert Hold.objects.count() == 0


@pytest.mark.parametrize(("act", "use"), USES)
def test_done_where_exactly_that_use_is_authorised(ledger: Ledger, act: str, use: str) -> None:
    account = ledger.account(credit="20.00")
    authorise(ledger, payment=use == "payment", refund=use == "refund")
    assert getattr(ledger, act)(account, "5.00").amount == ledger.venue.money("5.00")


@pytest.mark.parametrize(("act", "use"), USES)
def test_refused_where_only_the_other_use_is(ledger: Ledger, act: str, use: str) -> None:
    account = ledger.account(credit="20.00")
    authorise(ledger, payment=use != "payment", refund=use != "refund")
    refused(ledger, act, account)


@pytest.mark.parametrize(("act", "use"), USES)
def test_refused_when_the_institution_does_not_mean_the_mode_for_it(
    ledger: Ledger, act: str, use: str
) -> None:
    account = ledger.account(credit="20.00")
    PaymentMode.objects.filter(code="AVOIR").update(**{f"for_{use}": False})
    refused(ledger, act, account)


@pytest.mark.parametrize("act", NEEDS_PAYMENT + NEEDS_REFUND)
class TestEachAct:
    """What takes the right of both uses away."""

    def test_refused_where_the_mode_is_not_authorised_at_all(
        self, ledger: Ledger, act: str
    ) -> None:
        account = ledger.account(credit="20.00")
        ModeAuthorisation.objects.filter(point_of_sale=ledger.venue.counter).delete()
        refused(ledger, act, account)

    def test_refused_when_the_mode_is_not_active(self, ledger: Ledger, act: str) -> None:
        account = ledger.account(credit="20.00")
        PaymentMode.objects.filter(code="AVOIR").update(active=False)
        refused(ledger, act, account)

    def test_refused_with_a_mode_that_is_no_credit(self, ledger: Ledger, act: str) -> None:
        account = ledger.account(credit="20.00")
        ledger.venue.modes["AVOIR"] = ledger.venue.modes["CB"]
        refused(ledger, act, account)

    def test_another_point_of_sale_decides_for_itself(self, ledger: Ledger, act: str) -> None:
        account = ledger.account(credit="20.00")
        authorise(ledger, payment=False, refund=False)
        office = ledger.at_till("BO")
        assert getattr(office, act)(account, "5.00").amount == ledger.venue.money("5.00")


@pytest.mark.parametrize("act", BY_HAND)
def test_what_a_supervisor_does_by_hand_needs_no_authorisation(ledger: Ledger, act: str) -> None:
    account = ledger.account(credit="20.00")
    ModeAuthorisation.objects.all().delete()
    assert getattr(ledger, act)(account, "5.00").amount == ledger.venue.money("5.00")


def test_what_was_authorised_when_it_was_held_is_captured_all_the_same(ledger: Ledger) -> None:
    account = ledger.account(credit="20.00")
    held = ledger.hold(account, "5.00")
    ModeAuthorisation.objects.all().delete()
    assert ledger.capture(held) is not None


def test_s6_two_credit_modes_draw_on_one_account_and_each_movement_says_which(
    ledger: Ledger,
) -> None:
    account = ledger.account(credit="20.00")
    gifts = PaymentMode.objects.create(code="AVOIR2", label="Avoir cadeau", kind=ModeKind.CREDIT)
    ModeAuthorisation.objects.create(point_of_sale=ledger.venue.counter, mode=gifts)
    ledger.pay(account, "5.00", mode=gifts)
    ledger.pay(account, "5.00")
    modes = Movement.objects.order_by("position").values_list("mode__code", flat=True)
    assert list(modes) == ["AVOIR", "AVOIR2", "AVOIR"]
    account.refresh_from_db()
    assert account.balance == ledger.venue.money("10.00")


def test_the_lack_of_credit_is_told_before_the_lack_of_authorisation(ledger: Ledger) -> None:
    account = ledger.account(credit="20.00")
    authorise(ledger, payment=False)
    with pytest.raises(InsufficientCredit):
        ledger.pay(account, "25.00")
