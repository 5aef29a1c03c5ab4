"""Writing payments: rows and the entries that seal them. The only place that inserts them."""

from dataclasses import dataclass, field

from contacts.models import Contact, User
from institution_settings.choices import ModeKind
from institution_settings.models import PaymentMode
from journal.selectors import entry_numbers
from journal.services import Draft, Op
from payments.choices import Direction, IdentityDocument, Purpose
from payments.codes import code_print
from payments.models import ChequeDrawer, Payment, PaymentCodes, Voucher
from sales.models import Order
from tills.selectors import Desk

CHEQUE_LENGTHS = {"bank": 60, "number": 20, "drawer": 80}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cheque:
    """What is noted of a cheque (spec S2); what is longer than its column is cut off."""

    bank: str = ""
    number: str = ""
    drawer: str = ""

    def noted(self, name: str) -> str:
        """Return one of the three as it is kept."""
        text: str = getattr(self, name)
        return text.replace("\x00", "").strip()[: CHEQUE_LENGTHS[name]]


@dataclass(slots=True, kw_only=True)
class Tendered:
    """A payment to be written, in minor units of the desk's currency.

    What was handed over follows: amount + change + surplus + given up + rounding.
    """

    direction: Direction
    purpose: Purpose
    mode: PaymentMode
    amount_minor: int
    order: Order | None = None
    contact: Contact | None = None
    change_minor: int = 0
    surplus_minor: int = 0
    given_up_minor: int = 0
    rounding_minor: int = 0
    non_refundable_minor: int = 0
    movement_id: int | None = None
    voucher: Voucher | None = None
    refunds_id: int | None = None
    reverses_id: int | None = None
    carries_id: int | None = None
    approved_by: User | None = None
    cheque: Cheque = field(default_factory=Cheque)
    identity: IdentityDocument | None = None

    @property
    def tendered_minor(self) -> int:
        """What was handed over."""
        return (
            self.amount_minor
            + self.change_minor
            + self.surplus_minor
            + self.given_up_minor
            + self.rounding_minor
        )


def record_payment(*, op: Op, desk: Desk, tendered: Tendered) -> Payment:
    """Write one payment and draft its entry (REGLEMENT), inside the caller's operation."""
    cheque = tendered.cheque if tendered.mode.kind == ModeKind.CHEQUE else Cheque()
    payment = Payment.objects.create(
        direction=tendered.direction,
        purpose=tendered.purpose,
        order=tendered.order,
        contact=tendered.contact,
        mode=tendered.mode,
        currency=desk.currency,
        amount_minor=tendered.amount_minor,
        tendered_minor=tendered.tendered_minor,
        change_minor=tendered.change_minor,
        surplus_minor=tendered.surplus_minor,
        given_up_minor=tendered.given_up_minor,
        rounding_minor=tendered.rounding_minor,
        non_refundable_minor=tendered.non_refundable_minor,
        movement_id=tendered.movement_id,
        voucher=tendered.voucher,
        cheque_bank=cheque.noted("bank"),
        cheque_number=cheque.noted("number"),
        identity=tendered.identity or "",
        refunds_id=tendered.refunds_id,
        reverses_id=tendered.reverses_id,
        carries_id=tendered.carries_id,
        session_id=desk.session_id,
        operator_id=desk.operator_id,
        approved_by=tendered.approved_by,
        operation_id=op.id,
        at=op.at,
        business_date=desk.business_date,
    )
    if drawer := cheque.noted("drawer"):
        ChequeDrawer.objects.create(payment=payment, name=drawer)
    codes = _codes(desk, tendered)
    op.drafts.append(Draft("REGLEMENT", "payment", payment.pk, payment.sealed_facts(codes=codes)))
    return payment


def _codes(desk: Desk, tendered: Tendered) -> PaymentCodes:
    linked = [pk for pk in (tendered.refunds_id, tendered.reverses_id) if pk is not None]
    numbers = entry_numbers(subject_kind="payment", subject_ids=linked) if linked else {}
    return PaymentCodes(
        till=desk.till_code,
        session=desk.register.session,
        mode=tendered.mode.code,
        order=tendered.order.number if tendered.order else None,
        contact=tendered.contact.number if tendered.contact else None,
        voucher=code_print(tendered.voucher.code) if tendered.voucher else None,
        operator=desk.operator_code or None,
        approved_by=tendered.approved_by.code if tendered.approved_by else None,
        refunds=numbers.get(tendered.refunds_id or 0),
        reverses=numbers.get(tendered.reverses_id or 0),
    )
