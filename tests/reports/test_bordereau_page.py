"""The bordereau on screen: who reads it, what they choose, and that nothing typed breaks it."""

from collections.abc import Callable
from itertools import product

import pytest
from django.urls import reverse

from contacts.models import Contact, User
from credit.services import OpeningBalance, open_balances
from institution_settings.choices import Role
from journal.services import perform
from payments.services import automatic_desk
from reports.selectors.bordereau import MOST_ROWS, get_bordereau
from tests.october import October, clock
from tests.reports.conftest import OCTOBER, PERIOD, Money, Reader, shown, table_rows
from tests.venue import Venue

Person = Callable[..., User]


def test_the_page_shows_the_rows_of_the_selector(october: October, claire: Reader) -> None:
    assert claire.rows(**PERIOD) == shown(get_bordereau(filter=OCTOBER))
    with_balance = get_bordereau(filter=OCTOBER, with_balance=True)
    assert claire.rows(**PERIOD, balance="on") == shown(with_balance)


def test_the_page_shows_groups_subtotals_and_totals(october: October, claire: Reader) -> None:
    rows = table_rows(claire.get(**PERIOD).content.decode())
    begin = rows.index(["G2 · G2"])
    totals = [row for row in rows[begin:] if not row[0].isdigit()]
    assert totals[:7] == [
        ["G2 · G2"],
        ["05/10/2026 · Z-G2-0001"],
        ["Total du 05/10/2026, 1 mouvement, net 42,20", "0,00", "42,20"],
        ["07/10/2026 · Z-G2-0002"],
        ["Total du 07/10/2026, 3 mouvements, net -8,90", "18,90", "10,00"],
        ["Total caisse G2, 4 mouvements, net 33,30", "18,90", "52,20"],
        ["WEB · Web"],
    ]
    assert ["Total général, 10 mouvements, net -22,40", "133,50", "111,10"] in rows
    assert ["Restitution, contre-passation", "1", "", "10,00", "10,00"] in rows
    assert ["706100 Billetterie, taxes comprises", "42,20", "84,60"] in rows
    assert ["G1", "50,00", "", "8,90", "-30,00", "", "", "28,90"] in rows


def test_the_page_says_period_status_filters_and_closing(october: October, claire: Reader) -> None:
    page = " ".join(claire.get(**PERIOD).content.decode().split())
    for words in (
        "<strong>PROVISOIRE</strong> (sessions encore ouvertes : Z-BO-0002, Z-WEB-0001)",
        "Du 01/10/2026 au 31/10/2026 inclus, en EUR · toutes caisses, toutes natures",
        "Arrêté le présent bordereau à 10 mouvements, débits 133,50\xa0€, crédits 111,10\xa0€.",
    ):
        assert page.count(" ".join(words.split())) == 1, words
    assert page.count('<span class="amount">vérifié</span>') == 3
    chosen = {"tills": ["G1", "G2"], "kinds": ["DEPOT"], "counterparts": ["COMMANDE"]}
    page = " ".join(claire.get(**PERIOD, **chosen).content.decode().split())
    words = "en EUR · caisses : G1 · G1, G2 · G2 · natures : Versement · contreparties : Commande"
    assert page.count(words) == 1
    assert page.count("Filtré : les identités ne valent que pour toute une période.") == 1
    assert page.count("vérifié") == 0


def test_today_is_shown_when_nothing_is_chosen(venue: Venue, claire: Reader) -> None:
    venue.account(credit="10")
    assert [row[12] for row in claire.rows()] == ["10,00"]
    assert claire.rows(first="2020-01-01", last="2020-12-31") == []


# Access


@pytest.mark.parametrize("page", ["home", "bordereau", "bordereau_pdf"])
def test_only_readers_are_let_in(venue: Venue, person: Person, page: str) -> None:
    answer = Reader(None).get(page)
    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('account_login')}?next={reverse(f'reports:{page}')}"
    assert Reader(person(Role.CUSTOMER)).get(page).status_code == 403
    expected = 302 if page == "home" else 200
    for role in (
        Role.OPERATOR,
        Role.SUPERVISOR,
        Role.ACCOUNTANT,
        Role.AUDITOR,
        Role.ADMINISTRATOR,
    ):
        assert Reader(person(role, f"P{role}"[:20])).get(page).status_code == expected, role


@pytest.mark.parametrize("page", ["home", "bordereau", "bordereau_pdf"])
def test_reports_are_only_read(venue: Venue, claire: Reader, page: str) -> None:
    assert claire.client.post(reverse(f"reports:{page}")).status_code == 405


def test_the_door_leads_to_the_one_report(venue: Venue, claire: Reader) -> None:
    assert claire.get("home")["Location"] == reverse("reports:bordereau")


def test_an_operator_sees_own_sessions_only(venue: Venue, money: Money, person: Person) -> None:
    karim = person(Role.OPERATOR)
    of_lea = money.open("G1", clock(5, 9, 0))
    of_karim = money.open("G2", clock(5, 9, 0), operator=karim)
    money.deposit(of_lea, venue.contact(), "10.00", clock(5, 10, 0))
    money.deposit(of_karim, venue.contact(), "20.00", clock(5, 10, 0))
    for user, mine, other in ((venue.operator, "10,00", "G2-1"), (karim, "20,00", "G1-1")):
        reader = Reader(user)
        assert [row[12] for row in reader.rows(**PERIOD)] == [mine]
        page = reader.get(**PERIOD).content.decode()
        assert page.count(f"sessions ouvertes par {user}") == 1
        assert page.count("Filtré\u00a0: les identités") == 1
        assert [row[12] for row in reader.rows(**PERIOD, tills=["G1", "G2"])] == [mine]
        refused = reader.get(z=other)
        assert refused.status_code == 422
        assert f"Aucun Z ne porte le numéro {other}." in refused.content.decode()
        assert reader.get("bordereau_pdf", z=other).status_code == 422
    assert [row[12] for row in Reader(venue.supervisor).rows(**PERIOD)] == ["10,00", "20,00"]


# Zs


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("Z-G2-0002", 3),
        ("g2-2", 3),
        ("  z-g1-1 ; G2-0002,Z-G1-0001  ", 5),
        ("Z-WEB-0001 Z-BO-0002", 2),
    ],
)
def test_zs_give_the_period_themselves(
    october: October, claire: Reader, typed: str, lines: int
) -> None:
    assert len(claire.rows(z=typed)) == lines
    assert len(claire.rows(z=typed, first="2020-01-01", last="2020-01-01")) == lines
    assert len(claire.rows(z=typed, first="", last="")) == lines


def test_a_z_leads_to_its_own_bordereau(october: October, claire: Reader) -> None:
    page = claire.get(**PERIOD).content.decode()
    assert page.count('<a href="?z=Z-G2-0002">Z-G2-0002</a>') == 1
    page = claire.get(z="Z-G2-0002").content.decode()
    assert page.count("Du 07/10/2026 au 07/10/2026 inclus, en EUR · Z-G2-0002") == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Z-G1-0009", "Aucun Z ne porte le numéro Z-G1-0009."),
        ("nothing", "Aucun Z ne porte le numéro NOTHING."),
        ("G1-99999999999999999999", "Aucun Z ne porte le numéro G1-99999999999999999999."),
        ("G1-١", "Aucun Z ne porte le numéro G1-١."),
        (" ".join(["G1-1"] * 51), "50 Z au plus."),
    ],
)
def test_a_z_that_is_none_is_said_beside_its_field(
    october: October, claire: Reader, typed: str, sentence: str
) -> None:
    answer = claire.get(z=typed)
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"z": [sentence]}
    assert answer.content.decode().count(sentence) == 2  # in the summary and beside the field


# What is typed


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ({"first": "2026-10-31", "last": "2026-10-01"}, {"last": ["finit avant de commencer"]}),
        ({"first": "", "last": ""}, {"first": ["Choisissez un jour"]} | {"last": ["Choisissez"]}),
        ({"first": "31/02/2026"}, {"first": ["date valide"]}),
        ({"tills": "G9"}, {"tills": ["G9"]}),
        ({"kinds": "VIREMENT"}, {"kinds": ["VIREMENT"]}),
    ],
)
def test_a_wrong_filter_is_said_beside_it(
    october: October, claire: Reader, query: dict[str, str], errors: dict[str, list[str]]
) -> None:
    answer = claire.get(**query)
    assert answer.status_code == 422
    found = answer.context["form"].errors
    assert set(found) == set(errors)
    for name, (words,) in errors.items():
        assert words in found[name][0]
    assert table_rows(answer.content.decode()) == []
    assert claire.get("bordereau_pdf", **query).status_code == 422


def test_both_ways_of_writing_a_day_are_read(october: October, claire: Reader) -> None:
    assert len(claire.rows(first="01/10/2026", last="31/10/2026")) == 10


NASTY = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "-1",
    "0",
    "9" * 30,
    "1e3",
    "NaN",
    "١٢",
    "é\u202e\ufeff",
    "'; DROP TABLE credit_movement; --",
    "<script>alert(1)</script>",
    "0001-01-01",
    "9999-12-31",
    "10000-01-01",
    "2026-10-05T10:00",
    "{{ 7|add:7 }}",
    "x" * 5000,
)
NAMES = ("first", "last", "z", "tills", "kinds", "operators", "modes", "counterparts", "balance")


def test_no_parameter_breaks_the_page(october: October, claire: Reader) -> None:
    answers = {
        (name, value): claire.get(**{**PERIOD, name: value})
        for name, value in product(NAMES, NASTY)
    }
    assert {key for key, answer in answers.items() if answer.status_code not in (200, 422)} == set()
    for answer in answers.values():
        assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "?",
        "?&&&=&=",
        "?first",
        "?first[]=1",
        "?%00=%00",
        "?%ff=%fe",
        "?z=%ff%fe",
        "?tills=%E0%A4%A",
        "?unknown=1",
        "?first=2026-10-01&first=x",
        "?last=%0a",
        "?tills=G1" + "&tills=G1" * 900,
    ],
)
def test_no_query_string_breaks_page_or_paper(venue: Venue, claire: Reader, query: str) -> None:
    for page in ("bordereau", "bordereau_pdf"):
        answer = claire.client.get(reverse(f"reports:{page}") + query)
        assert answer.status_code in (200, 422), page


# Size


def test_more_rows_cost_no_more_queries(venue: Venue, money: Money, claire: Reader) -> None:
    desk = money.open("G1", clock(5, 9, 0))
    money.deposit(desk, venue.contact(), "5.00", clock(5, 10, 0))
    claire.count_queries(**PERIOD)
    one = claire.count_queries(**PERIOD)
    for minute in range(1, 31):
        contact = venue.contact(f"Lefèvre {minute}")
        money.deposit(desk, contact, "5.00", clock(5, 10, minute))
        if minute % 3 == 0:
            money.payout(desk, contact, "2.00", clock(5, 11, minute))
    assert len(claire.rows(**PERIOD)) == 41
    assert (one, claire.count_queries(**PERIOD)) == (25, 25)


def test_a_long_report_shows_its_totals_and_says_what_to_do(venue: Venue, claire: Reader) -> None:
    open_for_many(venue, MOST_ROWS + 1)
    answer = claire.get(**PERIOD)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert claire.rows(**PERIOD) == []
    assert page.count("1001 mouvements\u00a0: c’est trop pour une page.") == 1
    assert ["Reprise de solde", "1001", "", "1 001,00", "1 001,00"] in table_rows(page)
    assert page.count("bordereau.pdf") == 0
    assert page.count("vérifié") == 3
    refused = claire.get("bordereau_pdf", **PERIOD)
    assert refused.status_code == 422
    assert refused.content.decode().count("c’est trop pour une page") == 1


def open_for_many(venue: Venue, how_many: int) -> None:
    """The first balances of a whole town, a euro each."""
    contacts = Contact.objects.bulk_create(
        Contact(last_name=f"Martin {number}", number=f"M{number}") for number in range(how_many)
    )
    at = clock(5, 9, 0)
    desk = automatic_desk(till=venue.tills["BO"], operator=venue.operator, at=at)
    rows = [OpeningBalance(contact_id=one.pk, amount=venue.money("1")) for one in contacts]
    perform(
        claim=venue.claim(),
        kind="credit.open",
        content={},
        register=desk.register,
        write=lambda op: open_balances(op=op, desk=desk, mode=venue.modes["AVOIR"], rows=rows),
        found=lambda _operation: 0,
        at=at,
    )
