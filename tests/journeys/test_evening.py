"""An evening of a theatre in a real browser, counted by hand and found again on every paper.

Two operators at two tills, thirty sales in all modes, and what goes wrong between them; at the end
the two Zs, the bordereau and the statements of takings say what the tally says (I3, I6, I11).
"""

import re
from collections import Counter as Tally
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from contacts.models import Contact
from contacts.services import create_operator
from credit.selectors import get_standing
from institution_settings.choices import Role
from payments.models import Payment, Voucher
from reports.selectors.takings import get_takings
from sales.models import Performance, Printout
from sales.services import CategoryPlan, PerformancePlan, create_event
from tests.counter import Counter
from tests.journeys.hands import NBSP, Operator
from tests.papers import text_of
from tests.venue import PASSWORD, PIN, Venue
from tests.verified import findings
from tills.models import ModeCount, TillSession

pytestmark = [pytest.mark.journey, pytest.mark.long, pytest.mark.django_db(transaction=True)]

MISANTHROPE, AVARE = "Misanthrope", "Avare"
PRICES = {MISANTHROPE: Decimal(20), AVARE: Decimal(30)}
CODES = {"Especes": "ESPECES", "Cb": "CB", "Cheque": "CHEQUE", "Virement": "VIREMENT"}


@dataclass
class Evening:
    """What a hand wrote down: by till and mode what came and went; by show what its seats took."""

    came: Tally[tuple[str, str]] = field(default_factory=Tally)
    went: Tally[tuple[str, str]] = field(default_factory=Tally)
    seats: Tally[str] = field(default_factory=Tally)
    sales: int = 0

    def take(self, till: str, mode: str, amount: str) -> None:
        self.came[till, mode] += int(Decimal(amount) * 100)

    def give(self, till: str, mode: str, amount: str) -> None:
        self.went[till, mode] += int(Decimal(amount) * 100)


def money(minor: int) -> str:
    """``2000`` as screens and papers write it: ``20,00``, thousands apart."""
    return f"{minor / 100:,.2f}".replace(",", "\u202f").replace(".", ",")


@pytest.fixture
def house(committed_venue: Venue) -> Venue:
    """The venue with two shows of tomorrow and a second operator."""
    Counter(committed_venue).price("20.00")
    tomorrow = timezone.now().replace(hour=19, minute=0, second=0, microsecond=0) + timedelta(1)
    seats = CategoryPlan(
        name="Cat. 1", capacity=300, prices={"PLEIN": committed_venue.money("30.00")}
    )
    create_event(
        title="L’Avare",
        performances=[PerformancePlan(starts_at=tomorrow, hall="Petite salle", categories=[seats])],
    )
    create_operator(
        email="karim@tilleuls.example",
        password=PASSWORD,
        name="Karim",
        code="karim",
        role=Role.OPERATOR,
        points_of_sale=[committed_venue.counter],
    )
    return committed_venue


@pytest.fixture
def second_page(browser: Browser, browser_context_args: dict[str, object]) -> "Callable[[], Page]":
    """Another browser, for whoever sits at the other till."""
    opened: list[BrowserContext] = []

    def make() -> Page:
        opened.append(browser.new_context(**browser_context_args))  # type: ignore[arg-type]
        return opened[-1].new_page()

    yield make  # type: ignore[misc]
    for context in opened:
        context.close()


def test_an_evening_agrees_to_the_cent_on_every_paper(
    page: Page, second_page: Callable[[], Page], live_server: LiveServer, house: Venue
) -> None:
    evening = Evening()
    lea, karim = Operator(page, live_server.url), Operator(second_page(), live_server.url, "karim")
    lea.log_in_and_open("100,00", "G1")
    karim.log_in_and_open("50,00", "G2")
    zoe, jean = house.contact("Lefèvre", "Zoé"), house.contact("Martin", "Jean")

    _sell_to_the_queue(evening, lea, karim)
    _give_credit(evening, lea, karim, zoe, jean)
    _vouchers_worth_more(evening, lea, karim, jean)
    wrong = _three_refunds(evening, lea, karim, zoe)
    _type_the_wrong_mode(evening, lea)
    _exchange(evening, karim)
    _lose_a_ticket(lea, wrong)
    _pay_out_with_a_supervisor(evening, lea, zoe)
    assert evening.sales == 30

    _close(evening, lea, "G1")
    _close(evening, karim, "G2")
    _compare(evening, house, lea)
    assert findings() == []


def _sold(
    evening: Evening,
    operator: Operator,
    show: str,
    seats: int,
    *tenders: tuple[str, ...],
    contact: int | None = None,
) -> str:
    """Sell in the browser and write it down: what was kept, not what was handed over."""
    till = {"lea": "G1", "karim": "G2"}[operator.name]
    address = operator.sell(show, seats, tenders, contact)  # type: ignore[arg-type]
    due = PRICES[show] * seats
    for mode, amount, *_more in tenders:
        kept = min(Decimal(amount.replace(",", ".")), due)
        due -= kept
        evening.take(till, mode, str(kept))
    evening.seats[show] += seats * int(PRICES[show] * 100)
    evening.sales += 1
    return address


def _sell_to_the_queue(evening: Evening, lea: Operator, karim: Operator) -> None:
    """Twenty sales to nobody in particular, in the modes of money."""
    for operator, show in ((lea, MISANTHROPE), (karim, AVARE)):
        _sold(evening, operator, show, 2, ("Especes", "100"))  # with change
        _sold(evening, operator, show, 1, ("Cb", str(PRICES[show])))
        _sold(evening, operator, show, 2, ("Cb", str(PRICES[show])), ("Especes", "50"))
        _sold(evening, operator, show, 1, ("Cheque", str(PRICES[show]), "0042"))
        _sold(evening, operator, show, 1, ("Virement", str(PRICES[show])))
        _sold(evening, operator, show, 3, ("Cb", str(PRICES[show] * 3)))
        _sold(evening, operator, show, 1, ("Especes", str(PRICES[show])))
        _sold(evening, operator, show, 1, ("Especes", "50"))
        _sold(evening, operator, show, 1, ("Cheque", "10", "77"), ("Especes", "20"))
        _sold(evening, operator, show, 4, ("Cb", str(PRICES[show] * 4)))


def _give_credit(
    evening: Evening, lea: Operator, karim: Operator, zoe: Contact, jean: Contact
) -> None:
    """Two deposits; then credit pays all of an order, and part of another."""
    for operator, till, contact, amount, mode in (
        (lea, "G1", zoe, "200", "Cb"),
        (karim, "G2", jean, "25", "Especes"),
    ):
        operator.goto(f"/guichet/contacts/{contact.pk}/avoir/alimenter/")
        operator.page.get_by_role("textbox", name="Montant").fill(amount)
        operator.page.get_by_role("radio", name=mode).check()
        operator.press("Alimenter")
        operator.sees(f"{amount},00{NBSP}€ versés sur le compte d’avoir")
        evening.take(till, mode, amount)
    _sold(evening, lea, MISANTHROPE, 1, ("Avoir", "20"), contact=zoe.pk)
    _sold(evening, karim, AVARE, 1, ("Avoir", "25"), ("Especes", "10"), contact=jean.pk)


def _vouchers_worth_more(evening: Evening, lea: Operator, karim: Operator, jean: Contact) -> None:
    """A voucher of 50 € for a seat of 20 €: 30 € to the credit. A paper one: the rest given up."""
    lea.goto("/guichet/bons/vendre/")
    lea.page.get_by_label(re.compile("^Valeur")).fill("50")
    lea.page.locator("main form").get_by_role("button").last.click()
    lea.page.keyboard.press("F4")
    lea.tender("Especes", "50")
    lea.take_the_money()
    evening.take("G1", "Especes", "50")
    code = Voucher.objects.get().code
    lea.begin(jean.pk)
    lea.choose_seats(MISANTHROPE, 1)
    lea.tender("Bon", "50", code)
    lea.sees(f"30,00{NBSP}€")
    lea.take_the_money()
    evening.take("G1", "Bon", "50")
    evening.seats[MISANTHROPE] += 2000
    assert _credit_of(jean) == Decimal(30)

    karim.begin()
    karim.choose_seats(AVARE, 1)
    karim.tender("Chqvac", "40")
    given_up = karim.page.get_by_label(re.compile("Le client abandonne le reste"))
    given_up.check()
    expect(given_up).to_be_checked()
    karim.sees(f"10,00{NBSP}€ abandonnés par le client")
    karim.take_the_money()
    evening.take("G2", "Chqvac", "40")
    evening.seats[AVARE] += 3000
    evening.sales += 3


def _three_refunds(evening: Evening, lea: Operator, karim: Operator, zoe: Contact) -> str:
    """One to credit, one as it was paid, one partly to credit and partly as it was paid."""
    kept = _sold(evening, lea, MISANTHROPE, 2, ("Especes", "40"), contact=zoe.pk)
    lea.goto(kept)
    _refund(lea, "Au compte d’avoir", tickets=1, consent=True)
    evening.give("G1", "Avoir", "20")
    again = _sold(evening, karim, AVARE, 1, ("Cb", "30"))
    karim.goto(again)
    _refund(karim, "Comme il a été payé", tickets=1)
    evening.give("G2", "Cb", "30")
    mixed = _sold(evening, lea, MISANTHROPE, 2, ("Cb", "40"), contact=zoe.pk)
    lea.goto(mixed)
    lea.page.get_by_role("link", name=re.compile("Rembourser")).click()
    for box in lea.page.get_by_role("checkbox", name=re.compile(MISANTHROPE)).all():
        box.check()
    lea.page.get_by_role("radio", name=re.compile("Comme il a été payé")).check()
    lea.page.get_by_text("Une partie sur le compte d’avoir").click()
    lea.page.get_by_role("textbox", name="Dont sur le compte d’avoir").fill("15")
    lea.page.get_by_role("checkbox", name=re.compile("choisit l’avoir")).last.check()
    lea.press("Rembourser")
    expect(lea.page.get_by_role("heading", name="Remboursé")).to_be_visible()
    evening.give("G1", "Avoir", "15")
    evening.give("G1", "Cb", "25")
    evening.seats[MISANTHROPE] -= 6000
    evening.seats[AVARE] -= 3000
    return kept


def _refund(operator: Operator, choice: str, *, tickets: int, consent: bool = False) -> None:
    page = operator.page
    page.get_by_role("link", name=re.compile("Rembourser")).click()
    for index in range(tickets):
        page.get_by_role("checkbox", name=re.compile(f"{MISANTHROPE}|{AVARE}")).nth(index).check()
    page.get_by_role("radio", name=re.compile(choice)).check()
    if consent:
        page.get_by_role("checkbox", name=re.compile("choisit l’avoir")).first.check()
    operator.press("Rembourser")
    expect(page.get_by_role("heading", name="Remboursé")).to_be_visible()


def _type_the_wrong_mode(evening: Evening, lea: Operator) -> None:
    """Cash typed for a card, and put right: the drawer is short of nothing (C4)."""
    order = _sold(evening, lea, AVARE, 1, ("Especes", "30"))
    lea.goto(order)
    lea.page.get_by_role("link", name="Corriger le mode").click()
    lea.page.get_by_role("radio", name="Cb").check()
    lea.press("Corriger le règlement")
    lea.sees("saisi dans le mauvais mode")
    evening.give("G1", "Especes", "30")
    evening.take("G1", "Cb", "30")


def _exchange(evening: Evening, karim: Operator) -> None:
    """A seat for 20 € paid by card, exchanged for one of 30 €: 10 € in cash besides."""
    order = _sold(evening, karim, MISANTHROPE, 1, ("Cb", "20"))
    karim.goto(order)
    karim.page.get_by_role("link", name=re.compile("Échanger")).click()
    karim.page.get_by_role("checkbox", name=re.compile(MISANTHROPE)).check()
    karim.page.get_by_role("button", name=re.compile("Choisir les nouveaux billets")).click()
    karim.choose_seats(AVARE, 1)
    karim.sees(f"20,00{NBSP}€")
    karim.tender("Especes", "10")
    karim.take_the_money("Confirmer l’échange")
    karim.sees("repris")
    evening.give("G2", "Cb", "20")
    evening.take("G2", "Cb", "20")
    evening.take("G2", "Especes", "10")
    evening.seats[MISANTHROPE] -= 2000
    evening.seats[AVARE] += 3000


def _lose_a_ticket(lea: Operator, order: str) -> None:
    """Printed, lost, printed again: the second says DUPLICATA and is counted."""
    lea.goto(order)
    with lea.page.expect_popup():
        lea.page.get_by_role("button", name=re.compile("Imprimer les billets")).click()
    expect(lea.page.get_by_role("button", name=re.compile("Imprimer les billets"))).to_be_visible()
    lea.goto(order + "billets/")
    lea.page.get_by_role("checkbox", name=re.compile(MISANTHROPE)).first.check()
    lea.page.get_by_role("radio", name=re.compile("perdu", re.IGNORECASE)).check()
    with lea.page.expect_popup():
        lea.press("Imprimer les duplicatas")
    lea.goto(order)
    assert Printout.objects.filter(copy__gt=0).count() == 1


def _pay_out_with_a_supervisor(evening: Evening, lea: Operator, zoe: Contact) -> None:
    """160 € are above the day's limit: Marc types his PIN on Léa's screen (G5)."""
    lea.goto(f"/guichet/contacts/{zoe.pk}/avoir/rembourser/")
    lea.page.get_by_role("textbox", name="Montant").fill("160")
    lea.page.get_by_role("radio", name="Virement").check()
    lea.press("Rembourser")
    lea.page.get_by_label("Code du responsable").fill("marc")
    lea.page.get_by_label("Code PIN").fill(PIN)
    lea.press("Rembourser")
    lea.sees("160,00")
    expect(lea.page).not_to_have_url(re.compile("rembourser"))
    evening.give("G1", "Virement", "160")
    assert _credit_of(zoe) == Decimal(200 - 20 + 20 + 15 - 160)


def _close(evening: Evening, operator: Operator, till: str) -> None:
    """Count what the tally says must be there, and close without a difference.

    What went out by transfer lies in no drawer: that line stays empty.
    """
    float_ = {"G1": 10000, "G2": 5000}[till]
    operator.goto("/guichet/caisse/fermer/")
    for mode in ("Especes", "Cb", "Cheque", "Virement", "Chqvac"):
        counted = evening.came[till, mode] - evening.went[till, mode]
        counted += float_ if mode == "Especes" else 0
        box = operator.page.get_by_label(f"{mode}, compté")
        if counted < 0:
            continue
        if box.count():
            box.fill(f"{counted / 100:.2f}".replace(".", ","))
        else:
            assert counted == 0, mode
    operator.press("Fermer la caisse")
    expect(operator.page).to_have_url(re.compile("/z/"))
    operator.sees(f"Z-{till}-0001")


def _compare(evening: Evening, house: Venue, lea: Operator) -> None:
    """The Zs, the bordereau and the statements, each on screen and on paper, against the tally."""
    client = Client()
    client.force_login(house.supervisor, backend="django.contrib.auth.backends.ModelBackend")
    for session in TillSession.objects.filter(till__code__in=["G1", "G2"]):
        words = text_of(client.get(f"/guichet/z/{session.pk}.pdf").content)
        for count in ModeCount.objects.filter(session=session).select_related("mode"):
            where = session.till.code, count.mode.label
            told = (count.in_minor, count.out_minor)
            assert told == (evening.came[where], evening.went[where]), where
            assert money(count.in_minor) in words, where
            assert count.counted_minor in {None, count.expected_minor}, where

    shown = client.get("/rapports/bordereau/").context
    report = shown["report"]
    credited = 20000 + 2500 + 3000 + 2000 + 1500
    drawn = 2000 + 2500 + 16000
    assert (report.sums.credits.amount * 100, report.sums.debits.amount * 100) == (credited, drawn)
    controls = shown["edition"].controls
    assert [(control.code, control.broken) for control in controls] == [
        ("I3", False),
        ("I6", False),
        ("I7", False),
    ]
    words = text_of(client.get("/rapports/bordereau.pdf").content)
    assert (money(credited) in words, money(drawn) in words) == (True, True)

    for show, gross in evening.seats.items():
        performance = Performance.objects.get(event__title__endswith=show)
        takings = get_takings(performance_id=performance.pk)
        assert (takings.total.gross_minor, takings.difference.amount) == (gross, 0), show
        words = text_of(client.get(f"/rapports/releves/{performance.pk}.pdf").content)
        assert money(gross) in words, show
    # Everything the Zs took and gave is what the shows took, the deposits, the payout, the
    # voucher sold and what vouchers were worth beyond their seats.
    drawers = sum(evening.came.values()) - sum(evening.went.values())
    beyond = 3000 + 1000
    assert drawers == sum(evening.seats.values()) + 22500 - 16000 + 5000 + beyond
    assert Payment.objects.count() > 30


def _credit_of(contact: Contact) -> Decimal:
    return get_standing(contact_id=contact.pk, currency="EUR").balance.amount
