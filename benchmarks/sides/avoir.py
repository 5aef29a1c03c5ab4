"""Our side: paying with credit, complete, from the services call to the commit."""

import os
import random
import uuid
from datetime import time

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()

from django.conf import settings  # noqa: E402  (Django must be set up first)
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.db.models import F, Max, Sum  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.clients import Act  # noqa: E402
from contacts.models import Contact  # noqa: E402
from credit.models import CreditAccount, Movement  # noqa: E402
from credit.services import OpeningBalance, open_balances, pay  # noqa: E402
from institution_settings.models import Institution, PaymentMode  # noqa: E402
from institution_settings.money import from_minor  # noqa: E402
from journal.models import Chain, Entry, Operation  # noqa: E402
from journal.sealing import make_key, seal_text, sealing_key  # noqa: E402
from journal.services import Claim, Op, perform  # noqa: E402
from tests.venue import Venue, build_venue  # noqa: E402
from tills.models import TillSession  # noqa: E402
from tills.selectors import Desk, get_desk  # noqa: E402
from tills.services import create_till  # noqa: E402

CREDIT = from_minor(100_000_000, "EUR")
PRICE = from_minor(125, "EUR")


def prepare(*, accounts: int, tills: int) -> dict[str, object]:
    """A venue with so many open tills, and contacts with more credit than a run can spend."""
    call_command("migrate", verbosity=0)
    make_key(key_id=settings.JOURNAL_KEY_ID)
    venue = build_venue()
    # The business day begins this hour and lasts 24: no run is cut in two by its end.
    Institution.objects.update(day_starts_at=time(timezone.localtime().hour))
    for number in range(1, tills + 1):
        code = f"T{number:02d}"
        venue.tills[code] = create_till(code=code, label=code, point_of_sale=venue.counter)
        venue.open(code)
    _open_accounts(venue, accounts)
    _remember_operations(accounts)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return {
        "server": connection.pg_version,
        "statements": _count_statements(),
        # What pgbench needs to write the same rows. Tills and accounts are numbered through.
        "first_account": CreditAccount.objects.order_by("pk").values_list("pk", flat=True)[0],
        "first_session": _sessions()[0],
        "first_chain": Chain.objects.get(code="T01").pk,
        "mode": venue.modes["AVOIR"].pk,
        "point_of_sale": venue.counter.pk,
        "operator": venue.operator.pk,
    }


def _open_accounts(venue: Venue, accounts: int) -> None:
    contacts = [
        Contact(number=f"C{number:06d}", last_name=f"Client {number}", search=f"client {number}")
        for number in range(1, accounts + 1)
    ]
    Contact.objects.bulk_create(contacts)
    desk = venue.desk("BO")
    rows = [OpeningBalance(contact_id=contact.pk, amount=CREDIT) for contact in contacts]
    perform(
        claim=venue.claim(),
        kind="benchmark.open",
        content={},
        register=desk.register,
        write=lambda op: open_balances(op=op, desk=desk, mode=venue.modes["AVOIR"], rows=rows),
        found=lambda _operation: 0,
    )


def _remember_operations(count: int) -> None:
    """As many operations as there are movements: no table is empty when the first run begins.

    PostgreSQL plans the checks of foreign keys once a connection, and for an empty table badly.
    """
    Operation.objects.bulk_create(
        Operation(
            source="user:0",
            key=uuid.uuid4(),
            kind="benchmark.before",
            fingerprint="0" * 64,
            at=timezone.now(),
        )
        for _ in range(count)
    )


def _sessions() -> list[int]:
    return list(
        TillSession.objects.filter(till__code__startswith="T")
        .order_by("till__code")
        .values_list("pk", flat=True)
    )


def make_act(client: int, *, tills: int) -> Act:
    """One client: an operator's payments with credit, each at one of the first ``tills`` tills.

    The desk and the mode are read once, as for a page; the rest is what every payment does.
    """
    chance = random.Random(client)
    desks = [get_desk(session_id=session) for session in _sessions()[:tills]]
    mode = PaymentMode.objects.get(code="AVOIR")
    accounts = list(CreditAccount.objects.values_list("pk", flat=True))

    def act() -> None:
        pay_once(desk=chance.choice(desks), mode=mode, account_id=chance.choice(accounts))

    return act


def pay_once(*, desk: Desk, mode: PaymentMode, account_id: int) -> Movement | None:
    """Pay 1.25 with credit: claimed, posted, sealed and committed."""

    def write(op: Op) -> Movement | None:
        return pay(
            op=op, desk=desk, account_id=account_id, amount=PRICE, mode=mode, reference="C-104217"
        )

    return perform(
        claim=Claim(source="user:1", key=uuid.uuid4()),
        kind="benchmark.pay",
        content={"compte": account_id, "montant": 125, "piece": "C-104217"},
        register=desk.register,
        write=write,
        found=lambda _operation: None,
    )


def _count_statements() -> int:
    act, statements = make_act(0, tills=1), 0

    def count(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        nonlocal statements
        statements += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        act()
    return statements


def disconnect() -> None:
    """Close every connection: clients are forked."""
    connections.close_all()


def prove(*, done: int) -> dict[str, object]:
    """Every payment is there, once; balances and running totals agree; every seal is right."""
    accounts = CreditAccount.objects.count()
    payments = Movement.objects.filter(kind="PAIEMENT")
    assert payments.count() == done + 1, "one more was made to count the statements"
    assert Operation.objects.filter(kind="benchmark.pay").count() == done + 1
    left = CreditAccount.objects.aggregate(Sum("balance_minor"))["balance_minor__sum"]
    assert left == accounts * 100_000_000 - (done + 1) * 125
    last = Movement.objects.filter(position=F("account__position"))
    assert not last.exclude(balance_after_minor=F("account__balance_minor")).exists()
    return {"entries_verified": sum(_verify(chain) for chain in Chain.objects.all())}


def _verify(chain: Chain) -> int:
    entries = Entry.objects.filter(chain=chain)
    assert entries.count() == (entries.aggregate(Max("number"))["number__max"] or 0) == chain.number
    key, previous = sealing_key(key_id=settings.JOURNAL_KEY_ID), None
    for entry in entries.order_by("number").iterator(chunk_size=5000):
        assert previous is None or entry.previous == previous
        assert entry.seal == seal_text(key=key, text=entry.payload)
        previous = entry.seal
    assert previous is None or chain.seal == previous
    return chain.number
