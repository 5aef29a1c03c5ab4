"""What was sealed of movements and holds, compared with their rows (spec P2, fiscal.md I7).

Rows are read in the chunks of the journal, without models: the facts are built by the same
functions that built them when they were sealed.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple, cast

from django.utils.translation import gettext_lazy as _

from contacts.models import User
from credit.models import Hold, Movement, MovementCodes
from institution_settings.models import PaymentMode
from journal.selectors import Finding, SealedEntry, SubjectCheck, differences, unsealed
from journal.services import BusinessDay
from tills.selectors import list_session_days

MOVEMENT_GONE = _("The movement of this entry does not exist any more.")
MOVEMENT_DIFFERS = _("The movement differs from what was sealed.")
MOVEMENT_UNSEALED = _("This movement has no entry in the journal.")
OTHER_DAY = _("The time of this movement does not fall in its business day.")
OTHER_CURRENCY = _("This movement is not in the currency of its account.")
HOLD_GONE = _("The held credit of this entry does not exist any more.")
HOLD_DIFFERS = _("The held credit differs from what was sealed.")
HOLD_UNSEALED = _("This held credit has no entry in the journal.")
RELEASE_UNSEALED = _("This released credit has no entry of its release.")


def sealed_subjects() -> dict[str, SubjectCheck]:
    """Return who compares the entries about credit, by kind of subject; for one verification."""
    return {
        "movement": _Movements().check,
        "hold": _check_holds,
        "hold_release": _check_releases,
    }


def verify_sealed() -> Iterator[Finding]:
    """Find movements, holds and releases that no entry tells about."""
    movements = unsealed(rows=Movement.objects.all(), subject_kind="movement")
    for number, currency, position in movements.values_list(
        "account__contact__number", "currency", "position"
    ).iterator():
        yield Finding(line_label(number, currency, position), MOVEMENT_UNSEALED)
    for what, rows in (
        (HOLD_UNSEALED, unsealed(rows=Hold.objects.all(), subject_kind="hold")),
        (
            RELEASE_UNSEALED,
            unsealed(rows=Hold.objects.exclude(released_at=None), subject_kind="hold_release"),
        ),
    ):
        for key in rows.values_list("key", flat=True).iterator():
            yield Finding(str(key), what)


def line_label(number: str | None, currency: str, position: int) -> str:
    """Return how a line of an account is named: ``C000101 EUR 12``."""
    return f"{number} {currency} {position}"


class _Row(NamedTuple):
    """A movement's columns, named as in the model, and the codes beside them."""

    pk: int
    position: int
    kind: str
    side: str
    currency: str
    amount_minor: int
    non_refundable_minor: int
    balance_after_minor: int
    non_refundable_after_minor: int
    credits_after_minor: int
    at: datetime
    business_date: date
    reference: str
    reason: str
    mode_id: int | None
    counterpart_id: int | None
    operator_id: int | None
    session_id: int
    reverses__position: int | None
    account__currency: str
    account__contact__number: str | None


_COLUMNS = tuple(_Row.__annotations__)


class _Session(NamedTuple):
    till: str
    number: int
    day: BusinessDay


class _Movements:
    """Compares movements; keeps the few codes of modes, operators and sessions at hand."""

    def __init__(self) -> None:
        self._modes: dict[int | None, str] = {}
        self._operators: dict[int | None, str | None] = {}
        self._sessions: dict[int, _Session] = {}

    def check(self, entries: Sequence[SealedEntry]) -> Iterator[Finding]:
        """Compare some entries with their movements."""
        found = Movement.objects.filter(pk__in=[entry.subject_id for entry in entries])
        rows = {row[0]: _Row(*row) for row in found.values_list(*_COLUMNS)}
        self._learn(rows)
        for entry in entries:
            row = rows.get(entry.subject_id)
            if row is None:
                yield Finding(entry.where, MOVEMENT_GONE)
                continue
            session = self._sessions[row.session_id]
            stored = Movement.sealed_facts(
                cast("Movement", row),  # the same names, read without the model
                codes=MovementCodes(
                    till=session.till,
                    contact=row.account__contact__number,
                    mode=self._modes.get(row.mode_id),
                    counterpart=self._modes.get(row.counterpart_id),
                    operator=self._operators.get(row.operator_id),
                    session=session.number,
                    reverses_position=row.reverses__position,
                ),
            )
            if stored != entry.facts:
                detail = differences(sealed=entry.facts, stored=stored)
                yield Finding(entry.where, MOVEMENT_DIFFERS, detail)
            if row.business_date != session.day.date or not session.day.holds(row.at):
                yield Finding(entry.where, OTHER_DAY)
            if row.currency != row.account__currency:
                yield Finding(entry.where, OTHER_CURRENCY)

    def _learn(self, rows: dict[int, _Row]) -> None:
        """Fetch the codes that these rows need and that are not known yet."""
        sessions = {row.session_id for row in rows.values()} - self._sessions.keys()
        if sessions:
            self._sessions |= {
                pk: _Session(*known) for pk, known in list_session_days(ids=sessions).items()
            }
        operators = {row.operator_id for row in rows.values()} - self._operators.keys()
        if operators:
            known = User.objects.filter(pk__in=[pk for pk in operators if pk is not None])
            self._operators |= dict.fromkeys(operators) | dict(known.values_list("pk", "code"))
        if not self._modes:
            self._modes |= dict(PaymentMode.objects.values_list("pk", "code"))


def _check_holds(entries: Sequence[SealedEntry]) -> Iterator[Finding]:
    return _compare(entries, lambda hold, till: hold.sealed_facts(till=till, mode=hold.mode.code))


def _check_releases(entries: Sequence[SealedEntry]) -> Iterator[Finding]:
    return _compare(entries, lambda hold, till: hold.release_facts(till=till))


def _compare(
    entries: Sequence[SealedEntry], facts_of: Callable[[Hold, str], dict[str, object]]
) -> Iterator[Finding]:
    found = Hold.objects.select_related("mode").in_bulk([entry.subject_id for entry in entries])
    for entry in entries:
        hold = found.get(entry.subject_id)
        if hold is None:
            yield Finding(entry.where, HOLD_GONE)
            continue
        stored = facts_of(hold, entry.chain)  # a hold belongs to no till but that of its entry
        if stored != entry.facts:
            detail = differences(sealed=entry.facts, stored=stored)
            yield Finding(entry.where, HOLD_DIFFERS, detail)
