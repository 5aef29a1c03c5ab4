"""How the money of a refund returns: the shares decided, each written in its mode (G4, C6b)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from contacts.models import Contact, User
from credit.services import account_for, lock_accounts
from credit.services import refund as credit_refund
from institution_settings.choices import ModeKind
from institution_settings.models import PaymentMode
from institution_settings.money import from_minor, round_cash_minor
from institution_settings.selectors import get_credit_mode, list_modes
from institution_settings.services import ensure_owed_mode
from journal.services import Op
from payments.choices import Direction, Purpose, RefundChoice, VoucherMove
from payments.errors import ContactNeeded, ModeCannotReturn, ModeNotAuthorised
from payments.models import Payment, Voucher
from payments.selectors.limits import sum_cash_returned
from payments.selectors.refundable import list_paid
from payments.services import vouchers
from payments.services.approvals import check_cash_limit, check_payout
from payments.services.recording import Tendered, record_payment
from payments.settlement import OwedWay, Paid, Share, owed_way, split_refund
from sales.models import Order
from tills.selectors import Desk


@dataclass(kw_only=True)
class Returning:
    """Money on its way back to the customer of one locked order.

    ``originals`` are the vouchers that paid, locked, for ``RefundChoice.ORIGIN``; ``approved_by``
    may approve where somebody must, ``approver`` has approved already. ``owed_minor`` is what was
    not handed over yet, for ``RefundChoice.OWED``.
    """

    op: Op
    desk: Desk
    order: Order
    choice: RefundChoice
    mode_id: int | None
    originals: dict[int, Voucher]
    approved_by: User | None
    approver: User | None
    modes: dict[int, PaymentMode] = field(init=False, default_factory=dict)
    owed_minor: int = field(init=False, default=0)

    @property
    def contact(self) -> Contact | None:
        """Whose credit it is: the order's contact, or whoever that one was merged into (C10)."""
        return self.order.contact and self.order.contact.current

    def give(self, amount_minor: int) -> None:
        """Give so much back as chosen; what goes back in which share is the settlement's to say."""
        place = self.desk.point_of_sale_id
        self.modes = {mode.pk: mode for mode in list_modes(point_of_sale_id=place, use="refund")}
        paid = list_paid(
            order=self.order,
            today=self.desk.venue_date(self.op.at),
            usable_mode_ids=set(self.modes),
        )
        shares = split_refund(
            paid, amount_minor=amount_minor, currency=self.order.currency, choice=self.choice
        )
        if self.choice == RefundChoice.CREDIT:
            self._to_credit(shares, self._credit_mode())
        elif self.choice == RefundChoice.MODE:
            self._in_mode(shares, paid)
        elif self.choice == RefundChoice.OWED:
            self._to_owed(shares)
        else:
            self._to_origin(shares)

    def _to_origin(self, shares: Sequence[Share]) -> None:
        """Each share in the mode it was paid in; the credit part first, one movement a mode."""
        paid = {payment.pk: payment for payment in self.order.payments.select_related("mode")}
        credited: dict[PaymentMode, list[Share]] = {}
        for share in shares:
            mode = paid[share.paid.reference].mode
            if mode.is_credit:
                credited.setdefault(self._allowed(mode), []).append(share)
        for mode, parts in credited.items():
            self._to_credit(parts, mode)
        for share in shares:
            if share.paid.mode.kind != ModeKind.CREDIT:
                self._as_it_came(share, paid[share.paid.reference])

    def _to_owed(self, shares: Sequence[Share]) -> None:
        """What can go back by itself does, the rest is owed as money (``settlement.owed_way``).

        What may never be paid out goes to credit, which needs a contact.
        """
        paid = {payment.pk: payment for payment in self.order.payments.select_related("mode")}
        credited: dict[PaymentMode, list[Share]] = {}
        for share in shares:
            if owed_way(share) == OwedWay.CREDIT:
                mode = paid[share.paid.reference].mode
                fitting = self._allowed(mode) if mode.is_credit else self._credit_mode()
                credited.setdefault(fitting, []).append(share)
        for mode, parts in credited.items():
            self._to_credit(parts, mode)
        for share in shares:
            original = paid[share.paid.reference]
            if owed_way(share) == OwedWay.VOUCHER:
                voucher = self.originals[original.voucher_id or 0]
                self._refill(share, self._allowed(original.mode), voucher)
            elif owed_way(share) == OwedWay.OWED:
                self._pay_back(share, ensure_owed_mode(), 0)
                self.owed_minor += share.amount_minor

    def _as_it_came(self, share: Share, original: Payment) -> None:
        if original.mode.kind == ModeKind.PAPER_VOUCHER:
            raise ModeCannotReturn(mode=original.mode.label)
        mode = self._allowed(original.mode)
        if original.voucher_id:
            self._refill(share, mode, self.originals[original.voucher_id])
        else:
            self._pay_back(share, mode, share.rounding_minor)

    def _allowed(self, mode: PaymentMode) -> PaymentMode:
        if mode.pk not in self.modes:
            raise ModeNotAuthorised(mode=mode.label)
        return mode

    def _credit_mode(self) -> PaymentMode:
        if self.mode_id is not None:
            chosen = self.modes.get(self.mode_id)
        else:
            chosen = get_credit_mode(point_of_sale_id=self.desk.point_of_sale_id, use="refund")
        if chosen is None or not chosen.is_credit:
            raise ModeNotAuthorised(mode=chosen.label if chosen else str(ModeKind.CREDIT.label))
        return chosen

    def _to_credit(self, shares: Sequence[Share], mode: PaymentMode) -> None:
        """One movement for all shares, and a payment for each payment it gives back from."""
        movement = credit_refund(
            op=self.op,
            desk=self.desk,
            account_id=self._account_id(),
            amount=from_minor(sum(share.amount_minor for share in shares), self.order.currency),
            mode=mode,
            reference=self.order.number or "",
            non_refundable_minor=sum(share.non_refundable_minor for share in shares),
        )
        for share in shares:
            self._pay_back(share, mode, 0, movement_id=int(movement.pk))

    def _account_id(self) -> int:
        """Return the account of the order's contact; ``ContactNeeded`` without one (G4)."""
        contact = self.contact
        if contact is None:
            raise ContactNeeded
        return int(account_for(contact_id=contact.pk, currency=self.order.currency).pk)

    def _in_mode(self, shares: Sequence[Share], paid: Sequence[Paid]) -> None:
        mode = self.modes.get(self.mode_id or 0)
        if mode is None or not mode.is_money:
            known = PaymentMode.objects.filter(pk=self.mode_id or 0).first()
            raise ModeNotAuthorised(mode=known.label if known else "?")
        self._check_credit_paid(shares, mode)
        rounding = self._rounding(shares, paid) if mode.kind == ModeKind.CASH else 0
        largest = max(shares, key=lambda share: share.amount_minor)
        for share in shares:
            self._pay_back(share, mode, rounding if share is largest else 0)

    def _check_credit_paid(self, shares: Sequence[Share], mode: PaymentMode) -> None:
        """Credit that becomes money by way of an order is a payout to whoever approves (G5)."""
        drawn = sum(
            share.amount_minor for share in shares if share.paid.mode.kind == ModeKind.CREDIT
        )
        contact = self.contact
        if not drawn or contact is None:
            return
        lock_accounts(account_ids=[self._account_id()])
        approver = check_payout(
            op=self.op,
            desk=self.desk,
            contact_id=contact.pk,
            mode=mode,
            amount_minor=drawn,
            approver=self.approved_by,
        )
        self.approver = approver or self.approver

    def _rounding(self, shares: Sequence[Share], paid: Sequence[Paid]) -> int:
        """Return what coins add to this refund, or take off: never more in all than came in (B64).

        What earlier parts were rounded up by is taken into account, and with the last part goes
        exactly what is left.
        """
        currency = self.order.currency
        amount = sum(share.amount_minor for share in shares)
        left = sum(payment.payable_minor for payment in paid)
        coins_left = round_cash_minor(
            left + sum(payment.rounding_minor for payment in paid), currency=currency
        )
        coins = round_cash_minor(amount, currency=currency)
        handed = coins_left if amount == left else min(coins, coins_left)
        return max(handed, 0) - amount

    def _refill(self, share: Share, mode: PaymentMode, voucher: Voucher) -> None:
        """Put back what the voucher paid; one nobody could spend any more is not filled."""
        today = self.desk.venue_date(self.op.at)
        if not voucher.is_refillable(today):
            raise ModeCannotReturn(mode=mode.label)
        payment = self._pay_back(share, mode, 0, voucher=voucher)
        vouchers.move(
            op=self.op,
            desk=self.desk,
            voucher=voucher,
            kind=VoucherMove.REFUND,
            change_minor=share.amount_minor,
            payment=payment,
        )

    def _pay_back(
        self,
        share: Share,
        mode: PaymentMode,
        rounding_minor: int,
        *,
        movement_id: int | None = None,
        voucher: Voucher | None = None,
    ) -> Payment:
        if mode.kind == ModeKind.CASH:
            check_cash_limit(
                amount_minor=share.amount_minor,
                currency=self.order.currency,
                before_minor=sum_cash_returned(order_id=self.order.pk),
            )
        return record_payment(
            op=self.op,
            desk=self.desk,
            tendered=Tendered(
                direction=Direction.OUT,
                purpose=Purpose.REFUND,
                mode=mode,
                order=self.order,
                contact=self.contact,
                amount_minor=share.amount_minor,
                rounding_minor=rounding_minor,
                non_refundable_minor=share.non_refundable_minor,
                movement_id=movement_id,
                voucher=voucher,
                refunds_id=share.paid.reference,
                approved_by=self.approver,
            ),
        )
