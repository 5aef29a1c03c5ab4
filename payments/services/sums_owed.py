"""Money of a refund that is owed, and handed over later at any till or by transfer (CNS-02)."""

from datetime import date, datetime, timedelta

from institution_settings.choices import ModeKind
from institution_settings.money import cash_step, from_minor, round_cash_minor
from institution_settings.selectors import list_modes
from journal.selectors import entry_numbers
from journal.services import Claim, Draft, Op, perform
from payments.choices import Direction, Purpose
from payments.errors import AlreadyPaidOut, CashStep, ModeNotAuthorised
from payments.models import Payment, Refund, SumOwed, SumOwedPayment
from payments.selectors.limits import sum_cash_of_day, sum_cash_returned
from payments.services.approvals import check_cash_limit
from payments.services.recording import Tendered, record_payment
from sales.services import lock_order
from tills.selectors import Desk

DUE_AFTER = timedelta(days=14)


def owe(*, op: Op, desk: Desk, refund: Refund, amount_minor: int) -> SumOwed:
    """Note and seal what a refund owes, within its operation; due 14 venue days later (CNS-02)."""
    owed = SumOwed.objects.create(
        refund=refund,
        currency=refund.currency,
        amount_minor=amount_minor,
        due_on=desk.venue_date(op.at) + DUE_AFTER,
        operator_id=desk.operator_id,
        session_id=desk.session_id,
        operation_id=op.id,
        at=op.at,
        business_date=desk.business_date,
    )
    facts = owed.sealed_facts(
        till=desk.till_code,
        session=desk.register.session,
        order=refund.order.number,
        operator=desk.operator_code or None,
    )
    op.drafts.append(Draft("SOMME_DUE", "sum_owed", owed.pk, facts))
    return owed


def pay_sum_owed(
    *, claim: Claim, desk: Desk, sum_id: int, mode_id: int, at: datetime | None = None
) -> Payment:
    """Hand a sum owed over, whole and once, in a money mode authorised for refund here.

    A repeat of the claim returns the first payment; another claim is ``AlreadyPaidOut``. Raises
    ``ModeNotAuthorised``, ``CashLimit`` (MON-03), ``CashStep`` and ``SumOwed.DoesNotExist``.
    """

    def write(op: Op) -> Payment:
        owed = SumOwed.objects.select_related("refund").get(pk=sum_id)
        order = lock_order(order_id=owed.refund.order_id)
        if SumOwedPayment.objects.filter(sum_owed=owed).exists():
            raise AlreadyPaidOut
        modes = list_modes(point_of_sale_id=desk.point_of_sale_id, use="refund")
        mode = next((mode for mode in modes if mode.pk == mode_id and mode.is_money), None)
        if mode is None:
            raise ModeNotAuthorised(mode="?")
        rounding = 0
        if mode.kind == ModeKind.CASH:
            rounding = _coins(owed, desk.business_date) - owed.amount_minor
        payment = record_payment(
            op=op,
            desk=desk,
            tendered=Tendered(
                direction=Direction.OUT,
                purpose=Purpose.OWED,
                mode=mode,
                contact=order.contact and order.contact.current,
                amount_minor=owed.amount_minor,
                rounding_minor=rounding,
            ),
        )
        link = SumOwedPayment.objects.create(sum_owed=owed, payment=payment)
        number = entry_numbers(subject_kind="sum_owed", subject_ids=[owed.pk]).get(owed.pk)
        facts = link.sealed_facts(number=number)
        op.drafts.append(Draft("SOMME_PAYEE", "sum_owed_payment", link.pk, facts))
        return payment

    return perform(
        claim=claim,
        kind="refund.pay_owed",
        content={"sum": sum_id, "mode": mode_id},
        register=desk.register,
        write=write,
        found=lambda operation_id: Payment.objects.get(operation_id=operation_id),
        at=at,
    )


def _coins(owed: SumOwed, day: date) -> int:
    """Return the cash that is handed over; refused above the law's limit, or below a coin.

    The limit counts what the order gave back in cash, and the contact's other sums of the day.
    """
    order = owed.refund.order
    before = sum_cash_returned(order_id=order.pk)
    if order.contact_id is not None:
        before = max(
            before,
            sum_cash_of_day(contact_id=order.contact_id, day=day, purpose=Purpose.OWED),
        )
    check_cash_limit(amount_minor=owed.amount_minor, currency=owed.currency, before_minor=before)
    handed = round_cash_minor(owed.amount_minor, currency=owed.currency)
    if not handed:
        step = cash_step(owed.currency)
        raise CashStep(step=from_minor(step, owed.currency), position=0)
    return handed
