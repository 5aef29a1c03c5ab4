"""Corriger le règlement: a payment typed in the wrong mode, put right in one act (spec C4)."""

import uuid

import pytest

from contacts.models import Contact, User
from payments.choices import RefundChoice
from payments.errors import (
    AlreadyCorrected,
    ApprovalNeeded,
    CashLimit,
    ModeNotAuthorised,
    ModeNotCorrectable,
    PartlyReturned,
    SameMode,
)
from payments.models import Payment
from payments.selectors.takings import list_takings
from payments.services import Cheque, correct_mode
from sales.models import Order
from tests.counter import Counter
from tests.payments.books import books, refused
from tests.verified import findings

pytestmark = pytest.mark.django_db


def correct(
    counter: Counter,
    payment: Payment,
    mode: str,
    *,
    till: str = "G1",
    key: uuid.UUID | None = None,
    approved_by: User | None = None,
    cheque: Cheque | None = None,
) -> Payment:
    """Retype a payment in another mode."""
    return correct_mode(
        claim=counter.venue.claim(key),
        desk=counter.venue.desk(till),
        payment_id=payment.pk,
        mode_id=counter.modes[mode].pk,
        cheque=cheque,
        approved_by=approved_by,
    )


def told(order: Order) -> list[tuple[str, str, int]]:
    rows = Payment.objects.filter(order=order).select_related("mode").order_by("id")
    return [(row.direction, row.mode.code, row.amount_minor) for row in rows]


def drawer(counter: Counter, till: str = "G1") -> dict[str, int]:
    """What should lie in a till, by mode."""
    takings = list_takings(session_id=counter.venue.desk(till).session_id)
    return {taking.mode.code: taking.expected_minor for taking in takings}


def test_a_card_typed_as_cash_is_put_right_in_one_act(counter: Counter) -> None:
    sold = counter.sell(["21.10", "21.10"], ("ESPECES", "50"))
    wrong = sold.payments[0]
    assert drawer(counter) == {"ESPECES": 4220}
    right = correct(counter, wrong, "CB")
    assert told(wrong.order) == [
        ("in", "ESPECES", 4220),
        ("out", "ESPECES", 4220),
        ("in", "CB", 4220),
    ]
    assert right.operation_id == Payment.objects.get(reverses=wrong).operation_id
    assert drawer(counter) == {"ESPECES": 0, "CB": 4220}
    assert [ticket.state for ticket in sold.tickets] == ["valid", "valid"]
    assert findings() == []


def test_once_and_a_repeat_returns_the_first(counter: Counter) -> None:
    wrong = counter.sell(["20.00"], ("ESPECES", "20")).payments[0]
    key = uuid.uuid4()
    first = correct(counter, wrong, "CB", key=key)
    before = books()
    assert correct(counter, wrong, "CB", key=key) == first
    assert books() == before
    with refused(AlreadyCorrected):
        correct(counter, wrong, "CHEQUE")


def test_what_was_corrected_may_be_corrected_again(counter: Counter) -> None:
    wrong = counter.sell(["20.00"], ("ESPECES", "20")).payments[0]
    cheque = Cheque(bank="BNP", number="0042", drawer="Z. Lefèvre")
    right = correct(counter, correct(counter, wrong, "CB"), "CHEQUE", cheque=cheque)
    assert (right.cheque_bank, right.cheque_number) == ("BNP", "0042")
    assert drawer(counter) == {"ESPECES": 0, "CB": 0, "CHEQUE": 2000}
    assert findings() == []


def test_the_refund_goes_back_to_the_mode_it_was_really_paid_in(counter: Counter) -> None:
    sold = counter.sell(["20.00", "20.00"], ("CB", "40"))
    correct(counter, sold.payments[0], "ESPECES")
    refund = counter.refund(sold, [sold.tickets[0]], to=RefundChoice.ORIGIN)
    assert [(paid.mode.code, paid.amount_minor) for paid in refund.payments] == [("ESPECES", 2000)]
    assert drawer(counter) == {"ESPECES": 2000, "CB": 0}
    assert findings() == []


def test_what_was_partly_given_back_stays(counter: Counter) -> None:
    sold = counter.sell(["20.00", "20.00"], ("CB", "40"))
    counter.refund(sold, [sold.tickets[0]], to=RefundChoice.ORIGIN)
    with refused(PartlyReturned):
        correct(counter, sold.payments[0], "ESPECES")


def test_in_another_session_a_supervisor_approves(counter: Counter) -> None:
    wrong = counter.sell(["20.00"], ("ESPECES", "20")).payments[0]
    counter.venue.desk("G2")  # opens it
    with refused(ApprovalNeeded):
        correct(counter, wrong, "CB", till="G2")
    right = correct(counter, wrong, "CB", till="G2", approved_by=counter.venue.supervisor)
    assert right.approved_by == counter.venue.supervisor
    assert drawer(counter) == {"ESPECES": 2000}
    assert drawer(counter, "G2") == {"ESPECES": -2000, "CB": 2000}
    assert findings() == []


def test_credit_and_vouchers_go_back_by_a_refund(counter: Counter, zoe: Contact) -> None:
    counter.deposit(zoe, "20.00")
    credit = counter.sell(["20.00"], ("AVOIR", "20"), contact=zoe).payments[0]
    voucher = counter.sell_voucher("20.00")
    coded = counter.sell(["20.00"], ("BON", "20", voucher.code)).payments[0]
    paper = counter.sell(["20.00"], ("CHQVAC", "20")).payments[0]
    for payment in (credit, coded, paper):
        with refused(ModeNotCorrectable):
            correct(counter, payment, "CB")


@pytest.mark.parametrize("mode", ["AVOIR", "BON", "CHQVAC"])
def test_money_never_becomes_credit_or_a_voucher(counter: Counter, mode: str) -> None:
    wrong = counter.sell(["20.00"], ("ESPECES", "20")).payments[0]
    with refused(ModeNotAuthorised):
        correct(counter, wrong, mode)


def test_the_same_mode_corrects_nothing(counter: Counter) -> None:
    wrong = counter.sell(["20.00"], ("ESPECES", "20")).payments[0]
    with refused(SameMode):
        correct(counter, wrong, "ESPECES")


def test_a_mode_must_be_authorised_here(counter: Counter) -> None:
    wrong = counter.sell(["20.00"], ("ESPECES", "20")).payments[0]
    counter.modes["CB"].authorisations.update(payment=False)
    with refused(ModeNotAuthorised):
        correct(counter, wrong, "CB")


def test_no_more_cash_than_the_law_allows(counter: Counter) -> None:
    sold = counter.sell(["700.00", "700.00"], ("ESPECES", "700"), ("CB", "700"))
    card = next(paid for paid in sold.payments if paid.mode.code == "CB")
    with refused(CashLimit):
        correct(counter, card, "ESPECES")


def test_cash_of_swiss_francs_is_rounded_and_the_rounding_taken_back(francs: Counter) -> None:
    sold = francs.sell(["12.43"], ("CB", "12.43"))
    cash = correct(francs, sold.payments[0], "ESPECES")
    assert (cash.amount_minor, cash.tendered_minor, cash.rounding_minor) == (1243, 1245, 2)
    assert drawer(francs) == {"ESPECES": 1245, "CB": 0}
    correct(francs, cash, "CB")
    assert drawer(francs) == {"ESPECES": 0, "CB": 1243}
    assert findings() == []
