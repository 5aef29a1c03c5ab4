"""A venue in the middle of an evening: something of everything that a page may show.

Names, titles and addresses are as long as real ones get, so that a page that cannot hold them
shows it.
"""

from datetime import timedelta

from django.utils import timezone

from contacts.models import Contact, User
from contacts.services import create_operator
from institution_settings.choices import Role
from payments.choices import RefundChoice
from payments.models import Merge, SumOwed, VoucherType
from payments.services import close_till, merge_contacts
from sales.models import Order, Performance
from sales.services import (
    CategoryPlan,
    PerformancePlan,
    create_event,
    create_rate,
    plan_exchange,
    print_receipt,
    print_tickets,
    reserve,
)
from tests.counter import Counter
from tests.ledger import Ledger
from tests.venue import PASSWORD, Venue
from tests.vouchers import sell
from tills.models import TillSession

LONG_TITLE = "Le Bourgeois gentilhomme, comédie-ballet en cinq actes de Molière et Lully"


class BusyVenue:
    """Léa at till G1 with sales behind her; G2 is closed, its Z is printed."""

    def __init__(self, venue: Venue) -> None:
        self.venue = venue
        self.counter = counter = Counter(venue)
        self.jean = Contact.objects.create(
            last_name="Wolfeschlegelsteinhausenbergerdorff",
            first_name="Jean-Baptiste-Emmanuel",
            email="jean-baptiste-emmanuel.wolfeschlegelsteinhausenbergerdorff@example.org",
            phone="+33612345678",
            city="Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson",
        )
        self.zoe = venue.contact("Lefèvre", "Zoé")
        self.long_show = self._put_on()
        self.session = self._close_g2()
        self.merge = self._merge_twins()
        self.deposit = counter.deposit(self.jean, "1250.00", "CB")
        counter.deposit(self.zoe, "30.00", "CHEQUE")
        self.hold = Ledger(venue).hold(venue.account(self.zoe), "5.00")
        wrong = counter.deposit(self.zoe, "3.00")
        counter.correct(wrong)
        self.gesture = counter.goodwill(self.jean, "10.00")
        self.voucher = counter.sell_voucher("50.00")
        counter.sell(["21.10"], ("BON", "21.10", self.voucher.code))
        self.free_voucher = counter.free_voucher("15.00")
        self.sold = counter.sell(
            ["21.10", "21.10", "32.00"],
            ("AVOIR", "14.20"),
            ("CB", "50.00"),
            ("ESPECES", "20.00"),
            contact=self.jean,
        )
        self.refunded = counter.refund(self.sold, self.sold.tickets[:1])
        self._owe()
        (self.printout,) = print_receipt(
            claim=venue.claim(), desk=counter.desk, order_id=self.sold.order.pk
        )
        print_tickets(claim=venue.claim(), desk=counter.desk, order_id=self.sold.order.pk)
        self.anonymous = counter.sell(["21.10"], ("ESPECES", "50.00"))
        self.basket = counter.basket(
            ["21.10", "21.10", "32.00"], vouchers=["25.00"], contact=self.jean
        )
        self.lapsed = counter.basket(["21.10"], at=timezone.now() - timedelta(hours=1))
        self.reserved = self._reserve()
        gift = VoucherType.objects.create(
            code="CADEAU",
            label="Carte cadeau des Amis du Théâtre et de l’Orangerie",
            validity_months=12,
        )
        sell(counter, "40.00", gift, contact=self.jean)

    def _owe(self) -> None:
        """A sum that is owed, one that was paid, and tickets exchanged for others."""
        for seats in (["32.00"], ["21.10"]):
            sold = self.counter.sell(seats, ("CB", seats[0]), contact=self.jean)
            self.owing = self.counter.refund(sold, to=RefundChoice.OWED)
        self.owed, self.paid_sum = SumOwed.objects.order_by("pk")
        self.counter.pay_owed(self.paid_sum)
        old = self.counter.sell(["21.10"], ("CB", "21.10"), contact=self.zoe)
        self.exchanged = self.counter.exchange(
            old, old.tickets, ["32.00"], ("ESPECES", "10.90")
        ).checkout
        self.exchanging = self.counter.basket(["21.10"], contact=self.zoe)
        plan_exchange(
            order_id=self.exchanging.pk,
            ticket_ids=[ticket.pk for ticket in self.exchanged.tickets],
        )

    def _merge_twins(self) -> Merge:
        """Somebody who was entered twice."""
        twins = [self.venue.contact("Martin", name) for name in ("Anne", "Anne-Lise")]
        return merge_contacts(
            claim=self.venue.claim(),
            desk=self.counter.desk,
            kept_id=twins[0].pk,
            merged_id=twins[1].pk,
            approved_by=self.venue.supervisor,
        )

    def _put_on(self) -> Performance:
        """A show with a long name, many prices and a category that is sold out."""
        rates = {
            "ABO": "Abonné « Les Amis des Tilleuls »",
            "REDUIT": "Réduit (moins de 26 ans, demandeurs d’emploi)",
            "INVIT": "Invitation",
        }
        for code, label in rates.items():
            create_rate(code=code, label=label)
        prices = {code: self.venue.money("24.50") for code in rates}
        event = create_event(
            title=LONG_TITLE,
            subtitle="Mise en scène de Marie-Françoise de La Tour-Maubourg",
            performances=[
                PerformancePlan(
                    starts_at=timezone.now() + timedelta(days=day, hours=3),
                    hall="Grande salle Marie-Marguerite-Charlotte",
                    categories=[
                        CategoryPlan(name="Carré d’or", capacity=40, prices=prices),
                        CategoryPlan(name="Balcon, visibilité réduite", capacity=0, prices=prices),
                    ],
                )
                for day in range(3)
            ],
        )
        return Performance.objects.filter(event=event).earliest("starts_at")

    def _close_g2(self) -> TillSession:
        desk = self.venue.open("G2", float_="150.00")
        other = Counter(self.venue, desk=desk)
        other.sell(["21.10"], ("ESPECES", "50.00"))
        other.deposit(self.zoe, "20.00", "CHEQUE")
        return close_till(
            claim=self.venue.claim(),
            desk=desk,
            counted={self.venue.modes["ESPECES"].pk: self.venue.money("170.10")},
            operator=self.venue.operator,
        )

    def _reserve(self) -> Order:
        order = self.counter.basket(["21.10"], contact=self.zoe)
        now = timezone.now()
        return reserve(order_id=order.pk, until=now + timedelta(days=2), now=now)

    def administrator(self) -> User:
        """Karim, who sets everything up."""
        return create_operator(
            email="karim@tilleuls.example",
            password=PASSWORD,
            name="Karim",
            code="karim",
            role=Role.ADMINISTRATOR,
            points_of_sale=[self.venue.counter],
        )
