"""How people pay: what they take out of their pockets for an order (spec G3)."""

from contacts.models import Contact
from guichet.management.demo.names import BANKS
from guichet.management.demo.world import Moment
from payments.services import Cheque, TenderRequest

# Nobody carries more in notes, and the law allows no more than 1 000 €.
MOST_CASH = 30_000
NOTES = (500, 1000, 2000, 5000)


def choose_tenders(moment: Moment, *, due: int, contact: Contact | None) -> list[TenderRequest]:
    """Return tenders that settle ``due`` centimes at this point of sale, change included."""
    if due == 0:
        return []
    tenders, left = _voucher(moment, due)
    if left and contact is not None and moment.rng.random() < 0.55:
        credit, left = _credit(moment, left, contact)
        tenders += credit
    if left and not tenders and moment.rng.random() < 0.07:
        tenders, left = _paper(moment, left, contact)
    return [*tenders, *(_money(moment, left, contact) if left else [])]


def tender(
    moment: Moment,
    code: str,
    minor: int,
    *,
    voucher_code: str = "",
    cheque: Cheque | None = None,
) -> TenderRequest:
    """Return one tender of ``minor`` centimes in a mode."""
    return TenderRequest(
        mode_id=moment.house.modes[code].pk,
        amount=moment.house.money(minor),
        voucher_code=voucher_code,
        cheque=cheque or Cheque(),
    )


def note_cheque(moment: Moment, contact: Contact | None) -> Cheque:
    """Return what is noted of a cheque."""
    return Cheque(
        bank=moment.rng.choice(BANKS),
        number=f"{moment.rng.randint(1_000_000, 9_999_999)}",
        drawer=(contact.label if contact else "Porteur")[:80],
    )


def _voucher(moment: Moment, due: int) -> tuple[list[TenderRequest], int]:
    """A coded voucher, for all it is worth; the surplus goes where C8 says."""
    vouchers = moment.world.vouchers
    if not vouchers or moment.rng.random() > 0.06 or not moment.world.takes(moment.place, "BON"):
        return [], due
    voucher = vouchers.pop(moment.rng.randrange(len(vouchers)))
    voucher.refresh_from_db()
    if voucher.balance_minor <= 0 or voucher.state != "active":
        return [], due
    paying = tender(moment, "BON", voucher.balance_minor, voucher_code=voucher.code)
    return [paying], max(due - voucher.balance_minor, 0)


def _credit(moment: Moment, due: int, contact: Contact) -> tuple[list[TenderRequest], int]:
    """All of the credit, or a round part of it (spec C2: whoever pays chooses how much)."""
    if contact.pk not in moment.world.creditors:
        return [], due
    usable = min(moment.available_minor(contact), due)
    if usable > 2000 and moment.rng.random() < 0.25:
        usable -= usable % 1000
    if usable <= 0:
        return [], due
    second = moment.rng.random() < 0.2 and moment.world.takes(moment.place, "AVOIR-CE")
    return [tender(moment, "AVOIR-CE" if second else "AVOIR", usable)], due - usable


def _paper(moment: Moment, due: int, contact: Contact | None) -> tuple[list[TenderRequest], int]:
    """Paper vouchers in tens of euros; beyond what is due only for a contact (spec C8)."""
    codes = [code for code in ("CHQVAC", "CHQCAD") if moment.world.takes(moment.place, code)]
    whole = due // 1000 * 1000
    if not codes or whole == 0:
        return [], due
    worth = whole + 1000 if contact is not None and moment.rng.random() < 0.6 else whole
    return [tender(moment, moment.rng.choice(codes), worth)], max(due - worth, 0)


def _money(moment: Moment, due: int, contact: Contact | None) -> list[TenderRequest]:
    """The rest in money: online by card; at the counter by card, cash, cheque or two of them."""
    if moment.place == "WEB":
        return [tender(moment, "CBWEB", due)]
    if moment.place == "BUREAU":
        return [tender(moment, "CHEQUE", due, cheque=note_cheque(moment, contact))]
    chance = moment.rng.random()
    if due > MOST_CASH or chance < 0.5:
        return [tender(moment, "CB", due)]
    if chance < 0.62 and contact is not None and moment.world.takes(moment.place, "CHEQUE"):
        return [tender(moment, "CHEQUE", due, cheque=note_cheque(moment, contact))]
    if chance < 0.66 and moment.world.takes(moment.place, "PASS"):
        return [tender(moment, "PASS", due)]
    if chance < 0.74 and due > 4000:
        return [tender(moment, "CB", due - 2000), tender(moment, "ESPECES", 2000)]
    return [tender(moment, "ESPECES", _handed(moment, due))]


def _handed(moment: Moment, due: int) -> int:
    """Return the cash that is handed over: the exact sum, or the next round one."""
    if moment.rng.random() < 0.3:
        return due
    note = moment.rng.choice(NOTES)
    return -(-due // note) * note
