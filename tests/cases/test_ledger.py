"""Ledger and history (cases.md §5)."""

import random

import pytest
from django.db.models import Case, F, Sum, When

from contacts.models import Contact
from credit.errors import InsufficientCredit, NonRefundable
from credit.models import CreditAccount, Movement
from credit.selectors import list_history
from journal.errors import AppendOnlyViolation
from payments.choices import RefundChoice
from payments.errors import PaymentsError
from payments.services import correct
from tests.counter import Counter
from tests.venue import Venue


def test_b51_the_balance_is_the_sum_of_the_movements(counter: Counter, venue: Venue) -> None:
    zoe, chance = venue.contact(), random.Random(51)
    counter.deposit(zoe, "20.00")
    for _ in range(25):
        _some_act(counter, zoe, chance)
        account = CreditAccount.objects.get(contact=zoe)
        signed = Case(When(side="C", then=F("amount_minor")), default=-F("amount_minor"))
        total = Movement.objects.filter(account=account).aggregate(total=Sum(signed))["total"]
        assert account.balance_minor == total


def _some_act(counter: Counter, zoe: Contact, chance: random.Random) -> None:
    amount = f"{chance.randint(1, 40)}.{chance.randint(0, 99):02d}"
    act = chance.choice(["deposit", "deposit", "pay", "refund", "payout", "correct"])
    try:
        if act == "deposit":
            counter.deposit(zoe, amount)
        elif act == "payout":
            counter.payout(zoe, amount)
        elif act == "correct":
            deposit = counter.deposit(zoe, amount)
            correct(
                claim=counter.venue.claim(),
                desk=counter.desk,
                payment_id=deposit.pk,
                reason="typing",
            )
        else:
            paid = counter.sell([amount], ("AVOIR", amount), contact=zoe)
            if act == "refund":
                counter.refund(paid, to=RefundChoice.ORIGIN)
    except (PaymentsError, InsufficientCredit, NonRefundable):
        return  # too much was asked for: nothing is written


def test_b51_nothing_is_ever_deleted(counter: Counter, venue: Venue) -> None:
    payment = counter.deposit(venue.contact(), "10.00")
    with pytest.raises(AppendOnlyViolation):
        payment.delete()
    with pytest.raises(AppendOnlyViolation):
        Movement.objects.all().delete()


def test_b53_the_running_balance_stands_beside_each_line(counter: Counter, venue: Venue) -> None:
    zoe = venue.contact()
    counter.deposit(zoe, "50.00")
    counter.deposit(zoe, "77.96")
    account = CreditAccount.objects.get(contact=zoe)
    lines = list_history(account_id=account.pk).lines
    told = [
        (str(line.movement.amount.amount), str(line.movement.balance_after.amount))
        for line in lines
    ]
    assert told == [("77.96", "127.96"), ("50.00", "50.00")]


def test_b54_every_reader_says_the_same(counter: Counter, venue: Venue) -> None:
    zoe = venue.contact()
    counter.deposit(zoe, "50.00")
    counter.sell(["12.40"], ("AVOIR", "12.40"), contact=zoe)
    account = CreditAccount.objects.get(contact=zoe)
    standing = counter.standing(zoe)
    last = list_history(account_id=account.pk).lines[0].movement
    assert standing.balance == account.balance == last.balance_after == venue.money("37.60")
