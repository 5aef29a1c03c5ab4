"""Using credit and vouchers in the basket (cases.md §4)."""

import unicodedata
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from contacts.models import Contact
from credit.errors import WrongCurrency
from credit.models import CreditAccount
from credit.services import account_for, pay
from institution_settings.money import from_minor
from journal.services import perform
from payments.codes import canonical_code
from payments.errors import VoucherUnknown, VoucherUnusable
from payments.models import Payment
from payments.services import close_till, issue_free_voucher
from reports.selectors.bordereau import BordereauFilter, get_bordereau
from tests.counter import Counter
from tests.venue import Venue


@pytest.fixture
def zoe(venue: Venue) -> Contact:
    return venue.contact()


def test_b36_four_credits_are_one_balance(counter: Counter, zoe: Contact) -> None:
    for amount in ("20.00", "3.00", "2.00", "2.00"):
        counter.deposit(zoe, amount)
    counter.sell(["25.69"], ("AVOIR", "25.69"), contact=zoe)
    assert counter.available(zoe) == "1.31"


def test_b38_a_voucher_pays_exactly_what_is_due(counter: Counter) -> None:
    voucher = counter.sell_voucher("65.00")
    paid = counter.pay(counter.basket(["65.00"]), ("BON", "65.00", voucher.code))
    voucher.refresh_from_db()
    assert [payment.amount for payment in paid.payments] == [counter.venue.money("65.00")]
    assert voucher.balance == counter.venue.money("0.00")
    assert paid.order.state == "paid"


def test_b40_credit_larger_than_the_basket_asks_for_nothing_else(
    counter: Counter, zoe: Contact
) -> None:
    counter.deposit(zoe, "187.00")
    paid = counter.sell(["55.00"], ("AVOIR", "55.00"), contact=zoe)
    assert [payment.mode.code for payment in paid.payments] == ["AVOIR"]
    assert counter.available(zoe) == "132.00"


def test_b41_credit_is_gone_the_moment_it_pays(counter: Counter, zoe: Contact) -> None:
    counter.deposit(zoe, "10.00")
    counter.sell(["10.00"], ("AVOIR", "10.00"), contact=zoe)
    counter.basket(["10.00"], contact=zoe)
    assert counter.available(zoe) == "0.00"


def test_b42_credit_used_at_the_counter_is_debited_and_listed(
    counter: Counter, zoe: Contact
) -> None:
    counter.deposit(zoe, "200.00")
    counter.sell(["500.00"], ("AVOIR", "200.00"), ("CB", "300.00"), contact=zoe)
    assert counter.available(zoe) == "0.00"
    today = counter.desk.business_date
    report = get_bordereau(filter=BordereauFilter(first=today, last=today, currency="EUR"))
    debits = [row.line.debit for row in report.rows if row.line.debit]
    assert debits == [counter.venue.money("200.00")]


def test_b43_a_voucher_ends_at_the_venues_midnight(counter: Counter, venue: Venue) -> None:
    paris = ZoneInfo("Europe/Paris")
    day = datetime(2026, 10, 5, 20, 0, tzinfo=paris)
    desk = venue.open("G1", at=day)
    counter = Counter(venue, desk=desk)
    voucher = issue_free_voucher(
        claim=venue.claim(),
        desk=desk,
        value=venue.money("20.00"),
        approved_by=venue.supervisor,
        expires_on=day.date(),
        at=day,
    )
    last = day.replace(hour=23, minute=59, second=59)
    order = counter.basket(["20.00"], at=last)
    with pytest.raises(VoucherUnusable) as refused:
        counter.pay(order, ("BON", "20.00", voucher.code), at=last + timedelta(seconds=2))
    assert refused.value.data["expires_on"] == day.date()
    assert "05/10/2026" in str(refused.value)
    counter.pay(order, ("BON", "20.00", voucher.code), at=last)


def test_b45_an_account_keeps_its_currency(counter: Counter, venue: Venue, zoe: Contact) -> None:
    counter.deposit(zoe, "50.00")
    account = CreditAccount.objects.get(contact=zoe)
    with pytest.raises(Exception, match="written once"):
        CreditAccount.objects.filter(pk=account.pk).update(currency="CHF")


def test_b45_credit_in_francs_cannot_pay_euros(
    counter: Counter, venue: Venue, zoe: Contact
) -> None:
    francs = account_for(contact_id=zoe.pk, currency="CHF")
    desk = counter.desk
    with pytest.raises(WrongCurrency):
        perform(
            claim=venue.claim(),
            kind="test.pay",
            content={},
            register=desk.register,
            write=lambda op: pay(
                op=op,
                desk=desk,
                account_id=francs.pk,
                amount=from_minor(100, "EUR"),
                mode=venue.modes["AVOIR"],
                reference="",
            ),
            found=lambda _operation: None,
        )


@pytest.mark.parametrize("typed", [" ", "", "%", "_", "null", "\u00a0", "*", "A'B"])
def test_b46_a_blank_or_wild_code_is_no_voucher(counter: Counter, typed: str) -> None:
    counter.sell_voucher("50.00")
    with pytest.raises(VoucherUnknown):
        counter.pay(counter.basket(["20.00"]), ("BON", "20.00", typed))
    assert Payment.objects.filter(voucher__isnull=False).count() == 0


@pytest.mark.parametrize(
    "spelling",
    [" {code} ", "\u00a0{lower}\u202f", "{spaced}", "{dashes}", "{bare}", "{decomposed}"],
)
def test_b47_a_good_code_is_known_however_typed(counter: Counter, spelling: str) -> None:
    voucher = counter.sell_voucher("50.00")
    typed = spelling.format(
        code=voucher.code,
        lower=voucher.code.lower(),
        spaced=voucher.code.replace("-", " ").lower(),
        dashes=voucher.code.replace("-", "\u2013"),
        bare=voucher.code.replace("-", ""),
        decomposed=unicodedata.normalize("NFD", voucher.code),
    )
    assert canonical_code(typed) == voucher.code
    counter.pay(counter.basket(["20.00"]), ("BON", "20.00", typed))
    voucher.refresh_from_db()
    assert voucher.balance == counter.venue.money("30.00")


def test_b79_expected_cash_counts_what_was_found_at_the_opening(venue: Venue) -> None:
    cash = venue.modes["ESPECES"]
    first = venue.open("G1", float_="100.00")
    close_till(
        claim=venue.claim(),
        desk=first,
        counted={cash.pk: venue.money("100.00")},
        operator=venue.operator,
    )
    second = venue.open("G1", float_="50.00")
    Counter(venue, desk=second).sell(["10.00"], ("ESPECES", "10.00"))
    session = close_till(
        claim=venue.claim(),
        desk=second,
        counted={cash.pk: venue.money("60.00")},
        operator=venue.operator,
    )
    (count,) = session.counts.filter(mode=cash)
    assert count.expected == count.counted == venue.money("60.00")


def test_b81_each_session_has_its_own_movements(venue: Venue, zoe: Contact) -> None:
    morning = venue.open("G1", float_="100.00")
    counter = Counter(venue, desk=morning)
    paid = counter.sell(["20.00", "20.00"], ("ESPECES", "40.00"), contact=zoe)
    first = close_till(claim=venue.claim(), desk=morning, counted={}, operator=venue.operator)
    evening = venue.open("G1", float_="140.00")
    counter = Counter(venue, desk=evening)
    counter.refund(paid, paid.tickets[:1], desk=evening)
    second = close_till(claim=venue.claim(), desk=evening, counted={}, operator=venue.operator)
    taken = {count.mode.code: (count.in_minor, count.out_minor) for count in first.counts.all()}
    given = {count.mode.code: (count.in_minor, count.out_minor) for count in second.counts.all()}
    assert taken == {"ESPECES": (4000, 0)}
    assert given == {"ESPECES": (0, 0), "AVOIR": (0, 2000)}
    today = evening.business_date
    session = ("G1", second.number)
    report = get_bordereau(
        filter=BordereauFilter(first=today, last=today, currency="EUR", sessions=(session,))
    )
    assert report.sums.net == venue.money("20.00")
    assert report.sums.count == 1
