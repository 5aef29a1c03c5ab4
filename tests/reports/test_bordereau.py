"""The bordereau of ``fiscal.md`` §7.4: exact figures per till, per kind and overall."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from contacts.models import Contact
from credit.choices import MovementKind
from institution_settings.money import format_amount
from payments.services import adjust_credit, give_credit
from reports.documents import digest
from reports.selectors.bordereau import Bordereau, get_bordereau
from reports.selectors.editions import edit_bordereau
from reports.selectors.filters import BordereauFilter
from tests.october import October, clock
from tests.reports.conftest import OCTOBER, Money, shown, told
from tests.venue import Venue, build_venue


def recap(report: Bordereau, title: str) -> dict[str, tuple[int, str, str]]:
    (found,) = [recap for recap in report.recaps if recap.title == title]
    assert told(found.total) == told(report.sums)
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


def test_the_other_recaps_add_up_the_same_movements(october: October) -> None:
    report = get_bordereau(filter=OCTOBER)
    assert recap(report, "Par mode avoir") == {"Avoir": (10, "133,50", "111,10")}
    assert recap(report, "Par contrepartie") == {
        "Commande": (4, "84,60", "42,20"),
        "sans contrepartie": (1, "30,00", "0,00"),
        "Chqvac": (1, "0,00", "8,90"),
        "Especes": (4, "18,90", "60,00"),
    }
    assert recap(report, "Par opérateur") == {"Léa": (10, "133,50", "111,10")}
    assert recap(report, "Par caisse") == {till.code: told(till.sums) for till in report.tills}


def test_the_accounts_balance(october: October) -> None:
    for code, account in (("ESPECES", "530000"), ("CHQVAC", "511800"), ("AVOIR", "419700")):
        mode = october.modes[code]
        mode.account = account
        mode.save()
    accounts = get_bordereau(filter=OCTOBER).accounts
    assert [
        (line.account, line.label, format_amount(line.debits), format_amount(line.credits))
        for line in accounts.lines
    ] == [
        ("419700", "Comptes d’avoir clients", "133,50", "111,10"),
        ("511800", "Chqvac", "8,90", "0,00"),
        ("530000", "Especes", "60,00", "18,90"),
        ("706100", "Billetterie, taxes comprises", "42,20", "84,60"),
        ("758800", "Expiration", "0,00", "30,00"),
    ]
    assert format_amount(accounts.debits) == format_amount(accounts.credits) == "244,60"


def test_till_by_kind_stands_for_several_tills_only(october: October) -> None:
    matrix = get_bordereau(filter=OCTOBER).matrix
    assert matrix is not None
    assert matrix.kinds == [
        "Versement",
        "Remboursement de commande",
        "Excédent de bon",
        "Règlement de commande",
        "Restitution",
        "Expiration",
    ]
    cells = {
        row.till: [net and format_amount(net) for net in (*row.cells, row.total)]
        for row in matrix.rows
    }
    assert cells == {
        "BO": [None, None, None, None, None, "-30,00", "-30,00"],
        "G1": ["50,00", None, "8,90", "-30,00", None, None, "28,90"],
        "G2": [None, "42,20", None, None, "-8,90", None, "33,30"],
        "WEB": [None, None, None, "-54,60", None, None, "-54,60"],
    }
    assert [format_amount(net) for net in matrix.totals] == [
        "50,00",
        "42,20",
        "8,90",
        "-84,60",
        "-8,90",
        "-30,00",
    ]
    assert format_amount(matrix.total) == "-22,40"
    assert get_bordereau(filter=replace(OCTOBER, tills=("G1",))).matrix is None


def test_each_row_shows_every_column(october: October) -> None:
    report = get_bordereau(filter=replace(OCTOBER, tills=("G2",)), with_balance=True)
    assert [str(column.title) for column in report.columns] == [
        "N°",
        "Date et heure",
        "N° opération",
        "N° pièce / commande",
        "N° contact",
        "Contact",
        "Nature",
        "Libellé",
        "Mode avoir",
        "Contrepartie",
        "Opérateur",
        "Débit",
        "Crédit",
        "Solde après",
    ]
    dupont, elie = (october.contacts[name].number for name in ("Dupont", "Élie"))
    refund, paid, back, again = report.rows
    number, receipt = paid.line.number, paid.line.reference
    show = "Le Misanthrope – 30/11/2026 20:00"
    assert [" | ".join(row) for row in shown(report)] == [
        f"1 | 05/10/2026 18:40 | {refund.line.number} | {refund.line.reference} | {elie} | Élie"
        f" | Remboursement de commande | {show} | Avoir | Commande | Léa |  | 42,20 | 54,60",
        f"2 | 07/10/2026 14:00 | {number} | {receipt} | {dupont} | Dupont"
        " | Restitution |  | Avoir | Especes | Léa | 10,00 |  | 18,90",
        f"3 | 07/10/2026 14:05 | {back.line.number} | {back.line.reference} | {dupont} | Dupont"
        f" | Restitution | CP de n° {number}, erreur de saisie | Avoir | Especes | Léa"
        " |  | 10,00 | 28,90",
        f"4 | 07/10/2026 14:06 | {again.line.number} | {again.line.reference} | {dupont} | Dupont"
        " | Restitution |  | Avoir | Especes | Léa | 8,90 |  | 20,00",
    ]
    assert refund.line.reference.startswith("2026-")  # the order
    assert receipt.startswith("G2-")  # the receipt is the payment's entry, not the movement's
    assert receipt != number


def test_rows_stand_in_the_order_of_till_day_and_time(october: October) -> None:
    rows = [row.line for row in get_bordereau(filter=OCTOBER).rows]
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


def test_what_is_carried_over_grows_to_the_total(october: October) -> None:
    report = get_bordereau(filter=OCTOBER)
    assert told(report.rows[0].carried) == (1, "30,00", "0,00")
    assert told(report.rows[4].carried) == (5, "60,00", "58,90")
    assert report.rows[-1].carried == report.sums


@pytest.mark.parametrize(
    ("narrowed", "expected"),
    [
        ({"tills": ("G1", "WEB")}, (5, "84,60", "58,90")),
        ({"sessions": (("G1", 1), ("G2", 2))}, (5, "40,00", "60,00")),
        ({"operators": ("lea",)}, (10, "133,50", "111,10")),
        ({"operators": ("marc",)}, (0, "0,00", "0,00")),
        ({"kinds": ("RESTITUTION",)}, (3, "18,90", "10,00")),
        ({"modes": ("AVOIR",)}, (10, "133,50", "111,10")),
        ({"counterparts": ("ESPECES",)}, (4, "18,90", "60,00")),
        ({"counterparts": ("COMMANDE",)}, (4, "84,60", "42,20")),
        ({"counterparts": ("COMMANDE", "CHQVAC")}, (5, "84,60", "51,10")),
        ({"last": date(2026, 10, 6)}, (6, "84,60", "101,10")),
        ({"tills": ("G2",), "kinds": ("RESTITUTION",)}, (3, "18,90", "10,00")),
        ({"first": date(2026, 10, 7)}, (4, "48,90", "10,00")),
    ],
)
def test_each_filter_narrows_rows_and_totals_alike(
    october: October, narrowed: dict[str, object], expected: tuple[int, str, str]
) -> None:
    chosen = replace(OCTOBER, **narrowed)  # type: ignore[arg-type]
    report = get_bordereau(filter=chosen)
    assert told(report.sums) == expected
    assert len(report.rows) == expected[0]
    assert chosen.is_whole is (set(narrowed) <= {"first", "last"})


def test_parts_add_up_to_the_whole(october: October) -> None:
    """I5: by till, by day."""
    whole = get_bordereau(filter=OCTOBER).sums
    tills = [get_bordereau(filter=replace(OCTOBER, tills=(code,))).sums for code in _TILLS]
    days = [
        get_bordereau(filter=replace(OCTOBER, first=day, last=day)).sums
        for day in (date(2026, 10, number) for number in range(1, 32))
    ]
    for parts in (tills, days):
        assert sum(part.count for part in parts) == whole.count
        assert sum(part.debits.amount for part in parts) == whole.debits.amount
        assert sum(part.credits.amount for part in parts) == whole.credits.amount


_TILLS = ("BO", "G1", "G2", "WEB")


def test_a_period_without_movements_is_an_empty_bordereau(venue: Venue) -> None:
    report = get_bordereau(filter=OCTOBER)
    assert report.tills == []
    assert told(report.sums) == (0, "0,00", "0,00")
    assert [recap.lines for recap in report.recaps] == [[], [], [], [], []]
    assert report.accounts.lines == []


def test_after_midnight_it_is_still_the_evening(venue: Venue, money: Money) -> None:
    """S7: 00:10 belongs to the business day, and shows its real time."""
    desk = money.open("G1", clock(5, 18, 0))
    money.deposit(desk, venue.contact(), "10.00", clock(6, 0, 10))
    (till,) = get_bordereau(filter=OCTOBER).tills
    (day,) = till.days
    assert (day.day, day.sessions) == (date(2026, 10, 5), ["Z-G1-0001"])
    assert day.rows[0].cells[1][1] == "06/10/2026 00:10"


def test_the_hour_that_happens_twice_keeps_its_order(venue: Venue, money: Money) -> None:
    """The night of 25 October 2026: 02:30 summer time, an hour later 02:30 winter time."""
    desk = money.open("G1", datetime(2026, 10, 24, 18, 0, tzinfo=UTC))
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    zoe, elie = venue.contact(), venue.contact("Élie", "")
    money.deposit(desk, zoe, "10.00", first)
    money.deposit(desk, elie, "20.00", first + timedelta(hours=1))
    report = get_bordereau(filter=OCTOBER)
    assert [(row.cells[1][1], row.cells[12][1]) for row in report.rows] == [
        ("25/10/2026 02:30", "10,00"),
        ("25/10/2026 02:30", "20,00"),
    ]
    assert [day.day for day in report.tills[0].days] == [date(2026, 10, 24)]


def test_in_one_instant_the_journal_gives_the_order(venue: Venue, money: Money) -> None:
    desk, at = money.open("G1", clock(5, 18, 0)), clock(5, 19, 0)
    for amount in ("1.00", "2.00", "3.00"):
        money.deposit(desk, venue.contact(), amount, at)
    rows = get_bordereau(filter=OCTOBER).rows
    assert [row.cells[12][1] for row in rows] == ["1,00", "2,00", "3,00"]
    numbers = [row.line.number for row in rows]
    assert numbers == sorted(numbers)


def test_an_erased_contact_leaves_rows_totals_and_digest(october: October) -> None:
    """RGP-03, I12: the name goes, everything else stays."""
    before = get_bordereau(filter=OCTOBER)
    dupont = october.contacts["Dupont"]
    dupont.erased_at, dupont.last_name = clock(31, 12, 0), ""
    dupont.save()
    after = get_bordereau(filter=OCTOBER)
    assert after.sums == before.sums
    assert digest(report=after) == digest(report=before)
    names = {row.cells[4][1]: row.cells[5][1] for row in after.rows}
    assert names[dupont.number or ""] == f"Contact anonymisé {dupont.number}"
    assert [row[:5] + row[6:] for row in shown(after)] == [
        row[:5] + row[6:] for row in shown(before)
    ]


def test_the_digest_tells_filters_and_rows_apart(october: October) -> None:
    def of(chosen: BordereauFilter) -> str:
        return digest(report=get_bordereau(filter=chosen))

    assert of(OCTOBER) == of(OCTOBER)
    others = [
        replace(OCTOBER, last=date(2026, 11, 1)),
        replace(OCTOBER, tills=_TILLS),
        replace(OCTOBER, operators=("lea",)),
        replace(OCTOBER, modes=("AVOIR",)),
        replace(OCTOBER, counterparts=("COMMANDE",)),
        replace(OCTOBER, sessions=(("G1", 1),)),
        replace(OCTOBER, opened_by=october.venue.operator),
        replace(OCTOBER, kinds=("DEPOT",)),
    ]
    assert len({of(OCTOBER), *map(of, others)}) == len(others) + 1


def test_goodwill_is_spent_and_waived_like_any_credit(venue: Venue) -> None:
    """NON_REMB: the part that may not be paid out moves in the same columns."""
    october, zoe = October(venue), venue.contact()
    office = october.automatic("BO", clock(5, 9, 0))
    give_credit(
        claim=venue.claim(),
        desk=office,
        contact_id=zoe.pk,
        amount=venue.money("15.00"),
        reason="complaint",
        approved_by=venue.supervisor,
        at=clock(5, 9, 0),
    )
    adjust_credit(
        claim=venue.claim(),
        desk=office,
        contact_id=zoe.pk,
        kind=MovementKind.WAIVER,
        amount=venue.money("4.00"),
        reason="customer_request",
        approved_by=venue.supervisor,
        at=clock(5, 9, 5),
    )
    report = get_bordereau(filter=OCTOBER)
    assert [row[6:8] + row[11:] for row in shown(report)] == [
        ["Geste commercial", "Réclamation", "", "15,00"],
        ["Renonciation", "Demande du client", "4,00", ""],
    ]
    assert [(line.account, format_amount(line.debits)) for line in report.accounts.lines] == [
        ("419700", "4,00"),
        ("709600", "15,00"),
        ("758800", "0,00"),
    ]


def test_a_swiss_venue_writes_as_in_switzerland(db: None) -> None:
    venue = build_venue(currency="CHF")
    venue.institution.regime = "CH"
    venue.institution.save()
    for code in ("AVOIR", "ESPECES"):
        venue.modes[code].account = {"AVOIR": "", "ESPECES": "1000"}[code]
        venue.modes[code].save()
    money = Money(venue)
    zoe, desk = venue.contact(), money.open("G1", clock(5, 9, 0))
    money.deposit(desk, zoe, "950.00", clock(5, 10, 0))
    money.deposit(desk, venue.contact("Élie"), "300.05", clock(5, 10, 5))
    money.payout(desk, zoe, "10.02", clock(5, 11, 0))
    edition = edit_bordereau(filter=replace(OCTOBER, currency="CHF"))
    assert [row[1:2] + row[11:] for row in shown(edition.report)] == [
        ["05.10.2026 10:00", "", "950.00"],
        ["05.10.2026 10:05", "", "300.05"],
        ["05.10.2026 11:00", "10.02", ""],
    ]
    assert told(edition.report.sums) == (3, "10.02", "1’250.05")
    assert [line.account for line in edition.report.accounts.lines] == ["1000", "2030"]
    assert [control.broken for control in edition.controls] == [False, False, False]
    assert told(get_bordereau(filter=OCTOBER).sums) == (0, "0,00", "0,00")  # euros: none


def test_modes_of_one_name_stay_two_lines(october: October) -> None:
    before = get_bordereau(filter=OCTOBER)
    for mode in october.modes.values():
        mode.label = "Règlement"
        mode.save()
    counterparts = next(r for r in get_bordereau(filter=OCTOBER).recaps if r.title == _BY)
    assert len(counterparts.lines) == len(next(r for r in before.recaps if r.title == _BY).lines)


_BY = "Par contrepartie"


def test_contacts_of_any_name_are_told_by_their_numbers(venue: Venue, money: Money) -> None:
    desk = money.open("G1", clock(5, 9, 0))
    names = ["<b>Zoé</b>", "Ñuño & Cie", "Nguyễn Thị Ánh"]
    for name in names:
        money.deposit(desk, Contact.objects.create(last_name=name), "5.00", clock(5, 10, 0))
    assert [row[5] for row in shown(get_bordereau(filter=OCTOBER))] == names
