"""Cash put into a drawer or taken out of it: no payment, but counted there (spec G6)."""

from dataclasses import dataclass
from datetime import datetime

from moneyed import Money

from institution_settings.choices import ModeKind
from journal.services import Claim, Op, lock_chain, perform
from payments.errors import ModeNotAuthorised, NotInDrawer
from payments.selectors.takings import Taking, list_takings
from payments.services.amounts import positive_in
from tills.choices import CashReason, CashWay
from tills.models import CashMovement
from tills.selectors import Desk
from tills.services import record_cash


@dataclass(frozen=True, slots=True, kw_only=True)
class CashRequest:
    """What is put in or taken out, and why."""

    way: CashWay
    reason: CashReason
    amount: Money


def move_cash(
    *, claim: Claim, desk: Desk, request: CashRequest, at: datetime | None = None
) -> CashMovement:
    """Put cash into the drawer of a session or take it out, sealed; returns the movement.

    It counts in the expected cash of this session alone (B79), never in what was taken or given
    (B81). No more is taken out than should be there: counted under the chain's lock, so that no
    payment slips in between. A repeat returns the same movement. Raises ``NotInDrawer``,
    ``ModeNotAuthorised`` where the venue takes no cash, ``TillClosed``, ``DayIsOver`` and the
    refusals of amounts.
    """
    amount_minor = positive_in(money=request.amount, currency=desk.currency)

    def write(op: Op) -> CashMovement:
        lock_chain(cursor=op.cursor, register=desk.register)
        drawer = _drawer(desk)
        if request.way == CashWay.OUT and amount_minor > drawer.expected_minor:
            raise NotInDrawer(till=desk.till_code)
        return record_cash(
            op=op,
            desk=desk,
            mode=drawer.mode,
            way=request.way,
            reason=request.reason,
            amount_minor=amount_minor,
        )

    return perform(
        claim=claim,
        kind="till.cash",
        content={
            "session": desk.session_id,
            "way": str(request.way),
            "reason": str(request.reason),
            "amount": amount_minor,
            "currency": desk.currency,
        },
        register=desk.register,
        write=write,
        found=lambda operation_id: CashMovement.objects.get(operation_id=operation_id),
        at=at,
    )


def _drawer(desk: Desk) -> Taking:
    """Return what lies in the drawer: the first cash mode of the session's takings."""
    for taking in list_takings(session_id=desk.session_id):
        if taking.mode.kind == ModeKind.CASH:
            return taking
    raise ModeNotAuthorised(mode=str(ModeKind.CASH.label))
