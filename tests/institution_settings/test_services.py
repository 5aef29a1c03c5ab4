"""Setting up a venue, and what its settings refuse (S1, S2, S3, S5)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from moneyed import Money

from institution_settings.choices import Channel, ModeKind
from institution_settings.errors import AlreadySetUp, NotSetUp, SettingInUse
from institution_settings.models import Institution, ModeAuthorisation, PaymentMode
from institution_settings.selectors import get_institution, is_used
from institution_settings.services import (
    authorise,
    create_payment_mode,
    create_point_of_sale,
    default_modes,
    delete_unused,
    set_up_institution,
)
from tests.venue import Venue

pytestmark = pytest.mark.django_db


def test_an_institution_is_set_up_once() -> None:
    with pytest.raises(NotSetUp):
        get_institution()
    made = set_up_institution(
        name="Théâtre des Tilleuls",
        siren="532001234",
        day_starts_at=datetime.time(4, 30),
        cash_limit=Money("1000", "EUR"),
        payout_limit=Money("99.50", "EUR"),
    )
    assert get_institution() == made
    assert made.cash_limit == Money("1000.00", "EUR")
    assert made.payout_limit_minor == 9950
    with pytest.raises(AlreadySetUp) as refused:
        set_up_institution(name="Un autre", siren="1")
    assert refused.value.data == {"name": "Théâtre des Tilleuls"}
    assert Institution.objects.count() == 1


def test_a_second_institution_is_refused_by_the_database_too() -> None:
    set_up_institution(name="Théâtre des Tilleuls", siren="532001234")
    with pytest.raises(IntegrityError), transaction.atomic():
        Institution.objects.create(pk=2, name="Un autre", siren="1")


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("time_zone", "Europe/Atlantis"), ("time_zone", ""), ("currency", "XXX"), ("regime", "DE")],
)
def test_what_no_venue_has_is_refused_by_field(field: str, wrong: str) -> None:
    with pytest.raises(ValidationError) as refused:
        set_up_institution(name="Théâtre", siren="532001234", **{field: wrong})  # type: ignore[arg-type]
    assert list(refused.value.message_dict) == [field]
    assert Institution.objects.count() == 0


def test_the_usual_modes_are_those_of_the_accounting_reference() -> None:
    for spec in default_modes():
        create_payment_mode(**spec)
    rows = PaymentMode.objects.order_by("position").values_list(
        "code", "kind", "account", "may_exceed", "gives_change", "for_refund"
    )
    assert list(rows) == [
        ("ESPECES", "cash", "530000", True, True, True),
        ("CB", "card", "511500", False, False, True),
        ("CHEQUE", "cheque", "511200", False, False, True),
        ("VIREMENT", "transfer", "512000", False, False, True),
        ("CBWEB", "online_card", "517100", False, False, True),
        ("BON", "voucher", "419110", True, False, True),
        ("CHQVAC", "paper_voucher", "511800", True, False, False),
        ("AVOIR", "credit", "419700", False, False, True),
    ]


def test_several_credit_modes_may_stand_side_by_side() -> None:
    create_payment_mode(code="AVOIR", label="Avoir", kind=ModeKind.CREDIT)
    second = create_payment_mode(code="AVOIR2", label="Avoir scolaire", kind=ModeKind.CREDIT)
    assert second.position > PaymentMode.objects.get(code="AVOIR").position


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        ({"code": "espèces"}, "code"),
        ({"code": ""}, "code"),
        ({"label": ""}, "label"),
        ({"kind": "barter"}, "kind"),
        ({"kind": ModeKind.CARD, "may_exceed": True}, "__all__"),
        ({"kind": ModeKind.CREDIT, "may_exceed": True}, "__all__"),
        ({"kind": ModeKind.VOUCHER, "gives_change": True}, "__all__"),
    ],
)
def test_a_mode_that_cannot_be_is_refused(options: dict[str, object], wrong: str) -> None:
    with pytest.raises(ValidationError) as refused:
        create_payment_mode(**{"code": "X", "label": "X", "kind": ModeKind.CASH, **options})  # type: ignore[arg-type]
    assert list(refused.value.message_dict) == [wrong]
    assert PaymentMode.objects.count() == 0


def test_a_code_is_used_once() -> None:
    create_payment_mode(code="CB", label="Carte", kind=ModeKind.CARD)
    with pytest.raises(ValidationError):
        create_payment_mode(code="CB", label="Carte bis", kind=ModeKind.CARD)
    create_point_of_sale(code="G", name="Guichet", channel=Channel.COUNTER)
    with pytest.raises(ValidationError):
        create_point_of_sale(code="G", name="Guichet", channel=Channel.COUNTER)


def test_authorising_again_replaces_what_was_said() -> None:
    card = create_payment_mode(code="CB", label="Carte", kind=ModeKind.CARD)
    place = create_point_of_sale(code="G", name="Guichet", channel=Channel.COUNTER)
    authorise(point_of_sale=place, mode=card, payment=True, refund=True)
    authorise(point_of_sale=place, mode=card, payment=True, refund=False)
    said = ModeAuthorisation.objects.filter(point_of_sale=place, mode=card)
    assert list(said.values_list("payment", "refund")) == [(True, False)]


def test_a_mode_is_authorised_only_for_what_it_is_meant() -> None:
    paper = create_payment_mode(
        code="CHQVAC", label="Chèque-vacances", kind=ModeKind.PAPER_VOUCHER, for_refund=False
    )
    place = create_point_of_sale(code="G", name="Guichet", channel=Channel.COUNTER)
    with pytest.raises(ValidationError):
        authorise(point_of_sale=place, mode=paper, payment=True, refund=True)
    assert ModeAuthorisation.objects.filter(mode=paper).count() == 0


def test_what_was_used_is_kept(venue: Venue) -> None:
    venue.account(credit="10.00")
    for row in (venue.modes["ESPECES"], venue.modes["AVOIR"], venue.counter, venue.tills["G1"]):
        assert is_used(row=row)
        with pytest.raises(SettingInUse) as refused:
            delete_unused(row=row)
        assert refused.value.data == {"name": str(row)}
        row.refresh_from_db()


def test_what_was_never_used_goes_with_its_authorisations(venue: Venue) -> None:
    assert not is_used(row=venue.modes["CHQVAC"])
    delete_unused(row=venue.modes["CHQVAC"])
    assert list(PaymentMode.objects.filter(code="CHQVAC")) == []
    assert list(ModeAuthorisation.objects.filter(mode__code="CHQVAC")) == []


@pytest.mark.parametrize(("field", "value"), [("code", "CARTE"), ("kind", ModeKind.CHEQUE)])
def test_code_and_kind_of_a_mode_never_change(venue: Venue, field: str, value: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentMode.objects.filter(pk=venue.modes["CB"].pk).update(**{field: value})


def test_what_makes_old_rows_readable_is_free_until_something_is_recorded(venue: Venue) -> None:
    Institution.objects.update(currency="CHF", siren="CHE-1")
    Institution.objects.update(currency="EUR", siren="532001234")
    venue.desk()
    for change in ({"currency": "CHF"}, {"siren": "1"}, {"time_zone": "Asia/Tokyo"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Institution.objects.update(**change)
    Institution.objects.update(name="Théâtre du Tilleul")
