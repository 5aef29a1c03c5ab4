"""Finding contacts, as somebody types."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from contacts.models import Contact, ContactKey, User
from contacts.search import TOP, fold, phone_digits, read_query, tidy
from institution_settings.choices import Role

# A contact may match by several of its words: so many rows are read for each one shown.
ROWS_PER_CONTACT = 4
MIN_LETTERS = 2


def search_contacts(*, text: str, limit: int = 10, with_erased: bool = False) -> list[Contact]:
    """Return the contacts of which each word typed begins a word: name, e-mail, phone, number.

    First whoever has exactly this e-mail or number, then those whose own name begins so, then the
    others, each in alphabetical order without regard to case or accents. At most ``limit``, in
    one query over one index range; fewer than two letters find nobody. An erased contact is found
    by its number alone, and only where history is looked up (``with_erased``), not to sell to.
    """
    found = Contact.objects.filter(_matching(text, "keys__")).order_by("keys__key")
    if not with_erased:
        found = found.filter(erased_at=None)
    return _ranked(found[: limit * ROWS_PER_CONTACT], text)[:limit]


def find_contacts(*, text: str, among: QuerySet[Contact]) -> QuerySet[Contact]:
    """Narrow a list of contacts to those that ``search_contacts`` would find."""
    return among.filter(pk__in=ContactKey.objects.filter(_matching(text)).values("contact"))


def _matching(text: str, keys: str = "") -> Q:
    """Return the condition on keys: one range of the index, all words typed but one within.

    Nothing but key and contact of a key is read: the index alone answers.
    """
    words = read_query(text)
    if not words or len(words[0]) < MIN_LETTERS:
        return Q(pk__in=[])
    first, others = words[0], words[1:]
    condition = Q((f"{keys}key__gte", first), (f"{keys}key__lt", first + TOP))
    for word in others:
        condition &= Q((f"{keys}key__contains", f" {word}"))
    return condition


def _ranked(contacts: Iterable[Contact], text: str) -> list[Contact]:
    exact, folded = tidy(text).lower(), fold(text)

    def rank(contact: Contact) -> tuple[int, str, int]:
        if exact in (contact.email, (contact.number or "").lower()):
            place = 0
        elif contact.search.startswith(folded):
            place = 1
        else:
            place = 2
        return place, contact.search, contact.pk

    return sorted({contact.pk: contact for contact in contacts}.values(), key=rank)


def find_similar(
    *,
    last_name: str = "",
    first_name: str = "",
    organisation: str = "",
    email: str = "",
    phone: str = "",
    country: str = "FR",
    limit: int = 5,
) -> list[Contact]:
    """Return contacts that may be the same: same e-mail, same phone, or same name.

    Asked before one is created, so that nobody gets two accounts. One query; nothing is refused.
    """
    person = fold(f"{last_name} {first_name}")
    starts = [f"{fold(email)} "] if email.strip() else []
    starts += [f"{digits} " for digits in phone_digits(phone, country=country) if digits]
    for name in filter(None, (person if last_name.strip() else "", fold(organisation))):
        starts.append(f"{name.split()[0]} {name} ")
    if not starts:
        return []
    same = Q()
    for start in starts:
        same |= Q(keys__key__gte=start, keys__key__lt=start + TOP)
    found = Contact.objects.filter(same).order_by("keys__key")[: limit * ROWS_PER_CONTACT]
    return list({contact.pk: contact for contact in found}.values())[:limit]


def is_last_administrator(*, user_id: int | None) -> bool:
    """Whether this person is the only one who may still enter the administration and change it."""
    able = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True)
    return set(able.values_list("pk", flat=True)) == {user_id}
