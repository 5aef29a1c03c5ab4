"""Customers of a cancelled performance are written to, each once (spec G8, CNS-01)."""

import re
import uuid

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from contacts.models import Contact
from payments.choices import RunLineState, RunPolicy
from payments.models import RefundRun, RefundRunLine, SumOwed
from payments.selectors.runs import list_untold
from payments.services.letters import tell_customer
from payments.services.runs import choose, continue_run, resume_runs, start_run
from tests.counter import Counter
from tests.venue import Venue

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def counter(committed_venue: Venue) -> Counter:
    return Counter(committed_venue)


def zoe_of(counter: Counter) -> Contact:
    return Contact.objects.create(last_name="Lefèvre", first_name="Zoé", email="zoe@example.org")


def cancelled(counter: Counter, policy: RunPolicy) -> RefundRun:
    run = start_run(
        key=uuid.uuid4(),
        performance_id=counter.price("20.00").category.performance_id,
        policy=policy,
        reason="Hors obligation",
        person=counter.venue.supervisor,
        till=counter.venue.tills["BO"],
    )
    return continue_run(run_id=run.pk)


def letters(run: RefundRun) -> list[str]:
    """Write to everybody, as the worker does, twice; returns the texts that went out."""
    for line in run.lines.order_by("pk"):
        tell_customer(line_id=line.pk)
        assert tell_customer(line_id=line.pk) is False
    return [" ".join(str(message.body).split()) for message in mail.outbox]


def test_who_has_to_choose_gets_the_link_that_lets_them(
    counter: Counter, settings: Settings
) -> None:
    settings.PUBLIC_ADDRESS = "https://billets.example/"
    counter.sell(["20.00"], ("CB", "20.00"), contact=zoe_of(counter))
    run = cancelled(counter, RunPolicy.CHOICE)
    (text,) = letters(run)
    assert mail.outbox[0].to == ["zoe@example.org"]
    assert mail.outbox[0].subject == "Annulation\u00a0: Le Misanthrope"
    (path,) = re.findall(r"https://billets\.example(/\S+)", text)
    assert Client().post(path, {"choice": "money"}).status_code == 302
    line = run.lines.get()
    assert (line.state, line.refund.sum_owed) == (RunLineState.OWED, SumOwed.objects.get())


def test_who_is_owed_money_reads_how_much_and_by_when(counter: Counter) -> None:
    zoe = zoe_of(counter)
    counter.deposit(zoe, "5.00")
    counter.sell(["20.00"], ("AVOIR", "5.00"), ("CB", "15.00"), contact=zoe)
    run = cancelled(counter, RunPolicy.MONEY)
    (text,) = letters(run)
    due = SumOwed.objects.get().due_on
    assert text.count(f"15,00 € vous sont dus en argent, au plus tard le {due:%d/%m/%Y}") == 1
    assert text.count("Le reste est revenu sur le compte d’avoir") == 1


def test_without_an_address_nobody_is_written_to_and_nothing_waits(counter: Counter) -> None:
    counter.sell(["20.00"], ("CB", "20.00"), contact=counter.venue.contact())
    counter.sell(["20.00"], ("CB", "20.00"))
    run = cancelled(counter, RunPolicy.MONEY)
    assert letters(run) == []
    assert list(list_untold()) == []


def test_while_the_mail_is_down_the_books_stand_and_tick_tries_again(
    counter: Counter, settings: Settings
) -> None:
    counter.sell(["20.00"], ("CB", "20.00"), contact=zoe_of(counter))
    run = cancelled(counter, RunPolicy.MONEY)
    line = run.lines.get()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", 1
    with pytest.raises(OSError, match="refused"):
        tell_customer(line_id=line.pk)
    line.refresh_from_db()
    assert (line.state, line.told_at) == (RunLineState.OWED, None)
    assert list(list_untold()) == [line]
    assert resume_runs() == 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert tell_customer(line_id=line.pk) is True
    assert (len(mail.outbox), list(list_untold())) == (1, [])


def test_a_choice_made_at_the_counter_is_not_asked_for_by_mail(counter: Counter) -> None:
    counter.sell(["20.00"], ("CB", "20.00"), contact=zoe_of(counter))
    run = cancelled(counter, RunPolicy.CHOICE)
    line = RefundRunLine.objects.get()
    choose(line_id=line.pk, credit=True, channel="guichet lea")
    (text,) = letters(run)
    assert text.count("La somme est sur votre compte d’avoir") == 1
    assert text.count("http") == 0
