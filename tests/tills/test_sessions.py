"""Opening and closing: one open session a till, and a closed till takes nothing (spec G6, S7)."""

import uuid
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from credit.models import Movement
from institution_settings.models import Institution
from journal.errors import KeyReused, TillClosed
from journal.models import Chain, Entry
from journal.sealing import genesis
from tests.ledger import Ledger
from tests.processes import in_processes, in_threads
from tests.venue import Venue
from tests.verified import findings
from tills.errors import TillAlreadyOpen, TillInactive
from tills.models import Till, TillSession
from tills.selectors import desk_of, find_open_session, get_desk
from tills.services import create_till, open_session

KEY = uuid.UUID("7a8f1f6e-0d59-4b42-9d0e-6a1d4c5b0001")
TEN = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)


def open_till(venue: Venue, key: uuid.UUID | None = None, till: str = "G1") -> TillSession:
    return open_session(
        claim=venue.claim(key),
        till=venue.tills[till],
        opening_float=venue.money("100.00"),
        operator=venue.operator,
        at=TEN,
    )


def test_a_new_till_has_a_chain_of_its_own(venue: Venue) -> None:
    till = create_till(code="G7", label="Bar", point_of_sale=venue.counter)
    assert till.chain.code == "G7"
    assert (till.chain.number, till.chain.session_open) == (0, None)
    assert till.chain.seal == genesis(entity="532001234", till="G7")


def test_a_till_code_is_used_once_and_the_refused_one_leaves_nothing(venue: Venue) -> None:
    chains = Chain.objects.count()
    with pytest.raises(ValidationError):
        create_till(code="G1", label="Autre", point_of_sale=venue.counter)
    with pytest.raises(ValidationError):
        create_till(code="bar 7", label="Bar", point_of_sale=venue.counter)
    assert Chain.objects.count() == chains


def test_an_opening_is_recorded_with_its_float_and_its_day(venue: Venue) -> None:
    session = open_till(venue)
    assert (session.number, str(session)) == (1, "Z-G1-0001")
    assert session.business_date.isoformat() == "2026-10-05"
    assert session.opening_float == venue.money("100.00")
    assert (session.opened_by, session.opened_at, session.closed_at) == (venue.operator, TEN, None)
    chain = Chain.objects.get(code="G1")
    assert (chain.number, chain.session_open) == (1, 1)
    assert chain.business_date == session.business_date
    entry = Entry.objects.get()
    assert (entry.kind, entry.subject_kind, entry.subject_id) == (
        "OUVERTURE",
        "till_opening",
        session.pk,
    )
    assert '"fond":10000' in entry.payload
    assert find_open_session(till_id=venue.tills["G1"].pk) == session


def test_a_repeat_of_the_click_returns_the_same_session(venue: Venue) -> None:
    assert open_till(venue, KEY) == open_till(venue, KEY)
    assert TillSession.objects.count() == 1


def test_the_same_click_does_not_open_another_till(venue: Venue) -> None:
    open_till(venue, KEY)
    with pytest.raises(KeyReused):
        open_till(venue, KEY, "G2")


def test_an_open_till_is_not_opened_again_and_it_is_said_by_whom_it_is(venue: Venue) -> None:
    open_till(venue)
    with pytest.raises(TillAlreadyOpen) as refused:
        open_till(venue)
    assert refused.value.data == {"till": "G1", "operator": "Léa"}
    assert Entry.objects.count() == 1


def test_the_database_itself_lets_one_session_be_open(venue: Venue) -> None:
    session = open_till(venue)
    operation = open_till(venue, till="G2").operation
    with pytest.raises(IntegrityError), transaction.atomic():
        TillSession.objects.create(
            till=session.till,
            number=2,
            business_date=session.business_date,
            currency="EUR",
            opened_at=TEN,
            operation_id=operation.pk,
        )


def test_a_till_out_of_use_is_not_opened(venue: Venue) -> None:
    Till.objects.filter(code="G1").update(active=False)
    with pytest.raises(TillInactive):
        open_till(venue)
    assert TillSession.objects.count() == 0


@pytest.mark.race
def test_of_six_who_open_the_same_till_one_does(committed_venue: Venue) -> None:
    results = in_processes([lambda: open_till(committed_venue)] * 6)
    assert sorted(type(result).__name__ for result in results) == [
        *["TillAlreadyOpen"] * 5,
        "TillSession",
    ]
    assert TillSession.objects.count() == 1
    assert findings() == []


@pytest.mark.race
def test_of_four_who_close_the_same_till_one_does(committed_ledger: Ledger) -> None:
    account = committed_ledger.account(credit="10.00")
    assert account
    results = in_threads([committed_ledger.close] * 4)
    closed = [result for result in results if isinstance(result, TillSession)]
    assert len(closed) == 1
    assert Entry.objects.filter(kind="FERMETURE").count() == 1
    assert Chain.objects.get(code="G1").session_open is None
    assert findings() == []


def test_a_closing_clears_the_chain_and_the_next_session_gets_the_next_number(
    venue: Venue,
) -> None:
    ledger = Ledger(venue, at=TEN)
    ledger.account(credit="10.00")
    closed = ledger.close()
    assert (closed.closed_at, closed.closed_by) == (TEN, venue.operator)
    chain = Chain.objects.get(code="G1")
    assert (chain.session_open, chain.number) == (None, 3)
    assert find_open_session(till_id=venue.tills["G1"].pk) is None
    assert open_till(venue).number == 2  # several sessions a day
    assert findings() == []


def test_a_closed_till_takes_nothing_and_nothing_is_written(venue: Venue) -> None:
    ledger = Ledger(venue, at=TEN)
    account = ledger.account(credit="10.00")
    desk = ledger.desk
    ledger.close()
    for act in (ledger.pay, ledger.deposit, ledger.hold, ledger.goodwill):
        venue.desks["G1"] = desk  # the browser still shows the closed session
        with pytest.raises(TillClosed) as refused:
            act(account, "1.00")  # type: ignore[operator]
        assert refused.value.data == {"till": "G1"}
    venue.desks["G1"] = desk
    with pytest.raises(TillClosed):
        ledger.close()
    assert Movement.objects.count() == 1
    assert findings() == []


def test_an_old_desk_does_not_write_into_the_next_session(venue: Venue) -> None:
    ledger = Ledger(venue, at=TEN)
    account = ledger.account(credit="10.00")
    old = ledger.desk
    ledger.close()
    new = ledger.desk
    assert (old.register.session, new.register.session) == (1, 2)
    venue.desks["G1"] = old
    with pytest.raises(TillClosed):
        ledger.pay(account, "1.00")
    venue.desks["G1"] = new
    assert ledger.pay(account, "1.00").session_id == new.session_id


def test_a_till_that_was_never_opened_takes_nothing(venue: Venue) -> None:
    ledger = Ledger(venue, at=TEN)
    account = ledger.account(credit="10.00")
    other = TillSession(
        till=venue.tills["G2"],
        number=1,
        business_date=ledger.desk.business_date,
        currency="EUR",
        pk=ledger.desk.session_id,
    )
    venue.desks["G2"] = desk_of(session=other, operator=venue.operator)
    with pytest.raises(TillClosed):
        ledger.at_till("G2").pay(account, "1.00")


def test_a_desk_says_where_and_who(venue: Venue) -> None:
    session = open_till(venue)
    desk = get_desk(session_id=session.pk, operator=venue.operator)
    assert desk == desk_of(session=session, operator=venue.operator)
    assert (desk.till_code, desk.operator_code, desk.currency) == ("G1", "lea", "EUR")
    assert desk.point_of_sale_id == venue.counter.pk
    nobody = get_desk(session_id=session.pk)
    assert (nobody.operator_id, nobody.operator_code) == (None, "")


def test_the_currency_of_a_session_is_the_institution_s(venue: Venue) -> None:
    Institution.objects.update(currency="CHF")
    assert open_session(claim=venue.claim(), till=venue.tills["G1"], at=TEN).currency == "CHF"
