"""Institution, payment modes, points of sale and tills in the administration (S1 to S5)."""

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext

from institution_settings.choices import Channel, ModeKind, Role
from institution_settings.errors import SettingInUse
from institution_settings.models import Institution, ModeAuthorisation, PaymentMode, PointOfSale
from institution_settings.selectors import list_modes
from institution_settings.services import create_payment_mode
from journal.models import Chain
from tests.admin.conftest import Login, errors, form_of, said
from tests.venue import Venue
from tills.models import Till

NEW_INSTITUTION = reverse("admin:institution_settings_institution_add")
NEW_MODE = reverse("admin:institution_settings_paymentmode_add")
NEW_PLACE = reverse("admin:institution_settings_pointofsale_add")
NEW_TILL = reverse("admin:tills_till_add")


def page(row: Model, name: str = "change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{name}", args=(row.pk,))


# --- the institution ---------------------------------------------------------------------------


def test_a_venue_begins_with_its_institution(login: Login) -> None:
    chef = login(Role.ADMINISTRATOR)
    typed = form_of(chef, NEW_INSTITUTION, name="Kabuki-za", siren="123456789", currency="JPY")
    typed |= {"time_zone": "Asia/Tokyo", "cash_limit": "10,50", "payout_limit": "15 000 ¥"}
    refused = chef.post(NEW_INSTITUTION, typed)
    assert list(errors(refused)) == ["cash_limit"]
    assert refused.context["adminform"].form["cash_limit"].value() == "10,50"
    chef.post(NEW_INSTITUTION, {**typed, "cash_limit": "100 000"})
    made = Institution.objects.get()
    assert (made.pk, made.currency, made.time_zone) == (1, "JPY", "Asia/Tokyo")
    assert (made.cash_limit_minor, made.payout_limit_minor) == (100_000, 15_000)
    assert sorted(Chain.objects.values_list("code", "entity")) == [
        ("CLOSINGS", "123456789"),
        ("EVENTS", "123456789"),
    ]


def test_there_is_one_institution_and_it_stays(venue: Venue, chef: Client) -> None:
    assert chef.get(NEW_INSTITUTION).status_code == 403
    assert chef.post(page(venue.institution, "delete"), {"post": "yes"}).status_code == 403
    assert Institution.objects.count() == 1


@pytest.mark.parametrize("wrong", ["NaN", "1e3", "-5", "12.345", "1.234,50", "١٢", "", "12 CHF"])
def test_limits_are_typed_as_amounts(venue: Venue, chef: Client, wrong: str) -> None:
    address = page(venue.institution)
    typed = form_of(chef, address)
    assert (typed["cash_limit"], typed["payout_limit"]) == ("1\u202f000,00", "150,00")
    assert list(errors(chef.post(address, {**typed, "cash_limit": wrong}))) == ["cash_limit"]
    chef.post(address, {**typed, "cash_limit": "1 234,50 €", "payout_limit": "0"})
    venue.institution.refresh_from_db()
    assert venue.institution.cash_limit_minor == 123_450
    assert venue.institution.payout_limit_minor == 0


def test_what_makes_old_rows_readable_is_shown_and_no_longer_asked(
    venue: Venue, chef: Client
) -> None:
    address = page(venue.institution)
    assert form_of(chef, address)["currency"] == "EUR"
    venue.desk()
    typed = form_of(chef, address, name="Théâtre du Tilleul", currency="CHF", siren="1")
    says = gettext("These cannot change any more: older rows would no longer be readable.")
    assert chef.get(address).content.decode().count(says) == 1
    chef.post(address, typed)
    venue.institution.refresh_from_db()
    assert venue.institution.name == "Théâtre du Tilleul"
    assert (venue.institution.currency, venue.institution.siren) == ("EUR", "532001234")


def test_who_only_looks_sees_the_limits_as_amounts(venue: Venue, login: Login) -> None:
    shown = login(Role.AUDITOR).get(page(venue.institution)).content.decode()
    assert shown.count("1\u202f000,00\u00a0€") == 1
    assert shown.count('name="_save"') == 0


# --- payment modes -----------------------------------------------------------------------------


def test_s1_an_administrator_creates_several_credit_modes(venue: Venue, chef: Client) -> None:
    typed = form_of(chef, NEW_MODE, code="AVOIR2", label="Avoir scolaire", kind=ModeKind.CREDIT)
    chef.post(NEW_MODE, typed)
    credit = PaymentMode.objects.filter(kind=ModeKind.CREDIT).order_by("code")
    assert list(credit.values_list("code", "for_payment", "for_refund")) == [
        ("AVOIR", True, True),
        ("AVOIR2", True, True),
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "CB"}, "code"),
        ({"code": "minuscules"}, "code"),
        ({"kind": "barter"}, "kind"),
        ({"kind": ModeKind.CARD, "may_exceed": "on"}, "__all__"),
    ],
)
def test_a_mode_that_cannot_be_is_refused_beside_the_field(
    venue: Venue, chef: Client, wrong: dict[str, str], field: str
) -> None:
    typed = form_of(chef, NEW_MODE, code="X", label="X", kind=ModeKind.CASH)
    assert list(errors(chef.post(NEW_MODE, {**typed, **wrong}))) == [field]


def test_code_and_kind_are_fixed_from_the_beginning(venue: Venue, chef: Client) -> None:
    card, address = venue.modes["CB"], page(venue.modes["CB"])
    typed = form_of(chef, address, label="Carte bancaire", code="X", kind=ModeKind.CASH)
    chef.post(address, typed)
    card.refresh_from_db()
    assert (card.code, card.kind, card.label) == ("CB", ModeKind.CARD, "Carte bancaire")
    assert [line.history_user.role for line in card.history.all()[:1]] == [Role.ADMINISTRATOR]  # type: ignore[attr-defined]


def test_s5_a_used_setting_is_deactivated_not_deleted(venue: Venue, chef: Client) -> None:
    venue.account(credit="10.00")
    for row in (venue.modes["ESPECES"], venue.counter, venue.tills["G1"]):
        address = page(row, "delete")
        for answer in (
            chef.get(address, follow=True),
            chef.post(address, {"post": "yes"}, follow=True),
        ):
            assert answer.redirect_chain == [(page(row), 302)]
            assert said(answer) == [str(SettingInUse(name=str(row)))]
        typed = form_of(chef, page(row))
        del typed["active"]
        chef.post(page(row), typed, follow=True)
        row.refresh_from_db()
        assert not row.active


def test_a_setting_never_used_is_deleted(venue: Venue, chef: Client) -> None:
    chef.post(page(venue.modes["CHQVAC"], "delete"), {"post": "yes"})
    chef.post(page(venue.tills["G2"], "delete"), {"post": "yes"})
    assert list(PaymentMode.objects.filter(code="CHQVAC")) == []
    assert list(Till.objects.filter(code="G2")) == []


# --- points of sale ----------------------------------------------------------------------------


def test_s3_a_new_point_of_sale_starts_with_credit_both_ways(venue: Venue, chef: Client) -> None:
    create_payment_mode(code="AVOIR2", label="Avoir scolaire", kind=ModeKind.CREDIT)
    typed = form_of(chef, NEW_PLACE, code="WEB", name="Billetterie", channel=Channel.ONLINE)
    made = chef.post(NEW_PLACE, typed, follow=True)
    web = PointOfSale.objects.get(code="WEB")
    assert made.redirect_chain == [(page(web), 302)]
    for use in ("payment", "refund"):
        modes = list_modes(point_of_sale_id=web.pk, use=use)  # type: ignore[arg-type]
        assert [mode.code for mode in modes] == ["AVOIR", "AVOIR2"]


def test_modes_are_authorised_beside_the_point_of_sale(venue: Venue, chef: Client) -> None:
    ModeAuthorisation.objects.exclude(mode__code="AVOIR").delete()
    address = page(venue.office)
    typed = form_of(chef, address)
    typed["authorisations-TOTAL_FORMS"] = 2
    typed |= {"authorisations-1-mode": venue.modes["CB"].pk, "authorisations-1-payment": "on"}
    typed["authorisations-1-point_of_sale"] = venue.office.pk
    chef.post(address, typed)
    rows = ModeAuthorisation.objects.filter(point_of_sale=venue.office).order_by("mode__position")
    assert list(rows.values_list("mode__code", "payment", "refund")) == [
        ("CB", True, False),
        ("AVOIR", True, True),
    ]


@pytest.mark.parametrize("mode", ["", "0", "abc", "CHQVAC", "AVOIR"])
def test_an_authorisation_that_cannot_be_is_refused(venue: Venue, chef: Client, mode: str) -> None:
    PaymentMode.objects.filter(code="CHQVAC").update(for_refund=False)
    ModeAuthorisation.objects.exclude(mode__code="AVOIR").delete()
    address = page(venue.office)
    typed = form_of(chef, address)
    typed["authorisations-TOTAL_FORMS"] = 2
    wanted = venue.modes[mode].pk if mode in venue.modes else mode
    typed |= {"authorisations-1-mode": wanted, "authorisations-1-refund": "on"}
    typed["authorisations-1-point_of_sale"] = venue.office.pk
    assert chef.post(address, typed).status_code == 200
    assert ModeAuthorisation.objects.filter(point_of_sale=venue.office).count() == 1


# --- tills -------------------------------------------------------------------------------------


def test_a_till_is_made_with_its_chain(venue: Venue, chef: Client) -> None:
    typed = form_of(chef, NEW_TILL, code="G3", label="Guichet 3", point_of_sale=venue.counter.pk)
    chef.post(NEW_TILL, typed)
    till = Till.objects.get(code="G3")
    assert (till.label, till.active, till.automatic) == ("Guichet 3", True, False)
    assert Chain.objects.get(pk=till.chain_id).code == "G3"


def test_a_till_needs_an_institution(login: Login) -> None:
    assert login(Role.ADMINISTRATOR).get(NEW_TILL).status_code == 403


@pytest.mark.parametrize("code", ["G1", "g3", "", "G" * 17])
def test_a_till_that_cannot_be_is_refused(venue: Venue, chef: Client, code: str) -> None:
    typed = form_of(chef, NEW_TILL, code=code, label="X", point_of_sale=venue.counter.pk)
    assert list(errors(chef.post(NEW_TILL, typed))) == ["code"]


def test_a_till_keeps_its_code_and_once_used_its_place(venue: Venue, chef: Client) -> None:
    till, address = venue.tills["G1"], page(venue.tills["G1"])
    assert form_of(chef, address)["point_of_sale"] == venue.counter.pk
    venue.desk("G1")
    typed = form_of(chef, address, label="Caisse", code="G9", point_of_sale=venue.office.pk)
    chef.post(address, {**typed, "automatic": "on"})
    till.refresh_from_db()
    assert (till.code, till.label, till.automatic) == ("G1", "Caisse", False)
    assert till.point_of_sale == venue.counter
