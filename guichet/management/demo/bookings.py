"""Selling: baskets filled and paid as at a counter or in the shop (spec G2)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from contacts.models import Contact
from guichet.management.demo.presents import GIFT_CARD
from guichet.management.demo.programme import Date, Seat, choose_date, choose_seats
from guichet.management.demo.tenders import choose_tenders
from guichet.management.demo.world import Moment, Sold
from payments.selectors.results import CheckoutResult
from payments.services import TenderRequest, check_out, set_vouchers
from sales.errors import SoldOut
from sales.models import Order
from sales.services import abandon, open_basket, reserve, set_quantity

PARTIES = ((1, 22), (2, 50), (3, 12), (4, 12), (5, 4))
VOUCHER_VALUES = (3000, 5000, 10000)
# What can go back the way it came, or as money, without knowing to whom.
MONEY = frozenset({"ESPECES", "CB", "CHEQUE", "CBWEB"})


def sell_something(moment: Moment, *, tonight: bool = False) -> CheckoutResult | None:
    """Sell what the next person in the queue wants; None when nothing is left for them."""
    rng = moment.rng
    wanted = None
    if tonight:
        wanted = choose_date(moment.world.dates, at=moment.at, rng=rng, within=timedelta(hours=12))
    wanted = wanted or choose_date(moment.world.dates, at=moment.at, rng=rng)
    if wanted is None:
        return None
    party = rng.choices([size for size, _w in PARTIES], [weight for _s, weight in PARTIES])[0]
    return sell(
        moment,
        show=wanted,
        seats=choose_seats(wanted, party=party, rng=rng),
        contact=_purchaser(moment),
    )


def _purchaser(moment: Moment) -> Contact | None:
    """Online everybody says who they are, at the counter three out of four."""
    if moment.operator is not None and moment.rng.random() < 0.25:
        return None
    creditors = list(moment.world.creditors.values())
    if creditors and moment.rng.random() < 0.15:
        return moment.rng.choice(creditors)
    return moment.world.people.anybody(moment.rng)


def sell(
    moment: Moment,
    *,
    show: Date,
    seats: Mapping[Seat, int],
    contact: Contact | None,
    tenders: Sequence[TenderRequest] | None = None,
    confirms_loss: bool = False,
    linked_to_id: int | None = None,
) -> CheckoutResult | None:
    """Sell seats of a performance; without ``tenders`` people pay as they like.

    None when the seats are gone: the basket is given up.
    """
    order = fill(moment, seats=seats, contact=contact, linked_to_id=linked_to_id)
    if order is None:
        return None
    by_chance = tenders is None
    if tenders is None:
        tenders = choose_tenders(moment, due=order.total_minor, contact=contact)
    result = check_out(
        claim=moment.claim(),
        desk=moment.desk,
        order_id=order.pk,
        tenders=tenders,
        confirms_loss=confirms_loss,
        at=moment.at,
    )
    _remember_credit(moment, result)
    if by_chance:
        _remember_return(moment, result, show.starts_at)
    return result


def fill(
    moment: Moment,
    *,
    seats: Mapping[Seat, int],
    contact: Contact | None,
    linked_to_id: int | None = None,
) -> Order | None:
    """Return a basket with these seats, opened a moment ago; None when they are gone."""
    opened = moment.at - timedelta(seconds=moment.rng.randint(30, 200))
    order = open_basket(
        point_of_sale_id=moment.point_of_sale.pk,
        operator=moment.operator,
        contact=contact,
        currency=moment.house.currency,
        minutes=moment.house.institution.basket_minutes,
        now=opened,
        linked_to_id=linked_to_id,
    )
    try:
        for seat, quantity in seats.items():
            order = set_quantity(
                order_id=order.pk, price_id=seat.price_id, quantity=quantity, now=opened
            )
    except SoldOut:
        abandon(order_id=order.pk, now=moment.at)
        return None
    return order


def sell_voucher(
    moment: Moment, *, contact: Contact | None, minor: int = 0, type_code: str = GIFT_CARD
) -> CheckoutResult:
    """Sell a coded voucher, a present for somebody."""
    value = minor or moment.rng.choice(VOUCHER_VALUES)
    order = open_basket(
        point_of_sale_id=moment.point_of_sale.pk,
        operator=moment.operator,
        contact=contact,
        currency=moment.house.currency,
        minutes=moment.house.institution.basket_minutes,
        now=moment.at,
    )
    set_vouchers(
        order_id=order.pk,
        amount=moment.house.money(value),
        quantity=1,
        type_code=type_code,
        now=moment.at,
    )
    code = "CBWEB" if moment.place == "WEB" else "CB"
    result = check_out(
        claim=moment.claim(),
        desk=moment.desk,
        order_id=order.pk,
        tenders=[
            TenderRequest(mode_id=moment.house.modes[code].pk, amount=moment.house.money(value))
        ],
        at=moment.at,
    )
    moment.world.vouchers += result.vouchers
    return result


def book(moment: Moment, *, show: Date, party: int, contact: Contact, until: datetime) -> bool:
    """Keep seats for a group that has not paid yet (G2); False when too few are left."""
    seats = choose_seats(show, party=party, rng=moment.rng)
    order = fill(moment, seats=seats, contact=contact)
    if order is None:
        return False
    reserve(order_id=order.pk, until=until, now=moment.at)
    return True


def walk_away(moment: Moment) -> None:
    """Fill a basket and give it up: people change their minds."""
    show = choose_date(moment.world.dates, at=moment.at, rng=moment.rng)
    if show is None:
        return
    seats = choose_seats(show, party=2, rng=moment.rng)
    order = fill(moment, seats=seats, contact=None)
    if order is not None:
        abandon(order_id=order.pk, now=moment.at)


def _remember_credit(moment: Moment, result: CheckoutResult) -> None:
    """Note who has credit now, and what a voucher is still worth."""
    contact = result.order.contact
    if contact is not None and result.surplus.amount:
        moment.world.creditors[contact.pk] = contact
    for payment in result.payments:
        if payment.voucher is not None and payment.voucher.balance_minor > 0:
            moment.world.vouchers.append(payment.voucher)


def _remember_return(moment: Moment, result: CheckoutResult, starts_at: datetime) -> None:
    """Note some of the orders that will come back, and when."""
    world, contact = moment.world, result.order.contact
    modes = frozenset(payment.mode.code for payment in result.payments)
    may_return = contact is not None or modes <= MONEY
    if not result.tickets or not modes or not may_return or moment.rng.random() > 0.1:
        return
    sold = Sold(
        order_id=result.order.pk,
        contact=contact,
        ticket_ids=tuple(ticket.pk for ticket in result.tickets),
        starts_at=starts_at,
        modes=modes,
        place=moment.place,
    )
    world.returns.append((world.day + timedelta(days=moment.rng.randint(1, 8)), sold))
