"""``verify`` finds what was changed of refunds, vouchers and approvals (P2)."""

import pytest

from payments.choices import RefundChoice
from payments.models import Approval, Refund, VoucherMovement
from payments.selectors.sealed.comparing import ROW_DIFFERS, ROW_GONE
from payments.selectors.verification import FAULTS
from tests.counter import Counter
from tests.payments.verification.evening import Evening, found, number_of, said
from tests.tampering import tamper
from tests.verified import findings


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
