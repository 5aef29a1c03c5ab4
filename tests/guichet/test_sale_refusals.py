"""What the payment panel refuses: beside the line it concerns, nothing typed lost (spec §10)."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from contacts.models import Contact
from guichet.throttles import UNKNOWN_CODES
from institution_settings.models import ModeAuthorisation, PaymentMode
from payments.errors import (
    CashLimit,
    CreditShort,
    ModeNotAuthorised,
    NotSettled,
    PurchaserNeeded,
    TenderExceeds,
    VoucherUnknown,
    VoucherUnusable,
)
from payments.models import Payment, Voucher
from payments.services import issue_free_voucher
from sales.choices import OrderState
from sales.models import Order
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.guichet.panel import SaleScreen, amounts, errors
from tests.venue import Venue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_was_guessed(db: None) -> None:
    cache.clear()


@pytest.fixture
def counter(venue: Venue) -> Counter:
    """No voucher gives change here, so that C8 has something to say."""
    PaymentMode.objects.filter(code__in=["BON", "CHQVAC"]).update(gives_change=False)
    return Counter(venue)


@pytest.fixture
def zoe(counter: Counter) -> Contact:
    """Zoé has 12,40 € of credit."""
    contact = counter.venue.contact()
    counter.venue.deposit(counter.venue.account(contact), "12.40")
    return contact


@pytest.fixture
def screen(lea: Person, counter: Counter, zoe: Contact) -> SaleScreen:
    """Two seats at 20 € for Zoé."""
    return SaleScreen(lea, counter.basket(["20.00", "20.00"], contact=zoe))


def free_voucher(venue: Venue, value: str, *, days: int = 30) -> Voucher:
    return issue_free_voucher(
        claim=venue.claim(),
        desk=venue.desk(),
        value=venue.money(value),
        approved_by=venue.supervisor,
        expires_on=timezone.now().date() + timedelta(days=days),
    )


def authorise_only(venue: Venue, *codes: str) -> None:
    ModeAuthorisation.objects.exclude(mode__code__in=codes).update(payment=False, refund=False)


def test_errors_stand_beside_the_line_they_concern(screen: SaleScreen) -> None:
    venue = screen.person.venue
    answer = screen.pay(("AVOIR", "12,41"), ("CB", "100"), ("BON", "5", "AAAA"))
    assert answer.status_code == 422
    assert errors(answer) == [
        str(CreditShort(available=venue.money("12.40"), position=0)),
        str(TenderExceeds(mode="Cb", left=venue.money("40.00"), position=1)),
        str(VoucherUnknown(code="AAAA")),
    ]
    assert amounts(answer) == ["12,41", "100", "5"]


def test_what_is_left_to_pay_is_asked_for(screen: SaleScreen) -> None:
    answer = screen.pay(("CB", "39,99"))
    assert answer.status_code == 422
    missing = screen.person.venue.money("0.01")
    assert answer.context["payment"].notice == str(NotSettled(missing=missing))


def test_credit_needs_its_purchaser(lea: Person, counter: Counter) -> None:
    screen = SaleScreen(lea, counter.basket(["20.00"]))
    answer = screen.pay(("AVOIR", "20"))
    assert errors(answer) == [str(PurchaserNeeded(position=0))]


def test_an_expired_voucher_says_since_when(screen: SaleScreen) -> None:
    voucher = free_voucher(screen.person.venue, "50.00", days=-1)
    answer = screen.pay(("BON", "", voucher.code))
    refusal = VoucherUnusable(voucher=voucher.code, reason="expired", expires_on=voucher.expires_on)
    assert errors(answer) == [str(refusal)]


def test_more_cash_than_the_law_allows(lea: Person, counter: Counter) -> None:
    screen = SaleScreen(lea, counter.basket(["1001.00"]))
    answer = screen.pay(("ESPECES", "1001"))
    assert answer.status_code == 422
    assert errors(answer) == [str(CashLimit(limit=counter.venue.money("1000.00")))]


@pytest.mark.parametrize(
    "typed",
    ["1.234,50", "NaN", "Infinity", "1e3", "12.345", "-5", "١٢", "0", "0,00", "\x00", "9" * 99],
)
def test_amounts_that_cannot_be_read_are_refused_and_kept(screen: SaleScreen, typed: str) -> None:
    answer = screen.pay(("ESPECES", typed), ("CB", "40"))
    kept = typed.replace("\x00", "")[:80]
    if kept:
        assert answer.status_code == 422
        assert amounts(answer) == [kept, "40"]
        assert errors(answer)[0]
    else:
        assert "HX-Redirect" in answer  # a line left blank is no line


@pytest.mark.parametrize("typed", ["40", "40,00", "40.00", "40,00 €", " 40 ", "40,0"])
def test_amounts_are_read_as_meant(screen: SaleScreen, typed: str) -> None:
    assert "HX-Redirect" in screen.pay(("CB", typed))


def test_a_cheque_is_noted(screen: SaleScreen) -> None:
    answer = screen.press("CHEQUE")
    assert answer.context["payment"].rows[0].typed.drawer == "Zoé Lefèvre"
    missing = screen.pay(("CHEQUE", "40"))
    assert list(missing.context["payment"].rows[0].typed.errors) == ["bank", "number"]
    noted = {"t0-bank": "BNP", "t0-number": "0001234", "t0-drawer": "Zoé Lefèvre"}
    assert "HX-Redirect" in screen.pay(("CHEQUE", "40"), **noted)
    payment = Payment.objects.get(order=screen.order)
    assert (payment.cheque_bank, payment.cheque_number) == ("BNP", "0001234")


def test_only_authorised_modes_are_shown_and_a_forged_one_is_refused(screen: SaleScreen) -> None:
    authorise_only(screen.person.venue, "CB")
    shown = screen.show()
    assert [button.mode.code for button in shown.context["payment"].buttons] == ["CB"]
    for code in ("ESPECES", "AVOIR", "CHQVAC", "CHEQUE"):
        forged = screen.pay((code, "40"), **{"t0-bank": "BNP", "t0-number": "1"})
        assert forged.status_code == 422
        label = screen.person.venue.modes[code].label
        assert errors(forged) == [str(ModeNotAuthorised(mode=label, position=0))]
    assert Order.objects.get(pk=screen.order.pk).state == OrderState.BASKET


def test_a_mode_that_does_not_exist_is_refused(screen: SaleScreen) -> None:
    for mode in ("0", "999", "x", str(10**30), ""):
        answer = screen.pay(**{"t0-mode": mode, "t0-amount": "40"})
        assert answer.status_code == 422


def test_codes_are_guessed_at_a_throttled_rate(screen: SaleScreen) -> None:
    voucher = free_voucher(screen.person.venue, "50.00")
    for _again in range(UNKNOWN_CODES + 1):  # one that stands there is one
        screen.pay(("BON", "", "ZZZZ-ZZZZ-ZZZZ"))
    assert errors(screen.pay(("BON", "", voucher.code))) == [""]
    for guess in range(UNKNOWN_CODES):
        screen.pay(("BON", "", f"ZZZZ-ZZZZ-ZZZ{guess}"))
    answer = screen.pay(("BON", "", voucher.code))
    assert errors(answer) != [""]
    assert amounts(answer) == [""]
