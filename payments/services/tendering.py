"""The tenders of one order: found, locked, decided upon, written (spec S3, C2, C6b, C8, G3)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from moneyed import Money

from contacts.models import Contact
from credit.selectors import list_holds, list_standings
from credit.services import account_for, credit_surplus, lock_accounts, pay
from institution_settings.choices import ModeKind
from institution_settings.models import PaymentMode
from institution_settings.money import from_minor, to_minor
from institution_settings.selectors import get_credit_mode, get_institution, list_modes
from journal.services import Op
from payments.choices import Direction, Purpose, VoucherMove
from payments.errors import CreditHeld, CreditShort, ModeNotAuthorised
from payments.models import Payment, Voucher
from payments.services import vouchers
from payments.services.amounts import minor_in
from payments.services.recording import Cheque, Tendered, record_payment
from payments.settlement import ModeRules, SettledTender, Settlement, Situation, Tender, settle
from sales.models import Order
from tills.selectors import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderRequest:
    """One line of the payment panel: a mode and an amount, with what the mode asks for.

    A coded voucher comes with its code; ``amount`` is what is to be used of it.
    """

    mode_id: int
    amount: Money
    voucher_code: str = ""
    cheque: Cheque = field(default_factory=Cheque)


@dataclass(frozen=True, slots=True)
class _Line:
    """A tender whose mode and voucher were found and locked."""

    request: TenderRequest
    amount_minor: int
    mode: PaymentMode
    voucher: Voucher | None

    def tender(self) -> Tender:
        """Return it as the settlement asks for it."""
        mode, voucher = self.mode, self.voucher
        never_paid_out = voucher is not None and voucher.non_refundable
        return Tender(
            mode=ModeRules(
                code=mode.code,
                kind=mode.kind,
                label=mode.label,
                may_exceed=mode.may_exceed,
                gives_change=voucher.gives_change(mode) if voucher else mode.gives_change,
            ),
            amount_minor=self.amount_minor,
            voucher_code=voucher.code if voucher else "",
            voucher_balance_minor=voucher.balance_minor - voucher.held_minor if voucher else 0,
            issued_free=never_paid_out,
        )


class Tendering:
    """One order being paid: what was locked, and what each settled tender becomes."""

    def __init__(self, *, op: Op, desk: Desk, order: Order) -> None:
        self.op = op
        self.desk = desk
        self.order = order
        self.contact: Contact | None = order.contact
        self.account_id: int | None = None
        self.lines: list[_Line] = []
        self.surplus_mode: PaymentMode | None = None

    def lock(self, tenders: Sequence[TenderRequest]) -> None:
        """Lock vouchers, then the purchaser's account, in the house's order (design.md §2)."""
        place = self.desk.point_of_sale_id
        modes = {mode.pk: mode for mode in list_modes(point_of_sale_id=place, use="payment")}
        self.surplus_mode = get_credit_mode(point_of_sale_id=place, use="refund")
        for position, tender in enumerate(tenders):
            if tender.mode_id not in modes:
                known = PaymentMode.objects.filter(pk=tender.mode_id).first()
                raise ModeNotAuthorised(mode=known.label if known else "?", position=position)
        codes = {
            position: tender.voucher_code
            for position, tender in enumerate(tenders)
            if modes[tender.mode_id].kind == ModeKind.VOUCHER
        }
        found = vouchers.lock_vouchers(op=self.op, desk=self.desk, codes=codes) if codes else {}
        self.lines = [
            self._line(tender, position, modes, found.get(position))
            for position, tender in enumerate(tenders)
        ]
        kinds = {line.mode.kind for line in self.lines}
        if self.contact and kinds & {ModeKind.CREDIT, ModeKind.VOUCHER, ModeKind.PAPER_VOUCHER}:
            account = account_for(contact_id=self.contact.pk, currency=self.order.currency)
            lock_accounts(account_ids=[account.pk])
            self.account_id = account.pk

    def _line(
        self,
        tender: TenderRequest,
        position: int,
        modes: dict[int, PaymentMode],
        voucher: Voucher | None,
    ) -> _Line:
        """A voucher pays in the mode it was issued in, whichever was pressed: S3 asks for that."""
        mode = modes.get(voucher.mode_id) if voucher else modes[tender.mode_id]
        if mode is None:
            raise ModeNotAuthorised(mode=voucher.mode.label if voucher else "?", position=position)
        amount_minor = minor_in(money=tender.amount, currency=self.order.currency)
        return _Line(tender, amount_minor, mode, voucher)

    def decide(
        self, *, confirms_loss: bool, carried_minor: int = 0, carried_cash_minor: int = 0
    ) -> Settlement:
        """Ask the settlement engine; a credit that is held is told with its order (C3).

        ``carried_minor`` is paid already by what an exchange carries over, some of it in cash,
        which counts towards the law's limit (MON-03).
        """
        limit = get_institution().cash_limit_minor
        situation = Situation(
            due_minor=self.order.total_minor - carried_minor,
            currency=self.order.currency,
            has_purchaser=self.contact is not None,
            credit_available_minor=self._available_minor(),
            credit_mode=self.surplus_mode.code if self.surplus_mode else "",
            cash_limit_minor=max(limit - carried_cash_minor, 0),
            confirms_loss=confirms_loss,
        )
        try:
            return settle(situation, [line.tender() for line in self.lines])
        except CreditShort as short:
            raise self._told(short) from short

    def _available_minor(self) -> int:
        if self.contact is None or self.account_id is None:
            return 0
        standings = list_standings(
            contact_ids=[self.contact.pk], currency=self.order.currency, at=self.op.at
        )
        return to_minor(standings[self.contact.pk].available)

    def _told(self, short: CreditShort) -> CreditShort:
        holds = list_holds(contact_id=self.contact.pk, at=self.op.at) if self.contact else []
        if not holds:
            return short
        held = sum(hold.amount_minor for hold in holds)
        return CreditHeld(
            **short.data,
            held=from_minor(held, self.order.currency),
            order=holds[0].reference,
            until=holds[0].expires_at.astimezone(self.desk.zone).strftime("%H:%M"),
        )

    def record(self, settled: SettledTender) -> None:
        """Write what one tender became: credit, voucher and payment, with their entries."""
        line = self.lines[settled.position]
        tendered = Tendered(
            direction=Direction.IN,
            purpose=Purpose.SALE,
            mode=line.mode,
            order=self.order,
            contact=self.contact,
            amount_minor=settled.applied_minor,
            change_minor=settled.change_minor,
            surplus_minor=settled.surplus_minor,
            given_up_minor=settled.given_up_minor,
            rounding_minor=settled.rounding_minor,
            non_refundable_minor=settled.applied_minor if settled.tender.is_non_refundable else 0,
            voucher=line.voucher,
            cheque=line.request.cheque,
        )
        if line.mode.is_credit:
            self._draw(line.mode, tendered)
        elif settled.surplus_minor:
            self._credit_surplus(settled, line.mode, tendered)
        payment = record_payment(op=self.op, desk=self.desk, tendered=tendered)
        if line.voucher:
            self._use(line.voucher, settled, payment)

    def _draw(self, mode: PaymentMode, tendered: Tendered) -> None:
        movement = pay(
            op=self.op,
            desk=self.desk,
            account_id=self.account_id or 0,
            amount=from_minor(tendered.amount_minor, self.order.currency),
            mode=mode,
            reference=self.order.number or "",
        )
        tendered.movement_id = movement.pk
        tendered.non_refundable_minor = movement.non_refundable_minor

    def _credit_surplus(
        self, settled: SettledTender, mode: PaymentMode, tendered: Tendered
    ) -> None:
        if self.surplus_mode is None or self.account_id is None:  # the settlement never does this
            raise ModeNotAuthorised(mode=mode.label, position=settled.position)
        movement = credit_surplus(
            op=self.op,
            desk=self.desk,
            account_id=self.account_id,
            amount=from_minor(settled.surplus_minor, self.order.currency),
            mode=self.surplus_mode,
            counterpart=mode,
            reference=self.order.number or "",
            non_refundable=settled.tender.is_non_refundable,
        )
        tendered.movement_id = movement.pk

    def _use(self, voucher: Voucher, settled: SettledTender, payment: Payment) -> None:
        vouchers.move(
            op=self.op,
            desk=self.desk,
            voucher=voucher,
            kind=VoucherMove.PAYMENT,
            change_minor=-settled.tendered_minor,
            payment=payment,
        )
