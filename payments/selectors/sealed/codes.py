"""The codes of modes, people and sessions, which the journal says instead of rows and names."""

from typing import NamedTuple

from contacts.models import User
from institution_settings.models import PaymentMode
from journal.services import BusinessDay
from tills.selectors import list_session_days


class Session(NamedTuple):
    """A till session as the journal names it, with the day it belongs to."""

    till: str
    number: int
    day: BusinessDay


class Codes:
    """The few codes of modes, operators and sessions, kept at hand."""

    def __init__(self) -> None:
        self.modes: dict[int, str] = {}
        self.people: dict[int | None, str | None] = {None: None}
        self.sessions: dict[int, Session] = {}

    def learn(self, *, people: set[int | None], sessions: set[int]) -> None:
        """Fetch the codes that are asked for and not known yet."""
        wanted = {pk for pk in people - self.people.keys() if pk is not None}
        if wanted:
            known = dict(User.objects.filter(pk__in=wanted).values_list("pk", "code"))
            self.people.update((pk, known.get(pk)) for pk in wanted)
        new = sessions - self.sessions.keys()
        if new:
            found = list_session_days(ids=new)
            self.sessions |= {pk: Session(*known) for pk, known in found.items()}
        if not self.modes:
            self.modes |= dict(PaymentMode.objects.values_list("pk", "code"))
