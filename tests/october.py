"""The October of ``fiscal.md`` §7.4, posted through the services: what every report must say."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from contacts.models import Contact
from credit.choices import MovementKind
from credit.services import OpeningBalance, open_balances
from institution_settings.choices import Channel
from institution_settings.models import ModeAuthorisation, PointOfSale
from journal.services import perform
from payments.choices import IdentityDocument, RefundChoice
from payments.models import Payment
from payments.selectors.results import CheckoutResult
from payments.services import (
    MoneyRequest,
    RefundRequest,
    TenderRequest,
    adjust_credit,
    automatic_desk,
    check_out,
    close_till,
    correct,
    make_deposit,
    make_payout,
    refund_order,
)
from sales.models import Price
from sales.services import (
    CategoryPlan,
    PerformancePlan,
    create_event,
    create_rate,
    open_basket,
    set_purchaser,
    set_quantity,
)
from tests.venue import Venue
from tills.selectors import Desk
from tills.services import create_till

PARIS = ZoneInfo("Europe/Paris")
PRICES = {"UN": "21.10", "WEB": "54.60", "PETIT": "8.90"}


def clock(day: int, hour: int, minute: int, month: int = 10) -> datetime:
    """A moment of 2026 in Paris."""
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS)


class October:
    """One month of four contacts on four tills, told act by act."""

    def __init__(self, venue: Venue) -> None:
        self.venue = venue
        self.modes = venue.modes
        shop = PointOfSale.objects.create(code="WEB", name="Web", channel=Channel.ONLINE)
        for mode in self.modes.values():
            ModeAuthorisation.objects.create(point_of_sale=shop, mode=mode)
        venue.tills["WEB"] = create_till(
            code="WEB", label="Web", point_of_sale=shop, automatic=True
        )
        self.contacts = {
            name: Contact.objects.create(last_name=name)
            for name in ("Dupont", "Élie", "Zoé", "Martin")
        }
        for code in PRICES:
            create_rate(code=code, label=code)
        create_event(
            title="Le Misanthrope",
            performances=[
                PerformancePlan(
                    starts_at=clock(30, 20, 0, month=11),
                    hall="Grande salle",
                    categories=[
                        CategoryPlan(
                            name="Cat. 1",
                            capacity=50,
                            prices={code: venue.money(price) for code, price in PRICES.items()},
                        )
                    ],
                )
            ],
        )

    def play(self) -> None:
        """Post the ten movements of the fixture, after the balances September left."""
        self.open_september()
        g1 = self.open("G1", clock(5, 9, 0))
        self.deposit(g1, "Dupont", "50.00", clock(5, 10, 2))
        self.pay(g1, "Dupont", "UN", [("AVOIR", "21.10")], clock(5, 10, 15))
        self.close(g1, clock(5, 22, 0))
        g2 = self.open("G2", clock(5, 9, 0))
        order = self.pay(g2, "Élie", "UN", [("ESPECES", "42.20")], clock(5, 18, 0), seats=2)
        self.refund(g2, order, clock(5, 18, 40))
        self.close(g2, clock(5, 22, 0))
        self.pay(
            self.automatic("WEB", clock(6, 9, 0)),
            "Élie",
            "WEB",
            [("AVOIR", "54.60")],
            clock(6, 9, 0),
        )
        g1 = self.open("G1", clock(6, 9, 30))
        self.pay(g1, "Martin", "UN", [("CHQVAC", "30.00")], clock(6, 11, 0))
        self.pay(g1, "Martin", "PETIT", [("AVOIR", "8.90")], clock(6, 11, 30))
        self.close(g1, clock(6, 22, 0))
        g2 = self.open("G2", clock(7, 9, 0))
        wrong = self.payout(g2, "Dupont", "10.00", clock(7, 14, 0))
        self.take_back(g2, wrong, clock(7, 14, 5))
        self.payout(g2, "Dupont", "8.90", clock(7, 14, 6))
        self.close(g2, clock(7, 22, 0))
        self.expire("Zoé", "30.00", clock(31, 23, 59))

    def open_september(self) -> None:
        """What Élie and Zoé brought: 12,40 and 30,00."""
        at = clock(30, 12, 0, month=9)
        desk = self.automatic("BO", at)
        rows = [
            OpeningBalance(contact_id=self.contacts[name].pk, amount=self.venue.money(amount))
            for name, amount in (("Élie", "12.40"), ("Zoé", "30.00"))
        ]
        perform(
            claim=self.venue.claim(),
            kind="credit.open",
            content={},
            register=desk.register,
            write=lambda op: open_balances(op=op, desk=desk, mode=self.modes["AVOIR"], rows=rows),
            found=lambda _operation: 0,
            at=at,
        )

    def open(self, code: str, at: datetime) -> Desk:
        return self.venue.open(code, at=at)

    def automatic(self, code: str, at: datetime) -> Desk:
        return automatic_desk(till=self.venue.tills[code], operator=self.venue.operator, at=at)

    def close(self, desk: Desk, at: datetime) -> None:
        close_till(
            claim=self.venue.claim(),
            desk=desk,
            counted={},
            operator=self.venue.operator,
            at=at,
        )

    def deposit(self, desk: Desk, name: str, amount: str, at: datetime) -> Payment:
        return make_deposit(
            claim=self.venue.claim(), desk=desk, request=self._money(name, amount), at=at
        )

    def payout(self, desk: Desk, name: str, amount: str, at: datetime) -> Payment:
        shown = replace(self._money(name, amount), identity=IdentityDocument.ID_CARD)
        return make_payout(claim=self.venue.claim(), desk=desk, request=shown, at=at)

    def take_back(self, desk: Desk, payment: Payment, at: datetime) -> Payment:
        return correct(
            claim=self.venue.claim(), desk=desk, payment_id=payment.pk, reason="typing", at=at
        )

    def pay(
        self,
        desk: Desk,
        name: str,
        rate: str,
        tenders: list[tuple[str, str]],
        at: datetime,
        seats: int = 1,
    ) -> CheckoutResult:
        order = open_basket(
            point_of_sale_id=desk.point_of_sale_id,
            operator=self.venue.operator,
            currency=self.venue.currency,
            minutes=15,
            now=at,
        )
        price = Price.objects.get(rate__code=rate)
        set_quantity(order_id=order.pk, price_id=price.pk, quantity=seats, now=at)
        set_purchaser(order_id=order.pk, contact_id=self.contacts[name].pk)
        return check_out(
            claim=self.venue.claim(),
            desk=desk,
            order_id=order.pk,
            tenders=[
                TenderRequest(mode_id=self.modes[mode].pk, amount=self.venue.money(amount))
                for mode, amount in tenders
            ],
            at=at + timedelta(seconds=1),
        )

    def refund(self, desk: Desk, paid: CheckoutResult, at: datetime) -> None:
        refund_order(
            claim=self.venue.claim(),
            desk=desk,
            request=RefundRequest(
                order_id=paid.order.pk,
                ticket_ids=[ticket.pk for ticket in paid.tickets],
                choice=RefundChoice.CREDIT,
                consent="au guichet",
            ),
            at=at,
        )

    def expire(self, name: str, amount: str, at: datetime) -> None:
        adjust_credit(
            claim=self.venue.claim(),
            desk=self.automatic("BO", at),
            contact_id=self.contacts[name].pk,
            kind=MovementKind.EXPIRY,
            amount=self.venue.money(amount),
            reason="prescription",
            approved_by=self.venue.supervisor,
            at=at,
        )

    def _money(self, name: str, amount: str) -> MoneyRequest:
        return MoneyRequest(
            contact_id=self.contacts[name].pk,
            mode_id=self.modes["ESPECES"].pk,
            amount=self.venue.money(amount),
        )
