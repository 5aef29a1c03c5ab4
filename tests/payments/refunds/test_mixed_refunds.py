"""Part of a refund to the credit account, the rest otherwise (spec G4)."""

import pytest

from payments.choices import RefundChoice
from payments.errors import ConsentNeeded, CreditPartExceeds
from payments.models import Payment, Refund
from payments.services import RefundRequest, refund_order
from tests.counter import Counter
from tests.verified import findings


def test_half_to_credit_and_half_as_it_was_paid(counter: Counter) -> None:
    zoe = counter.venue.contact("Lefèvre")
    paid = counter.sell(["20.00", "20.00"], ("CB", "40.00"), contact=zoe)
    given = counter.refund(paid, to=RefundChoice.ORIGIN, credit="15.00")
    money = counter.venue.money
    assert [(pay.mode.code, pay.amount) for pay in given.payments] == [
        ("AVOIR", money("15.00")),
        ("CB", money("25.00")),
    ]
    assert counter.available(zoe) == "15.00"
    assert given.refund.consent == "au guichet"
    assert findings() == []


def test_the_part_that_is_never_paid_out_goes_to_credit_first(counter: Counter) -> None:
    zoe = counter.venue.contact("Lefèvre")
    counter.goodwill(zoe, "10.00")
    paid = counter.sell(["30.00"], ("AVOIR", "10.00"), ("ESPECES", "20.00"), contact=zoe)
    counter.refund(paid, to=RefundChoice.MODE, mode="ESPECES", credit="12.00")
    standing = counter.standing(zoe)
    money = counter.venue.money
    assert (standing.balance, standing.non_refundable) == (money("12.00"), money("10.00"))
    cash = Payment.objects.filter(refunds__isnull=False, mode__code="ESPECES")
    assert sum(row.amount_minor for row in cash) == 1800
    assert findings() == []


def test_more_credit_than_is_given_back_is_refused(counter: Counter) -> None:
    zoe = counter.venue.contact("Lefèvre")
    paid = counter.sell(["20.00"], ("CB", "20.00"), contact=zoe)
    with pytest.raises(CreditPartExceeds, match="20,00"):
        counter.refund(paid, to=RefundChoice.ORIGIN, credit="20.01")
    assert not Refund.objects.exists()
    counter.refund(paid, to=RefundChoice.ORIGIN, credit="20.00")
    assert counter.available(zoe) == "20.00"


def test_credit_in_a_mixed_refund_is_chosen_too(counter: Counter) -> None:
    zoe = counter.venue.contact("Lefèvre")
    paid = counter.sell(["20.00"], ("CB", "20.00"), contact=zoe)
    with pytest.raises(ConsentNeeded):
        refund_order(
            claim=counter.venue.claim(),
            desk=counter.desk,
            request=RefundRequest(
                order_id=paid.order.pk,
                ticket_ids=[ticket.pk for ticket in paid.tickets],
                choice=RefundChoice.ORIGIN,
                credit=counter.venue.money("5.00"),
            ),
        )
