"""Paying an order with any mix of modes (spec C2, C7, C8, G2, G3)."""

import uuid
from datetime import timedelta

import pytest
from moneyed import Money

from contacts.models import Contact
from institution_settings.choices import ModeKind
from institution_settings.errors import AmountError
from institution_settings.models import ModeAuthorisation, PaymentMode
from journal.errors import KeyReused
from journal.selectors import unsealed
from payments.errors import (
    CashLimit,
    CreditHeld,
    CreditShort,
    NothingLeft,
    NotSettled,
    PurchaserNeeded,
    SurplusNeedsConsent,
    SurplusNeedsContact,
    TenderExceeds,
    VoucherTwice,
    VoucherUnknown,
)
from payments.models import Payment
from payments.services import Cheque, TenderRequest, check_out
from sales.errors import OrderEmpty, OrderLapsed, OrderNotOpen
from sales.models import Order
from sales.services import abandon
from tests.counter import Counter
from tests.ledger import Ledger
from tests.payments.books import refused, told
from tests.venue import Venue
from tests.verified import findings


@pytest.fixture
def zoe(venue: Venue) -> Contact:
    return venue.contact()


def test_vouchers_pay_first_and_cash_last_with_change(counter: Counter, zoe: Contact) -> None:
    voucher = counter.sell_voucher("10.00")
    counter.deposit(zoe, "5.50")
    order = counter.basket(["21.10", "21.10"], contact=zoe)
    paid = counter.pay(
        order,
        ("ESPECES", "20.00"),
        ("AVOIR", "5.50"),
        ("CB", "8.00"),
        ("BON", "10.00", voucher.code),
    )
    assert told(paid.payments) == [
        ("in", "BON", 1000),
        ("in", "AVOIR", 550),
        ("in", "CB", 800),
        ("in", "ESPECES", 1870),
    ]
    assert paid.change == counter.venue.money("1.30")
    assert paid.surplus == counter.venue.money("0.00")
    assert len(paid.tickets) == 2
    assert counter.available(zoe) == "0.00"
    assert findings() == []


def test_each_payment_says_who_took_it_when_and_for_whom(counter: Counter, zoe: Contact) -> None:
    paid = counter.sell(["21.10"], ("CB", "21.10"), contact=zoe)
    (payment,) = paid.payments
    desk = counter.desk
    assert payment.contact == zoe
    assert payment.order == paid.order
    assert payment.operator == counter.venue.operator
    assert payment.approved_by is None
    assert (payment.session_id, payment.business_date) == (desk.session_id, desk.business_date)
    assert payment.operation_id == paid.operation_id
    assert not unsealed(rows=Payment.objects.all(), subject_kind="payment").exists()


def test_nothing_due_is_confirmed_without_payment(counter: Counter) -> None:
    paid = counter.sell(["0.00"])
    assert (paid.payments, len(paid.tickets), paid.order.state) == ([], 1, "paid")
    assert findings() == []


def test_nothing_due_takes_no_money(counter: Counter) -> None:
    order = counter.basket(["0.00"])
    with refused(NothingLeft) as caught:
        counter.pay(order, ("ESPECES", "5.00"))
    assert caught.value.data["position"] == 0


def test_an_order_is_settled_in_full_at_once(counter: Counter) -> None:
    order = counter.basket(["21.10"])
    with refused(NotSettled) as caught:
        counter.pay(order, ("ESPECES", "20.00"))
    assert caught.value.data["missing"] == counter.venue.money("1.10")


def test_only_cash_and_vouchers_exceed_what_is_left(counter: Counter, zoe: Contact) -> None:
    counter.deposit(zoe, "50.00")
    order = counter.basket(["21.10"], contact=zoe)
    for mode in ("CB", "AVOIR"):
        with refused(TenderExceeds) as caught:
            counter.pay(order, (mode, "21.11"))
        assert caught.value.data["left"] == counter.venue.money("21.10")


def test_a_refusal_names_the_tender_it_concerns(counter: Counter, zoe: Contact) -> None:
    counter.deposit(zoe, "5.00")
    order = counter.basket(["21.10"], contact=zoe)
    with refused(CreditShort) as short:
        counter.pay(order, ("ESPECES", "16.00"), ("AVOIR", "5.10"))
    assert short.value.data["position"] == 1
    with refused(VoucherUnknown) as unknown:
        counter.pay(order, ("ESPECES", "1.10"), ("BON", "20.00", "NULL-PART"))
    assert unknown.value.data["position"] == 1


def test_credit_belongs_to_the_purchaser(counter: Counter) -> None:
    order = counter.basket(["21.10"])
    with refused(PurchaserNeeded):
        counter.pay(order, ("AVOIR", "21.10"))


def test_held_credit_is_told_with_its_order_and_its_end(venue: Venue, zoe: Contact) -> None:
    counter, ledger = Counter(venue), Ledger(venue)
    counter.deposit(zoe, "20.00")
    hold = ledger.hold(venue.account(zoe), "15.00")
    order = counter.basket(["12.00"], contact=zoe)
    with refused(CreditHeld) as caught:
        counter.pay(order, ("AVOIR", "12.00"))
    data = caught.value.data
    assert (data["available"], data["held"]) == (venue.money("5.00"), venue.money("15.00"))
    assert data["order"] == "CMD-1042"
    assert data["until"] == hold.expires_at.astimezone(counter.desk.zone).strftime("%H:%M")


def test_a_hold_whose_time_is_over_no_longer_counts(venue: Venue, zoe: Contact) -> None:
    counter, ledger = Counter(venue), Ledger(venue)
    counter.deposit(zoe, "20.00")
    hold = ledger.hold(venue.account(zoe), "15.00", minutes=-1)
    counter.sell(["12.00"], ("AVOIR", "12.00"), contact=zoe)
    hold.refresh_from_db()
    assert hold.released_at is not None
    assert counter.available(zoe) == "8.00"
    assert findings() == []


def test_cash_above_the_legal_limit_is_refused_over_all_cash(counter: Counter) -> None:
    order = counter.basket(["1000.01"])
    with refused(CashLimit):
        counter.pay(order, ("ESPECES", "1000.01"))
    with refused(CashLimit):
        counter.pay(order, ("ESPECES", "500.00"), ("ESPECES", "500.01"))
    counter.pay(order, ("CB", "0.01"), ("ESPECES", "1000.00"))


def test_change_does_not_count_against_the_limit(counter: Counter) -> None:
    paid = counter.sell(["1000.00"], ("ESPECES", "1100.00"))
    assert paid.change == counter.venue.money("100.00")


def test_a_cheque_is_noted_and_only_a_cheque(counter: Counter) -> None:
    order = counter.basket(["21.10", "21.10"])
    cheque = Cheque(bank="Banque du Rhône", number="0001234", drawer="Zoé Lefèvre")
    paid = check_out(
        claim=counter.venue.claim(),
        desk=counter.desk,
        order_id=order.pk,
        tenders=[
            TenderRequest(mode_id=counter.modes[mode].pk, amount=amount, cheque=cheque)
            for mode, amount in (
                ("CHEQUE", counter.venue.money("21.10")),
                ("CB", counter.venue.money("21.10")),
            )
        ],
    )
    noted = [(p.cheque_bank, p.cheque_number, p.cheque_drawer) for p in paid.payments]
    assert noted == [("Banque du Rhône", "0001234", "Zoé Lefèvre"), ("", "", "")]


def test_a_cheque_longer_than_its_columns_is_cut_not_refused(counter: Counter) -> None:
    order = counter.basket(["21.10"])
    cheque = Cheque(bank="B" * 90, number="9" * 90, drawer="\x00D" * 90)
    paid = check_out(
        claim=counter.venue.claim(),
        desk=counter.desk,
        order_id=order.pk,
        tenders=[
            TenderRequest(
                mode_id=counter.modes["CHEQUE"].pk,
                amount=counter.venue.money("21.10"),
                cheque=cheque,
            )
        ],
    )
    (payment,) = paid.payments
    payment.refresh_from_db()
    lengths = [len(t) for t in (payment.cheque_bank, payment.cheque_number, payment.cheque_drawer)]
    assert lengths == [60, 20, 80]


def test_an_amount_in_another_currency_is_refused(counter: Counter) -> None:
    order = counter.basket(["21.10"])
    tender = TenderRequest(mode_id=counter.modes["CB"].pk, amount=Money("2110", "JPY"))
    with refused(AmountError) as caught:
        check_out(
            claim=counter.venue.claim(), desk=counter.desk, order_id=order.pk, tenders=[tender]
        )
    assert caught.value.code == "foreign"


class TestOnce:
    """The key made before the click: done once, whatever is sent again (C7)."""

    def test_a_repeat_returns_the_same_payments_tickets_and_vouchers(
        self, counter: Counter
    ) -> None:
        order, key = counter.basket(["21.10"], vouchers=["30.00"]), uuid.uuid4()
        first = counter.pay(order, ("CB", "51.10"), key=key)
        again = counter.pay(order, ("CB", "51.10"), key=key)
        assert again == first
        assert [p.amount_minor for p in again.payments] == [5110]
        assert (len(first.tickets), len(first.vouchers)) == (1, 1)

    def test_a_repeat_after_the_till_was_closed_returns_it_too(self, counter: Counter) -> None:
        ledger = Ledger(counter.venue)
        order, key, desk = counter.basket(["21.10"]), uuid.uuid4(), counter.desk
        first = counter.pay(order, ("CB", "21.10"), key=key, desk=desk)
        ledger.close()
        assert counter.pay(order, ("CB", "21.10"), key=key, desk=desk) == first

    @pytest.mark.parametrize(
        "other",
        [
            [("CB", "21.10"), ("CB", "0.00")],
            [("CHEQUE", "21.10")],
            [("CB", "20.10"), ("ESPECES", "1.00")],
        ],
    )
    def test_the_same_key_with_other_tenders_is_refused(
        self, counter: Counter, other: list[tuple[str, str]]
    ) -> None:
        order, key = counter.basket(["21.10"]), uuid.uuid4()
        counter.pay(order, ("CB", "21.10"), key=key)
        with refused(KeyReused):
            counter.pay(order, *other, key=key)

    def test_the_same_key_with_another_cheque_is_refused(self, counter: Counter) -> None:
        order, key = counter.basket(["21.10"]), uuid.uuid4()

        def pay(number: str) -> None:
            check_out(
                claim=counter.venue.claim(key),
                desk=counter.desk,
                order_id=order.pk,
                tenders=[
                    TenderRequest(
                        mode_id=counter.modes["CHEQUE"].pk,
                        amount=counter.venue.money("21.10"),
                        cheque=Cheque(bank="B", number=number),
                    )
                ],
            )

        pay("0001")
        pay("0001")
        with refused(KeyReused):
            pay("0002")

    def test_a_code_spelled_otherwise_is_the_same_click(self, counter: Counter) -> None:
        voucher, key = counter.sell_voucher("30.00"), uuid.uuid4()
        order = counter.basket(["30.00"])
        first = counter.pay(order, ("BON", "30.00", voucher.code), key=key)
        spelled = voucher.code.lower().replace("-", " ")
        assert counter.pay(order, ("BON", "30.00", spelled), key=key) == first

    def test_after_a_refusal_the_same_key_may_be_tried_again(self, counter: Counter) -> None:
        order, key = counter.basket(["21.10"]), uuid.uuid4()
        with refused(NotSettled):
            counter.pay(order, ("CB", "20.00"), key=key)
        assert counter.pay(order, ("CB", "21.10"), key=key).order.state == "paid"


class TestOrderStates:
    """Only what is open is paid (G2)."""

    def test_a_paid_order_is_not_paid_again_and_its_voucher_is_not_blamed(
        self, counter: Counter
    ) -> None:
        voucher = counter.sell_voucher("21.10")
        order = counter.basket(["21.10"])
        counter.pay(order, ("BON", "21.10", voucher.code))
        with refused(OrderNotOpen):
            counter.pay(order, ("BON", "21.10", voucher.code))

    def test_an_abandoned_order_is_told_as_such(self, counter: Counter) -> None:
        order = counter.basket(["21.10"])
        abandon(order_id=order.pk, now=order.created_at)
        with refused(OrderLapsed):
            counter.pay(order, ("CB", "21.10"))

    def test_an_empty_order_is_not_paid(self, counter: Counter) -> None:
        order = counter.basket()
        with refused(OrderEmpty):
            counter.pay(order)

    def test_an_order_that_awaits_its_provider_is_not_paid_at_the_counter(
        self, counter: Counter
    ) -> None:
        order = counter.basket(["21.10"])
        Order.objects.filter(pk=order.pk).update(state="awaiting")
        with refused(OrderNotOpen):
            counter.pay(order, ("CB", "21.10"))

    def test_a_basket_past_its_time_that_kept_its_seats_is_paid(self, counter: Counter) -> None:
        order = counter.basket(["21.10"])
        Order.objects.filter(pk=order.pk).update(expires_at=order.created_at - timedelta(minutes=1))
        assert counter.pay(order, ("CB", "21.10")).order.state == "paid"


class TestPaperVouchers:
    """A paper voucher worth more than the order (C8)."""

    def test_the_surplus_goes_to_the_purchasers_credit_never_to_be_paid_out(
        self, counter: Counter, zoe: Contact
    ) -> None:
        paid = counter.sell(["21.10"], ("CHQVAC", "30.00"), contact=zoe)
        (payment,) = paid.payments
        assert (payment.amount_minor, payment.surplus_minor) == (2110, 890)
        assert payment.tendered_minor == 3000
        assert payment.non_refundable_minor == 2110
        standing = counter.standing(zoe)
        assert standing.balance == standing.non_refundable == counter.venue.money("8.90")
        assert standing.refundable == counter.venue.money("0.00")
        assert findings() == []

    def test_without_a_purchaser_it_waits_or_is_given_up_knowingly(self, counter: Counter) -> None:
        order = counter.basket(["21.10"])
        with refused(SurplusNeedsContact) as caught:
            counter.pay(order, ("CHQVAC", "30.00"))
        assert caught.value.data["rest"] == counter.venue.money("8.90")
        paid = counter.pay(order, ("CHQVAC", "30.00"), confirms_loss=True)
        (payment,) = paid.payments
        assert (payment.amount_minor, payment.given_up_minor) == (2110, 890)
        assert findings() == []

    def test_where_credit_is_not_authorised_a_purchaser_does_not_help(
        self, counter: Counter, zoe: Contact
    ) -> None:
        ModeAuthorisation.objects.filter(mode__kind=ModeKind.CREDIT).update(refund=False)
        order = counter.basket(["21.10"], contact=zoe)
        with refused(SurplusNeedsConsent):
            counter.pay(order, ("CHQVAC", "30.00"))

    def test_a_mode_that_gives_change_gives_it_out_of_the_drawer(
        self, counter: Counter, zoe: Contact
    ) -> None:
        PaymentMode.objects.filter(code="CHQVAC").update(gives_change=True)
        paid = counter.sell(["21.10"], ("CHQVAC", "30.00"), contact=zoe)
        assert paid.change == counter.venue.money("8.90")
        assert counter.available(zoe) == "0.00"
        assert findings() == []


class TestForgedForms:
    """What a browser never sends, somebody may."""

    def test_a_voucher_code_beside_another_mode_moves_no_voucher(self, counter: Counter) -> None:
        voucher = counter.sell_voucher("30.00")
        order = counter.basket(["21.10"])
        paid = counter.pay(order, ("BON", "10.00", voucher.code), ("CB", "11.10", voucher.code))
        voucher.refresh_from_db()
        assert voucher.balance == counter.venue.money("20.00")
        assert [p.voucher_id for p in paid.payments] == [voucher.pk, None]
        assert findings() == []

    def test_one_voucher_spelled_twice_is_used_once(self, counter: Counter) -> None:
        voucher = counter.sell_voucher("30.00")
        order = counter.basket(["40.00"])
        spelled = voucher.code.lower()
        with refused(VoucherTwice):
            counter.pay(order, ("BON", "20.00", voucher.code), ("BON", "20.00", spelled))

    def test_an_order_that_is_not_there(self, counter: Counter) -> None:
        desk = counter.desk
        with refused(Order.DoesNotExist):
            check_out(claim=counter.venue.claim(), desk=desk, order_id=0, tenders=[])
