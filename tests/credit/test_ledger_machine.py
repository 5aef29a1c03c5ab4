"""Whatever is done in whatever order, the ledger is what the plain rules say it is.

Two ways to draw the acts: at random, many different ones from a seed; and by Hypothesis, which
tells the shortest story when one goes wrong. ``AVOIR_LEDGER_WALKS`` and ``AVOIR_LEDGER_EXAMPLES``
draw more than the suite does.
"""

import os
import random

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.credit.machine import SPENDING, LedgerMachine
from tests.venue import Venue

WALKS = int(os.environ.get("AVOIR_LEDGER_WALKS") or 16)
EXAMPLES = int(os.environ.get("AVOIR_LEDGER_EXAMPLES") or 15)
STEPS = 80

# How often each act is chosen: enough credit to spend, enough holds to meet.
WEIGHTS = {
    "deposit": 3,
    "goodwill": 2,
    "refund": 2,
    "spend": 4,
    "pay_out": 2,
    "hold": 4,
    "capture": 3,
    "release": 1,
    "reverse": 3,
    "transfer": 3,
    "time_passes": 3,
}


DEBITS = ["all", "all + 1", "refundable", "refundable + 1"]


def draw(machine: LedgerMachine, act: str, chance: random.Random) -> None:
    """Do one act with drawn arguments; nothing when there is nothing yet to do it to."""
    till, account = chance.choice(["G1", "G2"]), chance.randrange(3)
    small = [chance.randint(1, 600) for _ in range(5)]
    debit = chance.choice([*small, chance.randint(1, 3000), *DEBITS])
    credited = chance.randint(1, 3000)
    if act in {"deposit", "goodwill"}:
        getattr(machine, act)(account=account, amount=credited, till=till)
    elif act == "refund":
        share = chance.choice([0, chance.randint(0, 3000)])
        machine.refund(account=account, amount=credited, share=share, till=till)
    elif act == "spend":
        machine.spend(account=account, drawn=debit, till=till, act=chance.choice(SPENDING))
    elif act == "pay_out":
        machine.pay_out(account=account, drawn=debit, till=till)
    elif act == "hold":
        minutes = chance.choice([5, 35, 600])
        machine.hold(account=account, drawn=debit, till=till, minutes=minutes)
    elif act == "transfer":
        machine.transfer(giver=account, further=chance.choice([1, 2]), drawn=debit, till=till)
    elif act == "time_passes":
        machine.time_passes(minutes=chance.choice([5, 30, 35, 240]))
    elif known := machine.movements if act == "reverse" else machine.holds:
        recent = len(known) - 1 - chance.randrange(min(len(known), 6))
        getattr(machine, act)(pick=recent, till=till)


@pytest.mark.parametrize("seed", range(WALKS))
def test_a_random_walk_follows_the_plain_rules(venue: Venue, seed: int) -> None:
    machine, chance = LedgerMachine(venue), random.Random(seed)
    try:
        for act in chance.choices(list(WEIGHTS), list(WEIGHTS.values()), k=STEPS):
            draw(machine, act, chance)
            machine.every_figure_is_the_oracle_s()
        machine.check_all()
    finally:
        machine.end()


def test_no_story_that_hypothesis_tells_goes_wrong(venue: Venue) -> None:
    run_state_machine_as_test(
        lambda: LedgerMachine(venue),
        settings=settings(max_examples=EXAMPLES, stateful_step_count=30),
    )
