"""Sums owed on the screens: listed, handed over once, receipted (CNS-02)."""

import pytest

from payments.choices import Purpose, RefundChoice
from payments.models import Payment, SumOwed
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.papers import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def owed(counter: Counter) -> SumOwed:
    paid = counter.sell(["20.00"], ("CB", "20.00"), contact=counter.venue.contact())
    counter.refund(paid, to=RefundChoice.OWED)
    return SumOwed.objects.get()


def test_a_sum_is_handed_over_and_receipted(counter: Counter, lea: Person, owed: SumOwed) -> None:
    assert [line.owed for line in lea.get("sums_owed").context["lines"]] == [owed]
    assert lea.get("sum_receipt_pdf", owed.pk).status_code == 404
    cash = counter.modes["ESPECES"].pk
    assert lea.post("sum_owed", owed.pk, mode=cash).status_code == 302
    assert lea.get("sums_owed").context["lines"] == []
    payment = Payment.objects.get(purpose=Purpose.OWED)
    words = text_of(lea.get("sum_receipt_pdf", owed.pk).content)
    assert words.count(f"Commande {owed.refund.order.number} Remboursé 20,00 €") == 1
    assert words.count("Signature de la personne qui reçoit l’argent") == 1
    again = lea.post("sum_owed", owed.pk, mode=cash)
    assert again.context["form"].errors["mode"] == ["Cette somme a déjà été remise."]
    assert lea.get("sum_owed", owed.pk).context["paid"].payment == payment


def test_a_refund_on_the_page_may_be_owed(counter: Counter, lea: Person) -> None:
    paid = counter.sell(["20.00"], ("CB", "20.00"))
    answer = lea.post(
        "refund", paid.order.pk, tickets=[paid.tickets[0].pk], choice=RefundChoice.OWED
    )
    assert answer.status_code == 302
    result = lea.client.get(answer["Location"]).context["result"]
    assert result.owed == SumOwed.objects.get().amount == counter.venue.money("20.00")
    receipt = lea.get("refund_receipt_pdf", paid.order.pk, result.refund.operation_id)
    due = SumOwed.objects.get().due_on
    assert text_of(receipt.content).count(f"Échéance {due:%d/%m/%Y}") == 1


def test_a_mixed_refund_says_where_each_part_goes(counter: Counter, lea: Person) -> None:
    zoe = counter.venue.contact()
    paid = counter.sell(["20.00"], ("CB", "20.00"), contact=zoe)
    typed = {
        "tickets": [paid.tickets[0].pk],
        "choice": RefundChoice.ORIGIN,
        "credit_part": "7,50",
    }
    silent = lea.post("refund", paid.order.pk, **typed)
    assert list(silent.context["form"].errors) == ["consent"]
    money = counter.venue.money
    told = [(each.label, each.amount) for each in silent.context["forecast"].destinations]
    assert told == [("Avoir", money("7.50")), ("Cb", money("12.50"))]
    assert lea.post("refund", paid.order.pk, consent="1", **typed).status_code == 302
    assert counter.available(zoe) == "7.50"


def test_an_unknown_sum_is_not_found(lea: Person) -> None:
    assert lea.get("sum_owed", 10**30).status_code == 404
    assert lea.get("sum_owed", 7).status_code == 404
