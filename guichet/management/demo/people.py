"""The demo's contacts: the odd names first, then organisations, then everybody else."""

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from contacts.choices import ContactKind
from contacts.models import Contact
from contacts.search import fold
from contacts.services import ContactDetails, create_contact
from guichet.management.demo.names import (
    FIRST_NAMES,
    LAST_NAMES,
    ODD_PEOPLE,
    ORGANISATIONS,
    STREETS,
    TOWNS,
)

PEOPLE = 300
# How long before the story the first of them was entered.
OLDEST_DAYS = 900


@dataclass(frozen=True, slots=True)
class People:
    """Who may buy: everybody, those who come often, and those who book for others."""

    everybody: list[Contact]
    regulars: list[Contact]
    groups: list[Contact]

    def anybody(self, rng: random.Random) -> Contact:
        """Return a purchaser: two times out of five one who comes often."""
        return rng.choice(self.regulars if rng.random() < 0.4 else self.everybody)


def settle_people(*, count: int, since: datetime, rng: random.Random) -> People:
    """Return the demo's people, made when there are none yet; all or none.

    ``count`` of them, but at least all the odd names and the organisations.
    """
    if not Contact.objects.exists():
        with transaction.atomic():
            made = [create_contact(**details) for details in _people(count, rng)]
            _age(made, since=since, rng=rng)
    everybody = list(Contact.objects.filter(merged_into=None).order_by("pk"))
    odd, groups = len(ODD_PEOPLE), len(ORGANISATIONS)
    return People(
        everybody=everybody,
        regulars=[*everybody[:30], *everybody[odd + groups : odd + groups + 25]],
        groups=everybody[odd : odd + groups],
    )


def _people(count: int, rng: random.Random) -> Iterator[ContactDetails]:
    known: set[str] = set()
    for last, first in ODD_PEOPLE:
        yield _details(rng, known, last_name=last, first_name=first)
    for organisation, last, first in ORGANISATIONS:
        yield _details(rng, known, organisation=organisation, last_name=last, first_name=first)
    for _number in range(count - len(ODD_PEOPLE) - len(ORGANISATIONS)):
        yield _details(
            rng, known, last_name=rng.choice(LAST_NAMES), first_name=rng.choice(FIRST_NAMES)
        )


def _details(
    rng: random.Random,
    known: set[str],
    *,
    last_name: str,
    first_name: str,
    organisation: str = "",
) -> ContactDetails:
    postcode, city = rng.choice(TOWNS)
    details = ContactDetails(
        last_name=last_name,
        first_name=first_name,
        postcode=postcode,
        city=city,
        address=f"{rng.randint(1, 120)} {rng.choice(STREETS)}",
    )
    if organisation:
        # The person who speaks for an organisation is not the contact: the organisation is.
        details |= {"organisation": organisation, "kind": ContactKind.ORGANISATION}
    # Not everybody leaves an address or a number. The numbers are those kept for fiction.
    if rng.random() < 0.85:
        details["email"] = _email(organisation or f"{first_name} {last_name}", known)
    if rng.random() < 0.7:
        details["phone"] = f"06 39 98 {rng.randint(0, 99):02d} {rng.randint(0, 99):02d}"
    return details


def _email(name: str, known: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", fold(name)).encode("ascii", "ignore").decode()
    words = ["".join(char for char in word if char.isalnum()) for word in plain.split()]
    local = ".".join(word for word in words if word)[:40].strip(".") or "client"
    email, again = f"{local}@exemple.example", 1
    while email in known:
        again += 1
        email = f"{local}{again}@exemple.example"
    known.add(email)
    return email


def _age(contacts: list[Contact], *, since: datetime, rng: random.Random) -> None:
    """Let them have been known for a while: the demo's clock is not the database's."""
    ages = sorted(rng.randint(1, OLDEST_DAYS) for _contact in contacts)
    for contact, days in zip(contacts, reversed(ages), strict=True):
        contact.created_at = since - timedelta(days=days)
    Contact.objects.bulk_update(contacts, ["created_at"])
