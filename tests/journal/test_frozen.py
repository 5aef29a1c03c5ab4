"""What makes old rows readable cannot change any more (spec S5, S6; cases.md B45)."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from contacts.models import Contact, User
from credit.models import CreditAccount
from institution_settings.models import Institution, PaymentMode, PointOfSale
from tests.ledger import Ledger
from tests.venue import Venue
from tills.models import Till, TillSession

FROZEN: list[tuple[Callable[[Ledger], models.Model], str, object]] = [
    (lambda ledger: ledger.venue.modes["CB"], "code", "CARTE"),
    (lambda ledger: ledger.venue.modes["CB"], "kind", "cash"),
    (lambda ledger: ledger.venue.counter, "code", "ACCUEIL"),
    (lambda ledger: ledger.venue.counter, "channel", "online"),
    (lambda ledger: ledger.venue.tills["G1"], "code", "G9"),
    (lambda ledger: ledger.venue.tills["G1"], "chain_id", 0),
    (lambda ledger: ledger.venue.institution, "currency", "CHF"),
    (lambda ledger: ledger.venue.institution, "siren", "732829320"),
    (lambda ledger: ledger.venue.institution, "time_zone", "Europe/London"),
    (lambda ledger: ledger.venue.institution, "day_starts_at", time(6)),
    (lambda ledger: ledger.venue.operator, "code", "lea2"),
    (lambda ledger: ledger.venue.operator, "code", None),
    (lambda _ledger: TillSession.objects.get(), "business_date", date(2001, 1, 1)),
    (lambda _ledger: TillSession.objects.get(), "number", 7),
    (lambda _ledger: TillSession.objects.get(), "float_minor", 1),
    (lambda _ledger: CreditAccount.objects.get(), "currency", "CHF"),
    (lambda _ledger: CreditAccount.objects.get(), "contact_id", 0),
    (lambda _ledger: Contact.objects.get(), "number", "C999999"),
]


def change(row: models.Model, **values: Any) -> None:
    """Change a row by a queryset, past every ``clean``."""
    with transaction.atomic():
        type(row)._default_manager.filter(pk=row.pk).update(**values)


@pytest.mark.parametrize(("find", "name", "value"), FROZEN)
def test_it_cannot_change_any_more(
    ledger: Ledger, find: Callable[[Ledger], models.Model], name: str, value: object
) -> None:
    ledger.venue.account(credit="20.00")
    row = find(ledger)
    with pytest.raises(IntegrityError):
        change(row, **{name: value})
    again = type(row)._default_manager.get(pk=row.pk)
    assert getattr(again, name) == getattr(row, name)


def test_the_rest_of_the_row_still_changes(ledger: Ledger) -> None:
    ledger.venue.account(credit="20.00")
    change(ledger.venue.modes["CB"], label="Carte", active=False, position=9)
    change(ledger.venue.counter, name="Accueil", active=False)
    change(ledger.venue.tills["G1"], label="Porte", active=False)
    change(ledger.venue.institution, name="Théâtre neuf", cash_limit_minor=1)
    change(ledger.venue.operator, name="Léa M.", is_active=False)
    assert PaymentMode.objects.get(code="CB").label == "Carte"
    assert PointOfSale.objects.get(code="GUICHET").name == "Accueil"
    assert Till.objects.get(code="G1").label == "Porte"
    assert Institution.objects.get().name == "Théâtre neuf"
    assert User.objects.get(code="lea").name == "Léa M."


def test_the_institution_is_free_until_anything_is_recorded(venue: Venue) -> None:
    change(venue.institution, currency="CHF", siren="732829320", day_starts_at=time(4))
    assert Institution.objects.get().currency == "CHF"


def test_a_customer_who_becomes_staff_gets_a_code_once(venue: Venue) -> None:
    customer = User.objects.create_user("zoe@tilleuls.example", "une longue phrase de passe")
    change(customer, code="zoe")
    with pytest.raises(IntegrityError):
        change(customer, code="zoé")
    assert User.objects.get(pk=customer.pk).code == "zoe"


def test_what_was_used_is_not_deleted(ledger: Ledger) -> None:
    ledger.venue.account(credit="20.00")
    for row in (
        ledger.venue.modes["AVOIR"],
        ledger.venue.modes["ESPECES"],
        ledger.venue.tills["G1"],
        ledger.venue.counter,
        ledger.venue.operator,
        Contact.objects.get(),
        CreditAccount.objects.get(),
        TillSession.objects.get(),
    ):
        with pytest.raises(models.ProtectedError):
            row.delete()
