"""Tills as an operator meets them: which to take, and what a session did."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import QuerySet
from moneyed import Money

from contacts.models import User
from contacts.permissions import may
from guichet.errors import NoOpenSession
from institution_settings.choices import MONEY_KINDS, ModeKind
from institution_settings.models import PaymentMode
from institution_settings.money import from_minor
from institution_settings.permissions import Act
from journal.selectors import entry_numbers, entry_seals
from payments.choices import Direction, Purpose
from payments.models import Payment
from payments.selectors.takings import Taking, list_takings, sum_purposes
from tills.models import CashMovement, ModeCount, Till, TillSession
from tills.selectors import check_own, current_day, find_open_session

LAST_PAYMENTS = 12
COUNTED_KINDS = MONEY_KINDS | {ModeKind.PAPER_VOUCHER}
PURPOSES = (Purpose.SALE, Purpose.REFUND, Purpose.DEPOSIT, Purpose.PAYOUT)


@dataclass(frozen=True, slots=True)
class TillChoice:
    """A till on the page where one is chosen; ``takeable`` unless it is somebody else's.

    ``is_over``: its business day ended, it takes nothing more and is to be closed (spec S7).
    """

    till: Till
    session: TillSession | None
    mine: bool
    takeable: bool
    is_over: bool = False


def tills_of(operator: User) -> QuerySet[Till]:
    """Return the drawers of the points of sale where this person may sell (spec S4)."""
    return Till.objects.filter(
        point_of_sale__operators=operator,
        point_of_sale__active=True,
        active=True,
        automatic=False,
    ).select_related("point_of_sale")


def list_choices(*, operator: User) -> list[TillChoice]:
    """Return the tills this person may choose from, by point of sale, with who has opened them."""
    tills = list(tills_of(operator).order_by("point_of_sale__name", "code"))
    sessions = {
        session.till_id: session
        for session in TillSession.objects.filter(till__in=tills, closed_at=None).select_related(
            "opened_by"
        )
    }
    takes_any = may(operator, Act.CLOSE_ANY_TILL)
    today = current_day(at=datetime.now(UTC)).date
    choices = []
    for till in tills:
        session = sessions.get(till.pk)
        mine = session is not None and session.opened_by_id == operator.pk
        takeable = session is None or mine or takes_any
        is_over = session is not None and session.business_date < today
        choices.append(TillChoice(till, session, mine, takeable, is_over))
    return choices


def get_session_to_take(*, till: Till, operator: User) -> TillSession:
    """Return the open session of a till if this person may work at it (spec G6).

    One's own, or for a supervisor anybody's: two operators never share a drawer unawares.
    Raises ``NoOpenSession`` or ``TillOfAnother``.
    """
    session = find_open_session(till_id=till.pk)
    if session is None:
        raise NoOpenSession(till=till.code)
    check_own(session=session, operator=operator)
    return session


def find_session(*, session_id: int, operator: User) -> TillSession | None:
    """Return a session, open or closed, of a till where this person may sell; None otherwise."""
    return (
        TillSession.objects.filter(pk=session_id, till__point_of_sale__operators=operator)
        .select_related("till__point_of_sale", "opened_by", "closed_by")
        .first()
    )


def list_last_payments(*, session_id: int, limit: int = LAST_PAYMENTS) -> list[Payment]:
    """Return the last payments of a session, newest first, in one query."""
    return list(
        Payment.objects.filter(session_id=session_id)
        .select_related("mode", "contact", "order", "operator", "reverses")
        .order_by("-id")[:limit]
    )


def list_cheques(*, session_id: int) -> list[Payment]:
    """Return the cheques a session took and did not give back: to be counted and banked (G6)."""
    return list(
        Payment.objects.filter(
            session_id=session_id,
            mode__kind=ModeKind.CHEQUE,
            direction=Direction.IN,
            reversed_by=None,
        )
        .select_related("mode", "contact", "order")
        .order_by("id")
    )


def list_cash(*, session_id: int) -> list[CashMovement]:
    """Return the cash put into the drawer of a session and taken out of it, in order (G6)."""
    rows = CashMovement.objects.filter(session_id=session_id).select_related("operator")
    return list(rows.order_by("id"))


@dataclass(frozen=True, slots=True)
class PurposeLine:
    """What a mode brought in or paid out for one purpose."""

    purpose: str
    mode: str
    taken: Money | None
    given: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionReport:
    """An X: what a session took and gave until ``at``; it has no number and changes nothing.

    ``hides_sums`` for a till counted blind: whoever counts it does not read here what to find.
    """

    session: TillSession
    at: datetime
    takings: list[Taking]
    purposes: list[PurposeLine]
    cheques: list[Payment]
    moves: list[CashMovement]
    hides_sums: bool


def get_report(*, session: TillSession, reader: User) -> SessionReport:
    """Return the X of an open session, in six queries whatever it holds (spec G6)."""
    return SessionReport(
        session=session,
        at=datetime.now(UTC),
        takings=list_takings(session_id=session.pk),
        purposes=list_purposes(session=session),
        cheques=list_cheques(session_id=session.pk),
        moves=list_cash(session_id=session.pk),
        hides_sums=session.till.blind_count and not may(reader, Act.CLOSE_ANY_TILL),
    )


def list_purposes(*, session: TillSession) -> list[PurposeLine]:
    """Return a session's amounts by purpose and mode: the lines that reports check (I6)."""
    sums = sum_purposes(session_id=session.pk)
    modes = PaymentMode.objects.in_bulk({mode_id for mode_id, _purpose, _direction in sums})
    lines = []
    for purpose in PURPOSES:
        used = {mode_id for mode_id, why, _direction in sums if why == purpose}
        for mode in sorted((modes[pk] for pk in used), key=lambda one: (one.position, one.code)):
            taken, given = (
                sums.get((mode.pk, purpose, way)) for way in (Direction.IN, Direction.OUT)
            )
            lines.append(
                PurposeLine(
                    purpose=str(purpose.label),
                    mode=mode.label,
                    taken=None if taken is None else from_minor(taken, session.currency),
                    given=None if given is None else from_minor(given, session.currency),
                )
            )
    return lines


@dataclass(frozen=True, slots=True)
class ZLine:
    """One mode of a Z; ``difference`` is counted less expected, None where nothing was counted."""

    count: ModeCount
    difference: Money | None

    @property
    def is_countable(self) -> bool:
        """Whether there is anything to count: credit and coded vouchers lie in no drawer."""
        return is_countable(self.count.mode)


@dataclass(frozen=True, slots=True)
class Closing:
    """A closed session as its Z says it (spec G6); ``seal`` is that of its last entry (FIS-08)."""

    session: TillSession
    lines: list[ZLine]
    purposes: list[PurposeLine]
    cheques: list[Payment]
    moves: list[CashMovement]
    expected: Money
    counted: Money
    difference: Money
    first_entry: str
    last_entry: str
    seal: str


def get_closing(*, session: TillSession) -> Closing:
    """Return the Z of a closed session: counts, purposes, cheques and its span in the journal.

    The totals add up what was counted, so that the difference is the sum of the differences.
    """
    counts = session.counts.select_related("mode").order_by("mode__position", "mode__code")
    lines = [ZLine(count, difference_of(count.counted, count.expected)) for count in counts]
    counted = [line.count for line in lines if line.difference is not None]
    spans = [
        entry_numbers(subject_kind=kind, subject_ids=[session.pk]).get(session.pk, "")
        for kind in ("till_opening", "till_closing")
    ]
    expected, found = (
        from_minor(sum(getattr(count, name) or 0 for count in counted), session.currency)
        for name in ("expected_minor", "counted_minor")
    )
    return Closing(
        session=session,
        lines=lines,
        purposes=list_purposes(session=session),
        cheques=list_cheques(session_id=session.pk),
        moves=list_cash(session_id=session.pk),
        expected=expected,
        counted=found,
        difference=found - expected,
        first_entry=spans[0],
        last_entry=spans[1],
        seal=entry_seals(subject_kind="till_closing", subject_ids=[session.pk]).get(session.pk, ""),
    )


def is_countable(mode: PaymentMode) -> bool:
    """Whether a mode leaves something in the drawer or on a terminal's slip."""
    return mode.kind in COUNTED_KINDS


def difference_of(counted: Money | None, expected: Money) -> Money | None:
    """Return what is too much (or, negative, missing); None where nothing was counted."""
    return None if counted is None else counted - expected


def sum_money(amounts: Iterable[Money], *, currency: str) -> Money:
    """Return the sum of amounts; zero of the currency for none."""
    return sum(amounts, start=from_minor(0, currency))
