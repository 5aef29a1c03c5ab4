"""What must happen at the back office: everything a supervisor does to credit by hand (C6)."""

from contacts.models import Contact
from credit.choices import MovementKind
from credit.services import OpeningBalance, open_balances
from guichet.management.demo.bookings import fill
from guichet.management.demo.presents import INVITATION
from guichet.management.demo.programme import Seat
from guichet.management.demo.tenders import note_cheque, tender
from guichet.management.demo.world import Moment
from journal.services import perform
from payments.services import (
    adjust_credit,
    check_out,
    give_credit,
    issue_free_voucher,
    reverse_movement,
    transfer_credit,
)

TAKEN_OVER = 40


def contact_of(moment: Moment, last_name: str, first_name: str = "", number: int = 0) -> Contact:
    """Return a contact by name: the story's parts are played by the same people every time."""
    found = [
        contact
        for contact in moment.world.people.everybody
        if contact.last_name == last_name and first_name in ("", contact.first_name)
    ]
    return found[number]


def take_over(moment: Moment) -> None:
    """Bring the balances of the software before (REPRISE), part of them not to be paid out."""
    rng, house = moment.rng, moment.house
    contacts = moment.world.people.regulars[:TAKEN_OVER]
    rows = [
        OpeningBalance(
            contact_id=contact.pk,
            amount=house.money(rng.randrange(350, 9000, 10)),
            non_refundable=house.money(300 if rng.random() < 0.2 else 0),
            reference=f"ANC-{1200 + number}",
        )
        for number, contact in enumerate(contacts)
    ]
    perform(
        claim=moment.claim(),
        kind="credit.open",
        content={"rows": len(rows)},
        register=moment.desk.register,
        write=lambda op: open_balances(
            op=op, desk=moment.desk, mode=house.modes["AVOIR"], rows=rows
        ),
        found=lambda _operation: len(rows),
        at=moment.at,
    )
    moment.world.creditors |= {contact.pk: contact for contact in contacts}


def say_sorry(moment: Moment) -> None:
    """A gesture after a complaint (GESTE)."""
    _give(moment, contact_of(moment, "Lefèvre", "Zoé"), 1000, "complaint")


def mistake_one_for_another(moment: Moment) -> None:
    """A gesture for the wrong one of two people of one name, taken back and given again."""
    first, second = contact_of(moment, "Martin"), contact_of(moment, "Martin", number=1)
    given = _give(moment, first, 1500, "event_change")
    reverse_movement(
        claim=moment.claim(),
        desk=moment.desk,
        movement_id=given,
        reason="wrong_contact",
        approved_by=moment.supervisor,
        at=moment.at,
    )
    _give(moment, second, 1500, "event_change")


def join_the_two(moment: Moment) -> None:
    """What was put on the second of two cards of one person goes to the first (TRANSFERT)."""
    kept, other = contact_of(moment, "Lefèvre", "Zoé"), contact_of(moment, "Lefèvre", "Zoé", 1)
    minor = moment.available_minor(other)
    if minor:
        transfer_credit(
            claim=moment.claim(),
            desk=moment.desk,
            from_contact_id=other.pk,
            to_contact_id=kept.pk,
            amount=moment.house.money(minor),
            reason="wrong_contact",
            approved_by=moment.supervisor,
            at=moment.at,
        )
        moment.world.creditors[kept.pk] = kept


def put_right(moment: Moment) -> None:
    """Credit typed twice in the software before (AJUSTEMENT)."""
    _take(moment, MovementKind.ADJUSTMENT, 500, "takeover")


def let_lapse(moment: Moment) -> None:
    """Credit nobody asked for within the legal time (EXPIRATION)."""
    _take(moment, MovementKind.EXPIRY, 0, "prescription")


def renounce(moment: Moment) -> None:
    """Credit its holder gives up in writing (RENONCIATION)."""
    _take(moment, MovementKind.WAIVER, 0, "customer_request")


def promise_a_seat(moment: Moment) -> None:
    """A voucher nobody paid for, after an evening that was interrupted."""
    moment.world.kept["free"] = issue_free_voucher(
        claim=moment.claim(),
        desk=moment.desk,
        value=moment.house.money(3000),
        approved_by=moment.supervisor,
        type_code=INVITATION,
        at=moment.at,
    )


def school_comes(moment: Moment) -> None:
    """A class of the lycée, paid by cheque; its teacher comes free."""
    school = contact_of(moment, "Marchand", "Odile")
    for show in reversed(moment.world.dates):
        young = [seat for seat in show.seats if seat.rate == "JEUNE"]
        if show.starts_at <= moment.at or not young:
            continue
        seats: dict[Seat, int] = {min(young, key=lambda seat: seat.minor): 6}
        seats[max(young, key=lambda seat: seat.minor)] = 18
        order = fill(moment, seats=seats, contact=school)
        if order is not None:
            break
    else:
        return
    check_out(
        claim=moment.claim(),
        desk=moment.desk,
        order_id=order.pk,
        tenders=[tender(moment, "CHEQUE", order.total_minor, cheque=note_cheque(moment, school))],
        at=moment.at,
    )


def _give(moment: Moment, contact: Contact, minor: int, reason: str) -> int:
    movement_id = give_credit(
        claim=moment.claim(),
        desk=moment.desk,
        contact_id=contact.pk,
        amount=moment.house.money(minor),
        reason=reason,
        approved_by=moment.supervisor,
        at=moment.at,
    )
    moment.world.creditors[contact.pk] = contact
    return movement_id


def _take(moment: Moment, kind: MovementKind, minor: int, reason: str) -> None:
    """Take ``minor`` centimes (0: everything) from the first account that has so much."""
    for contact in moment.world.creditors.values():
        available = moment.available_minor(contact)
        if available and available >= minor:
            adjust_credit(
                claim=moment.claim(),
                desk=moment.desk,
                contact_id=contact.pk,
                kind=kind,
                amount=moment.house.money(minor or available),
                reason=reason,
                approved_by=moment.supervisor,
                at=moment.at,
            )
            return
