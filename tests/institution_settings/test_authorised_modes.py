"""S3: a mode is used at a point of sale only if authorised there, for payment and for refund."""

from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from institution_settings.choices import MONEY_KINDS, Channel, ModeKind
from institution_settings.errors import (
    CreditNotAllowed,
    ModeMovesNoMoney,
    ModeNotAllowed,
    NoCreditMode,
    UseRefused,
)
from institution_settings.models import PaymentMode, PointOfSale
from institution_settings.permissions import NEEDS, Act
from institution_settings.selectors import check_act, get_credit_mode, list_modes, may_use
from institution_settings.services import (
    authorise,
    create_payment_mode,
    create_point_of_sale,
    deactivate_payment_mode,
    deactivate_point_of_sale,
    default_modes,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def modes() -> dict[str, PaymentMode]:
    """The usual modes of a French venue."""
    return {spec["code"]: create_payment_mode(**spec) for spec in default_modes()}


@pytest.fixture
def counter(modes: dict[str, PaymentMode]) -> PointOfSale:
    """A counter where credit is authorised both ways, cash too, and cards only for payment."""
    place = create_point_of_sale(code="GUICHET", name="Guichet", channel=Channel.COUNTER)
    authorise(point_of_sale=place, mode=modes["ESPECES"], payment=True, refund=True)
    authorise(point_of_sale=place, mode=modes["CB"], payment=True, refund=False)
    authorise(point_of_sale=place, mode=modes["BON"], payment=True, refund=True)
    return place


def codes(place: PointOfSale, use: Any, **options: Any) -> list[str]:
    return [mode.code for mode in list_modes(point_of_sale_id=place.pk, use=use, **options)]


def refused(place: PointOfSale, act: Act, **options: Any) -> UseRefused:
    with pytest.raises(UseRefused) as caught:
        check_act(act=act, point_of_sale_id=place.pk, **options)
    return caught.value


def test_a_new_point_of_sale_starts_with_credit_both_ways(modes: dict[str, PaymentMode]) -> None:
    second = create_payment_mode(code="AVOIR2", label="Avoir scolaire", kind=ModeKind.CREDIT)
    place = create_point_of_sale(code="WEB", name="Billetterie", channel=Channel.ONLINE)
    assert codes(place, "payment") == ["AVOIR", second.code]
    assert codes(place, "refund") == ["AVOIR", second.code]


def test_modes_come_in_the_institutions_order(counter: PointOfSale) -> None:
    assert codes(counter, "payment") == ["ESPECES", "CB", "BON", "AVOIR"]
    assert codes(counter, "refund") == ["ESPECES", "BON", "AVOIR"]
    assert codes(counter, "payment", kinds=MONEY_KINDS) == ["ESPECES", "CB"]
    assert codes(counter, "payment", kinds={ModeKind.CREDIT}) == ["AVOIR"]


def test_a_mode_not_meant_for_a_use_is_authorised_nowhere(
    counter: PointOfSale, modes: dict[str, PaymentMode]
) -> None:
    PaymentMode.objects.filter(pk=modes["ESPECES"].pk).update(for_refund=False)
    assert codes(counter, "refund") == ["BON", "AVOIR"]
    assert not may_use(point_of_sale_id=counter.pk, mode_id=modes["ESPECES"].pk, use="refund")
    assert may_use(point_of_sale_id=counter.pk, mode_id=modes["ESPECES"].pk, use="payment")


def test_what_is_deactivated_is_not_used(
    counter: PointOfSale, modes: dict[str, PaymentMode]
) -> None:
    deactivate_payment_mode(mode=modes["AVOIR"])
    assert codes(counter, "payment") == ["ESPECES", "CB", "BON"]
    assert get_credit_mode(point_of_sale_id=counter.pk, use="payment") is None
    deactivate_point_of_sale(point_of_sale=counter)
    assert codes(counter, "payment") == []


def test_the_first_credit_mode_in_order_is_taken_and_another_may_be_chosen(
    counter: PointOfSale, modes: dict[str, PaymentMode]
) -> None:
    schools = create_payment_mode(
        code="AVOIR2", label="Avoir scolaire", kind=ModeKind.CREDIT, position=1
    )
    authorise(point_of_sale=counter, mode=schools, payment=True, refund=True)
    first = check_act(act=Act.DEPOSIT, point_of_sale_id=counter.pk, money_mode_id=modes["CB"].pk)
    assert first.credit == schools
    chosen = check_act(
        act=Act.DEPOSIT,
        point_of_sale_id=counter.pk,
        money_mode_id=modes["CB"].pk,
        credit_mode_id=modes["AVOIR"].pk,
    )
    assert chosen.credit == modes["AVOIR"]
    assert chosen.modes == {modes["CB"].pk: modes["CB"]}


# What each act needs, as the specification says it: act, its mode, use of the mode, use of credit.
ACTS = [
    (Act.SALE, "ESPECES", "payment", None),
    (Act.REFUND, "ESPECES", "refund", None),
    (Act.DEPOSIT, "ESPECES", "payment", "refund"),
    (Act.SURPLUS, None, None, "refund"),
    (Act.PAYOUT, "ESPECES", "refund", "payment"),
    (Act.PERSONAL_SPACE, None, None, "payment"),
]


def test_every_act_of_s3_is_in_the_table() -> None:
    said = {act: (use if mode else None, credit) for act, mode, use, credit in ACTS}
    assert {act: (needs.modes, needs.credit) for act, needs in NEEDS.items()} == said


@pytest.mark.parametrize(("act", "code", "use", "credit"), ACTS)
def test_each_act_passes_with_what_it_needs_and_nothing_more(
    act: Act,
    code: str | None,
    use: str | None,
    credit: str | None,
    counter: PointOfSale,
    modes: dict[str, PaymentMode],
) -> None:
    authorise(
        point_of_sale=counter,
        mode=modes["ESPECES"],
        payment=use == "payment",
        refund=use == "refund",
    )
    authorise(
        point_of_sale=counter,
        mode=modes["AVOIR"],
        payment=credit == "payment",
        refund=credit == "refund",
    )
    mode_id = modes[code].pk if code else None
    cleared = check_act(act=act, point_of_sale_id=counter.pk, money_mode_id=mode_id)
    assert list(cleared.modes.values()) == ([modes[code]] if code else [])
    assert cleared.credit == (modes["AVOIR"] if credit else None)


@pytest.mark.parametrize(("act", "code", "use", "credit"), [row for row in ACTS if row[1]])
def test_each_act_is_refused_in_an_unauthorised_mode(
    act: Act,
    code: str,
    use: str,
    credit: str | None,
    counter: PointOfSale,
    modes: dict[str, PaymentMode],
) -> None:
    authorise(
        point_of_sale=counter,
        mode=modes[code],
        payment=use != "payment",
        refund=use != "refund",
    )
    error = refused(counter, act, money_mode_id=modes[code].pk)
    assert type(error) is ModeNotAllowed
    assert error.data == {"use": use, "mode": "Espèces", "point_of_sale": "Guichet"}
    assert str(error).count("Espèces") == str(error).count("Guichet") == 1


@pytest.mark.parametrize(("act", "code", "use", "credit"), [row for row in ACTS if row[3]])
def test_each_act_that_needs_credit_is_refused_without(
    act: Act,
    code: str | None,
    use: str | None,
    credit: str,
    counter: PointOfSale,
    modes: dict[str, PaymentMode],
) -> None:
    authorise(
        point_of_sale=counter,
        mode=modes["AVOIR"],
        payment=credit != "payment",
        refund=credit != "refund",
    )
    mode_id = modes[code].pk if code else None
    error = refused(counter, act, money_mode_id=mode_id)
    assert type(error) is CreditNotAllowed
    assert error.data == {"use": credit, "point_of_sale": "Guichet"}
    chosen = refused(counter, act, money_mode_id=mode_id, credit_mode_id=modes["AVOIR"].pk)
    assert type(chosen) is ModeNotAllowed
    assert chosen.data == {"use": credit, "mode": "Avoir", "point_of_sale": "Guichet"}


@pytest.mark.parametrize("act", [Act.DEPOSIT, Act.PAYOUT])
@pytest.mark.parametrize("code", ["AVOIR", "BON"])
def test_deposits_and_payouts_are_made_in_money(
    act: Act, code: str, counter: PointOfSale, modes: dict[str, PaymentMode]
) -> None:
    error = refused(counter, act, money_mode_id=modes[code].pk)
    assert type(error) is ModeMovesNoMoney
    assert error.data == {"mode": modes[code].label}


def test_credit_is_drawn_on_by_credit_modes_only(
    counter: PointOfSale, modes: dict[str, PaymentMode]
) -> None:
    error = refused(
        counter,
        Act.DEPOSIT,
        money_mode_id=modes["CB"].pk,
        credit_mode_id=modes["ESPECES"].pk,
    )
    assert type(error) is NoCreditMode


def test_all_tenders_of_a_sale_are_looked_at(
    counter: PointOfSale, modes: dict[str, PaymentMode]
) -> None:
    good = [modes["ESPECES"].pk, modes["AVOIR"].pk, modes["BON"].pk]
    cleared = check_act(act=Act.SALE, point_of_sale_id=counter.pk, mode_ids=good)
    assert sorted(cleared.modes) == sorted(good)
    error = refused(counter, Act.SALE, mode_ids=[*good, modes["CHEQUE"].pk])
    assert error.data["mode"] == "Chèque"


@pytest.mark.parametrize("mode_id", [0, -1, 999_999])
def test_a_forged_mode_is_refused(counter: PointOfSale, mode_id: int) -> None:
    assert type(refused(counter, Act.SALE, mode_ids=[mode_id])) is ModeNotAllowed


def test_an_unknown_point_of_sale_allows_nothing(modes: dict[str, PaymentMode]) -> None:
    with pytest.raises(ModeNotAllowed):
        check_act(act=Act.SALE, point_of_sale_id=0, mode_ids=[modes["CB"].pk])


def test_asking_costs_one_query(
    counter: PointOfSale,
    modes: dict[str, PaymentMode],
    django_assert_num_queries: CaptureQueriesContext,
) -> None:
    with django_assert_num_queries(1):
        list_modes(point_of_sale_id=counter.pk, use="payment", kinds=MONEY_KINDS)
    with django_assert_num_queries(1):
        get_credit_mode(point_of_sale_id=counter.pk, use="refund")
    with django_assert_num_queries(1):
        check_act(act=Act.DEPOSIT, point_of_sale_id=counter.pk, money_mode_id=modes["CB"].pk)
