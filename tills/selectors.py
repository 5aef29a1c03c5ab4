"""Reading tills: where an act is done, and what is open."""

from dataclasses import dataclass
from datetime import date

from contacts.models import User
from institution_settings.models import Institution
from journal.services import Register
from tills.models import TillSession


@dataclass(frozen=True, slots=True)
class Desk:
    """Where an act is done and by whom: a till session, its point of sale, an operator or nobody.

    Read once per request; whether the session is still open is decided by the seal alone.
    """

    session_id: int
    till_code: str
    point_of_sale_id: int
    currency: str
    business_date: date
    operator_id: int | None
    operator_code: str
    register: Register


def get_desk(*, session_id: int, operator: User | None = None) -> Desk:
    """Return the desk of a till session; ``operator`` is None online and for batches."""
    session = TillSession.objects.select_related("till").get(pk=session_id)
    return Desk(
        session_id=session.pk,
        till_code=session.till.code,
        point_of_sale_id=session.till.point_of_sale_id,
        currency=session.currency,
        business_date=session.business_date,
        operator_id=operator.pk if operator else None,
        operator_code=(operator.code or "") if operator else "",
        register=Register(
            chain_id=session.till.chain_id,
            code=session.till.code,
            session=session.number,
            business_date=session.business_date,
        ),
    )


def find_open_session(*, till_id: int) -> TillSession | None:
    """Return the open session of a till, if any."""
    return (
        TillSession.objects.filter(till_id=till_id, closed_at=None)
        .select_related("till__point_of_sale", "opened_by")
        .first()
    )


def get_institution() -> Institution:
    """Return the one institution; ``Institution.DoesNotExist`` before the venue is set up."""
    return Institution.objects.get()
