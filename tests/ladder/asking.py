"""Asking every page, GET and POST, with forms that are right; what is done is undone afterwards."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.apps import apps
from django.core.cache import cache
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from guichet.views.entry import SESSION_KEY
from payments.selectors.runs import sign_choice
from payments.selectors.takings import list_takings
from tests.guichet.asked import PAGES, Asked, Fields
from tests.guichet.conftest import Person
from tests.guichet.panel import TOLD_NOTHING
from tests.ladder.people import Cast

FOUND = (301, 302, 303)


def addresses() -> Iterator[str]:
    """Yield the name of every address outside the administration and the pages of logins."""
    for name in _names(get_resolver(), ""):
        if not name.startswith(("admin:", "account_")):
            yield name


def names_of_logins() -> Iterator[str]:
    """Yield the name of every page about one's own login."""
    return (name for name in _names(get_resolver(), "") if name.startswith("account_"))


def _names(resolver: URLResolver, space: str) -> Iterator[str]:
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern):
            yield f"{space}{each.name}"
        else:
            yield from _names(each, f"{space}{each.namespace}:" if each.namespace else space)


def answer_of(response: Any) -> str:
    """Return the status of an answer, or the name of the page it leads to."""
    if response.status_code not in FOUND:
        return str(response.status_code)
    return f"> {resolve(urlsplit(response['Location']).path).view_name}"


def ask(name: str, cast: Cast, person: Person) -> list[str]:
    """Return what one person gets from a page: to GET, and to each of its forms, or an empty one.

    Each begins where the others did: what it wrote is taken back.
    """
    asked = asked_of(name, cast, person)
    address = reverse(name, args=asked.ids)
    sends: list[Callable[[], Any]] = [lambda: person.client.get(address, asked.query or {})]
    sends += [_posting(person, address, form) for form in asked.forms or ({},)]
    return [answer_of(undone(send)) for send in sends]


def _posting(person: Person, address: str, form: Fields) -> Callable[[], Any]:
    return lambda: person.client.post(address, form)


def undone(send: Callable[[], Any]) -> Any:
    """Return an answer, and let the database be as if nothing had been asked."""
    cache.clear()  # wrong codes and PINs are counted there
    before = transaction.savepoint()
    try:
        return send()
    finally:
        transaction.savepoint_rollback(before)


def asked_of(name: str, cast: Cast, person: Person) -> Asked:
    """Return the ids, the query and the right forms of a page."""
    whole = WHOLE.get(name)
    return whole(cast, person) if whole else PAGES[name](cast.busy)


def _pay(cast: Cast, _person: Person) -> Asked:
    cash = {"t0-mode": cast.busy.venue.modes["ESPECES"].pk, "t0-amount": "99,20"}
    form = {**cash, "said": TOLD_NOTHING, "key": uuid4()}
    return Asked((cast.busy.basket.pk,), forms=(form,))


def _close(cast: Cast, person: Person) -> Asked:
    own = person.client.session.get(SESSION_KEY) or cast.busy.venue.desk("G1").session_id
    return Asked(forms=(_counted(own),))


def _close_hers(cast: Cast, _person: Person) -> Asked:
    session_id = cast.busy.venue.desk("G1").session_id
    return Asked((session_id,), forms=(_counted(session_id),))


def _counted(session_id: int) -> Fields:
    """What is in the drawer, to the cent."""
    counts = {
        f"counted_{taking.mode.pk}": str(taking.expected.amount)
        for taking in list_takings(session_id=session_id)
    }
    return {**counts, "accepted": "", "key": uuid4()}


def _first_form(name: str) -> Callable[[Cast, Person], Asked]:
    """Of the forms that ``asked`` holds for garbage, the one that can be done here."""

    def asked(cast: Cast, _person: Person) -> Asked:
        known = PAGES[name](cast.busy)
        return Asked(known.ids, known.query, known.forms[:1])

    return asked


def _cancelled(forms: tuple[Fields, ...] = ()) -> Callable[[Cast, Person], Asked]:
    return lambda cast, _person: Asked((cast.run.performance_id,), forms=forms)


# Pages of no app, and forms that are whole where ``asked`` needs them only to be read.
WHOLE: Mapping[str, Callable[[Cast, Person], Asked]] = {
    "root": lambda _cast, _person: Asked(),
    "preferences": lambda _cast, _person: Asked(forms=({"theme": "dark", "next": "/"},)),
    "styleguide": lambda _cast, _person: Asked(),
    "styleguide_page": lambda _cast, _person: Asked(("counter",)),
    "ticketshop:choose_refund": lambda cast, _person: Asked(
        (sign_choice(line=cast.run.lines.get()),), forms=({"choice": "money"},)
    ),
    "guichet:close_till": _close,
    "guichet:close_session": _close_hers,
    "guichet:sale_pay": _pay,
    "guichet:print_tickets": _first_form("guichet:print_tickets"),
    "guichet:refund_voucher": _first_form("guichet:refund_voucher"),
    "guichet:refund_run_pdf": _cancelled(),
    "reports:close_takings": _cancelled(({"key": uuid4()},)),
}


def everything() -> Mapping[str, list[dict[str, object]]]:
    """Return every row of every table, but for who is logged in since when."""
    models = [model for model in apps.get_models() if model._meta.label != "sessions.Session"]
    rows = {model._meta.label: model._default_manager.order_by("pk").values() for model in models}
    return {label: list(found) for label, found in rows.items()}
