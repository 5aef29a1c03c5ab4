"""What must happen at a counter: every way of paying, and every way of getting money back."""

from collections.abc import Callable, Sequence

from contacts.models import Contact
from guichet.management.demo.bookings import sell, sell_voucher
from guichet.management.demo.presents import GIFT_CARD, THEATRE_CHEQUE
from guichet.management.demo.programme import Date, Seat
from guichet.management.demo.returns import give_back, put_money, refund
from guichet.management.demo.scenes_office import contact_of
from guichet.management.demo.tenders import tender
from guichet.management.demo.world import Moment
from payments.choices import RefundChoice
from payments.selectors.results import CheckoutResult
from payments.services import TenderRequest, correct

Pays = Callable[[int], Sequence[TenderRequest]]


def sell_priced(
    moment: Moment,
    *,
    contact: Contact | None,
    between: tuple[int, int],
    quantity: int = 1,
    pays: Pays,
    confirms_loss: bool = False,
    linked_to_id: int | None = None,
) -> CheckoutResult | None:
    """Sell seats that cost between two sums each, wherever there are some left."""
    for show, seat in _offers(moment, between):
        result = sell(
            moment,
            show=show,
            seats={seat: quantity},
            contact=contact,
            tenders=pays(seat.minor * quantity),
            confirms_loss=confirms_loss,
            linked_to_id=linked_to_id,
        )
        if result is not None:
            return result
    return None


def _offers(moment: Moment, between: tuple[int, int]) -> list[tuple[Date, Seat]]:
    low, high = between
    return [
        (show, seat)
        for show in moment.world.dates
        if show.starts_at > moment.at
        for seat in show.seats
        if low <= seat.minor <= high
    ]


def mistype(moment: Moment) -> None:
    """200 € typed for 20 €: corrected at once, movement and payment together (C4)."""
    contact = contact_of(moment, "N'Diaye")
    wrong = put_money(moment, contact=contact, minor=20_000, code="CB")
    correct(
        claim=moment.claim(),
        desk=moment.desk,
        payment_id=wrong.pk,
        reason="typing",
        at=moment.at,
    )
    put_money(moment, contact=contact, minor=2000, code="CB")


def save_on_the_other_card(moment: Moment) -> None:
    """Money put on the second of two cards of one person."""
    put_money(moment, contact=contact_of(moment, "Lefèvre", "Zoé", 1), minor=3500, code="ESPECES")


def bring_a_promise(moment: Moment) -> None:
    """A free voucher worth more than the seat: its rest is credit that is never paid out (C6b)."""
    voucher = moment.world.kept.pop("free", None)
    if voucher is not None:
        sell_priced(
            moment,
            contact=contact_of(moment, "Nguyễn"),
            between=(1000, 2900),
            pays=lambda _due: [
                tender(moment, "BON", voucher.balance_minor, voucher_code=voucher.code)
            ],
        )


def pay_with_paper(moment: Moment) -> None:
    """Chèques-vacances beyond the amount due: the rest goes to the credit account (C8)."""
    sell_priced(
        moment,
        contact=contact_of(moment, "O’Hara"),
        between=(1500, 3300),
        quantity=2,
        pays=lambda due: [tender(moment, "CHQVAC", due // 1000 * 1000 + 1000)],
    )


def give_the_rest_up(moment: Moment) -> None:
    """The same without a name: the operator confirms that the rest is given up (C8)."""
    sell_priced(
        moment,
        contact=None,
        between=(1200, 3300),
        pays=lambda due: [tender(moment, "CHQCAD", due // 1000 * 1000 + 1000)],
        confirms_loss=True,
    )


def give_a_present(moment: Moment) -> None:
    """A voucher is sold, and half of it spent by somebody without a name: it keeps the rest."""
    (voucher,) = sell_voucher(moment, contact=None, minor=5000).vouchers
    moment.world.vouchers.remove(voucher)
    sell_priced(
        moment,
        contact=None,
        between=(1000, 3700),
        pays=lambda _due: [tender(moment, "BON", 5000, voucher_code=voucher.code)],
    )


def sell_presents(moment: Moment) -> None:
    """Two vouchers that nobody has spent yet: whoever visits the demo may."""
    for minor, type_code in ((5000, GIFT_CARD), (3000, THEATRE_CHEQUE)):
        sold = sell_voucher(moment, contact=None, minor=minor, type_code=type_code)
        (voucher,) = sold.vouchers
        moment.world.vouchers.remove(voucher)


def return_a_present(moment: Moment) -> None:
    """A voucher sold and brought back: cancelled, and paid back by card (B26)."""
    contact = contact_of(moment, "Šťastný")
    sold = sell_voucher(moment, contact=contact, minor=3000)
    (voucher,) = sold.vouchers
    moment.world.vouchers.remove(voucher)
    refund(
        moment,
        order_id=sold.order.pk,
        voucher_ids=(voucher.pk,),
        choice=RefundChoice.ORIGIN,
    )


def pay_with_everything(moment: Moment) -> None:
    """Part voucher, part credit, the rest in notes with change (G3)."""
    contact = contact_of(moment, "d’Almeida")
    put_money(moment, contact=contact, minor=2500, code="CB")
    (voucher,) = sell_voucher(moment, contact=contact, minor=3000).vouchers
    moment.world.vouchers.remove(voucher)
    sell_priced(
        moment,
        contact=contact,
        between=(3200, 4800),
        quantity=2,
        pays=lambda due: [
            tender(moment, "BON", 3000, voucher_code=voucher.code),
            tender(moment, "AVOIR", 2500),
            tender(moment, "ESPECES", (due - 5500) // 1000 * 1000 + 1000),
        ],
    )


def save_up(moment: Moment) -> None:
    """A large deposit by cheque."""
    put_money(moment, contact=contact_of(moment, "L’Hermitte"), minor=30_000, code="CHEQUE")


def want_it_back(moment: Moment) -> None:
    """A large payout by transfer: a supervisor types the PIN (G5)."""
    give_back(moment, contact=contact_of(moment, "L’Hermitte"), code="VIREMENT")


def works_council(moment: Moment) -> None:
    """A works council puts money on its second sort of credit and buys with it (S1)."""
    council = contact_of(moment, "Besson", "Nathalie")
    put_money(moment, contact=council, minor=50_000, code="CHEQUE", credit_code="AVOIR-CE")
    sell_priced(
        moment,
        contact=council,
        between=(1500, 2600),
        quantity=12,
        pays=lambda due: [tender(moment, "AVOIR-CE", due)],
    )


def bring_a_friend(moment: Moment) -> None:
    """Two seats, and a third one later: a linked order (G2)."""
    contact = contact_of(moment, "Wójcik-Żółkiewska")

    def by_card(due: int) -> list[TenderRequest]:
        return [tender(moment, "CB", due)]

    first = sell_priced(moment, contact=contact, between=(1000, 3200), quantity=2, pays=by_card)
    if first is not None:
        sell_priced(
            moment,
            contact=contact,
            between=(1000, 3200),
            pays=by_card,
            linked_to_id=first.order.pk,
        )


def invite(moment: Moment) -> None:
    """Guests of the house: nothing due, nothing paid, two tickets (BIL-01)."""
    sell_priced(
        moment,
        contact=contact_of(moment, "Ægisdóttir"),
        between=(0, 0),
        quantity=2,
        pays=lambda _due: [],
    )


def ask_for_cash(moment: Moment) -> None:
    """A seat paid by card and given back to credit, then the credit asked for in cash (G5)."""
    contact = contact_of(moment, "Groß-Östermann")
    sold = sell_priced(
        moment,
        contact=contact,
        between=(1500, 3200),
        quantity=2,
        pays=lambda due: [tender(moment, "CB", due)],
    )
    if sold is not None:
        refund(
            moment,
            order_id=sold.order.pk,
            ticket_ids=(sold.tickets[0].pk,),
            choice=RefundChoice.CREDIT,
            contact=contact,
        )
        give_back(moment, contact=contact)
