"""What the story knows while it is told: the house, its people, and what it must remember."""

import random
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime

from contacts.models import Contact, User
from credit.selectors import Standing, get_standing
from guichet.management.demo.house import House
from guichet.management.demo.people import People
from guichet.management.demo.programme import Date
from institution_settings.models import PaymentMode, PointOfSale
from institution_settings.money import to_minor
from institution_settings.selectors import list_modes
from journal.services import Claim
from payments.models import Voucher
from tills.selectors import Desk

# Every click of the story has its key made from its day and number: the same story every time.
KEYS = uuid.uuid5(uuid.NAMESPACE_URL, "avoir:demo")


def rng_of(*, what: str, scale: float) -> random.Random:
    """Return the randomness of one part of the story: the same numbers in every seeding."""
    return random.Random(f"{what}:{scale}")  # noqa: S311 (a story, not a secret)


@dataclass(frozen=True, slots=True)
class Sold:
    """A paid order whose tickets may come back."""

    order_id: int
    contact: Contact | None
    ticket_ids: tuple[int, ...]
    starts_at: datetime
    modes: frozenset[str]
    place: str


@dataclass(slots=True)
class World:
    """The venue as the story goes on; ``day`` and ``rng`` are those of the day being told."""

    house: House
    people: People
    dates: list[Date]
    day: date
    rng: random.Random
    clicks: int = 0
    # Who once had credit, what vouchers are about, what will come back and when.
    creditors: dict[int, Contact] = field(default_factory=dict)
    vouchers: list[Voucher] = field(default_factory=list)
    returns: list[tuple[date, Sold]] = field(default_factory=list)
    # What a scene leaves for a later one.
    kept: dict[str, Voucher] = field(default_factory=dict)
    modes: dict[tuple[str, str], list[PaymentMode]] = field(default_factory=dict)

    def begin(self, day: date, rng: random.Random) -> None:
        """Go on to another day."""
        self.day, self.rng, self.clicks = day, rng, 0

    def skip_clicks(self) -> None:
        """Leave out the keys that a seeding stopped on this day may have used."""
        self.clicks += 1_000_000

    def claim(self, operator: User | None) -> Claim:
        """Return the next click of an operator, or of somebody in the shop."""
        self.clicks += 1
        source = f"user:{operator.pk}" if operator else "shop:demo"
        return Claim(source=source, key=uuid.uuid5(KEYS, f"{self.day.isoformat()}:{self.clicks}"))

    def authorised(self, place: str, use: str) -> list[PaymentMode]:
        """Return what a point of sale takes (or gives); settings do not change in the story."""
        if (place, use) not in self.modes:
            self.modes[place, use] = list_modes(
                point_of_sale_id=self.house.places[place].pk,
                use="payment" if use == "payment" else "refund",
            )
        return self.modes[place, use]

    def takes(self, place: str, code: str, use: str = "payment") -> bool:
        """Whether a mode may be used there."""
        return any(mode.code == code for mode in self.authorised(place, use))


@dataclass(slots=True)
class Moment:
    """A desk, whoever stands there, and the time: all that a service asks for."""

    world: World
    desk: Desk
    place: str
    operator: User | None
    at: datetime

    @property
    def house(self) -> House:
        """The venue."""
        return self.world.house

    @property
    def rng(self) -> random.Random:
        """The day's randomness."""
        return self.world.rng

    @property
    def point_of_sale(self) -> PointOfSale:
        """Where this happens."""
        return self.house.places[self.place]

    @property
    def supervisor(self) -> User:
        """Who types a PIN when one is asked for."""
        return self.house.people["marc"]

    def claim(self) -> Claim:
        """Return the next click."""
        return self.world.claim(self.operator)

    def standing(self, contact: Contact) -> Standing:
        """Return what the contact's account holds at this moment."""
        return get_standing(contact_id=contact.pk, currency=self.house.currency, at=self.at)

    def available_minor(self, contact: Contact) -> int:
        """Return what the contact may spend, in centimes."""
        return to_minor(self.standing(contact).available)

    def euros(self, *choices: int) -> int:
        """Return one of some whole amounts, in centimes."""
        return self.rng.choice(choices) * 100
