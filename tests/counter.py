"""What an operator does at a counter, in the words of a story; every act goes through services."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.utils import timezone

from contacts.models import Contact, User
from credit.selectors import Standing, get_standing
from payments.choices import IdentityDocument, RefundChoice
from payments.models import Payment, SumOwed, Voucher
from payments.selectors.results import CheckoutResult, ExchangeResult, RefundResult
from payments.services import (
    ExchangeRequest,
    MoneyRequest,
    RefundRequest,
    TenderRequest,
    check_out,
    correct,
    exchange_tickets,
    give_credit,
    issue_free_voucher,
    make_deposit,
    make_payout,
    pay_sum_owed,
    refund_order,
)
from sales.models import Order, Price, Ticket
from sales.services import (
    CategoryPlan,
    PerformancePlan,
    create_event,
    create_rate,
    open_basket,
    plan_exchange,
    set_purchaser,
    set_quantity,
    set_voucher_line,
)
from tests.venue import Venue
from tills.selectors import Desk

Tenders = Sequence[tuple[str, str] | tuple[str, str, str]]


class Counter:
    """A venue with a show on sale; amounts are written as people say them: ``"21.10"``."""

    def __init__(self, venue: Venue, *, desk: Desk | None = None) -> None:
        self.venue = venue
        self.modes = venue.modes
        self._desk = desk

    @property
    def desk(self) -> Desk:
        """Where everything is done: till G1 unless another was named."""
        return self._desk or self.venue.desk("G1")

    def price(
        self, amount: str, *, capacity: int = 1000, starts_at: datetime | None = None
    ) -> Price:
        """A seat at this price, made when it is first asked for."""
        known = Price.objects.filter(
            amount=self.venue.money(amount).amount,
            category__capacity=capacity,
            category__performance__starts_at=starts_at or self._tomorrow,
        ).first()
        return known or self._new_price(amount, capacity, starts_at or self._tomorrow)

    def _new_price(self, amount: str, capacity: int, starts_at: datetime) -> Price:
        create_rate(code="PLEIN", label="Plein tarif")
        category = CategoryPlan(
            name="Cat. 1", capacity=capacity, prices={"PLEIN": self.venue.money(amount)}
        )
        event = create_event(
            title="Le Misanthrope",
            performances=[
                PerformancePlan(starts_at=starts_at, hall="Grande salle", categories=[category])
            ],
        )
        return Price.objects.get(category__performance__event=event)

    @property
    def _tomorrow(self) -> datetime:
        noon = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
        return noon + timedelta(days=2)

    def basket(
        self,
        seats: Sequence[str | Price] = (),
        *,
        contact: Contact | None = None,
        vouchers: Sequence[str] = (),
        at: datetime | None = None,
    ) -> Order:
        """A basket of seats, each named by its price, and of vouchers, each by its value."""
        now = at or timezone.now()
        order = open_basket(
            point_of_sale_id=self.desk.point_of_sale_id,
            operator=self.venue.operator,
            currency=self.venue.currency,
            minutes=15,
            now=now,
        )
        prices = [seat if isinstance(seat, Price) else self.price(seat) for seat in seats]
        for price in dict.fromkeys(prices):
            set_quantity(
                order_id=order.pk, price_id=price.pk, quantity=prices.count(price), now=now
            )
        for value in vouchers:
            set_voucher_line(order_id=order.pk, amount=self.venue.money(value), quantity=1, now=now)
        if contact:
            set_purchaser(order_id=order.pk, contact_id=contact.pk)
        return Order.objects.get(pk=order.pk)

    def tenders(self, tenders: Tenders) -> list[TenderRequest]:
        """``("BON", "30.00", code)`` and the like, as the payment panel sends them."""
        return [
            TenderRequest(
                mode_id=self.modes[mode].pk,
                amount=self.venue.money(amount),
                voucher_code=rest[0] if rest else "",
            )
            for mode, amount, *rest in tenders
        ]

    def pay(
        self,
        order: Order,
        *tenders: tuple[str, str] | tuple[str, str, str],
        desk: Desk | None = None,
        key: uuid.UUID | None = None,
        confirms_loss: bool = False,
        at: datetime | None = None,
    ) -> CheckoutResult:
        """Pay an order."""
        return check_out(
            claim=self.venue.claim(key),
            desk=desk or self.desk,
            order_id=order.pk,
            tenders=self.tenders(tenders),
            confirms_loss=confirms_loss,
            at=at,
        )

    def sell(
        self,
        seats: Sequence[str | Price],
        *tenders: tuple[str, str] | tuple[str, str, str],
        contact: Contact | None = None,
    ) -> CheckoutResult:
        """Sell seats and take the money, in one breath."""
        return self.pay(self.basket(seats, contact=contact), *tenders)

    def sell_voucher(self, value: str, mode: str = "ESPECES") -> Voucher:
        """Sell a coded voucher."""
        return self.pay(self.basket(vouchers=[value]), (mode, value)).vouchers[0]

    def refund(
        self,
        paid: CheckoutResult,
        tickets: Sequence[Ticket] | None = None,
        *,
        to: RefundChoice = RefundChoice.CREDIT,
        mode: str | None = None,
        credit: str | None = None,
        vouchers: Sequence[Voucher] = (),
        desk: Desk | None = None,
        key: uuid.UUID | None = None,
        approved_by: User | None = None,
    ) -> RefundResult:
        """Take tickets back (all of them unless named) and give their money back."""
        chosen = paid.tickets if tickets is None else tickets
        return refund_order(
            claim=self.venue.claim(key),
            desk=desk or self.desk,
            request=RefundRequest(
                order_id=paid.order.pk,
                ticket_ids=[ticket.pk for ticket in chosen],
                voucher_ids=[voucher.pk for voucher in vouchers],
                choice=to,
                mode_id=self.modes[mode].pk if mode else None,
                credit=self.venue.money(credit) if credit else None,
                consent="au guichet" if to == RefundChoice.CREDIT or credit else "",
            ),
            approved_by=approved_by,
        )

    def exchange(
        self,
        paid: CheckoutResult,
        tickets: Sequence[Ticket],
        seats: Sequence[str | Price],
        *tenders: tuple[str, str] | tuple[str, str, str],
        difference: RefundChoice | None = None,
        key: uuid.UUID | None = None,
        desk: Desk | None = None,
        approved_by: User | None = None,
    ) -> ExchangeResult:
        """Exchange tickets of a paid order for other seats."""
        contact = Order.objects.get(pk=paid.order.pk).contact
        basket = self.basket(seats, contact=contact)
        plan_exchange(order_id=basket.pk, ticket_ids=[ticket.pk for ticket in tickets])
        return self.confirm_exchange(
            basket, *tenders, difference=difference, key=key, desk=desk, approved_by=approved_by
        )

    def confirm_exchange(
        self,
        basket: Order,
        *tenders: tuple[str, str] | tuple[str, str, str],
        difference: RefundChoice | None = None,
        key: uuid.UUID | None = None,
        desk: Desk | None = None,
        approved_by: User | None = None,
    ) -> ExchangeResult:
        """Confirm an exchange that was planned."""
        return exchange_tickets(
            claim=self.venue.claim(key),
            desk=desk or self.desk,
            request=ExchangeRequest(
                order_id=basket.pk,
                tenders=self.tenders(tenders),
                difference=difference,
                consent="au guichet" if difference == RefundChoice.CREDIT else "",
            ),
            approved_by=approved_by,
        )

    def pay_owed(
        self,
        owed: SumOwed,
        mode: str = "ESPECES",
        *,
        key: uuid.UUID | None = None,
        desk: Desk | None = None,
        at: datetime | None = None,
    ) -> Payment:
        """Hand over a sum owed."""
        return pay_sum_owed(
            claim=self.venue.claim(key),
            desk=desk or self.desk,
            sum_id=owed.pk,
            mode_id=self.modes[mode].pk,
            at=at,
        )

    def deposit(
        self,
        contact: Contact,
        amount: str,
        mode: str = "ESPECES",
        key: uuid.UUID | None = None,
        *,
        desk: Desk | None = None,
        at: datetime | None = None,
    ) -> Payment:
        """Put money on a contact's credit."""
        return make_deposit(
            claim=self.venue.claim(key),
            desk=desk or self.desk,
            request=self._money(contact, amount, mode),
            at=at,
        )

    def payout(
        self,
        contact: Contact,
        amount: str,
        mode: str = "ESPECES",
        approved_by: User | None = None,
        *,
        identity: IdentityDocument | None = IdentityDocument.ID_CARD,
        key: uuid.UUID | None = None,
        desk: Desk | None = None,
        at: datetime | None = None,
    ) -> Payment:
        """Give credit back as money, to somebody who shows an identity card."""
        return make_payout(
            claim=self.venue.claim(key),
            desk=desk or self.desk,
            request=replace(self._money(contact, amount, mode), identity=identity),
            approved_by=approved_by,
            at=at,
        )

    def correct(
        self,
        payment: Payment,
        *,
        reason: str = "typing",
        approved_by: User | None = None,
        key: uuid.UUID | None = None,
        desk: Desk | None = None,
    ) -> Payment:
        """Take a deposit or payout back."""
        return correct(
            claim=self.venue.claim(key),
            desk=desk or self.desk,
            payment_id=payment.pk,
            reason=reason,
            approved_by=approved_by,
        )

    def goodwill(self, contact: Contact, amount: str) -> int:
        """Give a contact credit that may be spent, never paid out."""
        return give_credit(
            claim=self.venue.claim(),
            desk=self.desk,
            contact_id=contact.pk,
            amount=self.venue.money(amount),
            reason="complaint",
            approved_by=self.venue.supervisor,
        )

    def free_voucher(self, value: str, *, expires_on: date | None = None) -> Voucher:
        """Issue a voucher nobody paid for."""
        return issue_free_voucher(
            claim=self.venue.claim(),
            desk=self.desk,
            value=self.venue.money(value),
            approved_by=self.venue.supervisor,
            expires_on=expires_on,
        )

    def standing(self, contact: Contact) -> Standing:
        """The figures of a contact's credit."""
        return get_standing(contact_id=contact.pk, currency=self.venue.currency)

    def available(self, contact: Contact) -> str:
        """What a contact may spend, as people say it."""
        return str(self.standing(contact).available.amount)

    def _money(self, contact: Contact, amount: str, mode: str) -> MoneyRequest:
        return MoneyRequest(
            contact_id=contact.pk, mode_id=self.modes[mode].pk, amount=self.venue.money(amount)
        )
