"""The venue's main job, from opening the till to the bordereau, in a real browser (issue shows)."""

import io
import re

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from pytest_django.live_server_helper import LiveServer

from contacts.models import Contact
from credit.selectors import get_standing
from tests.counter import Counter
from tests.journeys.hands import NBSP, Operator
from tests.venue import PIN, Venue
from tests.verified import findings
from tills.selectors import Desk, desk_of, find_open_session

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def begin(operator: Operator, letters: str, number: str, show: str, seats: int) -> None:
    """Begin a sale: the purchaser by a few letters, then the seats."""
    operator.begin()
    operator.find_purchaser(letters, number)
    operator.choose_seats(show, seats)


@pytest.fixture
def zoe(committed_venue: Venue) -> Contact:
    Counter(committed_venue).price("21.10")
    return committed_venue.contact()


def credit_of(zoe: Contact) -> str:
    return str(get_standing(contact_id=zoe.pk, currency="EUR").balance.amount)


def test_an_operator_does_the_main_job(
    page: Page, live_server: LiveServer, committed_venue: Venue, zoe: Contact
) -> None:
    url = live_server.url
    operator = Operator(page, url)
    operator.log_in_and_open("100,00")

    # Two seats in cash, one of them taken back to credit: the coins appear.
    begin(operator, "lef", str(zoe.number), "Misanthrope", 2)
    operator.tender("Especes", "50")
    operator.take_the_money()
    operator.sees(f"7,80{NBSP}€")
    page.get_by_role("link", name="Ouvrir la commande").click()
    page.get_by_role("link", name=re.compile("Rembourser")).click()
    page.get_by_role("checkbox", name=re.compile("Misanthrope")).first.check()
    page.get_by_role("radio", name=re.compile("Au compte d’avoir")).check()
    page.get_by_role("checkbox", name=re.compile("choisit l’avoir")).check()
    page.get_by_role("button", name="Rembourser").click()
    operator.sees(f"21,10{NBSP}€")
    assert credit_of(zoe) == "21.10"
    page.goto(f"{url}/guichet/contacts/{zoe.pk}/")
    coins = page.locator("main .coins button, main button.coins").first
    coins.focus()
    expect(page.get_by_role("tooltip").first).to_be_visible()
    expect(page.get_by_role("tooltip").first).to_contain_text(f"21,10{NBSP}€")

    # Part credit, part voucher, part cash with change.
    voucher = Counter(committed_venue, desk=_desk(committed_venue)).sell_voucher("10.00")
    begin(operator, "lef", str(zoe.number), "Misanthrope", 2)
    page.get_by_role("button", name=re.compile("^Bon")).click()
    page.get_by_label("Code du bon").fill(voucher.code)
    page.keyboard.press("Enter")
    operator.tender("Avoir", "21,10")
    operator.tender("Especes", "20")
    operator.take_the_money()
    operator.sees(f"8,90{NBSP}€")
    assert credit_of(zoe) == "0.00"

    # A voucher larger than the order: its surplus goes to the credit.
    voucher = Counter(committed_venue, desk=_desk(committed_venue)).sell_voucher("30.00")
    begin(operator, "lef", str(zoe.number), "Misanthrope", 1)
    page.get_by_role("button", name=re.compile("^Bon")).click()
    page.get_by_label("Code du bon").fill(voucher.code)
    page.keyboard.press("Enter")
    operator.sees(f"8,90{NBSP}€")
    operator.take_the_money()
    assert credit_of(zoe) == "8.90"

    # 20 € by card onto the credit, 5 € back in cash with the supervisor's PIN.
    page.goto(f"{url}/guichet/contacts/{zoe.pk}/avoir/")
    page.get_by_role("link", name="Alimenter").click()
    page.get_by_role("textbox", name="Montant").fill("20")
    page.get_by_role("radio", name="Cb").check()
    page.get_by_role("button", name="Alimenter").click()
    expect(page).not_to_have_url(re.compile("alimenter"))
    assert credit_of(zoe) == "28.90"
    page.goto(f"{url}/guichet/contacts/{zoe.pk}/avoir/")
    page.get_by_role("link", name="Rembourser le solde").click()
    page.get_by_role("textbox", name="Montant").fill("5")
    page.get_by_role("radio", name="Especes").check()
    page.get_by_label("Pièce d’identité présentée").select_option(label="carte d’identité")
    page.get_by_role("button", name="Rembourser").click()
    page.get_by_label("Code du responsable").fill("marc")
    page.get_by_label(re.compile("PIN|Code secret")).fill(PIN)
    page.get_by_role("button", name="Rembourser").click()
    expect(page).not_to_have_url(re.compile("rembourser"))
    assert credit_of(zoe) == "23.90"

    # The history shows it all with its running balance.
    page.goto(f"{url}/guichet/contacts/{zoe.pk}/avoir/")
    rows = page.locator("table tbody tr")
    told = [row.split("\t")[-1].strip() for row in rows.all_inner_texts()]
    assert told == ["23,90", "28,90", "8,90", "0,00", "21,10"]

    # The till closes with what was expected, and the bordereau says the same on paper.
    page.goto(f"{url}/guichet/caisse/fermer/")
    page.get_by_role("button", name="Fermer la caisse").click()
    operator.sees("Z-G1-0001")
    page.goto(f"{url}/rapports/bordereau/")
    for total in ("26,10", "50,00"):
        expect(page.locator("main table").first).to_contain_text(total)
    client = Client()
    client.cookies["sessionid"] = next(
        cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "sessionid"
    )
    answer = client.get("/rapports/bordereau.pdf")
    assert answer.status_code == 200
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert [total in text for total in ("26,10", "50,00")] == [True, True]
    assert findings() == []


def _desk(venue: Venue) -> Desk:
    session = find_open_session(till_id=venue.tills["G1"].pk)
    assert session is not None
    return desk_of(session=session, operator=venue.operator)
