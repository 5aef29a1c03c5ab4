"""One search over everything people name at a counter: contacts, orders, tickets, vouchers."""

import re
import unicodedata
from dataclasses import dataclass

from django.db.models import Q

from contacts.models import Contact
from contacts.search import tidy
from contacts.selectors import search_contacts
from credit.selectors import Standing, list_standings
from guichet.selectors.vouchers import find_vouchers
from journal.selectors import entry_label, find_subject
from payments.codes import GROUP, GROUPS, canonical_code
from payments.models import Voucher
from sales.models import Order, Ticket

SHOWN = 8
MAX_DIGITS = 18
_ORDER = re.compile(r"([0-9]{4})-0*([0-9]{1,18})")
_CONTACT = re.compile(r"C-?0*([0-9]{1,18})", re.IGNORECASE)
_GAPS = re.compile(r"[\s\-‐-―/_.]+")


@dataclass(frozen=True, slots=True)
class TicketHit:
    """A ticket with the number that was typed."""

    number: str
    ticket: Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found by kind; ``exact`` are the rows that bear the very number, code or e-mail."""

    contacts: tuple[tuple[Contact, Standing | None], ...] = ()
    orders: tuple[Order, ...] = ()
    ticket: TicketHit | None = None
    voucher: Voucher | None = None
    exact: tuple[Contact | Order | Ticket | Voucher, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing bears this name or number."""
        return not (self.contacts or self.orders or self.ticket or self.voucher)


def code_in(text: str) -> str:
    """Return the voucher code that a text may be, ``""`` if it is none by its form."""
    code = canonical_code(text)
    return code if len(code) == GROUP * GROUPS + GROUPS - 1 else ""


def find_anything(*, text: str, currency: str, code: str = "") -> Found:
    """Return what a text names, in at most seven queries whatever there is.

    Numbers are read forgivingly: ``2026 123``, ``g1 000123``, ``c123``; names as contacts are
    found everywhere (accents, case, parts of words). ``code`` is a voucher code to look up: only
    where guesses are counted (B49). Orders are those of the number, and the latest of the contacts
    found.
    """
    wanted = tidy(text)
    if not wanted:
        return Found()
    contacts = _contacts(wanted)
    orders = _orders(wanted, contacts)
    ticket = _ticket(wanted)
    voucher = find_vouchers(codes=[code]).get(code) if code else None
    standings = list_standings(contact_ids=[each.pk for each in contacts], currency=currency)
    exact: list[Contact | Order | Ticket | Voucher] = [
        *(contact for contact in contacts if _is_exactly(contact, wanted)),
        *(order for order in orders if _bears(order, wanted)),
    ]
    exact += [ticket.ticket] if ticket else []
    exact += [voucher] if voucher else []
    return Found(
        contacts=tuple((contact, standings.get(contact.pk)) for contact in contacts),
        orders=tuple(orders),
        ticket=ticket,
        voucher=voucher,
        exact=tuple(exact),
    )


def _contacts(wanted: str) -> list[Contact]:
    return search_contacts(text=_contact_number(wanted) or wanted, limit=SHOWN, with_erased=True)


def _is_exactly(contact: Contact, wanted: str) -> bool:
    numbers = {wanted.upper(), _contact_number(wanted)}
    return contact.number in numbers or (bool(contact.email) and contact.email == wanted.lower())


def _bears(order: Order, wanted: str) -> bool:
    return order.number == _order_number(wanted) or str(order.pk) == wanted.lstrip("0")


def _contact_number(wanted: str) -> str:
    """Return ``C000123`` for ``c123``; ``""`` for what is no number of a contact."""
    found = _CONTACT.fullmatch(_joined(wanted))
    return f"C{int(found[1]):06d}" if found else ""


def _order_number(wanted: str) -> str:
    """Return ``2026-000123`` for ``2026 123``; ``""`` for what is no number of an order."""
    found = _ORDER.fullmatch(_joined(wanted))
    return f"{found[1]}-{int(found[2]):06d}" if found else ""


def _joined(wanted: str) -> str:
    """Return a typed number with one dash where there were gaps: ``G1 – 12`` → ``G1-12``."""
    return _GAPS.sub("-", unicodedata.normalize("NFKC", wanted).strip()).strip("-")


def _orders(wanted: str, contacts: list[Contact]) -> list[Order]:
    named = Q(contact__in=[contact.pk for contact in contacts])
    if number := _order_number(wanted):
        named |= Q(number=number)
    elif wanted.isascii() and wanted.isdigit() and len(wanted) <= MAX_DIGITS:
        named |= Q(pk=int(wanted))
    return list(Order.objects.filter(named).select_related("contact").order_by("-id")[:SHOWN])


def _ticket(wanted: str) -> TicketHit | None:
    label = _joined(wanted).upper()
    pk = find_subject(label=label, subject_kind="ticket")
    if pk is None:
        return None
    ticket = Ticket.objects.select_related("order", "performance__event").get(pk=pk)
    code, _dash, digits = label.rpartition("-")
    return TicketHit(entry_label(code=code, number=int(digits)), ticket)
