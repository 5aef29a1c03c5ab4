"""Opening and closing tills. Whether a session is open stands on the chain, under its lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Max
from moneyed import Money

from contacts.models import User
from institution_settings.models import Institution, PaymentMode, PointOfSale
from institution_settings.money import to_minor
from journal.services import Claim, Draft, Op, Register, SessionChange, open_chain, perform
from tills.choices import CashReason, CashWay
from tills.errors import NotYourTill, TillAlreadyOpen, TillInactive
from tills.models import BlindCount, CashMovement, ModeCount, Till, TillSession
from tills.selectors import Desk, check_keeper, current_day


@transaction.atomic
def create_till(
    *,
    code: str,
    label: str,
    point_of_sale: PointOfSale,
    automatic: bool = False,
    blind_count: bool = False,
) -> Till:
    """Create a till with its chain (FIS-05); a repeat of the code is refused by ``full_clean``."""
    institution = Institution.objects.get()
    till = Till(
        code=code,
        label=label,
        point_of_sale=point_of_sale,
        automatic=automatic,
        blind_count=blind_count,
    )
    till.chain = open_chain(code=code, entity=institution.siren)
    till.full_clean()
    till.save()
    return till


def open_session(
    *,
    claim: Claim,
    till: Till,
    opening_float: Money | None = None,
    operator: User | None = None,
    at: datetime | None = None,
) -> TillSession:
    """Open a session of a till with its float, on the business day of the clock (spec G6, S7).

    A repeat of the claim returns the same session. Raises ``NotYourTill`` (S4), ``TillInactive``
    and ``TillAlreadyOpen`` (also to the loser of a race).
    """
    institution = Institution.objects.get()
    now = at or datetime.now(UTC)
    day = current_day(at=now)
    float_minor = to_minor(opening_float) if opening_float else 0

    def write(op: Op) -> TillSession:
        if operator is not None:
            _check_place(till, operator)
        _lock_till(till)
        number = _next_number(till)
        session = TillSession.objects.create(
            till=till,
            number=number,
            business_date=day.date,
            currency=institution.currency,
            opened_at=op.at,
            opened_by=operator,
            float_minor=float_minor,
            operation_id=op.id,
        )
        op.session_change = SessionChange(session=number, business_date=day.date)
        op.drafts.append(_opening(session, operator))
        return session

    return perform(
        claim=claim,
        kind="till.open",
        content={"caisse": till.code, "fond": float_minor},
        register=Register(chain_id=till.chain_id, code=till.code),
        write=write,
        found=lambda operation_id: TillSession.objects.select_related("till").get(
            operation_id=operation_id
        ),
        at=now,
    )


def _check_place(till: Till, operator: User) -> None:
    """An operator sells where the administrator said so, whoever asks for it (spec S4)."""
    if not operator.points_of_sale.filter(pk=till.point_of_sale_id).exists():
        raise NotYourTill


def _lock_till(till: Till) -> None:
    """Wait for whoever opens the same till; the loser finds it open."""
    locked = Till.objects.select_for_update(no_key=True).select_related(None).get(pk=till.pk)
    if not locked.active:
        raise TillInactive(till=till.code)
    other = (
        TillSession.objects.filter(till=till, closed_at=None).select_related("opened_by").first()
    )
    if other:
        raise TillAlreadyOpen(till=till.code, operator=str(other.opened_by or till.code))


def _next_number(till: Till) -> int:
    last = TillSession.objects.filter(till=till).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _opening(session: TillSession, operator: User | None) -> Draft:
    facts = session.opening_facts(operator=operator.code if operator else None)
    return Draft("OUVERTURE", "till_opening", session.pk, facts)


def record_cash(
    *,
    op: Op,
    desk: Desk,
    mode: PaymentMode,
    way: CashWay,
    reason: CashReason,
    amount_minor: int,
) -> CashMovement:
    """Write cash put into a drawer or taken out, inside the caller's operation (spec G6)."""
    moved = CashMovement.objects.create(
        session_id=desk.session_id,
        mode=mode,
        way=way,
        reason=reason,
        currency=desk.currency,
        amount_minor=amount_minor,
        operator_id=desk.operator_id,
        operation_id=op.id,
        at=op.at,
        business_date=desk.business_date,
    )
    facts = moved.sealed_facts(
        till=desk.till_code,
        session=desk.register.session,
        mode=mode.code,
        operator=desk.operator_code or None,
    )
    kind = "APPORT" if way == CashWay.IN else "PRELEVEMENT"
    op.drafts.append(Draft(kind, "cash_movement", moved.pk, facts))
    return moved


@dataclass(frozen=True, slots=True)
class Count:
    """What one mode brought and paid out in a session, and what was counted, in minor units."""

    mode: PaymentMode
    payments: int
    in_minor: int
    out_minor: int
    expected_minor: int
    counted_minor: int | None
    put_in_minor: int = 0
    taken_out_minor: int = 0


def record_blind_counts(*, op: Op, desk: Desk, counts: Sequence[Count]) -> list[BlindCount]:
    """Write what was counted, mode by mode, inside the caller's operation; an entry for each.

    Modes that were not counted are left out. The caller holds the chain's lock, so that what is
    expected is what it was when it was counted.
    """
    rows = []
    for count in counts:
        if count.counted_minor is None:
            continue
        row = BlindCount.objects.create(
            session_id=desk.session_id,
            mode=count.mode,
            currency=desk.currency,
            expected_minor=count.expected_minor,
            counted_minor=count.counted_minor,
            operator_id=desk.operator_id,
            operation_id=op.id,
            at=op.at,
        )
        facts = row.sealed_facts(
            till=desk.till_code,
            session=desk.register.session,
            mode=count.mode.code,
            operator=desk.operator_code or None,
        )
        op.drafts.append(Draft("COMPTAGE", "blind_count", row.pk, facts))
        rows.append(row)
    return rows


def close_session(
    *, op: Op, desk: Desk, counts: Sequence[Count], operator: User | None
) -> TillSession:
    """Write the Z of a session and close it, inside the caller's operation (spec G6).

    The caller has locked the chain (``journal.services.lock_chain``) before it counted, so no
    payment can slip in between; the seal then clears the session on the chain. ``operator`` is
    None for tills that close by themselves. Raises ``TillOfAnother`` where it is neither whoever
    opened it nor a supervisor.
    """
    session = TillSession.objects.select_related("till", "opened_by").get(pk=desk.session_id)
    check_keeper(session=session, operator=operator)
    session.closed_at = op.at
    session.closed_by = operator
    session.save(update_fields=["closed_at", "closed_by"])
    lines = [
        ModeCount(
            session=session,
            mode=count.mode,
            currency=session.currency,
            payments=count.payments,
            in_minor=count.in_minor,
            out_minor=count.out_minor,
            put_in_minor=count.put_in_minor,
            taken_out_minor=count.taken_out_minor,
            expected_minor=count.expected_minor,
            counted_minor=count.counted_minor,
            operation_id=op.id,
        )
        for count in counts
    ]
    ModeCount.objects.bulk_create(lines)
    op.session_change = SessionChange(session=None, business_date=session.business_date)
    op.drafts.append(_closing(session, lines, operator))
    return session


def _closing(session: TillSession, lines: Sequence[ModeCount], operator: User | None) -> Draft:
    facts = session.closing_facts(counts=lines, operator=operator.code if operator else None)
    return Draft("FERMETURE", "till_closing", session.pk, facts)
