"""``verify`` finds what was changed of Zs, orders, tickets and seats (P2)."""

import pytest

from journal.selectors import Finding
from payments.selectors.sealed.comparing import ROW_DIFFERS
from payments.selectors.verification import FAULTS
from sales.models import OrderLine, PriceCategory, Ticket
from sales.selectors.verification import SEATS_DIFFER, TICKETS_DIFFER
from tests.counter import Counter
from tests.payments.verification.evening import Evening, found, number_of, said
from tests.tampering import tamper
from tests.verified import findings
from tills.models import ModeCount


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
