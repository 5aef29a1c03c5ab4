"""``verify`` finds what somebody with the database in hand changed of the money (spec P2)."""

from dataclasses import dataclass

import pytest
from django.utils import translation

from contacts.models import Contact
from journal.selectors import Finding, entry_numbers
from journal.selectors.verification import LINK_BROKEN
from payments.choices import RefundChoice
from payments.models import Approval, Payment, Refund, Voucher, VoucherMovement
from payments.selectors.results import CheckoutResult, RefundResult
from payments.selectors.sealed import OTHER_DAY, ROW_DIFFERS, ROW_GONE, UNSEALED
from payments.selectors.verification import FAULTS
from payments.services import close_till
from sales.models import OrderLine, PriceCategory, Ticket
from sales.selectors.verification import SEATS_DIFFER, TICKETS_DIFFER
from tests.counter import Counter
from tests.tampering import seal_anew, tamper
from tests.venue import Venue
from tests.verified import findings
from tills.models import ModeCount, TillSession


@dataclass
class Evening:
    """What one evening left: a bit of everything, and a closed till."""

    counter: Counter
    zoe: Contact
    voucher: Voucher
    by_voucher: CheckoutResult
    mixed: CheckoutResult
    refund: RefundResult
    deposit: Payment
    correction: Payment
    payout: Payment
    closed: TillSession


@pytest.fixture
def evening(counter: Counter, venue: Venue) -> Evening:
    zoe = venue.contact()
    voucher = counter.sell_voucher("30.00")
    by_voucher = counter.pay(counter.basket(["21.10"], contact=zoe), ("BON", "30.00", voucher.code))
    counter.goodwill(zoe, "5.00")
    deposit = counter.deposit(zoe, "500.00", mode="VIREMENT")
    correction = counter.correct(counter.deposit(zoe, "40.00"))
    mixed = counter.sell(["21.10", "21.10"], ("AVOIR", "30.00"), ("ESPECES", "20.00"), contact=zoe)
    refund = counter.refund(mixed, mixed.tickets[:1], to=RefundChoice.ORIGIN)
    payout = counter.payout(zoe, "200.00", approved_by=venue.supervisor)
    closed = close_till(
        claim=venue.claim(),
        desk=counter.desk,
        counted={venue.modes["ESPECES"].pk: venue.money("42.20")},
        operator=venue.operator,
    )
    assert findings() == []
    return Evening(
        counter,
        zoe,
        voucher,
        by_voucher,
        mixed,
        refund,
        deposit,
        correction,
        payout,
        closed,
    )


def number_of(kind: str, row: object) -> str:
    """The number of a row's entry: how a finding names it."""
    pk = int(getattr(row, "pk", 0))
    return entry_numbers(subject_kind=kind, subject_ids=[pk])[pk]


def found() -> set[tuple[str, str]]:
    """What is found, as place and English sentence."""
    with translation.override("en"):
        return {(finding.where, str(finding.what)) for finding in findings()}


def said(*pairs: tuple[str, object]) -> set[tuple[str, str]]:
    with translation.override("en"):
        return {(where, str(what)) for where, what in pairs}


class TestPayments:
    def test_a_changed_amount(self, evening: Evening) -> None:
        payment = evening.mixed.payments[-1]
        tamper(
            "UPDATE payments_payment SET amount_minor = amount_minor - 100,"
            " tendered_minor = tendered_minor - 100 WHERE id = %s",
            payment.pk,
        )
        order = evening.mixed.order.number or ""
        assert found() == said(
            (number_of("payment", payment), ROW_DIFFERS),
            (order, FAULTS["paid"]),
            ("Z-G1-0001", FAULTS["counts"]),
        )
        (detail,) = [f.detail for f in findings() if f.detail]
        assert detail == "montant 1220 ≠ 1120, remis 2000 ≠ 1900"

    def test_a_deleted_payment(self, evening: Evening) -> None:
        payment = evening.payout
        number = number_of("payment", payment)
        tamper("DELETE FROM payments_payment WHERE id = %s", payment.pk)
        assert found() == said((number, ROW_GONE), ("Z-G1-0001", FAULTS["counts"]))

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("change_minor", 1),
            ("given_up_minor", 5),
            ("rounding_minor", 5),
            ("cheque_number", "0009"),
            ("direction", "out"),
            ("purpose", "refund"),
            ("currency", "CHF"),
            ("operator_id", None),
            ("contact_id", None),
        ],
    )
    def test_a_changed_column(self, evening: Evening, column: str, value: object) -> None:
        payment = evening.mixed.payments[-1]
        extra = ", tendered_minor = tendered_minor + %s" if column.endswith("_minor") else ""
        values = [value, int(str(value))] if extra else [value]
        if column == "change_minor":
            values = [payment.change_minor + 1, 1]
        tamper(
            f"UPDATE payments_payment SET {column} = %s{extra} WHERE id = %s", *values, payment.pk
        )
        assert (number_of("payment", payment), ROW_DIFFERS) in {
            (finding.where, finding.what) for finding in findings()
        }

    @pytest.mark.parametrize("column", ["mode_id", "session_id", "order_id", "approved_by_id"])
    def test_a_changed_link(self, evening: Evening, column: str) -> None:
        venue, payment = evening.counter.venue, evening.deposit
        other = {
            "mode_id": venue.modes["CB"].pk,
            "session_id": venue.open("G2").session_id,
            "order_id": evening.mixed.order.pk,
            "approved_by_id": venue.supervisor.pk,
        }
        tamper(
            f"UPDATE payments_payment SET {column} = %s WHERE id = %s", other[column], payment.pk
        )
        assert (number_of("payment", payment), ROW_DIFFERS) in {
            (finding.where, finding.what) for finding in findings()
        }

    def test_another_day(self, evening: Evening) -> None:
        payment = evening.deposit
        tamper("UPDATE payments_payment SET business_date = '2001-01-01' WHERE id = %s", payment.pk)
        number = number_of("payment", payment)
        assert found() == said((number, ROW_DIFFERS), (number, OTHER_DAY))

    def test_given_back_from_another_payment(self, evening: Evening) -> None:
        given = evening.refund.payments[0]
        other = evening.by_voucher.payments[0]
        tamper("UPDATE payments_payment SET refunds_id = %s WHERE id = %s", other.pk, given.pk)
        number = number_of("payment", given)
        assert found() == said(
            (number, ROW_DIFFERS),
            (number, FAULTS["gives_back"]),
            (number_of("payment", other), FAULTS["returned"]),
        )

    def test_more_given_back_than_was_paid(self, evening: Evening) -> None:
        """Even where the payment that was too large was sealed by the holder of the key."""
        given, paid = evening.refund.payments[0], evening.mixed.payments[0]
        tamper(
            "UPDATE payments_payment SET amount_minor = amount_minor + 2000,"
            " tendered_minor = tendered_minor + 2000 WHERE id = %s",
            given.pk,
        )
        assert (number_of("payment", paid), str(FAULTS["returned"])) in {
            (finding.where, str(finding.what)) for finding in findings()
        }

    def test_a_correction_of_nothing(self, evening: Evening) -> None:
        tamper(
            "UPDATE payments_payment SET reverses_id = %s WHERE id = %s",
            evening.deposit.pk,
            evening.correction.pk,
        )
        number = number_of("payment", evening.correction)
        assert found() == said((number, ROW_DIFFERS), (number, FAULTS["reverses"]))

    def test_the_movement_of_another_operation(self, evening: Evening) -> None:
        tamper(
            "UPDATE payments_payment SET movement_id = %s WHERE id = %s",
            evening.correction.movement_id,
            evening.deposit.pk,
        )
        assert found() == said((number_of("payment", evening.deposit), FAULTS["movement"]))

    def test_a_credit_payment_without_movement(self, evening: Evening) -> None:
        payment = evening.mixed.payments[0]
        tamper("UPDATE payments_payment SET movement_id = NULL WHERE id = %s", payment.pk)
        assert found() == said((number_of("payment", payment), FAULTS["movement"]))

    def test_a_payment_nobody_sealed(self, evening: Evening) -> None:
        """Its entry is pointed elsewhere, by somebody who holds the key."""
        payment = evening.deposit
        number = number_of("payment", payment)
        tamper(
            "UPDATE journal_entry SET subject_id = 0 WHERE subject_kind = 'payment'"
            " AND subject_id = %s",
            payment.pk,
        )
        assert found() == said((number, ROW_GONE), (f"payment {payment.pk}", UNSEALED))


class TestRefunds:
    def test_a_changed_amount(self, evening: Evening) -> None:
        refund = evening.refund.refund
        tamper(
            "UPDATE payments_refund SET amount_minor = amount_minor + 1 WHERE id = %s", refund.pk
        )
        order = evening.mixed.order.number or ""
        assert found() == said(
            (number_of("refund", refund), ROW_DIFFERS), (order, FAULTS["refund"])
        )

    def test_a_consent_added_afterwards(self, evening: Evening) -> None:
        refund = evening.refund.refund
        tamper("UPDATE payments_refund SET consent = 'oui' WHERE id = %s", refund.pk)
        assert found() == said((number_of("refund", refund), ROW_DIFFERS))

    def test_a_deleted_ticket_of_it(self, evening: Evening) -> None:
        refund = evening.refund.refund
        tamper("DELETE FROM payments_refundedticket WHERE refund_id = %s", refund.pk)
        order = evening.mixed.order.number or ""
        assert found() == said(
            (number_of("refund", refund), ROW_DIFFERS), (order, FAULTS["tickets"])
        )

    def test_a_deleted_refund(self, evening: Evening) -> None:
        refund = evening.refund.refund
        number = number_of("refund", refund)
        tamper("DELETE FROM payments_refundedticket WHERE refund_id = %s", refund.pk)
        tamper("DELETE FROM payments_refund WHERE id = %s", refund.pk)
        order = evening.mixed.order.number or ""
        assert found() == said((number, ROW_GONE), (order, FAULTS["refund"]))
        assert Refund.objects.count() == 0


class TestVouchers:
    def test_a_balance_written_by_hand(self, evening: Evening) -> None:
        tamper("UPDATE payments_voucher SET balance_minor = 3000")
        sold_on = evening.voucher.sold_on
        assert sold_on is not None
        assert found() == said((sold_on.order.number or "", FAULTS["balance"]))

    def test_a_deleted_line(self, evening: Evening) -> None:
        (line,) = VoucherMovement.objects.filter(kind="payment")
        number = number_of("voucher_movement", line)
        tamper("DELETE FROM payments_vouchermovement WHERE id = %s", line.pk)
        sold_on = evening.voucher.sold_on
        assert sold_on is not None
        assert found() == said(
            (number, ROW_GONE),
            (sold_on.order.number or "", FAULTS["position"]),
            (number_of("payment", evening.by_voucher.payments[0]), FAULTS["voucher"]),
        )

    def test_a_changed_line(self, evening: Evening) -> None:
        line = VoucherMovement.objects.get(kind="issue")
        tamper(
            "UPDATE payments_vouchermovement SET change_minor = 4000, balance_after_minor = 4000"
            " WHERE id = %s",
            line.pk,
        )
        sold_on = evening.voucher.sold_on
        assert sold_on is not None
        assert found() == said(
            (number_of("voucher_movement", line), ROW_DIFFERS),
            (sold_on.order.number or "", FAULTS["line"]),
        )

    def test_a_larger_value_with_its_line(self, evening: Evening) -> None:
        tamper("UPDATE payments_voucher SET value_minor = 9000")
        sold_on = evening.voucher.sold_on
        assert sold_on is not None
        assert found() == said((sold_on.order.number or "", FAULTS["value"]))

    @pytest.mark.usefixtures("evening")
    @pytest.mark.parametrize(
        ("column", "value"), [("code", "AAAA-AAAA-AAAA"), ("non_refundable", True)]
    )
    def test_another_voucher_than_was_issued(self, column: str, value: object) -> None:
        tamper(f"UPDATE payments_voucher SET {column} = %s", value)
        places = {number_of("voucher_movement", line) for line in VoucherMovement.objects.all()}
        assert {f.where for f in findings() if f.what == ROW_DIFFERS} >= places

    def test_a_later_end(self, counter: Counter) -> None:
        voucher = counter.free_voucher("20.00", expires_on=counter.desk.business_date)
        tamper("UPDATE payments_voucher SET expires_on = '2099-12-31'")
        line = VoucherMovement.objects.get(voucher=voucher)
        assert found() == said((number_of("voucher_movement", line), ROW_DIFFERS))

    def test_a_cancellation_undone(self, counter: Counter) -> None:
        sale = counter.pay(counter.basket(vouchers=["20.00"]), ("CB", "20.00"))
        counter.refund(sale, vouchers=sale.vouchers, to=RefundChoice.ORIGIN)
        tamper("UPDATE payments_voucher SET state = 'active'")
        assert found() == said((sale.order.number or "", FAULTS["state"]))


class TestApprovals:
    def test_another_person(self, evening: Evening) -> None:
        approval = Approval.objects.get(operation_id=evening.payout.operation_id)
        tamper(
            "UPDATE payments_approval SET person_id = %s WHERE id = %s",
            evening.counter.venue.operator.pk,
            approval.pk,
        )
        assert found() == said((number_of("approval", approval), ROW_DIFFERS))

    def test_a_deleted_approval(self, evening: Evening) -> None:
        approval = Approval.objects.get(operation_id=evening.payout.operation_id)
        number = number_of("approval", approval)
        tamper("DELETE FROM payments_approval WHERE id = %s", approval.pk)
        assert found() == said((number, ROW_GONE))


class TestClosings:
    @pytest.mark.parametrize(
        ("column", "faults"),
        [
            ("in_minor", {"counts"}),
            ("out_minor", {"counts"}),
            ("payments", {"counts"}),
            ("expected_minor", {"counts"}),
            ("counted_minor", set()),
        ],
    )
    def test_a_changed_count(self, evening: Evening, column: str, faults: set[str]) -> None:
        count = ModeCount.objects.get(mode__code="ESPECES")
        tamper(f"UPDATE tills_modecount SET {column} = {column} + 1 WHERE id = %s", count.pk)
        assert found() == said(
            (number_of("till_closing", evening.closed), ROW_DIFFERS),
            *(("Z-G1-0001", FAULTS[fault]) for fault in faults),
        )

    def test_a_z_opened_again(self, evening: Evening) -> None:
        tamper("UPDATE tills_tillsession SET closed_at = NULL")
        assert found() == said(
            (number_of("till_closing", evening.closed), ROW_DIFFERS),
            ("Z-G1-0001", FAULTS["open"]),
        )

    def test_another_float(self, evening: Evening) -> None:
        tamper("UPDATE tills_tillsession SET float_minor = 500")
        assert found() >= said(
            (number_of("till_opening", evening.closed), ROW_DIFFERS),
            (number_of("till_closing", evening.closed), ROW_DIFFERS),
        )


class TestSales:
    def test_another_total(self, evening: Evening) -> None:
        order = evening.mixed.order
        tamper("UPDATE sales_order SET total_minor = 1 WHERE id = %s", order.pk)
        assert (order.number or "", str(FAULTS["paid"])) in {
            (finding.where, str(finding.what)) for finding in findings()
        }

    def test_a_paid_order_no_longer_paid(self, evening: Evening) -> None:
        order = evening.mixed.order
        tamper("UPDATE sales_order SET state = 'cancelled' WHERE id = %s", order.pk)
        assert said((order.number or "", FAULTS["unpaid"])) <= found()

    def test_a_ticket_made_valid_again(self, evening: Evening) -> None:
        ticket = Ticket.objects.get(state="cancelled")
        tamper(
            "UPDATE sales_ticket SET state = 'valid', cancelled_at = NULL WHERE id = %s", ticket.pk
        )
        places = {where for where, _what in found()}
        assert evening.mixed.order.number in places
        assert SEATS_DIFFER in {finding.what for finding in findings()}

    @pytest.mark.usefixtures("evening")
    def test_a_seat_that_was_never_sold(self) -> None:
        category = PriceCategory.objects.get()
        kept = category.taken
        tamper("UPDATE sales_pricecategory SET taken = taken + 1")
        (finding,) = findings()
        assert (finding.what, finding.detail) == (SEATS_DIFFER, f"{kept + 1} ≠ {kept}")

    def test_seats_of_baskets_and_reservations_count(self, counter: Counter) -> None:
        counter.basket(["21.10"] * 3)
        assert findings() == []
        tamper("UPDATE sales_pricecategory SET taken = 0")
        assert [finding.detail for finding in findings()] == ["0 ≠ 3"]

    def test_a_line_of_more_seats_than_tickets(self, evening: Evening) -> None:
        line = OrderLine.objects.get(order=evening.mixed.order)
        tamper("UPDATE sales_orderline SET quantity = 3 WHERE id = %s", line.pk)
        assert Finding(evening.mixed.order.number or "", TICKETS_DIFFER, "2 ≠ 3") in findings()


def test_a_row_and_its_entry_forged_alike_still_stand_out(evening: Evening) -> None:
    """Whoever holds the key seals them anew: the next link and the credit's movement tell."""
    payment = evening.deposit
    label = number_of("payment", payment)
    number = int(label.split("-")[1])
    tamper(
        "UPDATE payments_payment SET amount_minor = 60000, tendered_minor = 60000 WHERE id = %s",
        payment.pk,
    )
    tamper(
        "UPDATE journal_entry SET payload = replace(replace(payload,"
        " '\"montant\":50000', '\"montant\":60000'), '\"remis\":50000', '\"remis\":60000')"
        " WHERE subject_kind = 'payment' AND subject_id = %s",
        payment.pk,
    )
    seal_anew(number=number)
    assert found() == said(
        (f"G1-{number + 1:06d}", LINK_BROKEN),
        (label, FAULTS["movement"]),
        ("Z-G1-0001", FAULTS["counts"]),
    )
