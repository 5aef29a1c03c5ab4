"""The statement of takings against evenings told by hand (BIL-08, fiscal.md I11)."""

import json

import pytest

from institution_settings.choices import ModeKind
from institution_settings.models import ModeAuthorisation, PaymentMode
from journal.models import Entry
from journal.sealing import stamp
from journal.services import Claim
from payments.choices import RefundChoice
from payments.models import PaymentShare
from payments.services import correct_mode
from reports.selectors.takings import get_takings
from sales.services import admit
from tests.counter import Counter
from tests.reports.evening import TOTALS, Evening, check, means, rows
from tests.venue import Venue

pytestmark = pytest.mark.django_db


def test_change_is_not_takings(evening: Evening, counter: Counter) -> None:
    counter.sell([evening.seat(), evening.seat("REDUIT")], ("ESPECES", "50.00"))
    takings = evening.statement()
    assert rows(takings) == [
        ("Parterre", "Plein", "25,00", 1, 0, 1, 0, "25,00", "23,70", "1,30"),
        ("Parterre", "Reduit", "17,00", 1, 0, 1, 0, "17,00", "16,11", "0,89"),
    ]
    assert means(takings) == {"Especes": ("42,00", "0,00", "42,00")}
    check(takings, "42,00")


def test_a_refund_to_credit_takes_credit_not_the_card(
    evening: Evening, counter: Counter, venue: Venue
) -> None:
    zoe = venue.contact()
    sold = counter.sell([evening.seat()] * 2, ("CB", "50.00"), contact=zoe)
    counter.refund(sold, sold.tickets[:1], to=RefundChoice.CREDIT)
    takings = evening.statement()
    assert rows(takings) == [
        ("Parterre", "Plein", "25,00", 2, 1, 1, 0, "25,00", "23,69", "1,31"),
    ]
    assert means(takings) == {
        "Cb": ("50,00", "0,00", "50,00"),
        "Avoir": ("0,00", "25,00", "-25,00"),
    }
    check(takings, "25,00")


def test_a_voucher_counts_for_what_it_paid_not_for_its_surplus(
    evening: Evening, counter: Counter, venue: Venue
) -> None:
    """30 € for a seat of 12.50 €: 17.50 € went to credit, and later paid another seat."""
    zoe = venue.contact()
    voucher = counter.sell_voucher("30.00")
    gallery = evening.seat(category="Galerie")
    counter.sell([gallery], ("BON", "30.00", voucher.code), contact=zoe)
    counter.sell([evening.seat("REDUIT")], ("AVOIR", "17.00"), contact=zoe)
    takings = evening.statement()
    assert means(takings) == {
        "Bon": ("12,50", "0,00", "12,50"),
        "Avoir": ("17,00", "0,00", "17,00"),
    }
    check(takings, "29,50")


def test_free_tickets_are_counted_and_bring_nothing(evening: Evening, counter: Counter) -> None:
    counter.sell([evening.seat("EXO")] * 3)
    takings = evening.statement()
    assert rows(takings) == [
        ("Parterre", "Exo", "0,00", 3, 0, 3, 3, "0,00", "0,00", "0,00"),
    ]
    assert means(takings) == {}
    check(takings, "0,00")


def test_an_order_over_two_performances_shares_its_tenders(
    evening: Evening, counter: Counter, venue: Venue
) -> None:
    """42 € tonight, 12.50 € tomorrow; 20 € in cash: 15.41 and 4.59; the card pays the rest."""
    other = counter.price("12.50")
    seats = [evening.seat(), evening.seat("REDUIT"), other]
    sold = counter.sell(seats, ("ESPECES", "20.00"), ("CB", "34.50"), contact=venue.contact())
    tomorrow = other.category.performance
    takings = evening.statement()
    assert means(takings) == {
        "Especes": ("15,41", "0,00", "15,41"),
        "Cb": ("26,59", "0,00", "26,59"),
    }
    check(takings, "42,00")
    elsewhere = get_takings(performance_id=tomorrow.pk)
    assert means(elsewhere) == {
        "Especes": ("4,59", "0,00", "4,59"),
        "Cb": ("7,91", "0,00", "7,91"),
    }
    check(elsewhere, "12,50")
    theirs = [ticket for ticket in sold.tickets if ticket.performance_id == tomorrow.pk]
    counter.refund(sold, theirs, to=RefundChoice.ORIGIN)  # first in, first out: the card
    check(evening.statement(), "42,00")
    elsewhere = get_takings(performance_id=tomorrow.pk)
    assert means(elsewhere) == {
        "Especes": ("4,59", "0,00", "4,59"),
        "Cb": ("7,91", "12,50", "-4,59"),
    }
    check(elsewhere, "0,00")


def test_a_voucher_sold_with_seats_is_no_takings_of_the_performance(
    evening: Evening, counter: Counter
) -> None:
    order = counter.basket([evening.seat()], vouchers=["50.00"])
    counter.pay(order, ("CB", "75.00"))
    takings = evening.statement()
    assert means(takings) == {"Cb": ("25,00", "0,00", "25,00")}
    check(takings, "25,00")
    shares = PaymentShare.objects.order_by("id").values_list("performance_id", "amount_minor")
    assert list(shares) == [(evening.performance.pk, 2500), (None, 5000)]


def test_a_seat_changed_for_another_night_leaves_one_statement_for_the_other(
    evening: Evening, counter: Counter, venue: Venue
) -> None:
    """Taken back to credit, sold again with it, the difference in cash."""
    zoe = venue.contact()
    sold = counter.sell([evening.seat("REDUIT")], ("CB", "17.00"), contact=zoe)
    counter.refund(sold, to=RefundChoice.CREDIT)
    other = counter.price("20.00")
    counter.sell([other], ("AVOIR", "17.00"), ("ESPECES", "3.00"), contact=zoe)
    takings = evening.statement()
    assert means(takings) == {
        "Cb": ("17,00", "0,00", "17,00"),
        "Avoir": ("0,00", "17,00", "-17,00"),
    }
    check(takings, "0,00")
    elsewhere = get_takings(performance_id=other.category.performance_id)
    assert means(elsewhere) == {
        "Especes": ("3,00", "0,00", "3,00"),
        "Avoir": ("17,00", "0,00", "17,00"),
    }
    check(elsewhere, "20,00")


def test_a_payment_corrected_counts_in_the_mode_it_was_made_in(
    evening: Evening, counter: Counter, venue: Venue
) -> None:
    """Typed as cash, really the card; over two performances, shared as the first was."""
    other = counter.price("12.50")
    sold = counter.sell([evening.seat(), other], ("ESPECES", "37.50"))
    correct_mode(
        claim=venue.claim(),
        desk=counter.desk,
        payment_id=sold.payments[0].pk,
        mode_id=venue.modes["CB"].pk,
    )
    takings = evening.statement()
    assert means(takings) == {
        "Especes": ("25,00", "25,00", "0,00"),
        "Cb": ("25,00", "0,00", "25,00"),
    }
    check(takings, "25,00")
    check(get_takings(performance_id=other.category.performance_id), "12,50")


def test_a_whole_evening_adds_up_line_by_line(
    evening: Evening, counter: Counter, venue: Venue
) -> None:
    """Σ of the lines = Σ of what was sealed of the tickets of this performance (BIL-08)."""
    zoe = venue.contact()
    counter.deposit(zoe, "100.00")
    seats = [evening.seat()] * 3 + [evening.seat("EXO"), evening.seat(category="Galerie")]
    first = counter.sell(seats, ("AVOIR", "60.00"), ("ESPECES", "30.00"), contact=zoe)
    other = Counter(venue, desk=venue.desk("G2"))
    second = other.sell([evening.seat()] * 2, ("CHEQUE", "50.00"))
    counter.refund(first, first.tickets[:2], to=RefundChoice.ORIGIN)
    admit(
        claim=Claim("user:1", venue.claim().key),
        performance_id=evening.performance.pk,
        code=second.tickets[0].token,
        operator=venue.operator,
    )
    takings = evening.statement()
    assert rows(takings) == [
        ("Parterre", "Plein", "25,00", 5, 2, 3, 0, "75,00", "71,09", "3,91"),
        ("Parterre", "Exo", "0,00", 1, 0, 1, 1, "0,00", "0,00", "0,00"),
        ("Galerie", "Plein", "12,50", 1, 0, 1, 0, "12,50", "11,85", "0,65"),
    ]
    total = takings.total
    assert [getattr(total, name) for name in TOTALS] == [7, 2, 5, 1]
    attendance = takings.attendance
    assert (attendance.capacity, attendance.sold, attendance.inside) == (80, 5, 1)
    assert (takings.papers.originals, takings.papers.slips) == (0, 2)
    check(takings, "87,50")
    sealed = 0
    for kind, sign in (("BILLET", 1), ("ANNULATION", -1)):
        for entry in Entry.objects.filter(kind=kind):
            facts = json.loads(entry.payload)
            assert facts["seance"] == stamp(evening.performance.starts_at)
            sealed += sign * facts["prix"]
    assert sealed == total.gross_minor


def test_numbers_are_given_by_till_as_they_are_unbroken(
    evening: Evening, counter: Counter, venue: Venue
) -> None:
    counter.sell([evening.seat()] * 2, ("CB", "50.00"))
    Counter(venue, desk=venue.desk("G2")).sell([evening.seat()], ("CB", "25.00"))
    (line,) = evening.statement().categories[0].lines
    assert line.first_numbers == ("G1-000003", "G2-000003")
    assert line.last_numbers == ("G1-000004", "G2-000003")


def test_each_mode_has_its_line_in_the_order_of_the_house(
    evening: Evening, counter: Counter, venue: Venue
) -> None:
    second = PaymentMode.objects.create(
        code="AVOIR-CE", label="Avoir CE", kind=ModeKind.CREDIT, position=99
    )
    ModeAuthorisation.objects.create(point_of_sale=venue.counter, mode=second)
    venue.modes["AVOIR-CE"] = second
    zoe = venue.contact()
    counter.deposit(zoe, "50.00")
    counter.sell([evening.seat()], ("AVOIR-CE", "10.00"), ("AVOIR", "15.00"), contact=zoe)
    assert list(means(evening.statement())) == ["Avoir", "Avoir CE"]
    check(evening.statement(), "25,00")
