"""django-hordak's side: a transfer that cannot overdraw the customer's account.

Hordak keeps no balance and checks no funds. A safe transfer therefore locks the customer's
account, sums its legs, refuses if there is too little, and calls ``Account.transfer_to``.
"""

import os
import random
from decimal import Decimal

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.hordak_project.settings"
django.setup()

from django.core.management import call_command  # noqa: E402  (Django must be set up first)
from django.db import connection, connections, transaction  # noqa: E402
from hordak.models import Account, Leg, Transaction  # noqa: E402
from moneyed import Money  # noqa: E402

from benchmarks.clients import Act  # noqa: E402

CREDIT = Money("1000000.00", "EUR")
PRICE = Money("1.25", "EUR")


class NotEnough(Exception):
    """The customer's balance is smaller than the amount."""


def prepare(*, accounts: int, tills: int) -> dict[str, object]:
    """Customers' accounts (liabilities) with an opening balance, and an income account a till."""
    call_command("migrate", verbosity=0)
    bank = Account.objects.create(name="Bank", code="1", type="AS", currencies=["EUR"])
    for number in range(1, tills + 1):
        Account.objects.create(name=f"T{number:02d}", code=f"7{number:02d}", type="IN")
    # One tree each, as hordak's own create_benchmark_accounts makes them, tree fields included.
    customers = Account.objects.bulk_create(
        Account(
            name=f"Client {number}",
            code=None,
            type="LI",
            currencies=["EUR"],
            lft=1,
            rght=2,
            tree_id=1000 + number,
            level=0,
        )
        for number in range(accounts)
    )
    _open_accounts(bank, customers)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return {"statements": _count_statements()}


@transaction.atomic
def _open_accounts(bank: Account, customers: list[Account]) -> None:
    """One transaction a customer: no table is empty when the first run begins."""
    openings = Transaction.objects.bulk_create(Transaction() for _ in customers)
    pairs = list(zip(openings, customers, strict=True))
    Leg.objects.bulk_create(
        leg
        for opening, customer in pairs
        for leg in (
            Leg(transaction=opening, account=bank, debit=CREDIT),
            Leg(transaction=opening, account=customer, credit=CREDIT),
        )
    )


def make_act(client: int, *, tills: int) -> Act:
    """One client paying from any customer's account into one of the first ``tills`` tills."""
    chance = random.Random(client)
    incomes = list(Account.objects.filter(type="IN").order_by("code")[:tills])
    customers = list(Account.objects.filter(type="LI").values_list("pk", flat=True))

    def act() -> None:
        transfer(customer_id=chance.choice(customers), income=chance.choice(incomes))

    return act


@transaction.atomic
def transfer(*, customer_id: int, income: Account) -> Transaction:
    """Lock, sum, refuse or transfer.

    The balance is read by a statement of its own, after the lock: a statement that waits for a
    lock goes on with what was committed before it waited. ``with_balances`` is what hordak
    recommends, and the fastest of its ways (``get_balance`` takes a quarter longer in all).
    """
    Account.objects.select_for_update(no_key=True).get(pk=customer_id)
    customer = Account.objects.with_balances().get(pk=customer_id)
    if customer.balance["EUR"] < PRICE:
        raise NotEnough
    return income.transfer_to(customer, PRICE)


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
    """Every transfer is there; its two legs too."""
    customers = Account.objects.filter(type="LI").count()
    assert Transaction.objects.count() == customers + done + 1, "with the one that was counted"
    left = customers * CREDIT.amount - (done + 1) * PRICE.amount
    assert Leg.objects.filter(account__type="LI").sum_to_balance() == Money(left, "EUR")
    assert left > Decimal(0)
    return {}
