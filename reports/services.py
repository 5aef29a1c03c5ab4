"""Closing a statement of takings: numbered, sealed, never changed again (BIL-08)."""

from datetime import datetime

from django.db.models import Max

from contacts.models import User
from institution_settings.selectors import get_institution
from journal.sealing import canonical_json
from journal.services import CLOSINGS, Claim, Draft, Op, Register, lock_chain, open_chain, perform
from payments.models import TakingsStatement
from reports.errors import AlreadyClosed, DoesNotAddUp, NotBegun
from reports.selectors.statements import facts_of
from reports.selectors.takings import Takings, get_takings
from sales.choices import PerformanceState


def close_takings(
    *, claim: Claim, performance_id: int, person: User, at: datetime | None = None
) -> TakingsStatement:
    """Close the statement of a performance that began, with the next number; returns it.

    What is sold or taken back afterwards stands beside it. A repeat of the claim returns the same
    statement. Raises ``NotBegun``, ``AlreadyClosed``, ``DoesNotAddUp`` and
    ``Performance.DoesNotExist``.
    """
    chain = open_chain(code=CLOSINGS, entity=get_institution().siren)
    register = Register(chain_id=chain.pk, code=chain.code)

    def write(op: Op) -> TakingsStatement:
        lock_chain(cursor=op.cursor, register=register)  # one statement, and one number, at a time
        takings = get_takings(performance_id=performance_id)
        _check(takings, op.at)
        last = TakingsStatement.objects.aggregate(last=Max("number"))["last"] or 0
        statement: TakingsStatement = TakingsStatement.objects.create(
            performance=takings.performance,
            number=last + 1,
            content=canonical_json(facts_of(takings)),
            gross_minor=takings.total.gross_minor,
            closed_by=person,
            operation_id=op.id,
            at=op.at,
        )
        facts = statement.sealed_facts(person=person.code)
        op.drafts.append(Draft("RELEVE", "takings_statement", statement.pk, facts))
        return statement

    return perform(
        claim=claim,
        kind="takings.close",
        content={"performance": performance_id},
        register=register,
        write=write,
        found=lambda operation_id: TakingsStatement.objects.get(operation_id=operation_id),
        at=at,
    )


def _check(takings: Takings, at: datetime) -> None:
    performance = takings.performance
    known = TakingsStatement.objects.filter(performance=performance).first()
    if known is not None:
        raise AlreadyClosed(number=str(known))
    cancelled = performance.state == PerformanceState.CANCELLED
    if performance.starts_at > at and not cancelled:
        raise NotBegun
    if takings.difference.amount:
        raise DoesNotAddUp
