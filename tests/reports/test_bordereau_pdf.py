"""The bordereau on paper: the same rows and totals, and all that RPT-00 wants on it."""

import io
import re

import pypdf
import pytest

from reports.documents import digest
from reports.selectors.bordereau import get_bordereau
from tests.october import October, clock
from tests.reports.conftest import OCTOBER, PERIOD, Money, Reader, paper_rows, shown
from tests.venue import Venue

TILLS = [("BO", 1), ("G1", 4), ("G2", 4), ("WEB", 1)]


@pytest.fixture
def institution(venue: Venue) -> None:
    """The venue under its full name."""
    venue.institution.legal_name = "Association Les Tilleuls"
    venue.institution.siret = "53200123400017"
    venue.institution.save()


def pdf(claire: Reader, **query: object) -> bytes:
    answer = claire.get("bordereau_pdf", **query)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return bytes(answer.content)


def text_of(paper: bytes) -> list[str]:
    return [
        " ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(paper)).pages
    ]


def rows_of(paper: bytes) -> list[list[str]]:
    """The rows of movements: a number, then a moment."""
    moment = re.compile(r"\d\d[/.]\d\d[/.]\d{4} \d\d:\d\d")
    return [row for row in paper_rows(paper) if len(row) > 1 and moment.fullmatch(row[1])]


@pytest.mark.parametrize("balance", [False, True])
def test_paper_and_selector_have_the_same_cells(
    october: October, claire: Reader, balance: bool
) -> None:
    query = {**PERIOD, "balance": "on"} if balance else PERIOD
    report = get_bordereau(filter=OCTOBER, with_balance=balance)
    expected = [[cell for cell in row if cell] for row in shown(report)]
    assert rows_of(pdf(claire, **query)) == expected


def test_paper_and_page_have_the_same_cells_and_digest(october: October, claire: Reader) -> None:
    """A filtered one too, where lines are counted anew."""
    query = {**PERIOD, "tills": ["G1", "WEB"], "kinds": ["PAIEMENT"]}
    paper = pdf(claire, **query)
    assert rows_of(paper) == [[cell for cell in row if cell] for row in claire.rows(**query)]
    (printed,) = re.findall(r"SHA-256 ([0-9a-f]{16})", text_of(paper)[-1])
    assert claire.get(**query).content.decode().count(f"<code>{printed}</code>") == 1


def test_groups_subtotals_and_totals_stand_in_order(october: October, claire: Reader) -> None:
    lines = [" | ".join(row) for row in paper_rows(pdf(claire, **PERIOD))]
    told = [line for line in lines if re.match(r"(BO|G1|G2|WEB) ·|Total |\d\d/\d\d/\d{4} ·", line)]
    begin = told.index("G2 · G2")
    assert told[begin : begin + 11] == [
        "G2 · G2",
        "05/10/2026 · Z-G2-0001",
        "Total du 05/10/2026, 1 mouvement, net 42,20 | 0,00 | 42,20",
        "07/10/2026 · Z-G2-0002",
        "Total du 07/10/2026, 3 mouvements, net -8,90 | 18,90 | 10,00",
        "Total caisse G2, 4 mouvements, net 33,30 | 18,90 | 52,20",
        "WEB · Web",
        "06/10/2026 · Z-WEB-0001",
        "Total du 06/10/2026, 1 mouvement, net -54,60 | 54,60 | 0,00",
        "Total caisse WEB, 1 mouvement, net -54,60 | 54,60 | 0,00",
        "Total général, 10 mouvements, net -22,40 | 133,50 | 111,10",
    ]


def test_recaps_and_accounts_are_on_it(october: October, claire: Reader) -> None:
    text = " ".join(text_of(pdf(claire, **PERIOD)))
    for words in (
        "Par nature Nombre Débit Crédit Net Versement 1 50,00 50,00",
        "Restitution, contre-passation 1 10,00 10,00",
        "Par mode avoir Nombre Débit Crédit Net Avoir 10 133,50 111,10 -22,40",
        "Sans contrepartie 1 30,00 -30,00",
        "Par opérateur Nombre Débit Crédit Net Léa 10 133,50 111,10 -22,40",
        "Par compte Débit Crédit",
        "706100 Billetterie, taxes comprises 42,20 84,60",
        "Par caisse et nature, crédits moins débits Versement Remboursement de commande",
        "G1 50,00 8,90 -30,00 28,90",
    ):
        assert text.count(words) == 1, words


def test_head_and_foot_say_who_what_and_when(
    october: October, institution: None, claire: Reader
) -> None:
    paper = pdf(claire, **PERIOD)
    pages = text_of(paper)
    for number, page in enumerate(pages, start=1):
        for words in (
            "Théâtre des Tilleuls",
            "Association Les Tilleuls, SIRET 53200123400017",
            "Édité le",
            f"Page {number} / {len(pages)}",
        ):
            assert page.count(words) == 1, (number, words)
    for words in (
        "Bordereau des mouvements de compte d’avoir",
        "PROVISOIRE, édition sans numéro, sessions encore ouvertes : Z-BO-0002, Z-WEB-0001",
        "Du 01/10/2026 au 31/10/2026 inclus, en EUR · toutes caisses, toutes natures",
    ):
        assert pages[0].count(words) == 1, words
    assert ", Claire" in pages[0]
    for words in (
        "✓ I3 Somme des mouvements = variation de tous les soldes",
        "✓ I6 Mouvements de chaque Z, par nature et mode = ses règlements",
        "✓ I7 Chaque mouvement est scellé une fois au journal de sa caisse, sans trou",
        "Arrêté le présent bordereau à 10 mouvements, débits 133,50 €, crédits 111,10 €.",
        "Établi par (date, nom, signature)",
        "Contrôlé par (date, nom, signature)",
        "Observations, écarts",
        "Avoir 0.1.0",
    ):
        assert pages[-1].count(words) == 1, words


def test_the_whole_digest_is_in_the_properties(october: October, claire: Reader) -> None:
    document = pypdf.PdfReader(io.BytesIO(pdf(claire, **PERIOD)))
    assert document.metadata is not None
    assert document.metadata.title == "Bordereau des mouvements de compte d’avoir"
    assert document.metadata["/Keywords"] == (
        f"SHA-256 {digest(report=get_bordereau(filter=OCTOBER))}"
    )


def test_a_filtered_paper_says_so(october: October, claire: Reader) -> None:
    text = " ".join(text_of(pdf(claire, z="Z-G2-0002")))
    assert text.count("Du 07/10/2026 au 07/10/2026 inclus, en EUR · Z-G2-0002") == 1
    assert text.count("Filtré : les identités ne valent que pour toute une période.") == 1
    assert "✓" not in text
    assert text.count("PROVISOIRE, édition sans numéro Du") == 1  # its till is closed


def test_an_empty_period_is_a_paper_too(venue: Venue, claire: Reader) -> None:
    (page,) = text_of(pdf(claire, **PERIOD))
    assert page.count("Aucun mouvement sur cette période") == 1
    assert page.count("Arrêté le présent bordereau à 0 mouvement, débits 0,00 €") == 1


def test_long_tables_repeat_their_head_and_carry_their_sums(
    venue: Venue, money: Money, claire: Reader
) -> None:
    desk, zoe = money.open("G1", clock(5, 9, 0)), venue.contact()
    for minute in range(45):
        money.deposit(desk, zoe, "2.00", clock(5, 10, minute))
    paper = pdf(claire, **PERIOD)
    first, second = text_of(paper)[:2]
    head = "N° Date et heure N° opération N° pièce / commande N° contact Contact Nature"
    assert (first.count(head), second.count(head)) == (1, 1)
    on_first = len(rows_of(_only_page(paper, 0)))
    assert 0 < on_first < 45
    carried = f"débits 0,00, crédits {on_first * 2},00"
    assert first.count(f"À reporter : {carried}") == second.count(f"Report : {carried}") == 1
    assert "Report :" not in first
    last = text_of(paper)[-1]
    assert "À reporter" not in last
    assert len(rows_of(paper)) == 45


def _only_page(paper: bytes, number: int) -> bytes:
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    writer.add_page(pypdf.PdfReader(io.BytesIO(paper)).pages[number])
    writer.write(out)
    return out.getvalue()


def test_a_broken_identity_is_printed_in_words(october: October, claire: Reader) -> None:
    from tests.reports.test_controls import rewrite

    rewrite("UPDATE credit_movement SET amount_minor = 5100 WHERE kind = 'DEPOT'")
    last = text_of(pdf(claire, **PERIOD))[-1]
    assert last.count("I3 Somme des mouvements = variation de tous les soldes écart 1,00 €") == 1
    assert last.count("✓") == 1


def test_the_reader_s_language_does_not_reach_the_paper(october: October, claire: Reader) -> None:
    claire.client.cookies["django_language"] = "en"
    answer = claire.client.get("/rapports/bordereau.pdf", PERIOD, headers={"accept-language": "en"})
    assert "Par nature" in " ".join(text_of(answer.content))
    assert "Versement" in " ".join(text_of(answer.content))
