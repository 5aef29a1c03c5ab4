"""Money that goes the other way: tickets taken back, deposits and payouts (spec G4, G5)."""

from contacts.models import Contact
from guichet.management.demo.bookings import MONEY
from guichet.management.demo.tenders import note_cheque
from guichet.management.demo.world import Moment, Sold
from institution_settings.money import to_minor
from payments.choices import IdentityDocument, RefundChoice
from payments.errors import ApprovalNeeded
from payments.models import Payment
from payments.selectors.results import RefundResult
from payments.services import (
    Cheque,
    MoneyRequest,
    RefundRequest,
    make_deposit,
    make_payout,
    refund_order,
)

CONSENT = "Choisi au guichet, de vive voix"
DEPOSITS = (20, 30, 50, 50, 80, 100)


def take_back(moment: Moment, sold: Sold) -> RefundResult:
    """Take some tickets of an order back; most people leave the money on their account."""
    rng = moment.rng
    count = len(sold.ticket_ids) if rng.random() < 0.5 else 1
    choice, mode_id = _choose_return(moment, sold)
    return refund(
        moment,
        order_id=sold.order_id,
        ticket_ids=sold.ticket_ids[:count],
        choice=choice,
        mode_id=mode_id,
        contact=sold.contact,
        late=sold.starts_at <= moment.at,
    )


def _choose_return(moment: Moment, sold: Sold) -> tuple[RefundChoice, int | None]:
    world, place = moment.world, moment.place
    returns_here = all(world.takes(place, code, "refund") for code in sold.modes)
    money = sold.modes <= MONEY
    chance = moment.rng.random()
    if sold.contact is not None and (chance < 0.65 or not money):
        return RefundChoice.CREDIT, None
    if returns_here and money and chance < 0.92:
        return RefundChoice.ORIGIN, None
    code = "VIREMENT" if world.takes(place, "VIREMENT", "refund") else "ESPECES"
    return RefundChoice.MODE, moment.house.modes[code].pk


def refund(
    moment: Moment,
    *,
    order_id: int,
    ticket_ids: tuple[int, ...] = (),
    voucher_ids: tuple[int, ...] = (),
    choice: RefundChoice,
    mode_id: int | None = None,
    contact: Contact | None = None,
    late: bool = False,
) -> RefundResult:
    """Refund; to credit the customer's consent is noted (CNS-01), too late a supervisor agrees."""
    to_credit = choice == RefundChoice.CREDIT
    result = refund_order(
        claim=moment.claim(),
        desk=moment.desk,
        request=RefundRequest(
            order_id=order_id,
            ticket_ids=ticket_ids,
            voucher_ids=voucher_ids,
            choice=choice,
            mode_id=mode_id,
            consent=CONSENT if to_credit else "",
        ),
        approved_by=moment.supervisor if late else None,
        at=moment.at,
    )
    if contact is not None and result.credited.amount:
        moment.world.creditors[contact.pk] = contact
    return result


def put_money(
    moment: Moment,
    *,
    contact: Contact,
    minor: int = 0,
    code: str = "",
    credit_code: str = "",
) -> Payment:
    """Put money on a contact's credit; without ``minor`` and ``code`` as people like it."""
    chance = moment.rng.random()
    minor = minor or moment.euros(*DEPOSITS)
    code = code or ("CB" if chance < 0.5 else "ESPECES")
    modes = moment.house.modes
    payment = make_deposit(
        claim=moment.claim(),
        desk=moment.desk,
        request=MoneyRequest(
            contact_id=contact.pk,
            mode_id=modes[code].pk,
            amount=moment.house.money(minor),
            credit_mode_id=modes[credit_code].pk if credit_code else None,
            cheque=note_cheque(moment, contact) if code == "CHEQUE" else Cheque(),
        ),
        at=moment.at,
    )
    moment.world.creditors[contact.pk] = contact
    return payment


def give_back(moment: Moment, *, contact: Contact, code: str = "ESPECES") -> Payment | None:
    """Pay back what may be paid back of a balance, or a round part; None if there is nothing.

    Where a supervisor is asked for, the same click is repeated with the PIN, as on the screen.
    """
    refundable = to_minor(moment.standing(contact).refundable)
    if refundable > 4000 and moment.rng.random() < 0.4:
        refundable = refundable // 2 // 500 * 500
    if refundable <= 0:
        return None
    claim = moment.claim()
    request = MoneyRequest(
        contact_id=contact.pk,
        mode_id=moment.house.modes[code].pk,
        amount=moment.house.money(min(refundable, 100_000)),
        identity=moment.rng.choice(list(IdentityDocument)),
    )
    try:
        return make_payout(claim=claim, desk=moment.desk, request=request, at=moment.at)
    except ApprovalNeeded:
        return make_payout(
            claim=claim,
            desk=moment.desk,
            request=request,
            approved_by=moment.supervisor,
            at=moment.at,
        )
