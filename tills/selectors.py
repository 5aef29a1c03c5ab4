"""Reading tills: where an act is done, and what is open."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from contacts.models import User
from contacts.permissions import may
from institution_settings.business_days import business_day, business_day_of
from institution_settings.choices import Channel
from institution_settings.models import Institution
from institution_settings.permissions import Act
from journal.services import BusinessDay, Register
from tills.errors import TillOfAnother
from tills.models import Till, TillSession


@dataclass(frozen=True, slots=True)
class Desk:
    """Where an act is done and by whom: a till session, its point of sale, an operator or nobody.

    Read once per request; whether the session is still open is decided by the seal alone.
    """

    session_id: int
    till_id: int
    till_code: str
    point_of_sale_id: int
    currency: str
    time_zone: str
    day: BusinessDay
    operator_id: int | None
    operator_code: str
    register: Register

    def venue_date(self, at: datetime) -> date:
        """Return the calendar date of a moment at the venue: days there end at midnight."""
        return at.astimezone(self.zone).date()

    @property
    def zone(self) -> ZoneInfo:
        """The venue's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def business_date(self) -> date:
        """The business date of everything written at this desk."""
        return self.day.date


def get_desk(*, session_id: int, operator: User | None = None) -> Desk:
    """Return the desk of a till session; ``operator`` is None online and for batches."""
    session = TillSession.objects.select_related("till").get(pk=session_id)
    return desk_of(session=session, operator=operator)


def desk_of(*, session: TillSession, operator: User | None = None) -> Desk:
    """Return the desk of a session fetched with its till."""
    institution = Institution.objects.get()
    day = business_day(
        day=session.business_date,
        starts_at=institution.day_starts_at,
        time_zone=institution.time_zone,
    )
    return Desk(
        session_id=session.pk,
        till_id=session.till_id,
        till_code=session.till.code,
        point_of_sale_id=session.till.point_of_sale_id,
        currency=session.currency,
        time_zone=institution.time_zone,
        day=day,
        operator_id=operator.pk if operator else None,
        operator_code=(operator.code or "") if operator else "",
        register=Register(
            chain_id=session.till.chain_id,
            code=session.till.code,
            session=session.number,
            day=day,
        ),
    )


def current_day(*, at: datetime) -> BusinessDay:
    """Return the business day that a moment falls in at this venue (spec S7)."""
    institution = Institution.objects.get()
    return business_day_of(
        at=at, starts_at=institution.day_starts_at, time_zone=institution.time_zone
    )


def find_open_session(*, till_id: int) -> TillSession | None:
    """Return the open session of a till with its till and point of sale, if any."""
    return (
        TillSession.objects.filter(till_id=till_id, closed_at=None)
        .select_related("till__point_of_sale", "opened_by")
        .first()
    )


def find_office_till() -> Till | None:
    """Return the back office's own till, where expiry and waiver stand (spec C6); None if none."""
    return (
        Till.objects.filter(automatic=True, active=True, point_of_sale__channel=Channel.OFFICE)
        .order_by("code")
        .first()
    )


def check_own(*, session: TillSession, operator: User) -> None:
    """Refuse somebody else's till to whoever may not take it over or close it (spec §1, G6).

    Raises ``TillOfAnother``; a supervisor may, ``Act.CLOSE_ANY_TILL``.
    """
    if session.opened_by_id != operator.pk and not may(operator, Act.CLOSE_ANY_TILL):
        opener = str(session.opened_by or session.till.code)
        raise TillOfAnother(till=session.till.code, operator=opener)


def list_tills(*, point_of_sale_ids: list[int]) -> list[Till]:
    """Return the active drawers of some points of sale, by code."""
    return list(
        Till.objects.filter(point_of_sale_id__in=point_of_sale_ids, active=True, automatic=False)
        .select_related("point_of_sale")
        .order_by("code")
    )


def list_session_days(*, ids: Collection[int]) -> dict[int, tuple[str, int, BusinessDay]]:
    """Return till code, number and business day of some sessions, by id."""
    institution = Institution.objects.get()
    found = TillSession.objects.filter(pk__in=ids)
    return {
        pk: (
            code,
            number,
            business_day(
                day=day, starts_at=institution.day_starts_at, time_zone=institution.time_zone
            ),
        )
        for pk, code, number, day in found.values_list(
            "pk", "till__code", "number", "business_date"
        )
    }
