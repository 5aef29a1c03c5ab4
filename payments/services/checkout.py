"""Paying an order: the settlement decides, then rows are written and sealed (spec C2, C8, G3)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from moneyed import Money

from contacts.models import Contact
from credit.selectors import list_holds, list_standings
from credit.services import account_for, credit_surplus, lock_accounts, pay
from institution_settings.choices import ModeKind
from institution_settings.models import Institution, PaymentMode
from institution_settings.money import from_minor, to_minor
from institution_settings.selectors import get_credit_mode, list_modes
from journal.services import Claim, Op, perform
from payments.choices import Direction, Purpose, VoucherMove
from payments.errors import CreditHeld, CreditShort, ModeNotAuthorised
from payments.models import Voucher
from payments.selectors.results import CheckoutResult, get_checkout
from payments.services import vouchers
from payments.services.recording import Cheque, Tendered, record_payment
from payments.settlement import ModeRules, SettledTender, Settlement, Situation, Tender, settle
from sales.choices import LineKind
from sales.models import Order
from sales.services import lock_order, settle_order
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


def check_out(
    *,
    claim: Claim,
    desk: Desk,
    order_id: int,
    tenders: Sequence[TenderRequest],
    confirms_loss: bool = False,
    at: datetime | None = None,
) -> CheckoutResult:
    """Pay a whole order with any mix of modes and issue its tickets; all or nothing (G2, G3).

    Vouchers pay first; what one is worth beyond the order goes where C8 says. A repeat of the
    claim returns the first result. Raises a ``PaymentsError``, ``CreditError`` or ``SalesError``
    with the sentence to show beside the line it concerns; nothing is written then.
    """

    def write(op: Op) -> CheckoutResult:
        order = lock_order(order_id=order_id)
        counter = _Counter(op=op, desk=desk, order=order)
        counter.lock(tenders)
        settlement = counter.decide(tenders, confirms_loss=confirms_loss)
        settle_order(op=op, desk=desk, order=order)
        for settled in settlement.payments:
            counter.record(settled, tenders[settled.position])
        _issue_vouchers(op, desk, order)
        return get_checkout(order_id=order_id, operation_id=op.id)

    return perform(
        claim=claim,
        kind="order.pay",
        content=_content(order_id, tenders, confirms_loss=confirms_loss),
        register=desk.register,
        write=write,
        found=lambda operation_id: get_checkout(order_id=order_id, operation_id=operation_id),
        at=at,
    )


def _content(
    order_id: int, tenders: Sequence[TenderRequest], *, confirms_loss: bool
) -> dict[str, object]:
    return {
        "order": order_id,
        "loss": confirms_loss,
        "tenders": [
            [tender.mode_id, to_minor(tender.amount), tender.voucher_code] for tender in tenders
        ],
    }


class _Counter:
    """One order being paid: what was locked, and what each settled tender becomes."""

    def __init__(self, *, op: Op, desk: Desk, order: Order) -> None:
        self.op = op
        self.desk = desk
        self.order = order
        self.contact: Contact | None = order.contact
        self.account_id: int | None = None
        self.vouchers: dict[str, Voucher] = {}
        self.modes: dict[int, PaymentMode] = {}
        self.surplus_mode: PaymentMode | None = None

    def lock(self, tenders: Sequence[TenderRequest]) -> None:
        """Lock vouchers, then the purchaser's account, in the house's order (design.md §2)."""
        place = self.desk.point_of_sale_id
        self.modes = {mode.pk: mode for mode in list_modes(point_of_sale_id=place, use="payment")}
        unknown = {tender.mode_id for tender in tenders} - set(self.modes)
        if unknown:
            mode = PaymentMode.objects.filter(pk__in=unknown).first()
            position = next(
                index for index, tender in enumerate(tenders) if tender.mode_id in unknown
            )
            raise ModeNotAuthorised(mode=mode.label if mode else "?", position=position)
        kinds = {self.modes[tender.mode_id].kind for tender in tenders}
        self.surplus_mode = get_credit_mode(point_of_sale_id=place, use="refund")
        if ModeKind.VOUCHER in kinds:
            codes = [
                tender.voucher_code
                for tender in tenders
                if self.modes[tender.mode_id].kind == ModeKind.VOUCHER
            ]
            self.vouchers = vouchers.lock_vouchers(op=self.op, desk=self.desk, codes=codes)
        credited = {ModeKind.CREDIT, ModeKind.VOUCHER, ModeKind.PAPER_VOUCHER}
        if self.contact and kinds & credited:
            account = account_for(contact_id=self.contact.pk, currency=self.order.currency)
            lock_accounts(account_ids=[account.pk])
            self.account_id = account.pk

    def decide(self, tenders: Sequence[TenderRequest], *, confirms_loss: bool) -> Settlement:
        """Ask the settlement engine; a credit that is held is told with its order (C3)."""
        situation = Situation(
            due_minor=self.order.total_minor,
            currency=self.order.currency,
            has_purchaser=self.contact is not None,
            credit_available_minor=self._available_minor(),
            credit_mode=self.surplus_mode.code if self.surplus_mode else "",
            cash_limit_minor=Institution.objects.get().cash_limit_minor,
            confirms_loss=confirms_loss,
        )
        try:
            return settle(situation, [self._tender(tender) for tender in tenders])
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

    def _tender(self, tender: TenderRequest) -> Tender:
        mode = self.modes[tender.mode_id]
        voucher = self.vouchers.get(tender.voucher_code)
        return Tender(
            mode=ModeRules(
                code=mode.code,
                kind=mode.kind,
                label=mode.label,
                may_exceed=mode.may_exceed,
                gives_change=mode.gives_change,
            ),
            amount_minor=to_minor(tender.amount),
            voucher_code=voucher.code if voucher else "",
            voucher_balance_minor=voucher.balance_minor - voucher.held_minor if voucher else 0,
            issued_free=voucher.free if voucher else False,
        )

    def record(self, settled: SettledTender, tender: TenderRequest) -> None:
        """Write what one tender became: credit, voucher and payment, with their entries."""
        mode = self.modes[tender.mode_id]
        voucher = self.vouchers.get(tender.voucher_code)
        movement_id = None
        non_refundable = settled.applied_minor if settled.tender.is_non_refundable else 0
        if mode.is_credit and settled.applied_minor:
            movement = pay(
                op=self.op,
                desk=self.desk,
                account_id=self.account_id or 0,
                amount=from_minor(settled.applied_minor, self.order.currency),
                mode=mode,
                reference=self.order.number or "",
            )
            movement_id, non_refundable = movement.pk, movement.non_refundable_minor
        if settled.surplus_minor:
            movement_id = self._credit_surplus(settled, mode)
        payment = record_payment(
            op=self.op,
            desk=self.desk,
            tendered=Tendered(
                direction=Direction.IN,
                purpose=Purpose.SALE,
                mode=mode,
                order=self.order,
                contact=self.contact,
                amount_minor=settled.applied_minor,
                change_minor=settled.change_minor,
                surplus_minor=settled.surplus_minor,
                given_up_minor=settled.given_up_minor,
                rounding_minor=settled.rounding_minor,
                non_refundable_minor=non_refundable,
                movement_id=movement_id,
                voucher=voucher,
                cheque=tender.cheque,
            ),
        )
        if voucher:
            vouchers.move(
                op=self.op,
                desk=self.desk,
                voucher=voucher,
                kind=VoucherMove.PAYMENT,
                change_minor=-settled.tendered_minor,
                payment=payment,
            )

    def _credit_surplus(self, settled: SettledTender, mode: PaymentMode) -> int:
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
        return int(movement.pk)


def _issue_vouchers(op: Op, desk: Desk, order: Order) -> None:
    """A voucher line of a paid order is a voucher (spec G7)."""
    lines = [line for line in order.lines.all() if line.kind == LineKind.VOUCHER]
    if not lines:
        return
    mode = PaymentMode.objects.filter(kind=ModeKind.VOUCHER, active=True).order_by("position")[0]
    for line in lines:
        vouchers.issue(op=op, desk=desk, mode=mode, value=line.unit, sold_on=line)
