"""Paying an order with any mix of modes (spec C2, G2, G3)."""

from moneyed import Money

from contacts.models import Contact
from institution_settings.errors import AmountError
from journal.selectors import unsealed
from payments.errors import (
    CashLimit,
    CreditHeld,
    CreditShort,
    NothingLeft,
    NotSettled,
    PurchaserNeeded,
    TenderExceeds,
    VoucherUnknown,
)
from payments.models import ChequeDrawer, Payment
from payments.services import Cheque, TenderRequest, check_out
from tests.counter import Counter
from tests.ledger import Ledger
from tests.payments.books import refused, told
from tests.venue import Venue
from tests.verified import findings


def drawer_of(payment: Payment) -> str:
    return "".join(ChequeDrawer.objects.filter(payment=payment).values_list("name", flat=True))


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
    noted = [(p.cheque_bank, p.cheque_number, drawer_of(p)) for p in paid.payments]
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
    lengths = [len(t) for t in (payment.cheque_bank, payment.cheque_number, drawer_of(payment))]
    assert lengths == [60, 20, 80]


def test_an_amount_in_another_currency_is_refused(counter: Counter) -> None:
    order = counter.basket(["21.10"])
    tender = TenderRequest(mode_id=counter.modes["CB"].pk, amount=Money("2110", "JPY"))
    with refused(AmountError) as caught:
        check_out(
            claim=counter.venue.claim(), desk=counter.desk, order_id=order.pk, tenders=[tender]
        )
    assert caught.value.code == "foreign"
