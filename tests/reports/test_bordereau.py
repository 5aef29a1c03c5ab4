"""The bordereau of ``fiscal.md`` §7.4: exact figures per till, per kind and overall."""

from datetime import date

import pytest

from institution_settings.money import format_amount
from reports.selectors.bordereau import Bordereau, BordereauFilter, get_bordereau
from reports.selectors.controls import list_controls
from reports.selectors.sums import Sums
from tests.october import October
from tests.venue import Venue

OCTOBER = BordereauFilter(first=date(2026, 10, 1), last=date(2026, 10, 31), currency="EUR")


@pytest.fixture
def october(venue: Venue) -> October:
    played = October(venue)
    played.play()
    return played


def told(sums: Sums) -> tuple[int, str, str]:
    return sums.count, format_amount(sums.debits), format_amount(sums.credits)


def recap(report: Bordereau, title: str) -> dict[str, tuple[int, str, str]]:
    (found,) = [recap for recap in report.recaps if recap.title == title]
    return {line.label: told(line.sums) for line in found.lines}


def test_the_fixture_gives_its_totals_per_till_and_overall(october: October) -> None:
    report = get_bordereau(filter=OCTOBER)
    assert {till.code: told(till.sums) for till in report.tills} == {
        "G1": (4, "30,00", "58,90"),
        "G2": (4, "18,90", "52,20"),
        "WEB": (1, "54,60", "0,00"),
        "BO": (1, "30,00", "0,00"),
    }
    assert told(report.sums) == (10, "133,50", "111,10")
    assert format_amount(report.sums.net) == "-22,40"


def test_the_fixture_gives_its_totals_per_kind(october: October) -> None:
    kinds = recap(get_bordereau(filter=OCTOBER), "Par nature")
    assert kinds == {
        "versement": (1, "0,00", "50,00"),
        "remboursement de commande": (1, "0,00", "42,20"),
        "excédent de bon": (1, "0,00", "8,90"),
        "règlement de commande": (3, "84,60", "0,00"),
        "restitution": (2, "18,90", "0,00"),
        "restitution, contre-passation": (1, "0,00", "10,00"),
        "expiration": (1, "30,00", "0,00"),
    }


def test_every_identity_of_the_control_box_holds(october: October) -> None:
    controls = list_controls(report=get_bordereau(filter=OCTOBER))
    assert [(control.code, control.broken) for control in controls] == [
        ("I3", False),
        ("I6", False),
        ("I7", False),
    ]


def test_a_filtered_bordereau_says_so_instead(october: October) -> None:
    chosen = BordereauFilter(
        first=OCTOBER.first,
        last=OCTOBER.last,
        currency="EUR",
        till_ids=(october.venue.tills["G1"].pk,),
    )
    report = get_bordereau(filter=chosen)
    assert told(report.sums) == (4, "30,00", "58,90")
    assert list_controls(report=report) == []


def test_rows_stand_in_the_order_of_till_day_and_time(october: October) -> None:
    report = get_bordereau(filter=OCTOBER)
    rows = [row for till in report.tills for day in till.days for row in day.rows]
    assert [row.line for row in rows] == list(range(1, 11))
    assert [
        (row.movement.session.till.code, row.movement.kind, row.movement.amount_minor)
        for row in rows
    ] == [
        ("BO", "EXPIRATION", 3000),
        ("G1", "DEPOT", 5000),
        ("G1", "PAIEMENT", 2110),
        ("G1", "SURPLUS_BON", 890),
        ("G1", "PAIEMENT", 890),
        ("G2", "REMBOURSEMENT", 4220),
        ("G2", "RESTITUTION", 1000),
        ("G2", "RESTITUTION", 1000),
        ("G2", "RESTITUTION", 890),
        ("WEB", "PAIEMENT", 5460),
    ]


def test_a_day_without_movements_is_an_empty_bordereau(venue: Venue) -> None:
    report = get_bordereau(filter=OCTOBER)
    assert report.tills == []
    assert told(report.sums) == (0, "0,00", "0,00")
