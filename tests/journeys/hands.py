"""An operator at the counter's screens, in a real browser: what hands do, what eyes see."""

import re
from collections.abc import Sequence

from playwright.sync_api import Locator, Page, expect

from tests.venue import PASSWORD

NBSP = "\u00a0"
# A mode and an amount; a coded voucher's code, or a cheque's number, as third.
Tender = tuple[str, str] | tuple[str, str, str]


class Operator:
    """Somebody at the counter."""

    def __init__(self, page: Page, url: str, name: str = "lea") -> None:
        self.page = page
        self.url = url
        self.name = name

    def log_in(self) -> None:
        page = self.page
        page.goto(f"{self.url}/guichet/")
        page.get_by_label("E-mail").fill(f"{self.name}@tilleuls.example")
        page.get_by_label("Mot de passe").fill(PASSWORD)
        page.keyboard.press("Enter")

    def log_in_and_open(self, float_: str, till: str = "G1") -> None:
        page = self.page
        self.log_in()
        page.get_by_role("link", name=re.compile(f"^{till}")).click()
        page.get_by_role("textbox").first.fill(float_)
        page.keyboard.press("Enter")
        expect(page.get_by_role("navigation").first).to_contain_text("Vente")

    def find_purchaser(self, letters: str, number: str) -> None:
        """The purchaser by a few letters."""
        page = self.page
        page.keyboard.press("F2")
        page.get_by_role("dialog").get_by_role("searchbox").press_sequentially(letters)
        page.get_by_role("dialog").get_by_role("button", name=re.compile(number)).click()
        expect(page.get_by_role("dialog")).to_be_hidden()

    def choose_seats(self, show: str, seats: int) -> None:
        """So many seats of a show at the full rate."""
        page = self.page
        page.get_by_role("searchbox", name=re.compile("séance")).fill(show)
        page.get_by_role("button", name=re.compile(show)).or_(
            page.get_by_role("link", name=re.compile(show))
        ).first.click()
        rate = page.locator("#offer").get_by_role("button", name=re.compile("Plein tarif"))
        for number in range(1, seats + 1):
            rate.click()
            expect(page.locator("#order input[type=number]").first).to_have_value(str(number))
        page.keyboard.press("F4")

    def begin(self, contact: int | None = None) -> None:
        """A new sale, from a contact's page or for nobody."""
        query = f"?contact={contact}" if contact else ""
        self.page.goto(f"{self.url}/guichet/vente/{query}")

    def tender(self, mode: str, amount: str, more: str = "") -> None:
        """Add a tender and type its amount over what was proposed."""
        panel = self.page.locator("#tenders")
        fields = panel.locator("input[inputmode=decimal]")
        before = fields.count()
        panel.get_by_role("button", name=re.compile(f"^{mode}")).click()
        expect(fields).to_have_count(before + 1)
        if mode == "Bon":
            panel.get_by_label("Code du bon").fill(more)
            self.page.keyboard.press("Enter")
            expect(panel.get_by_text(more)).to_be_visible()
            return
        expect(fields.last).to_be_focused()
        fields.last.fill(amount)
        if mode == "Cheque":
            panel.get_by_label("Banque").fill("BNP")
            panel.get_by_label("N° de chèque").fill(more)

    def take_the_money(self, button: str = "Encaisser") -> None:
        self.page.get_by_role("button", name=re.compile(button)).click()
        expect(self.page.get_by_role("heading", name="Commande payée")).to_be_visible()

    def sell(
        self, show: str, seats: int, tenders: Sequence[Tender], contact: int | None = None
    ) -> str:
        """A whole sale; returns the address of its order."""
        self.begin(contact)
        self.choose_seats(show, seats)
        for each in tenders:
            self.tender(*each)
        self.take_the_money()
        address = self.page.get_by_role("link", name="Ouvrir la commande").get_attribute("href")
        return str(address)

    def goto(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def sees(self, text: str) -> None:
        """What stands on the page, amounts with their no-break spaces."""
        expect(self.main).to_contain_text(text)
