"""``verify`` finds what was changed of shares, printouts and people let in (P2, I11, FIS-16)."""

import pytest
from django.utils import timezone

from payments.models import PaymentShare
from payments.selectors.sealed.comparing import ROW_DIFFERS, ROW_GONE, UNSEALED
from payments.selectors.verification import FAULTS
from sales.models import Performance, Printout, Scan, Ticket
from sales.selectors.sealed import NOT_LET_IN
from sales.services import admit, print_tickets
from tests.payments.verification.evening import Evening, found, number_of, said
from tests.tampering import tamper


@pytest.fixture
def printout(evening: Evening) -> Printout:
    """A ticket printed the morning after: the evening's till is closed."""
    venue = evening.counter.venue
    rows = print_tickets(
        claim=venue.claim(), desk=venue.open("G2"), order_id=evening.mixed.order.pk
    )
    assert found() == set()
    return rows[0]


@pytest.fixture
def scan(evening: Evening) -> Scan:
    venue = evening.counter.venue
    ticket = evening.mixed.tickets[1]
    row = admit(
        claim=venue.claim(),
        performance_id=ticket.performance_id,
        code=ticket.token,
        operator=venue.operator,
        at=timezone.now(),
    )
    assert found() == set()
    return row


class TestShares:
    def test_a_share_gone(self, evening: Evening) -> None:
        share = PaymentShare.objects.filter(payment__order=evening.mixed.order).earliest("id")
        tamper("DELETE FROM payments_paymentshare WHERE id = %s", share.pk)
        assert found() == said(
            (number_of("payment", share.payment), FAULTS["shares"]),
            (evening.mixed.order.number or "", FAULTS["performances"]),
        )

    def test_a_share_of_another_performance(self, evening: Evening) -> None:
        here = evening.mixed.tickets[0].performance
        other = Performance.objects.create(
            event=here.event, starts_at=here.starts_at, hall="Petite salle"
        )
        share = PaymentShare.objects.filter(payment__order=evening.mixed.order).earliest("id")
        tamper(
            "UPDATE payments_paymentshare SET performance_id = %s WHERE id = %s", other.pk, share.pk
        )
        assert found() == said((evening.mixed.order.number or "", FAULTS["performances"]))


class TestPrintouts:
    def test_a_duplicate_made_an_original(self, printout: Printout) -> None:
        number = number_of("printout", printout)
        tamper("UPDATE sales_printout SET copy = 7, reason = 'lost' WHERE id = %s", printout.pk)
        assert found() == said((number, ROW_DIFFERS))

    def test_a_printout_gone(self, printout: Printout) -> None:
        number = number_of("printout", printout)
        tamper("DELETE FROM sales_printout WHERE id = %s", printout.pk)
        assert found() == said((number, ROW_GONE))

    def test_a_printout_nobody_sealed(self, printout: Printout) -> None:
        printout.pk, printout._state.adding, printout.copy = None, True, 1
        printout.reason = "lost"
        printout.save()
        assert found() == said((f"printout {printout.pk}", UNSEALED))


class TestAdmissions:
    def test_another_time(self, scan: Scan) -> None:
        number = number_of("admission", scan)
        ticket = number_of("ticket", scan.ticket)
        tamper("UPDATE sales_scan SET at = '2001-01-01 00:00:00+00:00' WHERE id = %s", scan.pk)
        assert found() == said((number, ROW_DIFFERS), (ticket, NOT_LET_IN))

    def test_a_ticket_not_used_after_all(self, scan: Scan) -> None:
        tamper("UPDATE sales_ticket SET scanned_at = NULL WHERE id = %s", scan.ticket_id)
        assert found() == said((number_of("ticket", scan.ticket), NOT_LET_IN))
        assert Ticket.objects.filter(scanned_at=None, pk=scan.ticket_id).exists()
