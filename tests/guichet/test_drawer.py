"""The drawer on screen: cash by hand, X on paper, blind counts, tills closed by somebody else."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from pypdf import PdfReader

from institution_settings.choices import Role
from journal.selectors import count_entries
from payments.models import Payment
from payments.services import Cheque, MoneyRequest, make_deposit
from sales.choices import OrderState
from sales.models import Order
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.guichet.panel import SaleScreen
from tests.venue import Venue
from tests.verified import findings
from tills.models import BlindCount, CashMovement, Till, TillSession

pytestmark = pytest.mark.django_db


def paper(answer: Any) -> str:
    assert answer["Content-Type"] == "application/pdf"
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)


def moves(lea: Person, **typed: object) -> Any:
    return lea.post("move_cash", **{"way": "in", "reason": "change", "amount": "20,00", **typed})


def cash(venue: Venue, amount: str) -> dict[str, str]:
    return {f"counted_{venue.modes['ESPECES'].pk}": amount}


def cheque(venue: Venue) -> None:
    make_deposit(
        claim=venue.claim(),
        desk=venue.desk("G1"),
        request=MoneyRequest(
            contact_id=venue.contact().pk,
            mode_id=venue.modes["CHEQUE"].pk,
            amount=venue.money("30.00"),
            cheque=Cheque(bank="Banque de France", number="0042", drawer="Z. Lefèvre"),
        ),
    )


class TestCash:
    def test_it_is_put_in_and_taken_out_with_a_reason(self, venue: Venue, lea: Person) -> None:
        assert moves(lea)["Location"] == reverse("guichet:till")
        assert moves(lea, way="out", reason="bank", amount="15").status_code == 302
        rows = CashMovement.objects.order_by("id")
        assert [(row.way, row.reason, row.amount, row.operator) for row in rows] == [
            ("in", "change", venue.money("20.00"), venue.operator),
            ("out", "bank", venue.money("15.00"), venue.operator),
        ]
        report = lea.get("till").context["report"]
        assert report.takings[0].expected == venue.money("5.00")
        assert [move.pk for move in report.moves] == [row.pk for row in rows]

    def test_a_double_click_moves_it_once(self, lea: Person) -> None:
        key = str(uuid4())
        assert [moves(lea, key=key).status_code for _click in range(2)] == [302, 302]
        assert CashMovement.objects.count() == 1

    @pytest.mark.parametrize(
        ("name", "typed"),
        [
            *(("amount", typed) for typed in ("", "0", "-5", "NaN", "12.345", "1.234,50", "1e3")),
            ("reason", ""),
            ("reason", "lottery"),
            ("way", ""),
            ("way", "sideways"),
        ],
    )
    def test_what_is_not_right_moves_nothing(self, lea: Person, name: str, typed: str) -> None:
        answer = moves(lea, **{name: typed})
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [name]
        assert CashMovement.objects.count() == 0

    def test_more_than_there_should_be_is_refused_beside_the_amount(self, lea: Person) -> None:
        answer = moves(lea, way="out", amount="0,01")
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["amount"]
        assert answer.context["form"]["amount"].value() == "0,01"

    def test_after_the_business_day_it_says_so(self, venue: Venue) -> None:
        venue.open("G1", at=datetime.now(UTC) - timedelta(days=1))
        answer = moves(Person(venue, venue.operator).stand_at("G1"))
        assert answer.status_code == 409
        assert answer.context["form"].non_field_errors()
        assert CashMovement.objects.count() == 0


class TestX:
    def test_on_paper_it_says_all_and_changes_nothing(self, venue: Venue, lea: Person) -> None:
        cheque(venue)
        moves(lea, amount="21,50")
        before = count_entries()
        text = paper(lea.get("till_report_pdf"))
        for part in ("X", "G1", "30,00", "21,50", "0042", "Banque de France", "Z. Lefèvre"):
            assert part in text
        assert count_entries() == before
        assert TillSession.objects.get().closed_at is None

    def test_the_z_on_paper_has_the_cash_moved(self, venue: Venue, lea: Person) -> None:
        cheque(venue)
        moves(lea, amount="21,50")
        moves(lea, way="out", reason="expense", amount="1,25")
        lea.post("close_till", **cash(venue, "20,25"))
        session = TillSession.objects.get()
        text = paper(lea.get("closing_pdf", session.pk))
        for part in ("Z-G1-0001", "21,50", "1,25", "20,25", "0042"):
            assert part in text
        assert len(lea.get("closing", session.pk).context["closing"].moves) == 2


class TestBlind:
    @pytest.fixture
    def lea(self, venue: Venue) -> Person:
        """Léa, at a till that is counted blind."""
        Till.objects.filter(code="G1").update(blind_count=True)
        return Person(venue, venue.operator).stand_at("G1")

    def test_what_is_expected_is_shown_only_after_the_count(
        self, venue: Venue, lea: Person
    ) -> None:
        moves(lea, amount="987,65")
        for page in ("till", "close_till"):
            assert "987,65" not in _counts(lea.get(page).content.decode())
        untyped = lea.post("close_till", **cash(venue, "douze"))
        assert untyped.status_code == 422
        assert untyped.context["form"].shows_expected is False
        asked = lea.post("close_till", **cash(venue, "900"))
        assert asked.context["form"].shows_expected is True
        assert "987,65" in _counts(asked.content.decode())
        accepted = asked.context["differences"]
        assert lea.post("close_till", accepted=accepted, **cash(venue, "900")).status_code == 302
        closing = lea.get("closing", TillSession.objects.get().pk).context["closing"]
        assert closing.difference == venue.money("-87.65")
        assert findings() == []

    def test_a_recount_leaves_the_first_count_on_the_z(self, venue: Venue, lea: Person) -> None:
        """Who was shown what is missing may count again; what they had found first stays."""
        moves(lea, amount="987,65")
        key = str(uuid4())
        for _click in range(2):
            asked = lea.post("close_till", key=key, **cash(venue, "900"))
            assert asked.status_code == 422
        again = lea.post("close_till", key=key, **cash(venue, "950"))
        assert again.status_code == 422
        answer = lea.post("close_till", key=key, **cash(venue, "987,65"))
        assert answer.status_code == 302
        kept = BlindCount.objects.order_by("id").values_list("counted_minor", "expected_minor")
        assert list(kept) == [(90000, 98765), (95000, 98765)]
        session = TillSession.objects.get()
        (line,) = lea.get("closing", session.pk).context["closing"].lines
        assert (line.first, line.difference) == (venue.money("900.00"), venue.money("0"))
        text = " ".join(paper(lea.get("closing_pdf", session.pk)).split())
        assert "premier comptage : 900,00 €" in text
        assert findings() == []

    def test_a_count_that_agrees_at_once_is_its_own_first(self, venue: Venue, lea: Person) -> None:
        moves(lea, amount="20")
        assert lea.post("close_till", **cash(venue, "20")).status_code == 302
        (line,) = lea.get("closing", TillSession.objects.get().pk).context["closing"].lines
        assert (line.first, BlindCount.objects.count()) == (None, 0)

    def test_where_everything_is_shown_nothing_is_kept(self, venue: Venue) -> None:
        Till.objects.filter(code="G1").update(blind_count=False)
        lea = Person(venue, venue.operator).stand_at("G1")
        assert lea.post("close_till", **cash(venue, "5")).status_code == 422
        assert BlindCount.objects.count() == 0

    def test_one_of_yesterday_is_counted_and_closed(self, venue: Venue) -> None:
        Till.objects.filter(code="G1").update(blind_count=True)
        venue.open("G1", at=datetime.now(UTC) - timedelta(days=1))
        lea = Person(venue, venue.operator).stand_at("G1")
        assert lea.post("close_till", **cash(venue, "5")).status_code == 422
        assert lea.post("close_till", **cash(venue, "0")).status_code == 302
        assert BlindCount.objects.get().counted == venue.money("5.00")
        assert findings() == []

    def test_whoever_counts_a_till_closed_meanwhile_reads_who_did(
        self, venue: Venue, lea: Person, marc: Person
    ) -> None:
        session = venue.desk("G1").session_id
        marc.post("close_session", session, **cash(venue, "0"))
        late = lea.post("close_till", **cash(venue, "5"))
        assert late["Location"] == reverse("guichet:closing", args=[session])
        assert BlindCount.objects.count() == 0

    def test_the_x_hides_the_sums_from_whoever_counts_alone(
        self, venue: Venue, lea: Person, marc: Person
    ) -> None:
        cheque(venue)
        assert lea.get("till").context["report"].hides_sums is True
        assert "30,00" not in paper(lea.get("till_report_pdf"))
        assert marc.stand_at("G1").get("till").context["report"].hides_sums is False
        assert "30,00" in paper(marc.get("till_report_pdf"))


def _counts(body: str) -> str:
    """The table of the modes, which is the first of the page."""
    return body[body.index("<table") : body.index("</table>")]


class TestClosingSomebodyElses:
    def test_a_supervisor_closes_any_till_from_the_list(self, venue: Venue, marc: Person) -> None:
        session = venue.open("G1", float_="50.00").session_id
        listed = marc.get("tills").content.decode()
        address = reverse("guichet:close_session", args=[session])
        assert address in listed
        assert marc.get("close_session", session).status_code == 200
        key = str(uuid4())
        for _click in range(2):
            answer = marc.post("close_session", session, key=key, **cash(venue, "50,00"))
            assert answer["Location"] == reverse("guichet:closing", args=[session])
        closed = TillSession.objects.get()
        assert (closed.opened_by, closed.closed_by) == (venue.operator, venue.supervisor)

    def test_an_operator_closes_the_own_one_alone(
        self, venue: Venue, somebody: Callable[..., Person]
    ) -> None:
        session = venue.open("G1").session_id
        karim = somebody(Role.OPERATOR)
        assert reverse("guichet:close_session", args=[session]) not in (
            karim.get("tills").content.decode()
        )
        for answer in (
            karim.get("close_session", session),
            karim.post("close_session", session, **cash(venue, "0")),
        ):
            assert answer.status_code == 409
            assert type(answer.context["refusal"]).__name__ == "TillOfAnother"
        assert TillSession.objects.get().closed_at is None
        lea = Person(venue, venue.operator)
        assert lea.post("close_session", session, **cash(venue, "0")).status_code == 302

    def test_one_of_yesterday_is_marked_and_closed(self, venue: Venue, marc: Person) -> None:
        desk = venue.open("G1", at=datetime.now(UTC) - timedelta(days=1))
        (choice,) = [c for c in marc.get("tills").context["choices"] if c.till.code == "G1"]
        assert choice.is_over is True
        answer = marc.post("close_session", desk.session_id, **cash(venue, "0"))
        assert answer.status_code == 302
        assert TillSession.objects.get().closed_at is not None

    def test_virtual_tills_and_those_of_other_places_do_not_exist_here(
        self, venue: Venue, marc: Person, somebody: Callable[..., Person]
    ) -> None:
        venue.supervisor.points_of_sale.add(venue.office)
        office = venue.open("BO").session_id
        for wanted in (office, 0, 10**30):
            assert marc.get("close_session", wanted).status_code == 404
        elsewhere = somebody(Role.OPERATOR, places=[venue.office])
        assert elsewhere.get("close_session", venue.desk("G1").session_id).status_code == 404

    def test_nobody_and_customers_are_not_let_in(
        self, venue: Venue, ladder: Callable[..., None]
    ) -> None:
        ladder("close_session", venue.desk("G1").session_id, desk=False)


class TestASaleInProgress:
    def basket(self, venue: Venue) -> Order:
        return Counter(venue).basket(["21.10", "21.10"])

    def pays(self, lea: Person, order: Order) -> Any:
        return SaleScreen(lea, order).pay(("ESPECES", "42,20"), htmx=False)

    def nothing_written(self, order: Order) -> bool:
        order.refresh_from_db()
        kept = order.state == OrderState.BASKET and order.lines.get().quantity == 2
        return kept and not Payment.objects.exists()

    def test_whose_till_is_closed_is_refused_and_keeps_its_basket(
        self, venue: Venue, lea: Person, marc: Person
    ) -> None:
        order = self.basket(venue)
        session = venue.desk("G1").session_id
        marc.post("close_session", session, **cash(venue, "0"))
        entries = count_entries()
        answer = self.pays(lea, order)
        assert answer["Location"] == reverse("guichet:tills")
        assert self.nothing_written(order)
        assert count_entries() == entries
        # The choice of tills says why one is there, and the sale goes on at the next one.
        (said,) = lea.get("tills").context["messages"]
        assert ("G1" in str(said), str(venue.supervisor) in str(said)) == (True, True)
        del venue.desks["G1"]
        lea.post("open_till", venue.tills["G1"].pk, opening_float="0")
        assert self.pays(lea, order).status_code == 303
        order.refresh_from_db()
        assert order.state == OrderState.PAID

    def test_whose_business_day_is_over_is_refused_and_keeps_its_basket(self, venue: Venue) -> None:
        venue.open("G1", at=datetime.now(UTC) - timedelta(days=1))
        lea, order = Person(venue, venue.operator).stand_at("G1"), self.basket(venue)
        answer = self.pays(lea, order)
        assert answer.status_code == 409
        assert self.nothing_written(order)
        assert reverse("guichet:close_till") in answer.content.decode()

    def test_whoever_had_no_till_is_told_nothing(self, venue: Venue) -> None:
        lea = Person(venue, venue.operator)
        assert lea.get("till")["Location"] == reverse("guichet:tills")
        assert list(lea.get("tills").context["messages"]) == []
