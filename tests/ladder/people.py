"""Everybody who may stand before a page: nobody, customers, staff of each sort."""

from datetime import timedelta
from enum import StrEnum
from uuid import uuid4

from django.utils import timezone

from contacts.models import User
from contacts.services import create_operator
from institution_settings.choices import Channel, Role
from institution_settings.models import ModeAuthorisation, PointOfSale
from payments.choices import RunPolicy
from payments.models import RefundRun
from payments.services.runs import continue_run, start_run
from tests.busy import BusyVenue
from tests.guichet.conftest import Person
from tests.venue import PASSWORD
from tills.services import create_till


class Who(StrEnum):
    """The rungs, lowest first.

    ``MOVED`` works at another point of sale since this morning and has a browser that still stands
    at a till here; ``ELSEWHERE`` stands at an open till of that other point of sale; ``COLLEAGUE``
    at an own till beside Léa's, who is the ``OPERATOR``.
    """

    NOBODY = "nobody"
    LEFT = "left"
    CUSTOMER = "customer"
    ACCOUNTANT = "accountant"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    MOVED = "moved"
    ELSEWHERE = "elsewhere"
    COLLEAGUE = "colleague"
    OPERATOR = "operator"
    SUPERVISOR = "supervisor"


class Cast:
    """A busy venue with a second point of sale, and the browsers of all these people."""

    def __init__(self, busy: BusyVenue) -> None:
        self.busy = busy
        self.annexe = PointOfSale.objects.create(
            code="ANNEXE", name="Annexe", channel=Channel.COUNTER
        )
        for mode in busy.venue.modes.values():
            ModeAuthorisation.objects.create(point_of_sale=self.annexe, mode=mode)
        self.run = self._cancel()

    def _cancel(self) -> RefundRun:
        """A performance cancelled this morning; the one who had a seat is asked to choose."""
        venue, counter = self.busy.venue, self.busy.counter
        seat = counter.price("18.00", starts_at=timezone.now() + timedelta(days=5))
        counter.sell([seat], ("CB", "18.00"), contact=self.busy.zoe)
        run = start_run(
            key=uuid4(),
            performance_id=seat.category.performance_id,
            policy=RunPolicy.CHOICE,
            reason="",
            person=venue.supervisor,
            till=venue.tills["BO"],
        )
        return continue_run(run_id=run.pk)

    def browser(self, who: Who) -> Person:
        """Return the browser of one of them, at a till where they have one."""
        venue = self.busy.venue
        if who == Who.NOBODY:
            return Person(venue)
        if who == Who.OPERATOR:
            return Person(venue, venue.operator).stand_at("G1")
        if who == Who.SUPERVISOR:
            marc = Person(venue, venue.supervisor)
            marc.post("take_till", venue.tills["G1"].pk)
            return marc
        if who == Who.CUSTOMER:
            return Person(venue, User.objects.create_user("zoe@example.org", PASSWORD))
        if who in {Who.MOVED, Who.ELSEWHERE, Who.COLLEAGUE, Who.LEFT}:
            return self._operator(who)
        return Person(venue, self._user(who, Role(who.value), venue.counter))

    def _operator(self, who: Who) -> Person:
        """An operator who has just opened a till of their own."""
        here = self.annexe if who == Who.ELSEWHERE else self.busy.venue.counter
        user = self._user(who, Role.OPERATOR, here)
        till = create_till(code="K1", label="K1", point_of_sale=here)
        person = Person(self.busy.venue, user)
        assert person.post("open_till", till.pk, opening_float="100,00").status_code == 302
        if who == Who.MOVED:
            user.points_of_sale.set([self.annexe])
        if who == Who.LEFT:
            user.is_active = False
            user.save()
        return person

    def _user(self, who: Who, role: Role, place: PointOfSale) -> User:
        return create_operator(
            email=f"{who.value}@tilleuls.example",
            password=PASSWORD,
            name=who.value.capitalize(),
            code=who.value,
            role=role,
            points_of_sale=[place],
        )
