"""Paying an order: the settlement decides, then rows are written and sealed (spec C2, C8, G3)."""

from collections.abc import Sequence
from datetime import datetime

from institution_settings.money import to_minor
from journal.services import Claim, Op, perform
from payments.codes import canonical_code
from payments.errors import ExchangePending
from payments.selectors.results import CheckoutResult, get_checkout
from payments.services.issuing import issue_sold_vouchers
from payments.services.sharing import share_sale
from payments.services.tendering import Tendering, TenderRequest
from sales.choices import TicketState
from sales.services import settle_order
from sales.services.orders import lock_changeable
from tills.selectors import Desk


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
    with the sentence to show beside the line it concerns; nothing is written then. An order that
    awaits its payment provider is ``OrderNotOpen``: the provider's session is ended first (C9).
    One that exchanges tickets is ``ExchangePending``: ``exchange_tickets`` sells it.
    """

    def write(op: Op) -> CheckoutResult:
        order = lock_changeable(order_id=order_id)
        if order.exchanged_tickets.filter(state=TicketState.VALID).exists():
            raise ExchangePending
        tendering = Tendering(op=op, desk=desk, order=order)
        tendering.lock(tenders)
        settlement = tendering.decide(confirms_loss=confirms_loss)
        tickets = settle_order(op=op, desk=desk, order=order)
        for settled in settlement.payments:
            tendering.record(settled)
        share_sale(op=op, order=order, tickets=tickets)
        issue_sold_vouchers(op=op, desk=desk, order=order)
        return get_checkout(order_id=order_id, operation_id=op.id)

    return perform(
        claim=claim,
        kind="order.pay",
        content={
            "order": order_id,
            "loss": confirms_loss,
            "tenders": [content_of(tender) for tender in tenders],
        },
        register=desk.register,
        write=write,
        found=lambda operation_id: get_checkout(order_id=order_id, operation_id=operation_id),
        at=at,
    )


def content_of(tender: TenderRequest) -> list[object]:
    """What makes a tender the same when the click is repeated: a code however it is spelled."""
    cheque = tender.cheque
    return [
        tender.mode_id,
        tender.amount.currency.code,
        to_minor(tender.amount),
        canonical_code(tender.voucher_code),
        [cheque.bank, cheque.number, cheque.drawer],
    ]
